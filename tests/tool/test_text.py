# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The text for people."""

import re
import struct
import unittest

from sap_tool import Area, capture, message, me_message, run


def payload(text):
    return bytes.fromhex(text)


class Text(unittest.TestCase):
    maxDiff = None

    def text(self, data, *args):
        result = run("decode", *args, data=data)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def line(self, data, *args):
        """The only message, from its name on; fields on a line of their own follow a colon all the same."""
        lines = self.text(data, *args).splitlines()
        self.assertEqual(lines[2], "    byte     seq  message")
        self.assertIn(lines[4:], (["", "1 message, 0 errors"], [lines[4], "", "1 message, 0 errors"]))
        fields = ": " + lines[4].strip() if lines[4] else ""
        return re.sub(" {2,}", "  ", lines[3][18:]) + fields

    def test_area(self):
        self.assertEqual(self.text(capture("v4-shm-csa-18")).split("\n", 1)[1], """
  queue                       size      rd      wr  pending
  host to ME notifications   32768     376     544  168 bytes
  host to ME data            48256       0       0  none
  ME to host notifications   62720    2624    2624  none
  ME to host data            24128       0       0  none

host to ME notifications: 7 pending
    byte     seq  message
     440      21  WIFIDR_UP                    the host's WLAN driver is there
     448      22  WHO_OWNS_NIC                 asks for NIC_OWNER
     456      23  HOST_LINK_UP                 the host joined a network
                    conn
                      ssid_len          7
                      ssid              "testnet"
                      auth_mode         RSNA_PSK (7)
                      pairwise_cipher   CCMP (4)
                      channel           6
                      band              2GHZ4 (0)
                      bssid             02:00:00:00:01:00
                    colloc_channel      0
                    colloc_band         2GHZ4 (0)
                    colloc_bssid        00:00:00:00:00:00
     532      24  COUNTRY_CODE                 where the host is: mcc US (0x5553), source_id 0, diff_time 0
     548      25  SAR_LIMITS                   limits of transmit power: limits 1 2 3 4 5 6 7 8 9 10
     576      26  NIC_INFO                     the NIC's addresses
                    mac_address 02:11:22:33:44:55, nvm_address 02:aa:bb:cc:dd:ee
     596      27  RADIO_STATE                  the host's rfkill switches: state HW_ON (0x2)

7 messages, 0 errors
""")

    def test_no_line_ends_in_blanks(self):
        for name in ("v4-shm-csa-18", "v4-data-shm-csa-05", "v3-shm-csa-11", "v4-me-msg-start"):
            for line in self.text(capture(name), "--history").splitlines():
                self.assertEqual(line, line.rstrip())

    def test_history_is_marked(self):
        text = self.text(capture("v4-shm-csa-18"), "--history")
        self.assertIn("host to ME notifications: 20 taken already (marked ~), 7 pending\n", text)
        self.assertIn("ME to host notifications: 14 taken already (marked ~), none pending\n", text)
        self.assertIn("~     64       1  WHO_OWNS_NIC ", text)
        self.assertIn("\n     440      21  WIFIDR_UP ", text)
        self.assertIn("110 values: 0x01000000 counting up to 0x0100006d\n", text)
        self.assertIn("[0] src_port 0, dst_port 16992, flags COPY|ENABLED|UDP (0x23)\n", text)
        self.assertIn("1 of 14 set, 1 enabled\n", text)
        self.assertIn("1728 bytes, all zero\n", text)

    def test_doorbell(self):
        self.assertEqual(self.line(capture("v4-me-msg-csa-00")),
                         "CHECK_SHARED_AREA  the doorbell: look at the queues (its len says 0): extra 76 bytes, all zero")
        self.assertEqual(self.line(me_message(3, 1)), "CHECK_SHARED_AREA  the doorbell: look at the queues")

    def test_values(self):
        def line(kind, data, *args):
            return self.line(message(kind, 1, data), *args).split(": ", 1)[1]

        self.assertEqual(line(511, payload("09000000")), "owner unknown (9)")
        self.assertEqual(line(1001, payload("00000000")), "state none (0)")
        self.assertEqual(line(1001, payload("41000000")), "state SW_ON|0x40 (0x41)")
        self.assertEqual(line(502, payload("00000000")), "state no")
        self.assertEqual(line(502, payload("02000000")), "state yes (2)")
        self.assertEqual(line(1008, payload("0000000000000000")), "mcc unknown (0), source_id 0, diff_time 0")
        self.assertEqual(line(1008, payload("07000001 00000000")),
                         "mcc 0x0007, source_id 0, reserved 01, diff_time 0")
        self.assertEqual(line(511, payload("01000000 aabb")), "owner HOST (1), extra aa bb")
        self.assertEqual(self.line(message(514, 1, b"\x01\x02")), "type 514  a type in no table: opaque 01 02")
        self.assertEqual(self.line(message(1000, 1)), "BAND_SELECTION  not public: opaque none")

    def ssid(self, data, length=None):
        conn = struct.pack("<I", len(data) if length is None else length) + data.ljust(32, b"\x00") + bytes(32)
        return re.search(r"(?m)^ +ssid +(\".*)$", self.text(message(1009, 1, conn))).group(1)

    def test_ssid_is_escaped(self):
        self.assertEqual(self.ssid(b"a b"), '"a b"')
        self.assertEqual(self.ssid(b"\x1b[31m"), r'"\x1b[31m"')
        self.assertEqual(self.ssid(b"q\"\\"), r'"q\"\\"')
        self.assertEqual(self.ssid(b"caf\xc3\xa9\x00"), r'"caf\xc3\xa9\x00"')
        self.assertEqual(self.ssid(b"abc", 2), '"ab", then 0x63' + 29 * "00")
        self.assertEqual(self.ssid(b"x" * 32, 200), '"%s"' % (32 * "x"))

    def test_filters(self):
        data = bytearray(1896)
        data[1746:1751] = payload("0000426012")
        data[1752:1757] = payload("0035000020")
        data[1828:1832] = payload("a1b2c302")
        data[1844:1851] = payload("01005e0000fb05")
        data[1880:1884] = payload("c0000201")
        data[1888:1896] = payload("6480 0500 0000 0170")
        text = self.text(message(500, 1, bytes(data)))
        for line in ("flex              2 of 14 set, 1 enabled", "[1] src_port 0, dst_port 16992, flags ENABLED|TCP (0x12)",
                     "[2] src_port 53, dst_port 0, flags UDP (0x20)", "ipv6              1 of 4 set, 1 enabled",
                     "[0] addr_lo24 a1 b2 c3, flags ENABLED (0x2)", "eth               1 of 5 set, 1 enabled",
                     "[0] mac_address 01:00:5e:00:00:fb, flags STOP|ENABLED (0x5)", "ipv4_addr       192.0.2.1",
                     "vlan              100 5 (off) - 0x7001"):
            self.assertIn(" " + line + "\n", text)

    def test_runs_of_numbers(self):
        channels = 50 * [7] + list(range(100, 130)) + [3, 1, 4, 1, 5] + 25 * [0]
        text = self.text(message(513, 1, bytes(20) + struct.pack("<110I", *channels)))
        self.assertIn("110 values: 0x00000007 50 times, 0x00000064 counting up to 0x00000081,", text)
        self.assertIn(" 0x00000005,\n                                        0x00000000 25 times\n", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 112)

    def test_numbers_without_runs(self):
        text = self.text(message(513, 1, bytes(20) + struct.pack("<110I", *(i * i for i in range(110)))))
        self.assertEqual(len(re.findall("0x[0-9a-f]{8}", text.split("values: ")[1])), 110)
        self.assertLessEqual(max(map(len, text.splitlines())), 112)

    def test_long_bytes_repeat(self):
        text = self.text(message(514, 1, bytes(range(16)) + 100 * b"\xaa" + b"end"))
        self.assertEqual(len(re.findall(r"(?m)^ +\*$", text)), 1)
        self.assertIn("0070  aa aa aa aa 65 6e 64 ", text)


