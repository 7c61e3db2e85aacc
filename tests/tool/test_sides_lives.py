# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap host` and `sap csme`: how they begin, end, are killed and come back; and that they sleep meanwhile."""

import os
import signal
import socket
import unittest
from pathlib import Path

from sap_tool import run
from sides import SidesTest

TERM, INT, KILL = signal.SIGTERM, signal.SIGINT, signal.SIGKILL


class Ends(SidesTest):
    def test_host_is_asked_to_end(self):
        for number in (TERM, INT, signal.SIGHUP):
            driver, firmware = self.pair(host=["--messages"])
            driver.say("own")
            firmware.event("HOST_CONFIRMED")
            self.assertEqual(driver.stop(number), 0)
            names = [line.get("name") for line in driver.rest()]
            # What the device has is let go of first, then it is said, then heard, then all is given back.
            self.assertLess(names.index("WIFIDR_DOWN"), names.index("HOST_GOES_DOWN"))
            self.assertLess(names.index("HOST_GOES_DOWN"), names.index("DOWN"))
            firmware.event("DRIVER", on="no")
            firmware.event("OWNER", owner="csme", forced="no")
            firmware.event("GOES_DOWN")
            firmware.event("DOWN", status="CLOSED")
            self.assertEqual(firmware.stop(TERM), 0)
            self.assertFalse(Path(self.path).exists())

    def test_host_drains(self):
        """HOST_GOES_DOWN is read before the memory goes, also by a CSME that is slow to look."""
        driver, firmware = self.pair(host=["--set=drain-tries=3000"])
        firmware.process.send_signal(signal.SIGSTOP)
        driver.process.send_signal(TERM)
        self.assertIsNone(driver.process.poll())
        firmware.process.send_signal(signal.SIGCONT)
        firmware.event("GOES_DOWN")
        self.assertEqual(driver.end(), 0)

    def test_csme_is_asked_to_end(self):
        driver, firmware = self.pair()
        self.assertEqual(firmware.stop(TERM), 0)
        driver.event("DOWN", status="CLOSED")
        self.assertEqual([line["values"] for line in firmware.rest() if line.get("name") == "DOWN"],
                         [{"status": "OK"}])
        self.assertFalse(Path(self.path).exists())
        self.assertEqual(driver.stop(TERM), 0)

    def test_by_command(self):
        driver, firmware = self.pair()
        driver.say("quit", "note never")
        self.assertEqual(driver.end(), 0)
        self.assertFalse([line for line in driver.rest() if line["kind"] == "note"])
        firmware.event("GOES_DOWN")
        firmware.say("quit")
        self.assertEqual(firmware.end(), 0)

    def test_before_anything_came(self):
        driver = self.host("--json")
        driver.event("DOWN", status="IO")
        self.assertEqual(driver.stop(TERM), 0)
        firmware = self.csme("--json")
        self.assertEqual(firmware.stop(TERM), 0)

    def test_second_signal_ends_at_once(self):
        driver, firmware = self.pair(host=["--messages", "--set=drain-tries=1000000", "--set=drain=1s"])
        firmware.say("fault peer-never-drains")
        firmware.wait(lambda line: line["kind"] == "fault")
        driver.process.send_signal(TERM)
        driver.wait(lambda line: line.get("name") == "HOST_GOES_DOWN")
        self.assertEqual(driver.stop(INT), -INT)

    def test_ignored_signals_stay_so(self):
        firmware = self.csme("--json", preexec_fn=lambda: signal.signal(INT, signal.SIG_IGN))
        firmware.process.send_signal(INT)
        firmware.say("note on")
        firmware.wait(lambda line: line["kind"] == "note")
        self.assertEqual(firmware.stop(TERM), 0)


