#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The examples that speak with another process, each with a `sap csme` of its own."""
import os
import subprocess
import sys
import tempfile
import unittest

SAP = os.environ["SAP_TOOL"]
POLL = os.environ["EXAMPLE_POLL"]
WATCH = os.environ["EXAMPLE_WATCH"]

# Given to CSME's process as it begins; it takes the NIC back as soon as the host has it.
TAKES_BACK = """\
csme start
csme amt on
expect csme HOST_CONFIRMED within 20s
csme take
expect csme OWNER owner=csme within 20s
"""


class Processes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.socket = os.path.join(self.folder, "csme")

    def csme(self, *arguments):
        process = subprocess.Popen([SAP, "csme", "--json", f"--socket={self.socket}", *arguments],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        # Its first lines come when it listens.
        for line in process.stdout:
            if os.path.exists(self.socket):
                return process
        self.fail("CSME does not listen")

    def example(self, *command):
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                              check=False, env={**os.environ, "SAP_TOOL": SAP})

    def test_poll(self):
        self.csme()
        said = self.example(POLL, self.socket)
        self.assertEqual(said.stdout, "SAP is up, version 4\nAMT is on\nthe NIC is ours\nSAP is down: we stopped\n")
        self.assertEqual(said.returncode, 0)

    def test_poll_without_csme(self):
        said = self.example(POLL, self.socket)
        self.assertEqual(said.stdout, "SAP is down: there is no socket at the path: start CSME first\n")
        self.assertEqual(said.returncode, 1)

    def test_watch(self):
        script = os.path.join(self.folder, "script")
        with open(script, "w", encoding="utf-8") as out:
            out.write(TAKES_BACK)
        self.csme(f"--script={script}", "--stay")
        said = self.example(sys.executable, WATCH, self.socket)
        self.assertEqual(said.stdout, "AMT runs: asking for the NIC\ngranted\nCSME wants it back\nCSME has it\n"
                                      "SAP is down: OK\n")
        self.assertEqual(said.returncode, 0)


if __name__ == "__main__":
    unittest.main()
