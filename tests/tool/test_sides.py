# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap host` and `sap csme`: the story over two processes, what they tell, commands, scripts, faults."""

import re
import unittest
from pathlib import Path

import test_docs
from sap_tool import objects, run
from sides import SidesTest

SCRIPTS = Path(__file__).resolve().parents[2] / "examples" / "two-processes"


class Story(SidesTest):
    def test_two_scripts(self):
        firmware = self.csme("--json", "--script=%s" % (SCRIPTS / "csme.sap"))
        driver = self.host("--json", "--script=%s" % (SCRIPTS / "host.sap"))
        self.assertEqual((driver.end(), driver.errors), (0, b""))
        self.assertEqual((firmware.end(), firmware.errors), (0, b""))
        steps = [[line["number"] for line in side.rest() if line["kind"] == "step"] for side in (driver, firmware)]
        self.assertEqual(steps[0], [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 22])
        self.assertEqual(steps[1], [1, 14, 18, 19, 20, 21])
        # All 22 but those of the NIC's register, which is not between two processes.
        self.assertEqual(sorted(steps[0] + steps[1]), [n for n in range(1, 23) if n not in (2, 3)])
        self.assertFalse(Path(self.path).exists())

    def test_by_name_in_no_folder(self):
        name = "@sap-test-%s" % self.folder.name
        firmware = self.csme("--json", path=name)
        driver = self.host("--json", path=name)
        driver.event("UP", version="4")
        self.assertEqual(driver.stop(15), 0)
        self.assertEqual(firmware.stop(15), 0)


