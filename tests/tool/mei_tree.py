# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A made-up machine: sysfs and device nodes in a folder, and firmware behind a node.

Trees are built as Linux builds them, links and all. Messages are made by hand, from docs/protocol/mei.md.
"""

import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import uuid

from sap_tool import TOOL, objects

WLAN = "13280904-7792-4fcb-a1aa-5e70cbb1e865"
AMTHI = "12f80028-b4b7-4b2d-aca8-46e0ff65814c"
MKHI = "8e6a6715-9abc-4043-88ef-9e39c6f63e0f"
FIXED = "55213584-9a29-4916-badf-0fb7ed682aeb"

ENOTTY, EBUSY, ENODEV = 25, 16, 19
CONNECT = 0xC0104801


class Machine:
    """Files below a folder of its own; `with` removes them."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="sap-"))
        self.sys = self.top / "sys"
        self.dev = self.top / "dev"
        self.sys.mkdir()
        self.dev.mkdir()
        self.firmware = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for firmware in self.firmware:
            firmware.stop()
        shutil.rmtree(self.top)

    def put(self, path, content):
        """A file below sysfs; whole at once, since somebody may be watching."""
        file = self.sys / path
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name("." + file.name)
        new.write_text(content)
        new.rename(file)

    def link(self, path, target):
        link = self.sys / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)

    def remove(self, path):
        file = self.sys / path
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink()

    def home(self, number):
        return "devices/pci0000:00/0000:00:16.%d" % number

    def device(self, number=0, state="ENABLED", node=True):
        folder = "%s/mei/mei%d/" % (self.home(number), number)
        for name, content in (("dev_state", state), ("fw_ver", "0:16.1.25.1865\n0:16.1.25.1865\n0:16.0.0.1\n"),
                              ("fw_status", "90000255\n80000002\n00000100\n00000000\n00000000\nFEDCBA98\n"),
                              ("hbm_ver", "2.2\n"), ("hbm_ver_drv", "2.3\n"), ("kind", "mei\n"),
                              ("tx_queue_limit", "50\n")):
            self.put(folder + name, content)
        self.link(folder + "device", "../../../0000:00:16.%d" % number)
        self.link("class/mei/mei%d" % number, "../../" + folder.rstrip("/"))
        if node:
            (self.dev / ("mei%d" % number)).touch()
        return folder

    def state(self, number, state):
        self.put("%s/mei/mei%d/dev_state" % (self.home(number), number), state)

    def client(self, number, guid, driver=None, **files):
        folder = "%s/0000:00:16.%d-%s" % (self.home(number), number, guid)
        content = {"name": guid, "uuid": guid, "version": "0A", "max_conn": "1", "fixed": "0", "vtag": "0",
                   "max_len": "512", **files}
        for name, text in content.items():
            self.put(folder + "/" + name, text)
        if driver:
            self.link(folder + "/driver", "../../../../bus/mei/drivers/" + driver)
        self.link("bus/mei/devices/0000:00:16.%d-%s" % (number, guid), "../../../" + folder)
        return folder

    def rfkill(self, number=0, soft=0, hard=0, reasons=0, kind="wlan"):
        for name, content in (("type", kind), ("name", "phy%d" % number), ("soft", "%d" % soft), ("hard", "%d" % hard),
                              ("hard_block_reasons", "0x%x" % reasons)):
            self.put("class/rfkill/rfkill%d/%s" % (number, name), content + "\n")

    def interface(self, name="wlan0", driver="iwlwifi"):
        self.put("class/net/%s/phy80211/index" % name, "0\n")
        self.link("class/net/%s/device/driver" % name, "../../../bus/pci/drivers/" + driver)

    def answers(self, number, clients):
        """Firmware behind the node: GUID -> an errno, or a function from a message to what it says."""
        firmware = Firmware(self.dev / ("mei%d" % number), clients)
        self.firmware.append(firmware)
        return firmware

    def command(self, *args):
        return [TOOL, *map(str, args), "--sysfs=%s" % self.sys, "--dev=%s" % self.dev]

    def environment(self):
        return dict(os.environ, LD_PRELOAD=os.environ["SAP_FAKE_NODE"], SAP_FAKE_NODES=str(self.dev) + "/",
                    ASAN_OPTIONS="verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""), TZ="UTC")

    def run(self, *args):
        return subprocess.run(self.command(*args), env=self.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False)

    def json(self, *args):
        """The answer, and its lines."""
        result = self.run(*args, "--json")
        return result, objects(result.stdout)

    def start(self, *args):
        return subprocess.Popen(self.command(*args), env=self.environment(), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Firmware:
    """Listens where the node is; fake_node.c connects."""

    def __init__(self, path, clients):
        self.clients = {uuid.UUID(guid).bytes_le: how for guid, how in clients.items()}
        self.asked = []
        self.connections = 0
        if path.exists():
            path.unlink()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Paths of sockets are short.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            self.socket.bind("/proc/self/fd/%d/%s" % (folder, path.name))
        finally:
            os.close(folder)
        self.socket.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.socket.close()

    def accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        how = None
        with peer:
            while True:
                try:
                    message = peer.recv(1 << 17)
                except OSError:
                    return
                if not message:
                    return
                if message[0] == 1:
                    how = self.connect(peer, message)
                else:
                    self.asked.append(message[1:])
                    said = how(message[1:])
                    if said == "gone":
                        return
                    for one in said:
                        peer.send(b"\2" + one)

    def connect(self, peer, message):
        """docs/protocol/mei.md section 1: the GUID goes in; the longest message and a version come out."""
        number, = struct.unpack_from("<I", message, 1)
        how = self.clients.get(message[5:21], ENOTTY)
        error = how if isinstance(how, int) else 0
        assert number == CONNECT and len(message) == 21
        peer.send(struct.pack("<BIIB11x", 1, error, 5120, 1))
        return how


# --- docs/protocol/mei.md section 4 ---

def ansi(text):
    return struct.pack("<H", len(text)) + text


def code_versions(bios, pairs):
    entries = b"".join(struct.pack("<H20sH20s", len(a), a.encode(), len(b), b.encode()) for a, b in pairs)
    return struct.pack("<65sI", bios, len(pairs)) + entries


AMT = {
    0x0400001A: code_versions(b"BIOS.1.2", [("AMT", "16.1.25"), ("Flash", "16.1.20")]),
    0x04000011: struct.pack("<I", 2),
    0x04000008: struct.pack("<II", 1, 0),
    0x0400006B: struct.pack("<I", 2),
    0x0400005C: uuid.UUID("00112233-4455-6677-8899-aabbccddeeff").bytes_le,
    0x04000025: bytes.fromhex("020000000001020000000002"),
    (0x04000048, 0): struct.pack("<IIIBB6s", 1, 0xC0000201, 1, 1, 1, bytes.fromhex("020000000003")),
    (0x04000048, 1): struct.pack("<IIIBB6s", 1, 0xC0000202, 1, 2, 0, bytes.fromhex("020000000004")),
    0x04000036: ansi(b"example.com"),
    (0x04000049, 0): struct.pack("<IIII", 0, 1, 1, 0),
    (0x04000049, 1): struct.pack("<II", 1, 0),
    (0x04000049, 2): struct.pack("<II", 2, 1),
    (0x04000049, 3): struct.pack("<II", 3, 0),
    (0x04000049, 4): struct.pack("<II", 4, 2),
}


def amthi(answers=None):
    """AMTHI that answers by a table: bytes, an AMT_STATUS, or what a function makes of the request."""
    table = {**AMT, **(answers or {})}

    def answer(request):
        major, minor, zero, command, length = struct.unpack_from("<BBHII", request)
        assert (major, minor, zero, length) == (1, 1, 0, len(request) - 12), request
        key = command
        if (command, 0) in table:
            key = (command, struct.unpack_from("<I", request, 12)[0])
        said = table.get(key, 0x803)
        if callable(said):
            return said(request)
        status, body = (said, b"") if isinstance(said, int) else (0, said)
        return [struct.pack("<BBHIII", 1, 1, 0, command | 0x800000, 4 + len(body), status) + body]

    return answer


def mkhi(result=0):
    """Section 6: GET_FW_VERSION alone."""

    def answer(request):
        assert request == bytes.fromhex("ff020000"), request
        body = struct.pack("<HBBHH", 1, 16, 0, 1865, 25) * 2 if not result else b""
        return [bytes([0xFF, 0x82, 0, result]) + body]

    return answer
