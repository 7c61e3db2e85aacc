# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap messages`: the declaration, against the protocol's page."""

import json
import re
import unittest

from sap_tool import run

# docs/protocol/sap.md sections 2, 5 and 6.
EXPECTED = """
1 START to_csme me 76|2 START_OK to_host me 8|3 CHECK_SHARED_AREA both me 0|1 PING both notif 0|2 PONG both notif 0
500 CSME_FILTERS to_host notif 1896|502 AMT_STATE to_host notif 4
503 CSME_REPLY_TO_HOST_OWNERSHIP_REQ to_host notif 4|504 CSME_TAKING_OWNERSHIP to_host notif 0
505 TRIGGER_IP_REFRESH to_host notif 0|506 CSME_CAN_RELEASE_OWNERSHIP to_host notif 0
511 NIC_OWNER to_host notif 4|512 CSME_CONN_STATUS to_host notif 64|513 NVM to_host notif 460
518 PLDR_ACK to_host notif 8|1000 BAND_SELECTION to_csme notif 0|1001 RADIO_STATE to_csme notif 4
1002 NIC_INFO to_csme notif 12|1003 HOST_ASKS_FOR_NIC_OWNERSHIP to_csme notif 0|1004 HOST_SUSPENDS to_csme notif 4
1005 HOST_RESUMES to_csme notif 4|1006 HOST_GOES_DOWN to_csme notif 0|1007 CSME_OWNERSHIP_CONFIRMED to_csme notif 0
1008 COUNTRY_CODE to_csme notif 8|1009 HOST_LINK_UP to_csme notif 68|1010 HOST_LINK_DOWN to_csme notif 8
1011 WHO_OWNS_NIC to_csme notif 0|1012 WIFIDR_DOWN to_csme notif 0|1013 WIFIDR_UP to_csme notif 0
1015 HOST_OWNERSHIP_CONFIRMED to_csme notif 0|1016 SAR_LIMITS to_csme notif 20|1017 GET_NVM to_csme notif 0
1024 PLDR to_csme notif 4|1025 PLDR_END to_csme notif 8|2000 DATA_PACKET both data 14
2001 CB_DATA_PACKET to_csme data 54
"""
ROWS = [row.split() for row in EXPECTED.strip().replace("\n", "|").split("|")]
WORDS = {"to_csme": "host to CSME", "to_host": "CSME to host", "both": "both ways"}


class Messages(unittest.TestCase):
    maxDiff = None

    def run_ok(self, *args):
        result = run("messages", *args)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def test_json(self):
        lines = [json.loads(line) for line in self.run_ok("--json").splitlines()]
        self.assertEqual([[str(m["type"]), m["name"], m["direction"], m["carrier"], str(m["least"])] for m in lines],
                         ROWS)

    def test_table(self):
        lines = self.run_ok().splitlines()
        self.assertEqual(len(lines), 1 + len(ROWS))
        starts = [m.start() for m in re.finditer(r"\S+", lines[0])][1:4]
        for line, (kind, name, direction, carrier, least) in zip(lines[1:], ROWS):
            self.assertEqual(re.split(" {2,}", line.strip())[:5], [kind, name, WORDS[direction], carrier, least])
            for start in starts:
                self.assertRegex(line[start - 1:start + 1], r" \S", "columns are aligned")

    def test_markdown(self):
        lines = self.run_ok("--markdown").splitlines()
        self.assertEqual(lines[:2], ["| type | name | direction | carrier | least size | meaning |",
                                     "| --- | --- | --- | --- | --- | --- |"])
        self.assertIn("| 1011 | WHO_OWNS_NIC | host to CSME | notif | 0 | asks for NIC_OWNER |", lines)
        self.assertIn("| 12 | 1728 | `cbfilters` | bytes |  |", self.run_ok("-m", "CSME_FILTERS"))
        self.assertIn("| 1744 | 1 | `oob.flex[].flags` | u8 |", self.run_ok("-m", "CSME_FILTERS"))

    def offsets(self, name):
        def walk(fields, path=""):
            for field in fields:
                yield path + field["name"], (field["offset"], field["size"], field["kind"])
                yield from walk(field.get("fields", []), path + field["name"] + ".")

        return dict(walk(json.loads(self.run_ok("--json", name))["fields"]))

    def test_offsets(self):
        """Section 6, by hand."""
        link = self.offsets("HOST_LINK_UP")
        self.assertEqual([link["conn." + n][0] for n in ("ssid_len", "ssid", "auth_mode", "pairwise_cipher", "channel",
                                                        "band", "bssid")], [0, 4, 36, 40, 44, 45, 48])
        self.assertEqual([link[n][0] for n in ("colloc_channel", "colloc_band", "colloc_bssid")], [56, 57, 60])
        self.assertEqual(self.offsets("NVM")["channels"], (20, 440, "u32[110]"))
        filters = self.offsets("CSME_FILTERS")
        self.assertEqual([filters["oob." + n][0] - 1740 for n in ("flex", "icmpv6_flags", "ipv6", "eth", "ipv4",
                                                                 "vlan")], [0, 84, 88, 104, 140, 148])
        self.assertEqual(filters["oob.flex.dst_port"], (1742, 2, "u16 BE"))
        packet = self.offsets("CB_DATA_PACKET")
        self.assertEqual([packet[n][0] for n in ("to_me_filt_status", "data_len", "frame")], [28, 36, 40])
        self.assertEqual(packet["frame"], (40, None, "counted"))

    def test_one(self):
        text = self.run_ok("host_link_down")
        self.assertEqual(text, self.run_ok("1010"))
        self.assertEqual(text, """HOST_LINK_DOWN: the host left it

  type       1010 (0x3f2)
  direction  host to CSME
  carrier    notif
  payload    8 bytes or more

offset    size  field                     kind          values
     0       1  type                      u8            0 NONE, 1 TEMPORARY, 2 LONG
     1       2  reserved                  reserved
     3       1  reason_valid              u8            0 no, else yes
     4       4  reason                    u32
""")
        self.assertEqual(self.run_ok("PING").splitlines()[-1], "  payload    0 bytes or more")

    def test_names_of_values(self):
        owner = json.loads(self.run_ok("--json", "NIC_OWNER"))["fields"][0]
        self.assertEqual(owner["values"], [{"value": 0, "name": "UNKNOWN"}, {"value": 1, "name": "HOST"},
                                           {"value": 2, "name": "CSME"}])
        state = json.loads(self.run_ok("--json", "RADIO_STATE"))["fields"][0]
        self.assertEqual(state["flags"], [{"value": 1, "name": "SW_ON"}, {"value": 2, "name": "HW_ON"}])

    def test_not_there(self):
        result = run("messages", "NIC_OWNED")
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertEqual(result.stderr.decode().splitlines()[0],
                         "sap messages: there is no message 'NIC_OWNED'; did you mean 'NIC_OWNER'?")
        self.assertEqual(run("messages", "777").returncode, 2)
        self.assertEqual(run("messages", "--json", "--markdown").returncode, 2)


if __name__ == "__main__":
    unittest.main()
