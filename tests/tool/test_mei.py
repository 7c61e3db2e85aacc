# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap mei list` and `info`, on machines that are made up."""

import struct
import unittest
from pathlib import Path

from mei_tree import AMTHI, EBUSY, FIXED, MKHI, WLAN, Machine, amthi, mkhi
from sap_tool import run


PAGES = Path(__file__).resolve().parents[2] / "docs"


class Help(unittest.TestCase):
    def test_help(self):
        for command, options in (("mei list", ""), ("mei info", "timeout"), ("mei watch", "every"),
                                 ("doctor", "probe timeout")):
            result = run(*command.split(), "--help")
            text = result.stdout.decode()
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertTrue(text.startswith("Usage: sap %s [OPTION...]" % command), text)
            self.assertIn("\nExamples:\n  ", text)
            self.assertIn("\nExit codes:\n", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 110)
            for option in ("json sysfs dev help " + options).split():
                self.assertIn(" --" + option, text)

    def test_the_noun(self):
        text = run("mei", "--help").stdout.decode()
        for word in ("Usage: sap mei COMMAND", "  list ", "  info ", "  watch "):
            self.assertIn(word, text)
        self.assertIn("did you mean 'watch'?", run("mei", "wacht").stderr.decode())

    def test_the_page_shows_what_is_so(self):
        """Its examples are of the machine of these tests; mei_tree.py has it too."""
        page = (PAGES / "mei-command.md").read_text()
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN, "iwlmei")
            m.answers(0, {AMTHI: amthi(), MKHI: mkhi()})
            for module in ("mei", "mei_me", "iwlwifi", "iwlmei"):
                m.put("module/%s/refcnt" % module, "1\n")
            m.interface()
            m.rfkill(0, hard=1, reasons=2)
            for command in ("mei list", "mei info", "mei info --json", "doctor", "doctor --json"):
                output = m.run(*command.split()).stdout.decode().replace(str(m.dev), "/dev")
                self.assertIn("$ sap %s\n%s```" % (command, output), page)


class List(unittest.TestCase):
    maxDiff = None

    def test_nothing(self):
        with Machine() as m:
            result = m.run("mei", "list")
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertEqual(result.stdout.decode(), "no MEI device; `sap doctor` looks into why\n")
            result, lines = m.json("mei", "list")
            self.assertEqual(lines, [{"kind": "mei", "format": "sap-mei", "version": 1, "command": "list"},
                                     {"kind": "end", "devices": 0, "clients": 0}])

    def test_text(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN, "iwlmei")
            m.client(0, FIXED, fixed="7", vtag="1", max_conn="0")
            m.client(0, "00000001-0000-0000-0000-000000000000")
            m.put("kernel/debug/mei0/meclients", "head\n 0| 7|  0|%s|  4|   5120| 0|   1| 0|\n" % AMTHI)
            m.device(1, "DISABLED")
            result = m.run("mei", "list")
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            self.assertEqual(result.stdout.decode(), """\
mei0  ENABLED, firmware 16.1.25.1865, HBM 2.2, kind mei, on 0000:00:16.0
  firmware status 90000255 80000002 00000100 00000000 00000000 fedcba98

  client          GUID                                  version  connections  longest  driver
  -               00000001-0000-0000-0000-000000000000       10            1      512  -
  WLAN            13280904-7792-4fcb-a1aa-5e70cbb1e865       10            1      512  iwlmei
  MKHI_FIXED      55213584-9a29-4916-badf-0fb7ed682aeb       10            0      512  -, fixed address 7, vtag
  AMTHI           12f80028-b4b7-4b2d-aca8-46e0ff65814c        ?            4     5120  -, not on Linux's bus

mei1  DISABLED, firmware 16.1.25.1865, HBM 2.2, kind mei, on 0000:00:16.1
  firmware status 90000255 80000002 00000100 00000000 00000000 fedcba98
""")

    def test_no_device_is_opened(self):
        with Machine() as m:
            m.device(0)
            firmware = m.answers(0, {})
            m.run("mei", "list")
            self.assertEqual(firmware.connections, 0)

    def test_json(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN, "iwlmei", version="01")
            result, lines = m.json("mei", "list", "mei0")
            self.assertEqual(result.returncode, 0)
            self.assertEqual(lines[1:], [
                {"kind": "device", "device": "mei0", "state": "ENABLED",
                 "fw_versions": ["0:16.1.25.1865", "0:16.1.25.1865", "0:16.0.0.1"],
                 "fw_status": ["90000255", "80000002", "00000100", "00000000", "00000000", "fedcba98"],
                 "hbm": "2.2", "hbm_driver": "2.3", "device_kind": "mei", "queue_limit": 50,
                 "parent": "0000:00:16.0"},
                {"kind": "client", "device": "mei0", "guid": WLAN, "name": "WLAN", "on_bus": True, "version": 1,
                 "connections": 1, "fixed": 0, "vtag": False, "longest": 512, "driver": "iwlmei"},
                {"kind": "end", "devices": 1, "clients": 1}])

    def test_what_is_missing_is_null(self):
        with Machine() as m:
            (m.dev / "mei0").touch()
            result, lines = m.json("mei", "list")
            self.assertEqual(lines[1], {
                "kind": "device", "device": "mei0", "state": None, "fw_versions": [], "fw_status": [], "hbm": None,
                "hbm_driver": None, "device_kind": None, "queue_limit": None, "parent": None})
            self.assertIn("of which sysfs knows nothing", m.run("mei", "list").stdout.decode())

    def test_versions_that_the_firmware_has_not_told(self):
        with Machine() as m:
            m.put(m.device(0) + "fw_ver", "0:0.0.0.0\n0:0.0.0.0\n0:0.0.0.0\n")
            self.assertNotIn("firmware 0", m.run("mei", "list").stdout.decode())

    def test_one_of_them(self):
        with Machine() as m:
            m.device(0)
            m.device(1)
            text = m.run("mei", "list", "mei1").stdout.decode()
            self.assertTrue(text.startswith("mei1  ENABLED"), text)
            self.assertNotIn("mei0", text)
            result = m.run("mei", "list", "mei7")
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertEqual(result.stderr, b"sap mei list: there is no device 'mei7'\n")

    def test_nothing_that_a_terminal_obeys(self):
        with Machine() as m:
            m.put(m.device(0, "\x1b[31mENABLED") + "kind", "\x07\xff")
            m.client(0, WLAN, "\x1b[2J")
            for args in ((), ("--json",)):
                out = m.run("mei", "list", *args).stdout
                self.assertTrue(all(32 <= byte < 127 or byte == 10 for byte in out), out)