class Told(SidesTest):
    def test_text(self):
        firmware = self.csme()
        driver = self.host()
        driver.wait("OWNER owner=csme")
        driver.say("own")
        driver.wait("nic DRIVES side=host on=yes begins to drive the NIC")
        driver.say('note "hm"', 'step 3 me "do that"')
        driver.wait("step 3 me: do that")
        driver.process.stdin.close()
        self.assertEqual(driver.stop(15), 0)
        self.assertEqual(firmware.stop(15), 0)
        lines = [line for line in driver.heard if line]
        self.assertRegex(lines[0], r"^  0\.\d{3} host  connects to %s$" % re.escape(self.path))
        for line in lines:
            self.assertRegex(line, r"^ {1,2}\d+\.\d{3} (host |nic  |note |step ) \S")
            self.assertNotIn("\033", line)
        self.assertRegex("\n".join(lines), r"(?m)^.{8}host  UP version=4 +SAP is connected$")
        self.assertRegex("\n".join(lines), r"(?m)^.{8}note  hm$")
        self.assertFalse([line for line in lines if "PACKETS" in line or "->" in line])

    def test_messages(self):
        firmware = self.csme("--messages")
        driver = self.host("--messages")
        driver.wait("-> START")
        driver.wait("supported_versions 4")
        driver.wait("<- START_OK")
        firmware.wait("<- START")
        firmware.wait("-> START_OK")
        driver.wait("<- NIC_OWNER who owns the NIC: owner CSME (2)")
        driver.say("own")
        driver.wait("OWN_DONE reason=none")
        driver.say("expect nic DRIVES within 10s", "packet ffffffffffff02112233445508060001")
        driver.wait("-> DATA_PACKET")
        firmware.wait("<- DATA_PACKET")
        firmware.say("packet ffffffffffff02112233445508060002")
        firmware.wait("-> DATA_PACKET")
        driver.wait("<- DATA_PACKET")

    def test_json(self):
        driver, firmware = self.pair(host=["--messages"])
        driver.say("own", "note hello", "expect owner host within 10s")
        firmware.event("HOST_CONFIRMED")
        self.assertEqual(driver.stop(15), 0)
        self.assertEqual(firmware.stop(15), 0)
        driver.rest()
        first, *lines, last = [line for line in driver.heard if line]
        self.assertEqual(first, {"kind": "timeline", "format": "sap-timeline", "version": 1, "role": "host",
                                 "socket": self.path, "script": None})
        for line in lines:
            self.assertLessEqual({"kind", "ms", "owner", "overlap"}, line.keys())
        event = next(line for line in lines if line.get("name") == "OWN_DONE")
        self.assertEqual((event["by"], event["values"], event["meaning"]),
                         ("host", {"reason": "none"}, "the request for the NIC ended"))
        sent = next(line for line in lines if line.get("name") == "START")
        self.assertEqual((sent["kind"], sent["to"], sent["carrier"]), ("message", "csme", "me"))
        self.assertNotIn("taken_ms", sent)
        taken = next(line for line in lines if line.get("name") == "START_OK")
        self.assertEqual((taken["to"], taken["taken_ms"]), ("host", taken["ms"]))
        self.assertEqual(next(line["text"] for line in lines if line["kind"] == "note"), "hello")
        self.assertEqual({key: last[key] for key in ("kind", "exit", "failures", "alarms", "overlap")},
                         {"kind": "end", "exit": 0, "failures": 0, "alarms": 0, "overlap": False})
        messages = [line for line in lines if line["kind"] == "message" and line["carrier"] == "notif"]
        for way in ("csme", "host"):
            self.assertEqual(last["notifications"]["to_" + way], len([m for m in messages if m["to"] == way]))
        self.assertEqual(sorted(line["ms"] for line in lines), [line["ms"] for line in lines])

    def test_capture(self):
        files = [self.folder / name for name in ("host.pcap", "csme.pcap")]
        firmware = self.csme("--pcap=%s" % files[1])
        driver = self.host("--pcap=%s" % files[0])
        driver.wait("OWNER owner=csme")
        driver.say("own")
        firmware.wait("HOST_CONFIRMED")
        self.assertEqual(driver.stop(15), 0)
        firmware.wait("DOWN status=CLOSED")
        self.assertEqual(firmware.stop(15), 0)
        both = []
        for file in files:
            result = run("decode", "--json", file)
            self.assertEqual(result.returncode, 0, result.stderr)
            both.append([(line["kind"], line["name"], line["seq"]) for line in objects(result.stdout)
                         if line["kind"] in ("me", "sap")])
        # People are shown how long it was, and since when; not seventeen digits a line.
        text = run("decode", files[0]).stdout.decode()
        self.assertRegex(text, r"(?m)^Times are seconds from \d{10} on\.$")
        self.assertRegex(text, r"(?m)^ +1 +0\.\d{6}  CSME +\d+  START\b")
        self.assertNotRegex(text, r"(?m)^ +\d+ +\d{10}\.")
        # The last doorbell is CSME's, for a host that is on its way down.
        self.assertIn(("sap", "HOST_OWNERSHIP_CONFIRMED"), [m[:2] for m in both[0]])
        for kind in ("sap",):
            self.assertEqual(sorted(m for m in both[0] if m[0] == kind), sorted(m for m in both[1] if m[0] == kind))