class Killed(SidesTest):
    def test_host(self):
        driver, firmware = self.pair(csme=["--set=loss=200ms"])
        driver.say("own")
        firmware.event("HOST_CONFIRMED")
        self.assertEqual(driver.stop(KILL), -9)
        down = firmware.event("DOWN", status="CLOSED")
        taken = firmware.event("OWNER", owner="csme", forced="yes")
        self.assertGreaterEqual(taken["ms"] - down["ms"], 200)
        firmware.event("DRIVES", side="csme", on="yes")
        again = self.host("--json")
        again.event("UP")
        again.event("OWNER", owner="csme")

    def test_host_that_comes_back_in_time(self):
        """It asks CSME who owns the NIC, and CSME takes nothing."""
        driver, firmware = self.pair(csme=["--set=loss=30s"])
        driver.say("own")
        firmware.event("HOST_CONFIRMED")
        self.assertEqual(driver.stop(KILL), -9)
        again = self.host("--json")
        again.event("OWNER", owner="host")
        self.assertEqual(firmware.stop(TERM), 0)
        self.assertFalse([line for line in firmware.rest() if line.get("name") == "OWNER"])

    def test_csme(self):
        driver, firmware = self.pair()
        driver.say("own")
        driver.event("DRIVES", side="host", on="yes")
        self.assertEqual(firmware.stop(KILL), -9)
        driver.event("DOWN", status="CLOSED")
        # There is no register between processes: the driver lets go.
        driver.event("DRIVES", side="host", on="no")
        self.assertTrue(Path(self.path).exists())
        again = self.csme("--json")
        again.event("UP")
        driver.event("UP")
        # It wanted the NIC, and asks for it again.
        driver.event("OWNER", owner="csme")
        self.assertEqual(again.stop(TERM), 0)
        self.assertFalse(Path(self.path).exists())

    def test_again_and_again(self):
        """A host survives its CSMEs, a CSME its hosts; neither gathers descriptors."""
        def descriptors(side):
            return len(os.listdir("/proc/%d/fd" % side.process.pid))

        driver, firmware = self.pair(host=["--set=retry=20ms"])
        before = descriptors(driver)
        for _ in range(10):
            firmware.stop(KILL)
            driver.event("DOWN", status="CLOSED")
            firmware = self.csme("--json")
            driver.event("OWNER", owner="csme")
        self.assertEqual(descriptors(driver), before)
        before = descriptors(firmware)
        for _ in range(10):
            driver.stop(KILL)
            firmware.event("DOWN", status="CLOSED")
            driver = self.host("--json")
            driver.event("OWNER", owner="csme")
        self.assertEqual(descriptors(firmware), before)


class Reconnects(SidesTest):
    def test_csme_comes_later(self):
        driver = self.host("--json", "--set=map-tries=1", "--set=retry=5ms", "--set=retry-most=5ms")
        trouble = driver.wait(lambda line: line["kind"] == "trouble")
        driver.say("wait 200ms", "note tried")
        driver.wait(lambda line: line["kind"] == "note")
        self.assertEqual((trouble["problem"], trouble["errno"], trouble["owner"], trouble["overlap"]),
                         ("NOBODY", 2, "unknown", False))
        # Each reason once, however many tries came to it.
        self.assertEqual([line["kind"] for line in driver.heard].count("trouble"), 1)
        self.assertEqual([line.get("name") for line in driver.heard].count("DOWN"), 1)
        self.csme()
        driver.event("UP")

    def test_each_reason_is_told(self):
        driver = self.host("--json", "--set=retry=20ms", "--set=retry-most=40ms")
        driver.wait(lambda line: line.get("problem") == "NOBODY")
        firmware = self.csme("--json")
        driver.event("UP")
        # Once more, for it was better meanwhile.
        firmware.stop(TERM)
        driver.wait(lambda line: line.get("problem") == "NOBODY")
        firmware = self.csme("--json")
        driver.event("UP")
        firmware.stop(KILL)
        driver.event("DOWN", status="CLOSED")
        driver.wait(lambda line: line.get("problem") == "STALE")
        Path(self.path).unlink()
        driver.wait(lambda line: line.get("problem") == "NOBODY")
        Path(self.path).write_text("no socket")
        driver.wait(lambda line: line.get("problem") == "NO_SOCKET")
        Path(self.path).unlink()
        self.csme()
        driver.event("UP")

    def test_back_off_doubles(self):
        driver = self.host("--json", "--messages", "--set=map-tries=1", "--set=retry=40ms", "--set=retry-most=10s",
                           "--fault=no-area")
        driver.event("DOWN")
        driver.say("wait 800ms", "fault clear")
        driver.wait(lambda line: line.get("name") == "clear")
        # Tries at 0, 40, 120, 280, 600: nothing hinders the next, and it is not before 1240.
        self.csme()
        self.assertGreaterEqual(driver.event("UP")["ms"], 1200)

    def test_told_down(self):
        driver = self.host("--json", "--set=retry=20ms")
        driver.wait(lambda line: line["kind"] == "trouble")
        driver.say("down", "note down")
        driver.wait(lambda line: line["kind"] == "note")
        firmware = self.csme("--json")
        driver.say("expect-not UP within 300ms", "up")
        driver.event("UP")
        firmware.event("UP")
        driver.say("down")
        driver.event("DOWN", status="OK")
        driver.say("expect-not UP within 300ms", "quit")
        self.assertEqual(driver.end(), 0, driver.errors)

    def test_second_host_waits(self):
        driver, firmware = self.pair()
        second = self.host("--json", "--set=retry=20ms", "--set=retry-most=40ms")
        second.wait(lambda line: line.get("problem") == "TAKEN")
        driver.say("ping")
        driver.event("PONG")
        self.assertEqual(driver.stop(TERM), 0)
        firmware.event("DOWN")
        second.event("UP")