class Info(unittest.TestCase):
    maxDiff = None

    def machine(self, m, amt=amthi(), firmware=mkhi()):
        m.device(0)
        return m.answers(0, {AMTHI: amt, MKHI: firmware})

    def test_text(self):
        with Machine() as m:
            self.machine(m)
            result = m.run("mei", "info")
            self.assertEqual(result.stdout.decode(), """\
AMT on mei0
  enabled               yes
  bios                  BIOS.1.2
  versions              AMT 16.1.25, Flash 16.1.20
  provisioning state    POST (2)
  provisioning mode     ENTERPRISE (1)
  control mode          ADMIN (2)
  uuid                  00112233-4455-6677-8899-aabbccddeeff
  mac addresses         dedicated 02:00:00:00:00:01, host 02:00:00:00:00:02
  wired lan             enabled yes, link yes, ipv4 192.0.2.1, dhcp yes, dhcp mode ACTIVE (1), mac 02:00:00:00:00:03
  wireless lan          enabled yes, link no, ipv4 192.0.2.2, dhcp yes, dhcp mode PASSIVE (2), mac 02:00:00:00:00:04
  dns suffix            example.com
  features              redirection 1, system defense 0, web ui 1, eac 0, kvm 2
firmware on mei0
  versions              16.1.25.1865, 16.1.25.1865
""")
            self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_json(self):
        with Machine() as m:
            self.machine(m)
            result, lines = m.json("mei", "info")
            self.assertEqual(lines, [
                {"kind": "mei", "format": "sap-mei", "version": 1, "command": "info"},
                {"kind": "amt", "device": "mei0", "enabled": True, "bios": "BIOS.1.2",
                 "versions": {"AMT": "16.1.25", "Flash": "16.1.20"},
                 "provisioning_state": {"value": 2, "name": "POST"},
                 "provisioning_mode": {"value": 1, "name": "ENTERPRISE"},
                 "control_mode": {"value": 2, "name": "ADMIN"},
                 "uuid": "00112233-4455-6677-8899-aabbccddeeff",
                 "mac_addresses": {"dedicated": "02:00:00:00:00:01", "host": "02:00:00:00:00:02"},
                 "wired_lan": {"enabled": True, "link": True, "ipv4": "192.0.2.1", "dhcp": True,
                               "dhcp_mode": {"value": 1, "name": "ACTIVE"}, "mac": "02:00:00:00:00:03"},
                 "wireless_lan": {"enabled": True, "link": False, "ipv4": "192.0.2.2", "dhcp": True,
                                  "dhcp_mode": {"value": 2, "name": "PASSIVE"}, "mac": "02:00:00:00:00:04"},
                 "dns_suffix": "example.com",
                 "features": {"redirection": 1, "system_defense": 0, "web_ui": 1, "eac": 0, "kvm": 2}},
                {"kind": "firmware", "device": "mei0", "versions": ["16.1.25.1865", "16.1.25.1865"]},
                {"kind": "end", "errors": 0}])
            self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_only_what_reads_is_asked(self):
        """No request that changes something, and none for a secret."""
        with Machine() as m:
            firmware = self.machine(m)
            m.run("mei", "info")
            asked = {struct.unpack_from("<I", r, 4)[0] for r in firmware.asked if r[:2] == b"\1\1"}
            self.assertEqual(asked, {0x0400001A, 0x04000011, 0x04000008, 0x0400006B, 0x0400005C, 0x04000025,
                                     0x04000048, 0x04000036, 0x04000049})

    def test_what_is_refused(self):
        """A status is an answer: the rest is asked all the same."""
        with Machine() as m:
            self.machine(m, amthi({0x04000036: 0x814, (0x04000048, 1): 0x21}))
            result, lines = m.json("mei", "info")
            self.assertEqual(result.returncode, 0)
            self.assertNotIn("dns_suffix", lines[1])
            self.assertNotIn("wireless_lan", lines[1])
            self.assertIn("features", lines[1])
            self.assertEqual(lines[2:4], [
                {"kind": "refused", "client": "AMTHI", "device": "mei0", "request": "LAN_INTERFACE_SETTINGS",
                 "argument": 1, "problem": "UNSUPPORTED_OBJECT",
                 "text": "it answers with status 0x21 (UNSUPPORTED_OBJECT)"},
                {"kind": "refused", "client": "AMTHI", "device": "mei0", "request": "GET_DNS_SUFFIX",
                 "problem": "NOT_FOUND", "text": "it answers with status 0x814 (NOT_FOUND)"}])
            self.assertIn("\n~ AMTHI GET_DNS_SUFFIX: it answers with status 0x814 (NOT_FOUND)\n",
                          m.run("mei", "info").stdout.decode())

    def test_disabled(self):
        with Machine() as m:
            firmware = self.machine(m, lambda request: [b""])
            result, lines = m.json("mei", "info")
            self.assertEqual(result.returncode, 0)
            self.assertEqual(lines[1], {"kind": "amt", "device": "mei0", "enabled": False})
            self.assertEqual(lines[2]["kind"], "firmware")
            self.assertEqual(len(firmware.asked), 2)

    def test_a_client_that_is_missing(self):
        with Machine() as m:
            m.device(0)
            m.answers(0, {MKHI: mkhi()})
            result, lines = m.json("mei", "info")
            self.assertEqual(result.returncode, 1)
            self.assertEqual([line["kind"] for line in lines], ["mei", "error", "firmware", "end"])
            self.assertEqual({k: lines[1][k] for k in ("client", "device", "request", "problem")},
                             {"client": "AMTHI", "device": "mei0", "request": None, "problem": "NO_CLIENT"})
            self.assertEqual(lines[3]["errors"], 1)

    def test_a_client_that_is_busy(self):
        with Machine() as m:
            m.device(0)
            m.answers(0, {AMTHI: amthi(), MKHI: EBUSY})
            m.client(0, MKHI, "mei_wdt")
            result = m.run("mei", "info")
            self.assertEqual(result.returncode, 1)
            self.assertIn("\n  control mode          ADMIN (2)\n", result.stdout.decode())
            self.assertIn("\n! MKHI: the MKHI client is taken: mei_wdt is bound to it; unload that driver first\n",
                          result.stdout.decode())

    def test_mkhi_at_a_fixed_address_alone(self):
        with Machine() as m:
            m.device(0)
            m.answers(0, {AMTHI: amthi(), FIXED: mkhi()})
            result, lines = m.json("mei", "info")
            self.assertEqual((result.returncode, lines[2]["versions"][0]), (0, "16.1.25.1865"))
            m.answers(0, {AMTHI: amthi()})
            self.assertIn("! MKHI: the MKHI client is not there", m.run("mei", "info").stdout.decode())
            m.answers(0, {AMTHI: amthi(), FIXED: EBUSY})
            self.assertIn("! MKHI: the MKHI_FIXED client is taken", m.run("mei", "info").stdout.decode())

    def test_no_device(self):
        with Machine() as m:
            for args, word in (((), "NO_DEVICE"), (("mei3",), "NO_DEVICE"), (("",), "NO_DEVICE")):
                result, lines = m.json("mei", "info", *args)
                self.assertEqual(result.returncode, 1)
                self.assertEqual([line.get("problem") for line in lines], [None, word, word, None])
                # For people both say it at once.
                text = m.run("mei", "info", *args).stdout.decode().splitlines()
                self.assertEqual([line.split(":")[0] for line in text], ["! AMTHI, MKHI"])

    def test_gone_in_the_middle(self):
        with Machine() as m:
            self.machine(m, amthi({0x0400006B: lambda request: "gone"}))
            result, lines = m.json("mei", "info")
            self.assertEqual(result.returncode, 1)
            self.assertEqual([line["kind"] for line in lines], ["mei", "amt", "error", "firmware", "end"])
            self.assertEqual(lines[1]["provisioning_mode"]["name"], "ENTERPRISE")
            self.assertNotIn("control_mode", lines[1])
            self.assertEqual((lines[2]["request"], lines[2]["problem"]), ("GET_CONTROL_MODE", "ENDED"))

    def test_silence(self):
        with Machine() as m:
            self.machine(m, amthi({0x04000008: lambda request: []}), lambda request: [])
            result, lines = m.json("mei", "info", "--timeout=30")
            self.assertEqual(result.returncode, 1)
            self.assertEqual([line.get("problem") for line in lines], [None, None, "SILENT", "SILENT", None])

    def test_nonsense(self):
        """An answer to another question, one cut short, one that is too long, and none of it trusted."""
        def other(request):
            return [struct.pack("<BBHIII", 1, 1, 0, 0x04800011, 8, 0) + b"\2\0\0\0"]

        for said in (other, lambda request: [b"\1\1\0\0"], lambda request: [request],
                     lambda request: [struct.pack("<BBHIII", 1, 1, 0, 0x0480006B, 4, 0)]):
            with Machine() as m:
                self.machine(m, amthi({0x0400006B: said}), lambda request: [b"\xff\x82\0"])
                result, lines = m.json("mei", "info")
                self.assertEqual(result.returncode, 1)
                self.assertEqual([line["kind"] for line in lines], ["mei", "amt", "error", "error", "end"])
                self.assertNotIn("control_mode", lines[1])
                self.assertIn("makes no sense", lines[2]["text"])
                self.assertEqual(lines[3]["problem"], "TOO_SHORT")

    def test_nothing_but_nonsense_says_nothing_of_amt(self):
        with Machine() as m:
            self.machine(m, lambda request: [b"x"])
            _, lines = m.json("mei", "info")
            self.assertEqual(lines[1], {"kind": "amt", "device": "mei0", "enabled": None})

    def test_firmware_answers_another_question(self):
        with Machine() as m:
            self.machine(m, firmware=lambda request: [bytes.fromhex("ff9d000001000000")])
            _, lines = m.json("mei", "info")
            self.assertEqual((lines[2]["kind"], lines[2]["problem"]), ("error", "CORRUPT"))

    def test_firmware_refuses(self):
        with Machine() as m:
            self.machine(m, firmware=mkhi(result=3))
            result, lines = m.json("mei", "info")
            self.assertEqual(result.returncode, 0)
            self.assertEqual((lines[2]["kind"], lines[2]["text"]), ("refused", "it answers with result 0x3"))

    def test_odd_text(self):
        with Machine() as m:
            self.machine(m, amthi({0x04000036: struct.pack("<H", 4) + b"\x1b\xff\0x"}))
            _, lines = m.json("mei", "info")
            self.assertEqual(lines[1]["dns_suffix"], "???x")

    def test_the_device_is_the_one_that_is_named(self):
        with Machine() as m:
            m.device(0)
            m.device(1)
            first = m.answers(0, {AMTHI: amthi(), MKHI: mkhi()})
            second = m.answers(1, {AMTHI: amthi(), MKHI: mkhi()})
            _, lines = m.json("mei", "info", "mei1")
            self.assertEqual((lines[1]["device"], first.connections, second.connections), ("mei1", 0, 2))

    def test_usage(self):
        with Machine() as m:
            for args in (("--timeout=0",), ("--timeout=x",), ("mei0", "mei1"), ("--what",)):
                result = m.run("mei", "info", *args)
                self.assertEqual((result.returncode, result.stdout), (2, b""), args)


if __name__ == "__main__":
    unittest.main()
