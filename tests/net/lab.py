# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A network to try things in: namespaces, a bridge as the air, and the programs in them.

Everything is made inside namespaces of this test's own: processes, mounts and the network. As it ends, however it
ends, the kernel takes all of it away.

    remote --- br0 --- nic     `sap csme --nic=nic` and `sap host --nic=nic --tap=wlan0` share it
    router ----+               DHCP and router advertisements, by dnsmasq
    host                       has wlan0: the host's own stack
"""
import collections
import ctypes
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAP = os.environ.get("SAP_TOOL", "sap")
MAC = "02:00:00:00:09:05"
ADDRESS = "10.9.0.5"
ADDRESS6 = "fd00:9::ff:fe00:905"  # of the router's prefix and that MAC
ROUTER, REMOTE = "10.9.0.1", "10.9.0.2"
SOCKETS = []  # made by socket_in(); for the lab to close
DEADLINE = int(os.environ.get("NET_DEADLINE", "30"))  # s for anything that should come at once
SKIPPED = 77
AP = "ssid=lab bssid=02:00:00:00:01:00 channel=36 auth=rsna-psk cipher=ccmp band=5GHz"


class Failure(Exception):
    """Something did not happen, or should not have."""


def skip(why):
    """Ends the program: the machine lacks something."""
    print("skipped: " + why, flush=True)
    sys.exit(SKIPPED)


def enter():
    """Goes on in namespaces of our own; skips if there can be none."""
    if os.environ.get("SAP_NET_INSIDE") != "1":
        need_programs()
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if os.geteuid() != 0:
            command += ["--user", "--map-root-user"]
        tried = subprocess.run(command + ["true"], capture_output=True, text=True, check=False)
        if tried.returncode:
            skip("no namespaces here: " + tried.stderr.strip())
        stay_outside(command + [sys.executable, "-B"] + sys.argv)
    # Whoever is outside ends all of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # `ip netns` keeps its names below /run; ours are gone with this mount.
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    need_tun()


def stay_outside(command):
    """Waits for what is inside, and ends as it does; a signal that ends this ends it too, without a word."""
    came = []

    def end(number, _):
        came.append(number)
        inside.kill()  # and the kernel whoever is inside

    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    inside = subprocess.Popen(command, env={**os.environ, "SAP_NET_INSIDE": "1"}, preexec_fn=begin_inside)
    for number in ends:
        signal.signal(number, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
    status = inside.wait()
    if came:
        signal.signal(came[0], signal.SIG_DFL)
        os.kill(os.getpid(), came[0])
    sys.exit(status)


def begin_inside():
    """The kernel ends it if nobody is outside any more; SIGINT is a terminal's, for all of its processes."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def need_programs():
    """Skips if a program is not installed."""
    for program in ("unshare", "ip", "mount", "curl", "ping", "dnsmasq", "udhcpc"):
        if not shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            skip("no program '%s'" % program)
    os.environ["PATH"] += ":/usr/sbin:/sbin"


def need_tun():
    """Skips if there are no TAP devices, veth pairs or bridges."""
    try:
        os.close(os.open("/dev/net/tun", os.O_RDWR))
    except OSError as error:
        skip("/dev/net/tun: %s" % error.strerror)
    for kind in (["tuntap", "add", "dev", "try0", "mode", "tap", "multi_queue"],
                 ["link", "add", "try1", "type", "bridge"], ["link", "add", "try2", "type", "veth"]):
        tried = subprocess.run(["ip"] + kind, capture_output=True, text=True, check=False)
        if tried.returncode:
            skip("ip %s: %s" % (" ".join(kind[:3]), tried.stderr.strip()))
        subprocess.run(["ip", "link", "del", kind[3] if kind[0] == "tuntap" else kind[2]], check=True)


def run(*command, space=None, check=True, timeout=DEADLINE):
    """A program, to its end."""
    if space:
        command = ("ip", "netns", "exec", space) + command
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout)
    if check and done.returncode:
        raise Failure("%s: status %d\n%s%s" % (" ".join(command), done.returncode, done.stdout, done.stderr))
    return done