class Frames(unittest.TestCase):
    ETH = payload("ffffffffffff 021122334455")
    MACS = "02:11:22:33:44:55 > ff:ff:ff:ff:ff:ff"

    def summary(self, frame):
        result = run("decode", data=message(2000, 1, frame))
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.decode().splitlines()[5].strip()

    def check(self, rest, expected):
        self.assertEqual(self.summary(self.ETH + payload(rest)), self.MACS + expected)

    def test_udp_of_the_capture(self):
        text = run("decode", data=capture("v4-data-shm-csa-05")).stdout.decode()
        self.assertIn(" %s, IPv4 UDP 0.0.0.0:68 > 255.255.255.255:67\n" % self.MACS, text)
        self.assertIn("  ...D.C....DHCPTE\n", text)

    def test_kinds(self):
        ipv4 = "0800 45000028 00000000 40%s0000 c0000201 c0000202 4260c738"
        self.check(ipv4 % "06", ", IPv4 TCP 192.0.2.1:16992 > 192.0.2.2:51000")
        self.check(ipv4 % "01", ", IPv4 ICMP 192.0.2.1 > 192.0.2.2")
        self.check(ipv4 % "2f", ", IPv4 protocol 47 192.0.2.1 > 192.0.2.2")
        self.check("8100 0064" + ipv4 % "06", ", VLAN 100, IPv4 TCP 192.0.2.1:16992 > 192.0.2.2:51000")
        self.check("0800 46000028 00000000 40110000 c0000201 c0000202 01020304 00440043",
                   ", IPv4 UDP 192.0.2.1:68 > 192.0.2.2:67")
        self.check("0806 0001 0800 06 04 0001 021122334455 0a000001 000000000000 0a000002",
                   ", ARP request 10.0.0.1 > 10.0.0.2")
        self.check("86dd 60000000 0008 11 40 20010db8%s01 20010db8%s02 0222 0223" % (22 * "0", 22 * "0"),
                   ", IPv6 UDP [2001:db8::1]:546 > [2001:db8::2]:547")
        self.check("86dd 60000000 0008 3a 40 fe80%s01 ff02%s02 8500" % (26 * "0", 26 * "0"),
                   ", IPv6 ICMPv6 fe80::1 > ff02::2")
        self.check("88cc", ", type 0x88cc")
        self.check("0020", ", 802.3 length 32")

    def test_fragments_have_no_ports(self):
        self.check("0800 45000028 00000001 40110000 c0000201 c0000202 00440043", ", IPv4 UDP 192.0.2.1 > 192.0.2.2")

    def test_cut_frames(self):
        """No header is believed about bytes that are not there."""
        whole = self.ETH + payload("0800 4f000028 00000000 40110000 c0000201 c0000202 00440043")
        for length in range(14, len(whole) + 1):
            self.assertEqual(self.summary(whole[:length]), self.MACS + ", IPv4 (cut)")
        for rest, name in (("86dd 6000", "IPv6"), ("0806 0001", "ARP"), ("0800 45", "IPv4")):
            self.check(rest, ", %s (cut)" % name)
        self.check("0800 45000028 00000000 40110000 c0000201 c0000202 0044", ", IPv4 UDP 192.0.2.1 > 192.0.2.2")
        self.check("8100", ", type 0x8100")


class Colour(unittest.TestCase):
    def test_only_if_wanted(self):
        data = Area().put(0, 0, message(511, 1, bytes(4))).bytes()
        self.assertNotIn(b"\x1b", run("decode", data=data).stdout)
        self.assertNotIn(b"\x1b", run("decode", "--color=never", data=data).stdout)
        coloured = run("decode", "--color=always", data=data).stdout
        self.assertIn(b"\x1b[31m!     64  NIC_OWNER does not belong", coloured)
        self.assertEqual(re.sub(rb"\x1b\[\d*m", b"", coloured), run("decode", data=data).stdout)
        self.assertNotIn(b"\x1b", run("decode", "--json", "--color=always", data=data).stdout)


if __name__ == "__main__":
    unittest.main()
