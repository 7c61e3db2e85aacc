# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap host` and `sap csme`: command lines, standard input in every shape, readers that leave, terminals."""

import fcntl
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
from pathlib import Path

from sap_tool import TOOL, run
from sides import DEADLINE, SidesTest


class Input(SidesTest):
    def quiet(self, **more):
        return self.host("--json", "--idle", **more)

    def notes(self, side):
        return [line["text"] for line in side.heard if line and line["kind"] == "note"]

    def failures(self, side):
        return [(line["line"], line["column"], line["text"]) for line in side.heard
                if line and line["kind"] == "failure"]

    def test_mistakes_do_not_end_it(self):
        side = self.quiet()
        side.say("nte x", "  csme take", "note a", "quit")
        self.assertEqual(side.end(), 1)
        side.rest()
        self.assertEqual(self.notes(side), ["a"])
        self.assertEqual(self.failures(side), [
            (1, 1, "there is no command 'nte'; did you mean 'note'?"),
            (2, 3, "'csme' is not for this program, which speaks for the host alone")])
        for line in side.heard[1:-2]:
            self.assertLessEqual({"ms", "owner", "overlap"}, line.keys())
        self.assertIn(b"sap host: standard input:1:1: there is no command 'nte'; did you mean 'note'?\n", side.errors)

    def test_answers(self):
        side = self.quiet()
        side.say("own", "own => NOT_UP", "note a", "quit")
        self.assertEqual(side.end(), 1)
        self.assertIn(b"standard input:1: host own: the answer is NOT_UP", side.errors)
        self.assertNotIn(b"standard input:2", side.errors)

    def test_pieces_and_ends_of_lines(self):
        side = self.quiet()
        for piece in (b"no", b"te a\r\nnote", b" b\r", b"\n\n  # nothing\nnote c\nnote d"):
            side.process.stdin.write(piece)
            side.process.stdin.flush()
        side.wait(lambda line: line.get("text") == "c")
        self.assertEqual(self.notes(side), ["a", "b", "c"])
        side.process.stdin.close()
        side.wait(lambda line: line.get("text") == "d")
        self.assertEqual(side.stop(signal.SIGTERM), 0)

    def test_long_lines(self):
        side = self.quiet()
        longest = "note " + "x" * 4091
        side.say(longest, longest + "x", "y" * 20000, "note a", "quit")
        self.assertEqual(side.end(), 1)
        side.rest()
        self.assertEqual(self.notes(side), ["x" * 4091, "a"])
        self.assertEqual(self.failures(side), [(2, 1, "longer than 4096 bytes"), (3, 1, "longer than 4096 bytes")])

    def test_zero_bytes(self):
        side = self.quiet()
        side.say("note a\0b", "\0", "note c", "quit")
        self.assertEqual(side.end(), 1)
        side.rest()
        self.assertEqual(self.failures(side), [(1, 7, "a zero byte"), (2, 1, "a zero byte")])
        self.assertEqual(self.notes(side), ["c"])

    def test_what_a_terminal_shall_not_obey(self):
        """Controls, also those beyond ASCII, and what is no UTF-8; letters of any kind stay."""
        side = self.host("--idle")
        # A title, colours in eight bits, half a letter, one written too long, a surrogate, the end of the text.
        side.process.stdin.write(b"note \"\x1b]0;x\x07 \xc2\x9b31m \xc3( \xc0\x80 \xed\xa0\x80 \xe2\x82\"\n"
                                 b"note \"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"\n\x1b[2J\nquit\n")
        side.process.stdin.flush()
        self.assertEqual(side.end(), 1)
        notes = [line.split("note  ")[1] for line in side.rest() if "note  " in line]
        self.assertEqual(notes, [r"\x1b]0;x\x07 \xc2\x9b31m \xc3( \xc0\x80 \xed\xa0\x80 \xe2\x82",
                                 "caf\u00e9 \u20ac \U0001f600 \\x7f"])
        self.assertIn(rb"there is no command '\x1b[2J'", side.errors)

    def test_what_is_no_utf8(self):
        side = self.quiet()
        side.process.stdin.write(b"note \xff\nstep 1 \xfe ok\nnte\xfd\nnote ok\nquit\n")
        side.process.stdin.flush()
        self.assertEqual(side.end(), 1)
        notes = [line for line in side.rest() if line["kind"] == "note"]
        self.assertEqual([(line.get("text"), line.get("text_hex")) for line in notes], [(None, "ff"), ("ok", None)])
        step = next(line for line in side.heard if line and line["kind"] == "step")
        self.assertEqual((step.get("actor"), step["actor_hex"], step["text"]), (None, "fe", "ok"))
        failure = next(line for line in side.heard if line and line["kind"] == "failure")
        self.assertIn("6e7465fd", failure["text_hex"])

    def test_many_lines_at_once(self):
        side = self.quiet()
        side.say(*("note %d" % i for i in range(2000)), "quit")
        self.assertEqual(side.end(), 0)
        side.rest()
        self.assertEqual(self.notes(side), [str(i) for i in range(2000)])

    def test_commands_while_one_waits(self):
        side = self.quiet()
        side.say("wait 100ms", "note a", "expect UP within 50ms", "note b", "quit")
        self.assertEqual(side.end(), 1)
        side.rest()
        self.assertEqual(self.notes(side), ["a", "b"])

    def test_no_input_is_no_reason_to_end(self):
        self.csme("--json", stdin=subprocess.DEVNULL)
        side = self.host("--json", stdin=subprocess.DEVNULL)
        side.event("OWNER", owner="csme")
        self.assertEqual(side.stop(signal.SIGTERM), 0)

    def test_a_file(self):
        path = self.folder / "commands"
        path.write_text("note a\nnote b\n")
        with open(path, "rb") as file:
            side = self.quiet(stdin=file)
            side.wait(lambda line: line.get("text") == "b")
            self.assertEqual(side.stop(signal.SIGTERM), 0)

    def test_closed_descriptors(self):
        """The socket must not become standard input."""
        self.csme()
        side = self.side("host", "--json", command=["sh", "-c", 'exec "$0" host --json --socket="$1" <&-', TOOL,
                                                    self.path])
        side.event("OWNER", owner="csme")
        self.assertEqual(side.stop(signal.SIGTERM), 0)
        self.assertEqual(side.errors, b"")
        side = self.side("host", command=["sh", "-c", 'exec "$0" host --socket="$1" >&-', TOOL, self.path])
        self.assertEqual(side.end(), 3)


class Readers(SidesTest):
    def test_reader_that_leaves(self):
        firmware = self.csme("--json")
        process = subprocess.Popen([TOOL, "host", "--socket=" + self.path], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        firmware.event("UP")
        process.stdout.close()
        process.stdin.write(b"note a\n")
        process.stdin.flush()
        self.assertEqual(process.wait(DEADLINE), -signal.SIGPIPE)
        firmware.event("DOWN", status="CLOSED")
        process.stdout = None

    def test_full_device(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([TOOL, "host", "--socket=" + self.path], stdout=full, stdin=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, timeout=DEADLINE, check=False)
        self.assertEqual((result.returncode, result.stderr),
                         (3, b"sap: cannot write the output: No space left on device\n"))


class Stuck(SidesTest):
    """Whoever should read does not: a signal ends the side all the same."""

    def on_fifo(self, name="fifo"):
        path = self.folder / name
        os.mkfifo(path)
        return path

    def sleeps(self, side):
        name, state = re.search(r"\((.*)\) (.)", Path("/proc/%d/stat" % side.process.pid).read_text()).groups()
        return (name, state) == (Path(TOOL).name, "S")

    def stuck_side(self, role):
        """One whose output is a pipe that is full."""
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen([TOOL, role, "--json", "--socket=" + self.path], stdin=subprocess.PIPE,
                                   stdout=writer, stderr=subprocess.PIPE)
        self.addCleanup(os.close, reader)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        os.close(writer)
        return process, reader

    def fill(self, process, reader):
        """Until it takes no more commands, since nobody takes what it tells."""
        os.set_blocking(process.stdin.fileno(), False)
        line = b"note " + 1000 * b"x" + b"\n"
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            try:
                os.write(process.stdin.fileno(), line)
            except BlockingIOError:
                if struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, b"    "))[0]:
                    return
            os.sched_yield()
        self.fail("it takes all there is")

    def test_output_that_nobody_reads(self):
        """One signal is enough, and the end is a clean one: the peer hears of it, the socket's file goes."""
        process, reader = self.stuck_side("csme")
        self.fill(process, reader)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(DEADLINE), 3)
        self.assertFalse(Path(self.path).exists())

    def test_host_says_goodbye(self):
        firmware = self.csme("--json")
        process, reader = self.stuck_side("host")
        firmware.event("UP")
        self.fill(process, reader)
        process.send_signal(signal.SIGINT)
        firmware.event("GOES_DOWN")
        self.assertEqual(process.wait(DEADLINE), 3)

    @unittest.skipIf(b"__tsan_init" in Path(TOOL).read_bytes(), "the thread sanitizer holds signals back")
    def test_second_signal_kills_wherever_it_hangs(self):
        """A capture that nobody reads any more, say; the first signal is taken when that goes on."""
        path = self.on_fifo()
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096)
        self.csme("--json")
        side = self.host("--json", "--pcap=%s" % path)
        side.event("OWNER", owner="csme")
        side.say(*["ping"] * 500)
        self.until(lambda: struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, b"    "))[0] > 3800 and
                   self.sleeps(side))
        side.process.send_signal(signal.SIGTERM)
        side.process.send_signal(signal.SIGINT)
        self.assertLess(side.end(), 0)

    def test_files_that_nobody_opens(self):
        for option in ("--pcap", "--record"):
            path = self.on_fifo(option.strip("-"))
            side = self.side("csme", "%s=%s" % (option, path))
            self.until(lambda: self.sleeps(side))
            self.assertEqual(side.stop(signal.SIGTERM), -signal.SIGTERM)
            self.assertFalse(Path(self.path).exists())

    def test_full_disk_in_mid_run(self):
        """The files of a process may have so many bytes: the end comes as one is full, and is clean."""
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (180000, 180000))

        for option in ("--pcap", "--record"):
            firmware = self.csme("--json", "--set=loss=0ms")
            script = "driver up\nup\nexpect OWNER owner=csme within 30s\n" + 2000 * "ping\nexpect PONG within 10s\n"
            side = self.host("--json", self.script(script), "%s=%s" % (option, self.folder / option.strip("-")),
                             preexec_fn=limit)
            firmware.event("GOES_DOWN")
            self.assertEqual(side.end(), 3)
            self.assertIn(b"File too large", side.errors)
            self.assertEqual((side.rest() or side.heard)[-1]["exit"], 3)
            self.assertEqual(firmware.stop(signal.SIGTERM), 0)