class Program:
    """A program that goes on, and tells JSON lines."""

    def __init__(self, name, command, space):
        self.name = name
        self.told = 0  # lines
        self.heard = collections.deque(maxlen=200)
        self.lines = queue.Queue()
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(["ip", "netns", "exec", space] + command, text=True, bufsize=1,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        """Its output, line by line, in a thread."""
        for line in self.process.stdout:
            self.told += 1
            try:
                self.lines.put(json.loads(line))
            except ValueError:
                self.lines.put({"kind": "text", "text": line.strip()})
        self.lines.put(None)

    def wait(self, what, holds, within=DEADLINE):
        """The next line for which that holds."""
        until = time.monotonic() + within
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise Failure("%s: no %s within %d s%s" % (self.name, what, within, self.last_words())) from None
            if line is None:
                self.lines.put(None)
                raise Failure("%s ended, and there was no %s%s" % (self.name, what, self.last_words()))
            self.heard.append(line)
            if holds(line):
                return line

    def last_words(self):
        """For who looks for the reason."""
        self.errors.seek(0)
        tail = "\n    ".join(json.dumps(line) for line in list(self.heard)[-12:])
        return "\n    %s\n    %s" % (tail, self.errors.read().strip())

    def stop(self, how=signal.SIGTERM):
        """Ends it; its status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            status = self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure("%s did not end%s" % (self.name, self.last_words())) from None
        self.thread.join(DEADLINE)
        return status

    def is_sanitized(self):
        """Whether it was built to watch its own memory."""
        with open("/proc/%d/maps" % self.process.pid, encoding="ascii") as maps:
            mapped = maps.read()
        return "libasan" in mapped or "libtsan" in mapped

    def memory(self):
        """Its memory, KiB."""
        with open("/proc/%d/status" % self.process.pid, encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Side(Program):
    """`sap host` or `sap csme`."""

    def do(self, command):
        """Says a command."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def event(self, name, within=DEADLINE, by=None, **values):
        """Waits for an event."""
        def holds(line):
            return (line.get("kind") == "event" and line["name"] == name and by in (None, line["by"]) and
                    all(line["values"].get(key) == value for key, value in values.items()))
        return self.wait("%s %s" % (name, values or ""), holds, within)

    def counters(self):
        """What its network counted."""
        self.do("net")
        line = self.wait("counters", lambda l: l.get("kind") == "note" and l["text"].startswith("net "))
        words = (word.split("=") for word in line["text"].split()[1:])
        return {key: int(value) if value.isdigit() else value for key, value in words}


class Client(Program):
    """A download in the remote host (client.py)."""

    def __init__(self, address, size, rate=0):
        super().__init__("client", [sys.executable, "-B", os.path.join(HERE, "client.py"), address, str(size),
                                    str(rate)], "remote")

    def got(self, at_least):
        """Waits until so many bytes came; how many did."""
        return self.wait("%d bytes" % at_least, lambda l: l.get("done") or l["got"] >= at_least)["got"]

    def more(self, n):
        """Waits for so many bytes more than came by now."""
        while not self.lines.empty():
            line = self.lines.get()
            if line is None or line.get("done"):
                raise Failure("the client ended too early: %s" % line)
            self.heard.append(line)
        return self.got(self.heard[-1]["got"] + n if self.heard else n)

    def result(self, end=False):
        """What it came to, which must be good; at once, if it is to end."""
        if end:
            self.process.send_signal(signal.SIGTERM)
        line = self.wait("end", lambda l: l.get("done"), 120)
        self.process.wait(DEADLINE)
        if not line["fine"] or line["received"] != line["sent"]:
            raise Failure("the download is not what was sent: %s" % json.dumps(line))
        return line


class Lab:
    """The network. For `with`."""

    def __init__(self):
        self.programs = []
        self.folder = tempfile.mkdtemp(prefix="sap-net-", dir="/run")  # which is ours alone
        self.socket = os.path.join(self.folder, "socket")

    def __enter__(self):
        for space in ("air", "remote", "router", "host"):
            run("ip", "netns", "add", space)
            run("ip", "link", "set", "lo", "up", space=space)
        run("ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0", space="air")
        run("ip", "tuntap", "add", "dev", "nic", "mode", "tap", "multi_queue", space="air")
        run("ip", "link", "set", "nic", "master", "br0", "up", space="air")
        for space, address in (("remote", REMOTE), ("router", ROUTER)):
            run("ip", "link", "add", space, "type", "veth", "peer", "name", "eth0", "netns", space, space="air")
            run("ip", "link", "set", space, "master", "br0", "up", space="air")
            run("ip", "addr", "add", address + "/24", "dev", "eth0", space=space)
            run("ip", "addr", "add", "fd00:9::%s/64" % address[-1], "dev", "eth0", "nodad", space=space)
            run("ip", "link", "set", "eth0", "up", space=space)
        run("ip", "link", "set", "br0", "up", space="air")
        return self

    def __exit__(self, *_):
        for program in reversed(self.programs):
            if program.process.poll() is None:
                program.process.kill()
            program.process.wait(DEADLINE)
            program.thread.join(DEADLINE)
            for file in (program.process.stdin, program.process.stdout, program.errors):
                try:
                    file.close()
                except BrokenPipeError:
                    pass
        while SOCKETS:
            SOCKETS.pop().close()
        for space in ("air", "remote", "router", "host"):
            run("ip", "netns", "del", space, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, program):
        """Remembers a program, to end it."""
        self.programs.append(program)
        return program

    def serve_dhcp(self):
        """DHCP for the NIC's address, and router advertisements."""
        self.start(Program("dnsmasq", [
            "dnsmasq", "--conf-file=/dev/null", "--keep-in-foreground", "--port=0", "--user=root", "--group=root",
            "--interface=eth0", "--dhcp-leasefile=" + os.path.join(self.folder, "leases"), "--no-ping",
            "--pid-file=", "--dhcp-authoritative", "--log-facility=-", "--enable-ra",
            "--ra-param=eth0,5,60", "--dhcp-range=fd00:9::,ra-only", "--dhcp-range=10.9.0.50,10.9.0.99,2m",
            "--dhcp-host=%s,%s" % (MAC, ADDRESS), "--dhcp-option=option:router," + ROUTER], "router"))
        # It listens when the port is taken.
        until_true("dnsmasq", lambda: ":0043" in run("cat", "/proc/net/udp", space="router").stdout)

    def csme(self, *options, address=True, begin=()):
        """`sap csme`, on the air."""
        if address:
            options += ("--address=%s/24" % ADDRESS, "--gateway=" + ROUTER)
        side = self.start(Side("csme", [SAP, "csme", "--json", "--socket=" + self.socket, "--nic=nic",
                                        "--mac=" + MAC] + list(options), "air"))
        side.do("conn " + AP)
        for command in begin:
            side.do(command)
        side.event("JOINED", side="csme")
        # That is told before the queue is attached, and the bridge's port forwards later still.
        until_true("air", lambda: side.counters()["attached"] == 1)
        until_true("bridge", lambda: is_forwarding("nic"))
        return side

    def host(self, *options, profile=True):
        """`sap host`, with its device in the namespace `host`."""
        side = self.start(Side("host", [SAP, "host", "--json", "--socket=" + self.socket, "--nic=nic",
                                        "--tap=wlan0", "--mac=" + MAC] + list(options), "air"))
        side.wait("beginning", lambda line: line.get("kind") == "timeline")
        run("ip", "link", "set", "wlan0", "netns", "host", space="air")
        run("ip", "link", "set", "wlan0", "up", space="host")
        if profile:
            side.do("profile " + AP)
        return side

    def lease(self):
        """A DHCP client for wlan0; returns once it has its address."""
        script = os.path.join(self.folder, "udhcpc")
        with open(script, "w", encoding="ascii") as file:
            file.write('#!/bin/sh\n'
                       'case $1 in\n'
                       'bound | renew)\n'
                       '\tip addr replace "$ip/$mask" dev "$interface"\n'
                       '\techo "{\\"lease\\": \\"$1\\", \\"ip\\": \\"$ip\\"}" ;;\n'
                       'deconfig) ip -4 addr flush dev "$interface" ;;\n'
                       'esac\n')
        os.chmod(script, 0o755)
        client = self.start(Program("udhcpc", ["udhcpc", "-f", "-i", "wlan0", "-s", script, "-t", "100", "-T", "1",
                                               "-R"], "host"))
        client.wait("lease", lambda l: l.get("lease") == "bound" and l["ip"] == ADDRESS)
        return client

    def client(self, address, size, rate=0):
        """A download in the remote host."""
        return self.start(Client(address, size, rate))


def until_true(what, holds, within=DEADLINE):
    """Asks again and again: for what tells nobody that it happened."""
    until = time.monotonic() + within
    while not holds():
        if time.monotonic() > until:
            raise Failure("%s: not within %d s" % (what, within))
        time.sleep(0.01)


def is_forwarding(port):
    """Whether the bridge lets frames through there."""
    said = json.loads(run("ip", "-json", "-details", "link", "show", "dev", port, space="air").stdout)[0]
    return said["linkinfo"]["info_slave_data"]["state"] == "forwarding"


def wait_for_address(address):
    """The host's own stack makes its IPv6 address of a router's advertisement, and looks for others who have it."""
    def is_there():
        said = run("ip", "-6", "addr", "show", "dev", "wlan0", "-tentative", space="host").stdout
        return " %s/" % address in said
    until_true("address", is_there)


def curl(path="/", address=ADDRESS, port=16992, limit=10, check=True):
    """A page, with its headers."""
    host = "[%s]" % address if ":" in address else address
    return run("curl", "-sSi", "--globoff", "--max-time", str(limit), "http://%s:%d%s" % (host, port, path),
               space="remote", check=check)


def socket_in(space, *kind):
    """A socket of a namespace: it stays there, whoever uses it."""
    made = []

    def make():
        # A namespace is a thread's own. Python has setns() since 3.12.
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/run/netns/" + space, encoding="ascii") as place:
            if libc.setns(place.fileno(), 0):
                raise OSError(ctypes.get_errno(), "setns")
        made.append(socket.socket(*kind))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join(DEADLINE)
    if not made:
        raise Failure("no socket in the namespace " + space)
    made[0].settimeout(DEADLINE)
    SOCKETS.append(made[0])
    return made[0]


class Capture:
    """Frames that come to the remote host while this lasts. For `with`."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.frames = []
        self.done = threading.Event()
        self.packet = socket_in("remote", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.packet.bind(("eth0", 3))
        self.packet.settimeout(0.05)
        self.thread = threading.Thread(target=self.read, daemon=True)

    def read(self):
        """Up to the end, and what came before it."""
        while True:
            try:
                frame, where = self.packet.recvfrom(4096)
            except TimeoutError:
                if self.done.is_set():
                    return
                continue
            if where[2] != socket.PACKET_OUTGOING and self.wanted(frame):
                self.frames.append(frame)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join(DEADLINE)
        self.packet.close()
