# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the captures hold, to the field, as tests/data/captures/README.md describes them."""

import unittest

from sap_tool import QUEUE_KEYS, QUEUE_SIZES, V3_SIZE, V4_SIZE, capture, decode, messages

TESTNET = {
    "ssid_len": 7,
    "ssid": {"text": "testnet", "hex": b"testnet".hex() + 25 * "00"},
    "auth_mode": {"value": 7, "name": "RSNA_PSK"},
    "pairwise_cipher": {"value": 4, "name": "CCMP"},
    "channel": 6,
    "band": {"value": 0, "name": "2GHZ4"},
    "bssid": "02:00:00:00:01:00",
}
LINK_UP = {
    "conn": TESTNET,
    "colloc_channel": 0,
    "colloc_band": {"value": 0, "name": "2GHZ4"},
    "colloc_bssid": "00:00:00:00:00:00",
}
RADIO_ON = {"state": {"value": 3, "names": ["SW_ON", "HW_ON"]}}


def sap(queue, offset, kind, name, length, seq, fields):
    return {"kind": "sap", "queue": queue, "offset": offset, "type": kind, "name": name, "len": length,
            "seq": seq, "fields": fields}


class Captures(unittest.TestCase):
    maxDiff = None

    def check(self, name, first, expected):
        result, lines = decode(capture(name))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(lines[0], {"kind": "input", "format": "sap-decode", "version": 1, **first})
        self.assertEqual(lines[1:-1], expected)
        self.assertEqual(lines[-1], {"kind": "end", "messages": len(expected), "errors": 0})

    def check_area(self, name, version, indices, expected):
        """indices: rd and wr of each queue, in their order."""
        queues = [{"queue": key, "size": size, "rd": rd, "wr": wr}
                  for key, size, (rd, wr) in zip(QUEUE_KEYS, QUEUE_SIZES[version], indices)]
        size = V4_SIZE if version == 4 else V3_SIZE
        self.check(name, {"input": "area", "size": size, "sap_version": version, "queues": queues}, expected)

    def check_start(self, name, version):
        self.check(name, {"input": "me", "size": 88}, [{
            "kind": "me", "offset": 0, "type": 1, "name": "START", "len": 88, "seq": 1,
            "fields": {"shared_mem": "0x0", "init_data_seq_num": 0x100, "init_notif_seq_num": 0x800,
                       "supported_versions": [version]}}])

    def test_v4_start(self):
        self.check_start("v4-me-msg-start", 4)

    def test_v3_start(self):
        self.check_start("v3-me-msg-start", 3)

    def test_v4_doorbell(self):
        self.check("v4-me-msg-csa-00", {"input": "me", "size": 88}, [{
            "kind": "me", "offset": 0, "type": 3, "name": "CHECK_SHARED_AREA", "len": 0, "seq": 2,
            "fields": {"extra": 76 * "00"}}])

    def test_v4_at_start(self):
        self.check_area("v4-shm-at-start", 4, [(0, 0)] * 4, [])

    def test_v3_at_start(self):
        self.check_area("v3-shm-at-start", 3, [(0, 0)] * 4, [])

    def test_v4_first_answer(self):
        self.check_area("v4-shm-csa-00", 4, [(0, 8), (0, 0), (0, 12), (0, 0)], [
            sap("host_notif", 64, 1011, "WHO_OWNS_NIC", 0, 1, {}),
            sap("csme_notif", 81088, 502, "AMT_STATE", 4, 0x1001, {"state": 1}),
        ])

    def test_v4_second_answer(self):
        none = "00:00:00:00:00:00"
        self.check_area("v4-shm-csa-01", 4, [(8, 56), (0, 0), (24, 24), (0, 0)], [
            sap("host_notif", 72, 1008, "COUNTRY_CODE", 8, 2,
                {"mcc": {"value": 0, "text": None}, "source_id": 0, "diff_time": 0}),
            sap("host_notif", 88, 1002, "NIC_INFO", 12, 3, {"mac_address": none, "nvm_address": none}),
            sap("host_notif", 108, 1001, "RADIO_STATE", 4, 4, RADIO_ON),
        ])

    def test_v4_full_configuration(self):
        self.check_area("v4-shm-csa-18", 4, [(376, 544), (0, 0), (2624, 2624), (0, 0)], [
            sap("host_notif", 440, 1013, "WIFIDR_UP", 0, 21, {}),
            sap("host_notif", 448, 1011, "WHO_OWNS_NIC", 0, 22, {}),
            sap("host_notif", 456, 1009, "HOST_LINK_UP", 68, 23, LINK_UP),
            sap("host_notif", 532, 1008, "COUNTRY_CODE", 8, 24,
                {"mcc": {"value": 0x5553, "text": "US"}, "source_id": 0, "diff_time": 0}),
            sap("host_notif", 548, 1016, "SAR_LIMITS", 20, 25, {"limits": list(range(1, 11))}),
            sap("host_notif", 576, 1002, "NIC_INFO", 12, 26,
                {"mac_address": "02:11:22:33:44:55", "nvm_address": "02:aa:bb:cc:dd:ee"}),
            sap("host_notif", 596, 1001, "RADIO_STATE", 4, 27, {"state": {"value": 2, "names": ["HW_ON"]}}),
        ])

    def test_v3_wrapped(self):
        """The first message starts 48 bytes before the queue's end and goes on at its start."""
        self.check_area("v3-shm-csa-11", 3, [(2192, 180), (0, 0), (24, 24), (0, 0)], [
            sap("host_notif", 64 + 2192, 1009, "HOST_LINK_UP", 68, 34, LINK_UP),
            sap("host_notif", 64 + 28, 1009, "HOST_LINK_UP", 68, 35, LINK_UP),
            sap("host_notif", 64 + 104, 1009, "HOST_LINK_UP", 68, 36, LINK_UP),
        ])

    def test_v3_overfull(self):
        self.check_area("v3-shm-v3-ring-overfull", 3, [(864, 944), (0, 0), (2344, 2344), (0, 0)], [
            sap("host_notif", 64 + 864 + 8 * i, 2, "PONG", 0, 326 + i, {}) for i in range(10)])

    def test_v4_data(self):
        frame = capture("v4-data-shm-csa-05")[32832 + 82 + 8 + 40:][:50]
        self.assertEqual(frame[-8:], b"DHCPTEST")
        self.check_area("v4-data-shm-csa-05", 4, [(64, 72), (82, 180), (1936, 1936), (50, 50)], [
            sap("host_notif", 128, 2, "PONG", 0, 8, {}),
            sap("host_data", 32832 + 82, 2001, "CB_DATA_PACKET", 90, 7,
                {"to_me_filt_status": {"value": 1 << 30, "names": ["DHCP"]}, "data_len": 50,
                 "frame": frame.hex()}),
        ])

    def test_one_queue(self):
        result, lines = decode(capture("v4-data-shm-csa-05"), "--queue=host_data")
        self.assertEqual(result.returncode, 0)
        self.assertEqual([m["name"] for m in messages(lines)], ["CB_DATA_PACKET"])


if __name__ == "__main__":
    unittest.main()
