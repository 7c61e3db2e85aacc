# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap doctor`, on machines that are made up: what is wrong, and what to do next."""

import unittest

from mei_tree import AMTHI, EBUSY, MKHI, WLAN, Machine, amthi


class Doctor(unittest.TestCase):
    maxDiff = None

    def look(self, m, *args):
        """Checks by name; the exit code agrees with what they say."""
        result, lines = m.json("doctor", *args)
        self.assertEqual(result.stderr, b"")
        self.assertEqual(lines[0], {"kind": "doctor", "format": "sap-doctor", "version": 1})
        wrong = [line for line in lines if line.get("outcome") == "wrong"]
        self.assertEqual(result.returncode, 1 if wrong else 0)
        self.assertEqual(lines[-1], {"kind": "end", "wrong": len(wrong), "next": wrong[0]["next"] if wrong else None})
        for line in wrong:
            self.assertTrue(line["next"], line)
        return {line["check"]: line for line in lines[1:-1]}

    def outcomes(self, checks):
        return {name: line["outcome"] for name, line in checks.items()}

    def healthy(self, m):
        m.device(0)
        m.client(0, WLAN, "iwlmei")
        m.answers(0, {AMTHI: amthi()})
        for module in ("mei", "mei_me", "iwlwifi", "iwlmei"):
            m.put("module/%s/refcnt" % module, "1\n")
        m.interface()
        m.rfkill()

    def test_all_is_well(self):
        with Machine() as m:
            self.healthy(m)
            checks = self.look(m)
            self.assertEqual(self.outcomes(checks), {
                "device": "ok", "permissions": "ok", "wlan-client": "ok", "wlan-holder": "ok", "amt": "ok",
                "modules": "note", "wlan-driver": "note", "rfkill": "ok", "nic-owner": "ok"})
            self.assertEqual(checks["device"]["data"], {"device": "mei0", "devices": 1, "state": "ENABLED"})
            self.assertEqual(checks["wlan-holder"]["data"], {"driver": "iwlmei"})
            self.assertEqual(checks["amt"]["data"], {"enabled": True, "provisioning": "provisioned",
                                                     "control": "in admin control"})
            self.assertEqual(checks["wlan-driver"]["data"], {"interfaces": [{"interface": "wlan0",
                                                                             "driver": "iwlwifi"}]})
            self.assertEqual(checks["rfkill"]["data"], {"rfkill": "rfkill0", "name": "phy0", "soft": False,
                                                        "hard": False, "reasons": 0})
            self.assertEqual(checks["nic-owner"]["data"], {"owner": "host", "sap_up": None})

    def test_text(self):
        with Machine() as m:
            self.healthy(m)
            self.assertEqual(m.run("doctor").stdout.decode(), """\
ok       device        mei0 is ENABLED, firmware 16.1.25.1865
ok       permissions   %s/mei0 may be opened
ok       wlan-client   the firmware has the WLAN client, on mei0
ok       wlan-holder   iwlmei is bound to the WLAN client; everybody else gets EBUSY
ok       amt           AMT is enabled, provisioned, in admin control
note     modules       loaded: mei, mei_me, iwlwifi, iwlmei
note     wlan-driver   WLAN interfaces: wlan0 (iwlwifi)
ok       rfkill        phy0 is not blocked
ok       nic-owner     the host owns the NIC: rfkill does not say otherwise

Nothing is wrong.
""" % m.dev)

    def test_no_mei_at_all(self):
        """The usual first run: a container, a virtual machine, a machine without CSME."""
        with Machine() as m:
            checks = self.look(m)
            self.assertEqual(self.outcomes(checks), {
                "device": "wrong", "amt": "unknown", "modules": "note", "wlan-driver": "note", "rfkill": "note",
                "nic-owner": "unknown"})
            self.assertIn("not loaded", checks["device"]["text"])
            m.put("class/mei/.keep", "")
            self.assertIn("found none", self.look(m)["device"]["text"])
            result = m.run("doctor")
            self.assertIn("\n1 thing is wrong. Next: try `modprobe mei_me`", result.stdout.decode())
            m.top.joinpath("sys").rename(m.top / "hidden")
            self.assertEqual(self.look(m)["device"]["outcome"], "wrong")
            m.top.joinpath("hidden").rename(m.top / "sys")

    def pci(self, m, name, vendor="0x8086", what="0x078000", driver=None):
        m.put("bus/pci/devices/%s/vendor" % name, vendor + "\n")
        m.put("bus/pci/devices/%s/class" % name, what + "\n")
        if driver:
            m.link("bus/pci/devices/%s/driver" % name, "../../drivers/" + driver)

    def test_a_pci_device_without_a_driver(self):
        with Machine() as m:
            self.pci(m, "0000:00:02.0", what="0x030000")
            self.pci(m, "0000:00:15.0", vendor="0x10de")
            self.assertNotIn("PCI", self.look(m)["device"]["text"])
            self.pci(m, "0000:00:16.0")
            line = self.look(m)["device"]
            self.assertEqual((line["data"], line["next"]), ({"pci": "0000:00:16.0", "driver": None},
                                                            "load the driver: modprobe mei_me"))
            m.link("bus/pci/devices/0000:00:16.0/driver", "../../drivers/mei_me")
            line = self.look(m)["device"]
            self.assertIn("its driver is mei_me", line["text"])
            self.assertIn("log", line["next"])

    def test_states(self):
        for state, outcome, word in (("DISABLED", "wrong", "BIOS"), ("RESETTING", "wrong", "few seconds"),
                                     ("POWER_DOWN", "wrong", "sleeps"), ("INIT_CLIENTS", "wrong", "few seconds"),
                                     ("strange", "unknown", "")):
            with Machine() as m:
                m.device(0, state)
                checks = self.look(m)
                self.assertEqual(checks["device"]["outcome"], outcome)
                self.assertIn(word, checks["device"]["next"] or "")
                self.assertEqual(checks["wlan-client"]["outcome"], "unknown")

    def test_the_device_that_matters(self):
        """That of the WLAN client; else one that is in use; else the first."""
        with Machine() as m:
            m.device(0, "DISABLED")
            m.device(1)
            m.device(2)
            self.assertEqual(self.look(m)["device"]["data"]["device"], "mei1")
            m.client(2, WLAN)
            self.assertEqual(self.look(m)["device"]["data"], {"device": "mei2", "devices": 3, "state": "ENABLED"})
            m.state(2, "RESETTING")
            self.assertEqual(self.look(m)["device"]["data"]["device"], "mei2")
            m.state(1, "DISABLED")
            m.remove("bus")
            m.state(2, "DISABLED")
            self.assertEqual(self.look(m)["device"]["data"]["device"], "mei0")

    def test_no_node(self):
        with Machine() as m:
            m.device(0, node=False)
            checks = self.look(m)
            self.assertEqual(checks["permissions"]["outcome"], "wrong")
            self.assertIn("--device", checks["permissions"]["next"])
            self.assertEqual(checks["amt"]["outcome"], "unknown")

    def test_no_wlan_client(self):
        with Machine() as m:
            m.device(0)
            m.client(0, MKHI)
            checks = self.look(m)
            self.assertEqual(checks["wlan-client"]["outcome"], "wrong")
            self.assertNotIn("wlan-holder", checks)
            self.assertEqual(checks["modules"]["outcome"], "note")

    def test_nobody_holds_the_wlan_client(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN)
            firmware = m.answers(0, {AMTHI: amthi(), WLAN: EBUSY})
            checks = self.look(m)
            self.assertEqual((checks["wlan-holder"]["outcome"], checks["wlan-holder"]["data"]),
                             ("note", {"driver": None}))
            # That no driver speaks SAP is what is wrong.
            self.assertEqual(checks["modules"]["outcome"], "wrong")
            self.assertIn("iwlmei", checks["modules"]["next"])
            self.assertEqual(firmware.connections, 1)
            m.put("module/iwlmei/refcnt", "0\n")
            self.assertEqual(self.look(m)["modules"]["outcome"], "note")

    def test_probe(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN)
            m.answers(0, {WLAN: EBUSY})
            line = self.look(m, "--probe")["wlan-holder"]
            self.assertEqual((line["outcome"], line["data"]["problem"]), ("wrong", "FULL"))
            self.assertIn("all its connections are in use", line["next"])
            m.answers(0, {WLAN: lambda message: []})
            self.assertEqual(self.look(m, "--probe")["wlan-holder"]["outcome"], "note")
            # Whoever is bound to it is not disturbed.
            m.remove("bus")
            m.remove(m.home(0) + "/0000:00:16.0-" + WLAN)
            m.client(0, WLAN, "iwlmei")
            firmware = m.answers(0, {WLAN: EBUSY, AMTHI: amthi()})
            self.assertEqual(self.look(m, "--probe")["wlan-holder"]["outcome"], "ok")
            self.assertEqual(firmware.connections, 1)

    def test_amt(self):
        for how, outcome, data in (
                (lambda request: [b""], "note", {"enabled": False}),
                (amthi({0x04000011: b"\0\0\0\0", 0x0400006B: b"\0\0\0\0"}), "ok",
                 {"enabled": True, "provisioning": "not provisioned", "control": "controlled by nobody"}),
                (amthi({0x04000011: 0x10, 0x0400006B: b"\1\0\0\0"}), "ok",
                 {"enabled": True, "provisioning": None, "control": "in client control"}),
                (amthi({0x04000011: b"\xff\0\0\0"}), "ok",
                 {"enabled": True, "provisioning": None, "control": "in admin control"}),
                (lambda request: [], "wrong", {"enabled": None, "problem": "SILENT"}),
                (lambda request: [b"?"], "wrong", {"enabled": None, "problem": "TOO_SHORT"}),
                (lambda request: "gone", "wrong", {"enabled": None, "problem": "ENDED"}),
                (EBUSY, "unknown", {"enabled": None, "problem": "FULL"})):
            with Machine() as m:
                m.device(0)
                m.answers(0, {AMTHI: how})
                line = self.look(m, "--timeout=50")["amt"]
                self.assertEqual((line["outcome"], line["data"]), (outcome, data))

    def test_rfkill(self):
        for soft, hard, reasons, outcome, word in ((0, 0, 0, "ok", "not blocked"), (1, 0, 0, "wrong", "software"),
                                                   (0, 1, 1, "wrong", "switch"), (0, 1, 2, "wrong", "not own"),
                                                   (0, 1, 3, "wrong", "not own"), (0, 1, 0, "wrong", "nobody says"),
                                                   (0, 0, 2, "ok", "not blocked")):
            with Machine() as m:
                m.device(0)
                m.client(0, WLAN, "iwlmei")
                m.rfkill(0, 1, 1, 2, kind="bluetooth")
                m.rfkill(1, soft, hard, reasons)
                checks = self.look(m)
                self.assertEqual(checks["rfkill"]["outcome"], outcome)
                self.assertIn(word, checks["rfkill"]["text"])
                owner = "csme" if hard and reasons & 2 else "host"
                self.assertEqual(checks["nic-owner"]["data"]["owner"], owner)

    def test_rfkill_of_an_older_kernel(self):
        with Machine() as m:
            m.rfkill(0, hard=1)
            m.remove("class/rfkill/rfkill0/hard_block_reasons")
            line = self.look(m)["rfkill"]
            self.assertEqual((line["outcome"], line["data"]["reasons"]), ("wrong", None))

    def test_who_owns_the_nic(self):
        with Machine() as m:
            m.rfkill()
            self.assertEqual(self.look(m)["nic-owner"]["data"], {"owner": None, "sap_up": None})
            m.put("kernel/debug/iwlmei/status", "1\n")
            self.assertEqual(self.look(m)["nic-owner"]["data"], {"owner": "host", "sap_up": True})
            m.put("kernel/debug/iwlmei/status", "0\n")
            line = self.look(m)["nic-owner"]
            self.assertEqual(line["data"], {"owner": None, "sap_up": False})
            self.assertIn("SAP is down", line["text"])

    def test_no_secret_and_nothing_that_a_terminal_obeys(self):
        with Machine() as m:
            m.device(0)
            m.client(0, WLAN, "\x1b[2J")
            m.rfkill()
            m.put("class/rfkill/rfkill0/name", "\x1b[31m\xff")
            m.interface("\x1b[0m", "\x07")
            for args in ((), ("--json",)):
                out = m.run("doctor", *args).stdout
                self.assertTrue(all(32 <= byte < 127 or byte == 10 for byte in out), out)

    def test_usage(self):
        with Machine() as m:
            for args in (("mei0",), ("--timeout=-1",), ("--what",)):
                result = m.run("doctor", *args)
                self.assertEqual((result.returncode, result.stdout), (2, b""), args)


if __name__ == "__main__":
    unittest.main()