class Silence(SidesTest):
    """Peers that are there and say nothing."""

    def test_csme_that_listens_and_does_not_answer(self):
        firmware = self.csme("--json")
        firmware.process.send_signal(signal.SIGSTOP)
        driver = self.host("--json", "--set=patience=50ms", "--set=retry=5ms", "--set=retry-most=5ms")
        trouble = driver.wait(lambda line: line["kind"] == "trouble")
        self.assertEqual((trouble["problem"], trouble["text"]),
                         ("SILENT", "CSME listens, but does not answer: look whether it hangs"))
        # Tried again and again, told once.
        driver.say("wait 300ms", "note tried")
        driver.wait(lambda line: line["kind"] == "note")
        self.assertEqual([line["kind"] for line in driver.heard].count("trouble"), 1)
        firmware.process.send_signal(signal.SIGCONT)
        driver.event("UP")
        driver.say("expect-not DOWN within 200ms", "quit")
        self.assertEqual(driver.end(), 0, driver.errors)

    def test_host_that_connects_and_says_nothing(self):
        firmware = self.csme("--json", "--set=patience=300ms")
        with socket.socket(socket.AF_UNIX) as mute:
            mute.connect(self.path)
            driver = self.host("--json", "--set=retry=20ms", "--set=retry-most=40ms")
            firmware.wait(lambda line: line.get("problem") == "TURNED_AWAY")
            firmware.wait(lambda line: line.get("problem") == "SILENT")
            driver.event("UP")
            mute.settimeout(60)
            self.assertEqual(mute.recv(1), b"")
        firmware.event("UP")
        firmware.say("expect-not DOWN within 500ms", "quit")
        self.assertEqual(firmware.end(), 0, firmware.errors)
        self.assertEqual([line["kind"] for line in firmware.heard if line].count("trouble"), 2)

    def test_who_gave_up_is_replayed(self):
        """The time that was waited is nothing that came in: a replay must find it by itself."""
        log = self.folder / "log"
        firmware = self.csme("--json", "--set=patience=50ms", "--record=%s" % log)
        with socket.socket(socket.AF_UNIX) as mute:
            mute.connect(self.path)
            firmware.wait(lambda line: line.get("problem") == "SILENT")
        firmware.say("quit")
        self.assertEqual(firmware.end(), 0)
        result = run("replay", log)
        self.assertEqual((result.returncode, result.stderr), (0, b""))


class Sleeps(SidesTest):
    def test_nobody_is_awake_for_nothing(self):
        driver, firmware = self.pair()
        lonely = self.csme("--json", path=self.path + "2")
        driver.say("wait idle", "note idle")
        driver.wait(lambda line: line["kind"] == "note")
        sides = (driver, firmware, lonely)
        before = [side.switches() for side in sides]
        clock = self.host(self.script("wait 3s\n"), path=self.path + "3")
        self.assertEqual(clock.end(), 0)
        for side, was in zip(sides, before):
            self.assertLessEqual(side.switches() - was, 8)

    def test_nobody_asks_by_the_clock(self):
        """Who waits for a peer is told by poll() as it comes, and does not look again and again."""
        often = ["--set=again=1000s"]
        driver, firmware = self.pair(host=often, csme=often)
        self.assertEqual(driver.stop(KILL), -9)
        firmware.event("DOWN", status="CLOSED")
        driver = self.host("--json", *often)
        driver.event("OWNER", owner="csme")
        firmware.event("UP")
        driver.say("own")
        firmware.event("HOST_CONFIRMED")
        self.assertEqual(driver.stop(TERM), 0)

    def test_who_hears_nothing_sleeps_too(self):
        """What lies in its socket and is not taken wakes it once, not again and again."""
        driver, firmware = self.pair(host=["--set=ask=10ms", "--set=reask=10ms"])
        firmware.say("fault peer-never-drains")
        firmware.wait(lambda line: line["kind"] == "fault")
        driver.say(*["ping"] * 50, "note said")
        driver.wait(lambda line: line["kind"] == "note")
        before = firmware.switches()
        clock = self.host(self.script("wait 500ms\n"), path=self.path + "3")
        self.assertEqual(clock.end(), 0)
        with open("/proc/%d/stat" % firmware.process.pid, encoding="ascii") as file:
            self.assertEqual(file.read().rsplit(")", 1)[1].split()[0], "S")
        self.assertLessEqual(firmware.switches() - before, 60)

    def test_a_host_that_is_alone_sleeps_between_tries(self):
        driver = self.host("--json", "--set=retry=1000s", "--set=retry-most=1000s")
        driver.wait(lambda line: line["kind"] == "trouble")
        before = driver.switches()
        clock = self.host(self.script("wait 1s\n"), path=self.path + "3")
        self.assertEqual(clock.end(), 0)
        self.assertLessEqual(driver.switches() - before, 3)


if __name__ == "__main__":
    unittest.main()
