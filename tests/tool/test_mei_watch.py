# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap mei watch`: a machine that changes under it."""

import json
import signal
import unittest

from mei_tree import MKHI, WLAN, Machine


class Watch(unittest.TestCase):
    def start(self, m, *args):
        process = m.start("mei", "watch", "--every=10", *args)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def next(self, process):
        """The next line, without its time."""
        line = json.loads(process.stdout.readline())
        if line.get("kind") == "change":
            self.assertGreater(line.pop("time"), 0)
            del line["kind"]
        return line

    def end(self, process, number=signal.SIGTERM):
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (0, ""))
        return out

    def test_changes(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN)
            p = self.start(m, "--json")
            self.assertEqual(self.next(p), {"kind": "mei", "format": "sap-mei", "version": 1, "command": "watch"})
            self.assertEqual(self.next(p), {"device": "mei0", "what": "state", "change": "is", "was": None,
                                            "is": "ENABLED"})
            self.assertEqual(self.next(p), {"device": "mei0", "what": "firmware", "change": "is", "was": None,
                                            "is": "16.1.25.1865"})
            self.assertEqual(self.next(p), {"device": "mei0", "what": "client", "change": "is", "guid": WLAN,
                                            "name": "WLAN", "was": None, "is": None})
            m.state(0, "RESETTING")
            self.assertEqual(self.next(p), {"device": "mei0", "what": "state", "change": "changed", "was": "ENABLED",
                                            "is": "RESETTING"})
            folder = m.client(0, MKHI)
            line = self.next(p)
            self.assertEqual((line["change"], line["name"]), ("came", "MKHI"))
            m.link(folder + "/driver", "../../../../bus/mei/drivers/test")
            line = self.next(p)
            self.assertEqual((line["name"], line["change"], line["was"], line["is"]), ("MKHI", "changed", None, "test"))
            m.remove("bus/mei/devices/0000:00:16.0-" + MKHI)
            line = self.next(p)
            self.assertEqual((line["name"], line["change"], line["was"]), ("MKHI", "went", "test"))
            m.device(1, "INIT_CLIENTS")
            line = self.next(p)
            self.assertEqual((line["device"], line["change"]), ("mei1", "came"))
            self.assertEqual(self.end(p).splitlines()[-1], '{"kind":"end"}')

    def test_a_device_that_goes(self):
        with Machine() as m:
            m.device(0)
            p = self.start(m)
            self.assertRegex(p.stdout.readline(), r"^\d\d:\d\d:\d\d  mei0   state      ENABLED$")
            self.assertRegex(p.stdout.readline(), r"mei0   firmware   16.1.25.1865$")
            m.remove("class/mei/mei0")
            (m.dev / "mei0").unlink()
            self.assertRegex(p.stdout.readline(), r"mei0   state      is gone$")
            self.assertRegex(p.stdout.readline(), r"mei0   firmware   is gone$")
            self.end(p)

    def test_nothing_and_then_a_device(self):
        with Machine() as m:
            p = self.start(m)
            self.assertEqual(p.stdout.readline(), "no MEI device yet\n")
            (m.dev / "mei0").touch()
            self.assertRegex(p.stdout.readline(), r"mei0   state      unknown$")
            self.end(p)

    def test_text_of_clients(self):
        with Machine() as m:
            m.device(0)
            folder = m.client(0, WLAN, "iwlmei")
            p = self.start(m)
            lines = [p.stdout.readline() for _ in range(3)]
            self.assertRegex(lines[2], r"mei0   WLAN       is there, driver iwlmei$")
            m.remove(folder + "/driver")
            self.assertRegex(p.stdout.readline(), r"mei0   WLAN       iwlmei -> no driver$")
            self.end(p)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with Machine() as m:
                p = self.start(m)
                p.stdout.readline()
                self.end(p, number)

    def test_usage(self):
        with Machine() as m:
            for args in (("--every=0",), ("mei0",)):
                self.assertEqual(m.run("mei", "watch", *args).returncode, 2)


if __name__ == "__main__":
    unittest.main()
