# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""--history: what was taken already and still lies in the queues."""

import struct
import unittest

from sap_tool import Area, capture, decode, message, messages


def old(lines, queue):
    return [m for m in messages(lines) if m["queue"] == queue and m.get("history") is True]


class History(unittest.TestCase):
    def history(self, data, queue):
        result, lines = decode(data, "--history")
        self.assertEqual(result.returncode, 0, result.stderr)
        return old(lines, queue)

    def test_not_unless_asked(self):
        _, lines = decode(capture("v4-shm-csa-18"))
        self.assertEqual([m for m in messages(lines) if "history" in m], [])

    def test_full_configuration(self):
        _, lines = decode(capture("v4-shm-csa-18"), "--history")
        host = [m for m in messages(lines) if m["queue"] == "host_notif"]
        self.assertEqual([m["seq"] for m in host], list(range(1, 28)))
        self.assertEqual([m.get("history", False) for m in host], 20 * [True] + 7 * [False])
        self.assertEqual([m["name"] for m in host[:7]],
                         ["WHO_OWNS_NIC", "COUNTRY_CODE", "NIC_INFO", "RADIO_STATE", "PONG", "WIFIDR_UP", "NIC_INFO"])
        self.assertEqual(host[14]["fields"], {"type": {"value": 2, "name": "LONG"}, "reason_valid": 0, "reason": 0})
        csme = old(lines, "csme_notif")
        self.assertEqual([m["seq"] for m in csme], list(range(0x1001, 0x100f)))
        self.assertEqual([m["offset"] for m in csme[:3]], [81088, 81100, 81112])

    def test_nvm_and_filters(self):
        csme = {m["name"]: m["fields"] for m in self.history(capture("v4-shm-csa-18"), "csme_notif")}
        self.assertEqual(csme["NVM"]["channels"], [0x01000000 + i for i in range(110)])
        self.assertEqual(csme["NVM"]["caps"], {"value": 3, "names": ["LARI", "11AX"]})
        oob = csme["CSME_FILTERS"]["oob"]
        self.assertEqual(oob["flex"][0], {"src_port": 0, "dst_port": 16992,
                                          "flags": {"value": 0x23, "names": ["COPY", "ENABLED", "UDP"]}})
        self.assertEqual(len(oob["flex"]), 14)

    def test_data_queues(self):
        data = capture("v4-data-shm-csa-05")
        self.assertEqual([(m["name"], m["seq"], m["len"]) for m in self.history(data, "host_data")],
                         [("DATA_PACKET", 6, 74)])
        self.assertEqual([(m["name"], m["seq"], m["offset"]) for m in self.history(data, "csme_data")],
                         [("DATA_PACKET", 0x1004, 143808)])

    def test_overfull_ring(self):
        """The ring was lapped: 280 messages fill it, 10 of them are pending."""
        found = self.history(capture("v3-shm-v3-ring-overfull"), "host_notif")
        self.assertEqual([m["seq"] for m in found], list(range(56, 326)))
        self.assertEqual(found[0]["offset"], 64 + 944)
        self.assertEqual([m["offset"] for m in found if m["seq"] in (217, 218)], [64 + 2232, 64])

    def test_wrapped(self):
        found = self.history(capture("v3-shm-csa-11"), "host_notif")
        self.assertEqual([m["seq"] for m in found], list(range(found[0]["seq"], 34)))
        self.assertGreater(len(found), 20)

    def area(self, *taken, at=0):
        data = b"".join(taken)
        area = Area(3)
        area.write(0, at, data)
        end = (at + len(data)) % 2240
        area.indices(0, end, end)
        return area.bytes()

    def seqs(self, data):
        return [m["seq"] for m in self.history(data, "host_notif")]

    def test_message_across_the_end(self):
        data = self.area(message(1013, 1), message(1001, 2, struct.pack("<I", 3)), at=2240 - 13)
        self.assertEqual(self.seqs(data), [1, 2])

    def test_numbers_must_rise(self):
        self.assertEqual(self.seqs(self.area(message(2, 9), message(2, 9), message(2, 10))), [9, 10])
        self.assertEqual(self.seqs(self.area(message(2, 9), message(2, 7), message(2, 8))), [7, 8])

    def test_numbers_may_wrap(self):
        self.assertEqual(self.seqs(self.area(message(2, 0xffffffff), message(2, 1))), [0xffffffff, 1])

    def test_only_what_belongs(self):
        # NIC_OWNER is CSME's; a type in no table; lengths that the types do not have.
        for stranger in (message(511, 2, bytes(4)), message(700, 2), message(1008, 2, bytes(6)),
                         message(1008, 2, 9 * b"\x11"), message(2, 2, b"\x11")):
            self.assertEqual(self.seqs(self.area(message(2, 1), stranger, message(2, 3))), [3])

    def test_must_end_at_rd(self):
        data = bytearray(self.area(message(2, 1), message(2, 2)))
        struct.pack_into("<II", data, 12, 17, 17)
        self.assertEqual(self.seqs(bytes(data)), [])

    def test_zeroes_are_no_history(self):
        _, lines = decode(capture("v4-shm-at-start"), "--history")
        self.assertEqual(messages(lines), [])


if __name__ == "__main__":
    unittest.main()