class Usage(SidesTest):
    def wrong(self, args, message, code=2):
        result = run(*args)
        self.assertEqual((result.returncode, result.stdout), (code, b""), args)
        self.assertEqual(result.stderr.decode().splitlines()[0], message)

    def test_options(self):
        for role in ("host", "csme"):
            name = "sap %s: " % role
            self.wrong([role, "--scket=x"], name + "--scket=x: unknown option")
            self.wrong([role, "--fault=clear", "--fault", "clear"], name + "--fault is given twice")
            self.wrong([role, "-s", "x", "--script=x"], name + "--script is given twice")
            self.wrong([role, "x", "y"], name + "'x' and 'y' are too much: it takes no argument")
            self.wrong([role, "x"], name + "'x' is too much; a script is given with --script")
            self.wrong([role, "--set=throtle=5ms"],
                       name + "--set: there is no setting 'throtle'; did you mean 'throttle'?; --set=help lists them")
            self.wrong([role, "--set=throttle"], name + "--set: 'throttle' says no value: throttle=TIME; --set=help "
                       "lists them")
            self.wrong([role, "--set=throttle=5"], name + "--set: throttle takes a time such as 100ms or 3s, not '5'; "
                       "--set=help lists them")
            self.wrong([role, "--set=again=0ms"], name + "--set: again takes at least 1ms; --set=help lists them")
            self.wrong([role, "--color=red"], name + "--color takes auto, always or never, not 'red'")
            self.wrong([role, "--script=x", "--idle"], name + "--script and --idle exclude each other: with a script "
                       "nothing begins by itself")
            self.wrong([role, "--stay"], name + "--stay is for what follows a script")
            self.wrong([role, "--pcap=-", "--json"], name + "--pcap=- and --json both want standard output")
            self.wrong([role, "--socket="], name + "the socket's path has 0 bytes: 1 to 107 can be")
            self.wrong([role, "--socket=@"], name + "'@' can be no socket's path")
            self.wrong([role, "--socket=/tmp/" + 110 * "x"], name + "the socket's path has 115 bytes: 1 to 107 can be")
        self.wrong(["host", "--amt=on"], "sap host: --amt=on: unknown option")
        self.wrong(["csme", "--amt=maybe"], "sap csme: --amt takes on or off, not 'maybe'")
        self.wrong(["host", "--set=take=5ms"], "sap host: --set: there is no setting 'take'; --set=help lists them")
        self.wrong(["host", "--set=map-tries=0"], "sap host: --set: map-tries takes at least 1; --set=help lists them")
        self.wrong(["host", "--set=map-tries=1ms"], "sap host: --set: map-tries takes a number from 0 to 4294967295, "
                   "not '1ms'; --set=help lists them")
        self.wrong(["host", "--fault=refused"], "sap host: there is no fault 'refused' that this side can cause; "
                   "--list-faults lists them")
        self.wrong(["csme", "--fault=refuse"], "sap csme: there is no fault 'refuse' that this side can cause; did you "
                   "mean 'refused'?")

    def test_files(self):
        self.wrong(["host", "--script=/nowhere/x"], "sap host: /nowhere/x: cannot be opened: No such file or directory", 3)
        self.wrong(["csme", "--socket=/nowhere/x"], "sap csme: /nowhere/x: "
                   "No such file or directory", 3)
        self.wrong(["host", "--socket=" + self.path, "--pcap=/nowhere/x"],
                   "sap host: /nowhere/x: cannot be opened: No such file or directory", 3)
        self.csme()
        self.wrong(["csme", "--socket=" + self.path], "sap csme: %s: another process listens at the path: stop it, or "
                   "choose another path" % self.path, 3)
        file = self.folder / "file"
        file.write_text("precious")
        self.wrong(["csme", "--socket=%s" % file], "sap csme: %s: what is at the path is no such socket: choose "
                   "another path" % file, 3)
        self.assertEqual(file.read_text(), "precious")

    def test_settings_are_listed(self):
        listed = {role: run(role, "--set=help").stdout.decode().splitlines() for role in ("host", "csme")}
        names = {role: [line.split()[0] for line in listed[role]] for role in listed}
        self.assertLessEqual({"throttle", "ask", "reask", "map-tries", "drain", "retry"}, set(names["host"]))
        self.assertLessEqual({"throttle", "take", "loss", "keep", "link"}, set(names["csme"]))
        self.assertNotIn("take", names["host"])
        self.assertIn("ask          how long an answer to a request for the NIC may take (500ms; 0ms or more)",
                      listed["host"])
        self.assertIn("map-tries    how often mapping is tried (3; 1 or more)", listed["host"])
        for role in names:
            for line in listed[role]:
                value = line.rsplit("(", 1)[1].split(";")[0]
                answer = run(role, "--set=%s=%s" % (line.split()[0], value), "--script=-", "--socket=" + self.path)
                self.assertEqual((answer.returncode, answer.stderr), (0, b""), line)

    def test_default_socket(self):
        for env, path in (({"XDG_RUNTIME_DIR": str(self.folder)}, "%s/sap.socket" % self.folder),
                          ({"XDG_RUNTIME_DIR": "relative"}, "/tmp/sap-%d.socket" % os.getuid()),
                          ({}, "/tmp/sap-%d.socket" % os.getuid())):
            plain = {k: v for k, v in os.environ.items() if k != "XDG_RUNTIME_DIR"}
            result = subprocess.run([TOOL, "host", "--script=-"], input=b"", env=dict(plain, **env),
                                    capture_output=True, timeout=DEADLINE, check=False)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertRegex(result.stdout.decode(), r"host  connects to %s\n$" % path)

    def test_help(self):
        for role in ("host", "csme"):
            text = run(role, "--help").stdout.decode()
            for option in "socket script stay idle json messages pcap set fault list-faults color help".split():
                self.assertIn(" --" + option, text)
            self.assertLessEqual(max(map(len, text.splitlines())), 110)
            self.assertIn("  %s " % role, run("--help").stdout.decode())


    def test_manual(self):
        """What is set, what can go wrong, where the socket is, whom to see; as --set=help and --list-faults say it."""
        for role, sibling in (("host", "csme"), ("csme", "host")):
            page = run(role, "--man").stdout.decode()
            for title in ("SETTINGS", "FAULTS", "ENVIRONMENT", "FILES"):
                self.assertIn(".Sh %s\n" % title, page)
            for option in ("--set=help", "--list-faults"):
                for line in run(role, option).stdout.decode().splitlines():
                    self.assertIn("\n.It %s\n" % line.split()[0].replace("-", "\\-"), page)
            for word in (".It XDG_RUNTIME_DIR", ".It NO_COLOR", ".Xr sap-%s 1" % sibling, ".Xr sap-replay 1",
                         "A command or an expectation did not hold", "script.md"):
                self.assertIn(word, page)