class Scripts(SidesTest):
    def test_what_does_not_hold(self):
        driver = self.host("--json", self.script("driver up\nup\nexpect UP within 30ms\nnote never\n"))
        self.assertEqual(driver.end(), 1)
        lines = driver.rest()
        self.assertIn(b"script.sap:3: UP did not come within 30 ms", driver.errors)
        failure = next(line for line in lines if line["kind"] == "failure")
        self.assertEqual(failure["line"], 3)
        self.assertFalse([line for line in lines if line["kind"] == "note"])
        self.assertEqual((lines[-1]["exit"], lines[-1]["failures"]), (1, 1))

    def test_mistake(self):
        driver = self.host(self.script("up\nwait\n"))
        self.assertEqual((driver.end(), driver.rest()), (1, []))
        self.assertIn(b"script.sap:2:5: time is missing: wait TIME", driver.errors)

    def test_time_is_real(self):
        driver = self.host("--json", self.script("note a\nwait 300ms\nnote b\nexpect-not UP within 100ms\nnote c\n"))
        self.assertEqual(driver.end(), 0)
        at = [line["ms"] for line in driver.rest() if line["kind"] == "note"]
        self.assertGreaterEqual(at[1] - at[0], 300)
        self.assertGreaterEqual(at[2] - at[1], 100)

    def test_nothing_begins_by_itself(self):
        firmware = self.csme("--json", "--idle")
        driver = self.host("--json", self.script("wait 200ms\n"))
        self.assertEqual(driver.end(), 0)
        self.assertFalse([line for line in driver.rest() if line["kind"] == "event"])
        firmware.say("quit")
        self.assertEqual(firmware.end(), 0)
        self.assertFalse([line for line in firmware.rest() if line["kind"] == "event"])

    def test_amt(self):
        driver, firmware = self.side("host", "--json"), self.csme("--json", "--amt=off")
        driver.event("UP")
        driver.say("wait 100ms", "own => NOT_UP", "note off")
        driver.wait(lambda line: line["kind"] == "note")
        firmware.say("amt on")
        driver.event("AMT", on="yes")
        self.assertEqual(driver.stop(15), 0, driver.errors)
        other = self.csme("--json", "--amt=on", "--idle", path=self.path + "2")
        other.event("OWNER", owner="csme")

    def test_stay(self):
        driver = self.host("--json", "--stay", self.script("note a\n"))
        driver.wait(lambda line: line["kind"] == "note")
        driver.say("note b", "quit")
        driver.wait(lambda line: line.get("text") == "b")
        self.assertEqual(driver.end(), 0)

    def test_stay_after_a_failure(self):
        driver = self.host("--json", "--stay", self.script("expect owner host\n"))
        driver.wait(lambda line: line["kind"] == "failure")
        driver.say("note b", "quit")
        driver.wait(lambda line: line.get("text") == "b")
        self.assertEqual(driver.end(), 1)

    def test_from_standard_input(self):
        driver = self.host("--json", "--script=-")
        driver.say("note a", "quit", "note b")
        driver.process.stdin.close()
        self.assertEqual(driver.end(), 0)
        self.assertEqual([line["text"] for line in driver.rest() if line["kind"] == "note"], ["a"])

    def test_cut_short_by_a_signal(self):
        driver = self.host("--json", self.script("note a\nwait 1000s\nnote b\n"))
        driver.wait(lambda line: line["kind"] == "note")
        self.assertEqual(driver.stop(15), 1)
        self.assertIn(b"script.sap:2: SIGTERM came", driver.errors)

    def test_wait_idle(self):
        firmware = self.csme()
        driver = self.host("--json", self.script("driver up\nup\nwait idle\nexpect host UP\nexpect owner csme\n"))
        self.assertEqual((driver.end(), driver.errors), (0, b""))
        self.assertEqual(firmware.stop(15), 0)


