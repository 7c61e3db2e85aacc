# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Options of the network of `sap host` and `sap csme`. What it does is tested in namespaces: tests/net/."""

import os
import unittest

from sap_tool import run

SOCKET = "--socket=@sap-test-network-%d" % os.getpid()


class Options(unittest.TestCase):
    def refused(self, status, words, *args):
        result = run(*args, SOCKET, data="quit\n")
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(words, result.stderr.decode())
        self.assertEqual(result.stdout, b"")

    def test_what_belongs_together(self):
        self.refused(2, "--nic needs --tap", "host", "--nic=nic")
        for option in ("--mac=02:00:00:00:00:01", "--address=10.0.0.1/24", "--address6=::1", "--gateway=10.0.0.2"):
            self.refused(2, "without --nic", "csme", option)
        self.refused(2, "without --nic", "host", "--tap=wlan0")
        self.refused(2, "needs --address", "csme", "--nic=nic", "--gateway=10.0.0.1")
        self.refused(2, "exclude each other", "csme", "--nic=nic", "--record=/dev/null")

    def test_each_side_has_its_own(self):
        self.refused(2, "--tap", "csme", "--nic=nic", "--tap=wlan0")
        self.refused(2, "--address", "host", "--nic=nic", "--tap=wlan0", "--address=10.0.0.1/24")

    def test_values(self):
        for address in ("10.0.0.1", "10.0.0/24", "10.0.0.1/0", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/-1",
                        "10.0.0.1/24x", "0.0.0.0/8", "10.0.0.300/24", "1" * 40 + "/24", ""):
            self.refused(2, "--address takes", "csme", "--nic=nic", "--address=" + address)
        self.refused(2, "--gateway takes", "csme", "--nic=nic", "--address=10.0.0.1/24", "--gateway=x")
        self.refused(2, "--address6 takes", "csme", "--nic=nic", "--address6=fe80::1/64")
        self.refused(2, "--mac", "csme", "--nic=nic", "--mac=02:00")
        self.refused(2, "group", "csme", "--nic=nic", "--mac=01:00:00:00:00:01")

    def test_no_such_device(self):
        for side, more in (("csme", ()), ("host", ("--tap=wlan0",))):
            self.refused(3, "No such device", side, "--nic=no-such-device", *more)
            self.refused(3, "", side, "--nic=a-name-longer-than-any-can-be", *more)
            # There, but no TAP device with several queues.
            self.refused(3, "multi_queue", side, "--nic=lo", *more)

    def test_command_without_a_network(self):
        result = run("csme", SOCKET, "--script=-", data="net => UNSUPPORTED\n")
        self.assertEqual((result.returncode, result.stderr), (0, b""))


if __name__ == "__main__":
    unittest.main()