# Takes the terminal that is its standard input, and runs a command there; or behind itself, until SIGUSR1.
LAUNCH = """
import fcntl, os, signal, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
child = os.fork() if sys.argv[1] == "1" else 0
if child:
    signal.signal(signal.SIGUSR1, lambda *_: os.tcsetpgrp(0, child))
    os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xff)
if sys.argv[1] == "1":
    os.setpgid(0, 0)
with open(sys.argv[2], "w") as file:
    file.write(str(os.getpid()))
os.execv(sys.argv[3], sys.argv[3:])
"""


class Terminals(SidesTest):
    """A terminal of its own, which the process may be behind of."""

    def on_terminal(self, behind):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        tool = [TOOL, "host", "--json", "--idle", "--socket=" + self.path]
        side = self.host("--json", stdin=slave, command=[sys.executable, "-c", LAUNCH, str(int(behind)),
                                                         str(self.folder / "pid"), *tool])
        os.close(slave)
        side.next()
        return side, master

    def test_commands_are_typed(self):
        side, master = self.on_terminal(False)
        os.write(master, b"note a\nnonsense\n")
        side.wait(lambda line: line.get("text") == "a")
        side.wait(lambda line: line["kind"] == "failure")
        os.write(master, b"quit\n")
        self.assertEqual(side.end(), 0)  # who types may mistype

    def test_end_of_input(self):
        side, master = self.on_terminal(False)
        os.write(master, b"note a\n\x04")
        side.wait(lambda line: line.get("text") == "a")
        self.assertEqual(side.stop(signal.SIGTERM), 0)

    def test_interrupt_key(self):
        side, master = self.on_terminal(False)
        os.write(master, b"note a\n\x03")
        self.assertEqual(side.end(), 0)

    def test_behind(self):
        """What is typed is for whom is in front: it is not read, nobody is stopped, nobody spins."""
        side, master = self.on_terminal(True)
        pid = int((self.folder / "pid").read_text())
        os.write(master, b"note a\n")
        clock = self.host(self.script("wait 500ms\n"), path=self.path + "2")
        self.assertEqual(clock.end(), 0)
        with open("/proc/%d/stat" % pid) as file:
            fields = file.read().rsplit(")", 1)[1].split()
        self.assertEqual(fields[0], "S")
        self.assertLess(int(fields[11]) + int(fields[12]), 20)  # ticks of 10 ms
        with open("/proc/%d/status" % pid) as file:
            switches = int(file.read().split("\nvoluntary_ctxt_switches:")[1].split()[0])
        self.assertLess(switches, 40)
        self.assertFalse([line for line in side.heard if line["kind"] == "note"])
        # In front it reads on, what was typed before and not read by others too.
        side.process.send_signal(signal.SIGUSR1)
        self.until(lambda: Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()[5] == str(pid))
        os.write(master, b"note b\n")
        side.wait(lambda line: line.get("text") == "a")
        side.wait(lambda line: line.get("text") == "b")
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(side.end(), 0)


if __name__ == "__main__":
    unittest.main()