class Faults(SidesTest):
    def listed(self, role):
        return [line.split()[0] for line in run(role, "--list-faults").stdout.decode().splitlines()]

    def test_all_are_here(self):
        for role in ("host", "csme"):
            tests = [name.split("_", 2)[2].replace("_", "-") for name in dir(self) if name.startswith("test_" + role)]
            self.assertEqual(sorted(tests), sorted(self.listed(role)))

    def up_again(self, driver, firmware):
        driver.event("UP")
        firmware.event("UP")

    def test_host_no_area(self):
        self.csme()
        driver = self.host("--json", "--fault=no-area")
        driver.event("DOWN", status="UNSUPPORTED")
        driver.say("fault clear")
        driver.event("UP")

    def test_host_map_v4_refused(self):
        self.csme()
        driver = self.host("--json", "--fault=map-v4-refused")
        driver.event("UP", version="3")

    def test_host_connection_lost(self):
        driver, firmware = self.pair()
        driver.say("fault connection-lost")
        driver.event("DOWN", status="CLOSED")
        firmware.event("DOWN", status="CLOSED")
        self.up_again(driver, firmware)

    def test_host_corrupt_queue(self):
        driver, firmware = self.pair(csme=["--set=loss=10s"])
        driver.say("fault corrupt-queue", "ping")
        firmware.event("DOWN", status="CORRUPT")
        driver.event("DOWN")
        self.up_again(driver, firmware)

    def test_host_taking_not_confirmed(self):
        driver, firmware = self.pair(csme=["--set=take=100ms"])
        driver.say("own")
        driver.event("DRIVES", side="host", on="yes")
        driver.say("fault taking-not-confirmed")
        driver.wait(lambda line: line["kind"] == "fault")
        firmware.say("take")
        driver.event("LEAVE")
        firmware.event("OWNER", owner="csme", forced="yes")
        driver.say("device down")
        driver.event("DRIVES", side="host", on="no")

    def test_host_duplicate_doorbell(self):
        firmware = self.csme("--json", "--messages")
        driver = self.host("--json", "--fault=duplicate-doorbell")
        driver.event("OWNER", owner="csme")
        driver.say("own")
        driver.event("OWN_DONE", reason="none")
        firmware.event("HOST_CONFIRMED")
        driver.stop(15)
        firmware.event("DOWN")
        names = [line["name"] for line in firmware.heard if line["kind"] == "message"]
        self.assertEqual(names.count("HOST_ASKS_FOR_NIC_OWNERSHIP"), 1)
        self.assertEqual(names.count("START"), 2)  # the second is refused

    def test_host_messages_late(self):
        firmware = self.csme("--json")
        driver = self.host("--json", "--messages", "--fault=messages-late")
        sent = driver.wait(lambda line: line.get("name") == "START")
        taken = driver.wait(lambda line: line.get("name") == "START_OK")
        self.assertGreaterEqual(taken["ms"] - sent["ms"], 150)
        firmware.event("UP")

    def test_host_doorbell_lost(self):
        driver, _ = self.pair(host=["--set=ask=50ms"])
        driver.say("fault doorbell-lost", "own")
        driver.event("OWN_DONE", reason="timeout")
        driver.say("ping")
        driver.event("OWNER", owner="host")

    def test_host_host_killed(self):
        driver, firmware = self.pair()
        driver.say("fault host-killed")
        self.assertEqual(driver.end(), -9)
        firmware.event("DOWN", status="CLOSED")

    def test_from_the_start(self):
        """Before there is a connection, or memory: it comes to pass once there is."""
        firmware = self.csme("--json", "--messages")
        driver = self.host("--json", "--messages", "--fault=doorbell-lost")
        driver.wait(lambda line: line.get("name") == "START_OK")
        driver.wait(lambda line: line.get("name") == "CHECK_SHARED_AREA" and line["to"] == "csme")
        driver.say("ping", "quit")
        driver.end()
        driver.rest()
        firmware.event("DOWN")
        rung, heard = (sum(line.get("name") == "CHECK_SHARED_AREA" and line["to"] == "csme" for line in side.heard
                           if line) for side in (driver, firmware))
        self.assertEqual(rung - heard, 1)
        for fault, told, by in (("connection-lost", "CLOSED", 0), ("corrupt-queue", "CORRUPT", 1)):
            driver = self.host("--json", "--fault=" + fault, "--set=retry=20ms")
            (driver, firmware)[by].event("DOWN", status=told)
            driver.event("UP")
            driver.event("OWNER", owner="csme")
            self.assertEqual(driver.stop(15), 0)
            firmware.event("GOES_DOWN")
            firmware.event("DOWN")
        firmware.stop(15)
        for fault, told, by in (("connection-lost", "CLOSED", 0), ("corrupt-queue", "CORRUPT", 1)):
            firmware = self.csme("--json", "--fault=" + fault)
            driver = self.host("--json", "--set=retry=20ms")
            (firmware, driver)[by].event("DOWN", status=told)
            driver.event("UP")
            firmware.event("UP")
            self.assertEqual((driver.stop(15), firmware.stop(15)), (0, 0))

    def test_no_start_ok_later(self):
        """It is START_OK that is lost, and not what CSME says before the next one."""
        driver, firmware = self.pair(host=["--set=start=100ms", "--set=retry=20ms"])
        firmware.say("fault no-start-ok", "ping")
        firmware.event("PONG")
        driver.say("fault connection-lost")
        driver.event("DOWN", status="CLOSED")
        driver.event("DOWN", status="IO")
        driver.event("UP")

    def test_host_clear(self):
        driver, firmware = self.pair()
        driver.say("fault no-area", "fault clear", "fault connection-lost")
        self.up_again(driver, firmware)

    def test_csme_no_start_ok(self):
        firmware = self.csme("--json", "--fault=no-start-ok")
        driver = self.host("--json", "--set=start=100ms")
        driver.event("DOWN", status="IO")
        self.up_again(driver, firmware)

    def test_csme_late_grant(self):
        driver, _ = self.pair(csme=["--fault=late-grant"])
        driver.say("own")
        driver.event("OWN_DONE", reason="timeout")
        driver.event("OWNER", owner="host")

    def test_csme_refused(self):
        driver, firmware = self.pair(host=["--set=reask=50ms"], csme=["--fault=refused"])
        driver.say("own")
        driver.event("OWN_DONE", reason="refused")
        firmware.say("fault clear")
        driver.event("OWN_DONE", reason="none")

    def test_csme_unanswered(self):
        driver, _ = self.pair(host=["--set=ask=50ms"], csme=["--fault=unanswered"])
        driver.say("own")
        driver.event("OWN_DONE", reason="timeout")

    def test_csme_connection_lost(self):
        driver, firmware = self.pair()
        firmware.say("fault connection-lost")
        driver.event("DOWN", status="CLOSED")
        firmware.event("DOWN", status="CLOSED")
        self.up_again(driver, firmware)

    def test_csme_peer_never_drains(self):
        driver, firmware = self.pair(host=["--set=ask=50ms"])
        firmware.say("fault peer-never-drains")
        firmware.wait(lambda line: line["kind"] == "fault")
        driver.say("own")
        driver.event("OWN_DONE", reason="timeout")
        # Going down ends all the same: 10 times 20 ms.
        self.assertEqual(driver.stop(15), 0)
        driver.event("DOWN", status="OK")
        firmware.say("fault clear")
        firmware.event("DOWN", status="CLOSED")

    def test_csme_corrupt_queue(self):
        driver, firmware = self.pair()
        firmware.say("fault corrupt-queue", "ping")
        driver.event("DOWN", status="CORRUPT")
        firmware.event("DOWN", status="CLOSED")
        self.up_again(driver, firmware)

    def test_csme_duplicate_doorbell(self):
        driver, _ = self.pair(csme=["--fault=duplicate-doorbell"], host=["--messages"])
        driver.say("own")
        driver.event("OWN_DONE", reason="none")
        driver.stop(15)
        names = [line.get("name") for line in driver.rest() and driver.heard if line]
        self.assertEqual(names.count("CSME_REPLY_TO_HOST_OWNERSHIP_REQ"), 1)
        self.assertEqual(names.count("START_OK"), 2)
        self.assertEqual(names.count("UP"), 1)

    def test_csme_messages_late(self):
        self.csme("--json", "--fault=messages-late")
        driver = self.host("--json", "--messages")
        sent = driver.wait(lambda line: line.get("name") == "START")
        taken = driver.wait(lambda line: line.get("name") == "START_OK")
        self.assertGreaterEqual(taken["ms"] - sent["ms"], 150)

    def test_csme_csme_killed(self):
        driver, firmware = self.pair()
        firmware.say("fault csme-killed")
        self.assertEqual(firmware.end(), -9)
        driver.event("DOWN", status="CLOSED")

    def test_csme_clear(self):
        driver, firmware = self.pair(csme=["--fault=refused"])
        firmware.say("fault clear")
        firmware.wait(lambda line: line.get("name") == "clear")
        driver.say("own")
        driver.event("OWN_DONE", reason="none")


class Pages(test_docs.Docs):
    """Examples of the page; the class's own tests are run by their own suite."""
    test_command = None
    test_json = None
    test_captures = None

    def test_options(self):
        """The table has each option that there is, and no other; --help is everybody's."""
        page = (test_docs.TOP / "docs" / "processes.md").read_text()
        rows = re.findall(r"(?m)^\| (`--[^|]*) \|", page)
        here = set(re.findall(r"`--([a-z0-9-]+)", " ".join(rows)))
        more = set(re.findall(r"--([a-z0-9-]+)", (test_docs.TOP / "docs" / "data-path.md").read_text()))
        there = {line.split()[0] for role in ("host", "csme")
                 for line in run(role, "--options").stdout.decode().splitlines()}
        self.assertLessEqual(here, there)
        # What goes along with --nic is on its own page, and --list-faults in the row of --fault.
        self.assertLessEqual(there - here - {"help", "list-faults"}, more)
        self.assertIn("list-faults", page)

    def test_processes(self):
        self.check("processes.md", 3)


if __name__ == "__main__":
    unittest.main()
