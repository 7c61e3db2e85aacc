# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the suites share: running the command, captures, and bytes made without libsap."""

import json
import os
import pathlib
import select
import struct
import subprocess

TOOL = os.environ["SAP_TOOL"]
CAPTURES = pathlib.Path(__file__).resolve().parent.parent / "data" / "captures"

# docs/protocol/sap.md section 3
V3_SIZE = 139264
V4_SIZE = 172032
QUEUE_SIZES = {3: [2240, 48256, 62720, 24128], 4: [32768, 48256, 62720, 24128]}
QUEUE_KEYS = ["host_notif", "host_data", "csme_notif", "csme_data"]
QUEUE_WORDS = [12, 24, 40, 52]  # wr, rd, size


def run(*args, data=None):
    """Runs the command; data are the bytes of standard input."""
    if isinstance(data, str):
        data = data.encode()
    return subprocess.run([TOOL, *map(str, args)], input=data if data is not None else b"",
                          capture_output=True, timeout=120, check=False)


def capture(name):
    return (CAPTURES / (name + ".bin")).read_bytes()


def objects(text):
    """JSON lines: each line is one object."""
    return [json.loads(line) for line in text.decode().splitlines()]


def decode(data, *args):
    """What `sap decode --json` says of bytes: the answer, and the objects."""
    result = run("decode", "--json", *args, data=data)
    return result, objects(result.stdout)


def messages(lines):
    return [line for line in lines if line["kind"] in ("sap", "me")]


def errors(lines):
    return [(line["offset"], line["status"], line["text"]) for line in lines if line["kind"] == "error"]


def next_object(process):
    """The next JSON line of a command that still runs, which must come without anything more being written to it."""
    ready, _, _ = select.select([process.stdout], [], [], 60)
    assert ready, "nothing came"
    return json.loads(process.stdout.readline())


def message(kind, seq, payload=b"", length=None):
    """A SAP message: docs/protocol/sap.md section 5."""
    return struct.pack("<HHI", kind, len(payload) if length is None else length, seq) + payload


def me_message(kind, seq, rest=b"", length=None):
    """An ME message: docs/protocol/sap.md section 2."""
    return struct.pack("<III", kind, seq, 12 + len(rest) if length is None else length) + rest


def put_word(data, at, value):
    """A copy with another 32-bit word in it."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, at, value)
    return bytes(changed)


class Area:
    """An image of a shared area, made by hand."""

    def __init__(self, version=4):
        self.sizes = QUEUE_SIZES[version]
        self.offsets = [64 + sum(self.sizes[:i]) for i in range(4)]
        self.data = bytearray(V4_SIZE if version == 4 else V3_SIZE)
        struct.pack_into("<4sI", self.data, 0, b"SAP!", 64)
        struct.pack_into("<4s", self.data, 64 + sum(self.sizes), b"SAP!")
        for queue, size in enumerate(self.sizes):
            struct.pack_into("<I", self.data, QUEUE_WORDS[queue] + 8, size)

    def indices(self, queue, rd, wr):
        struct.pack_into("<II", self.data, QUEUE_WORDS[queue], wr, rd)

    def write(self, queue, at, data):
        for i, byte in enumerate(data):
            self.data[self.offsets[queue] + (at + i) % self.sizes[queue]] = byte

    def put(self, queue, at, *pending):
        """Messages from `at` on, all of them pending."""
        data = b"".join(pending)
        self.write(queue, at, data)
        self.indices(queue, at, (at + len(data)) % self.sizes[queue])
        return self

    def bytes(self):
        return bytes(self.data)
