# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap host` and `sap csme` as processes: started, listened to, spoken to. Nothing here sleeps; all waits end."""

import json
import os
import queue
import re
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from sap_tool import TOOL

DEADLINE = int(os.environ.get("SAP_TEST_DEADLINE", "60"))  # seconds that nothing should take, on the slowest machine
QUICK = ["--set=throttle=0ms", "--set=power-up=5ms"]


class Side:
    """One process. Its lines come one by one, as text, or as objects with --json."""

    def __init__(self, role, path, *args, stdin=subprocess.PIPE, quick=True, command=None, **more):
        self.json = "--json" in args
        options = ["--socket=" + path, *(QUICK if quick else []), *args]
        self.process = subprocess.Popen(command or [TOOL, role, *options], stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, **more)
        self.heard = []
        self.at = 0  # what was waited for last stands before it
        self.errors = b""
        self.queue = queue.Queue()
        self.readers = [threading.Thread(target=self.read_out, daemon=True),
                        threading.Thread(target=self.read_errors, daemon=True)]
        for reader in self.readers:
            reader.start()

    def read_out(self):
        for line in self.process.stdout:
            line = line.decode().rstrip("\n")
            self.queue.put(json.loads(line) if self.json else line)
        self.queue.put(None)

    def read_errors(self):
        self.errors = self.process.stderr.read()

    def say(self, *lines):
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def next(self):
        """The next line, or None at the end."""
        if self.at == len(self.heard):
            try:
                self.heard.append(self.queue.get(timeout=DEADLINE))
            except queue.Empty:
                raise AssertionError("nothing comes after %s" % self.heard[-5:]) from None
        line = self.heard[self.at]
        if line is not None:
            self.at += 1
        return line

    def wait(self, what):
        """Up to the next line that has these words one after another, or that a function likes."""
        if isinstance(what, str):
            pattern = re.compile(r"(?<!\w)" + r".*?(?<!\w)".join(re.escape(word) for word in what.split()))

            def likes(line):
                return pattern.search(line)
        else:
            likes = what
        line = self.next()
        while line is not None and not likes(line):
            line = self.next()
        if line is None:
            self.process.wait(DEADLINE)
            raise AssertionError("it ended (%s) before %s: %s %s" % (self.process.returncode, what,
                                                                     self.heard[-8:], self.errors))
        return line

    def event(self, name, by=None, **values):
        """The next event of that name, with those values; of a process with --json."""
        return self.wait(lambda line: line["kind"] == "event" and line["name"] == name and
                         (by is None or line["by"] == by) and values.items() <= line["values"].items())

    def rest(self):
        """What is left, up to the end."""
        lines = []
        while self.next() is not None:
            lines.append(self.heard[self.at - 1])
        return lines

    def end(self):
        """Waits until it ended: its exit code. Signals are negative."""
        code = self.process.wait(DEADLINE)
        for reader in self.readers:
            reader.join(DEADLINE)
        return code

    def stop(self, number):
        self.process.send_signal(number)
        return self.end()

    def switches(self):
        """How often it went to sleep, so far."""
        status = Path("/proc/%d/status" % self.process.pid).read_text()
        return int(re.search(r"(?m)^voluntary_ctxt_switches:\s+(\d+)", status).group(1))

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass


class SidesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = str(self.folder / "s")

    def side(self, role, *args, path=None, **more):
        side = Side(role, path or self.path, *args, **more)
        self.addCleanup(side.close)
        return side

    def host(self, *args, **more):
        return self.side("host", *args, **more)

    def csme(self, *args, ready=True, **more):
        """It listens as this comes back."""
        side = self.side("csme", *args, **more)
        if ready:
            side.next()
        return side

    def pair(self, host=(), csme=()):
        """Both, with --json, up to where the host knows who owns the NIC."""
        firmware = self.csme("--json", *csme)
        driver = self.host("--json", *host)
        driver.event("UP")
        driver.event("OWNER", owner="csme")
        firmware.event("UP")
        return driver, firmware

    def script(self, text, name="script.sap"):
        path = self.folder / name
        path.write_text(text)
        return "--script=%s" % path

    def until(self, holds):
        """For what no line tells: asked again until it holds."""
        end = time.monotonic() + DEADLINE
        while not holds():
            self.assertLess(time.monotonic(), end, "it never comes about")
            os.sched_yield()
