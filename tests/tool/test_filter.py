# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap filter show` and `sap filter explain`."""

import json
import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from sap_tool import TOOL, message, objects, run

OURS = bytes([192, 0, 2, 1])
OTHERS = bytes([192, 0, 2, 2])


def flex(src=0, dst=0, flags=2):
    return struct.pack(">HHBB", src, dst, flags, 0)


def payload(flexes=(), icmpv6=0, ipv6=(), eth=(), address=bytes(4), flags=0, vlan=()):
    """CSME_FILTERS, docs/protocol/sap.md section 6.6."""
    oob = b"".join(flexes).ljust(84, b"\0") + struct.pack("<I", icmpv6) + b"".join(ipv6).ljust(16, b"\0")
    oob += b"".join(eth).ljust(35, b"\0") + b"\0" + address + struct.pack("<I", flags)
    oob += b"".join(struct.pack("<H", v) for v in vlan).ljust(8, b"\0")
    return bytes(1740) + oob


FILTERS = payload([flex(dst=16992, flags=2 | 8 | 16), flex(dst=68, flags=1 | 2 | 32), flex(src=123, flags=2)], 1,
                  [b"\x0a\x0b\x0c\x03"], [bytes.fromhex("01005e0000fb04"), bytes.fromhex("33330000000105")], OURS,
                  1 | 4 | 8 | 16, [0x8007])


def ethernet(kind, rest, dst="021122334455"):
    return bytes.fromhex(dst + "02aabbccddee") + struct.pack(">H", kind) + rest


def ipv4(protocol, inside, dst=OURS, where=0, longer=0):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(inside) + longer, 0, where, 64, protocol, 0)
    return head + bytes([198, 51, 100, 1]) + dst + inside


def ports(src, dst):
    return struct.pack(">HHI", src, dst, 0)


def ipv6(protocol, inside, low=b"\x0a\x0b\x0c"):
    return struct.pack(">IHBB", 0x60000000, len(inside), protocol, 64) + bytes(16) + bytes(13) + low + inside


def arp(op, target=OURS):
    return struct.pack(">HHBBH", 1, 0x800, 6, 4, op) + bytes(6) + OTHERS + bytes(6) + target


def pcap(frames, link=1):
    data = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)
    for frame in frames:
        whole = frame[1] if isinstance(frame, tuple) else len(frame)
        frame = frame[0] if isinstance(frame, tuple) else frame
        data += struct.pack("<IIII", 1, 2, len(frame), whole) + frame
    return data


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, data):
        path = Path(self.folder.name) / name
        path.write_bytes(data)
        return path


class Show(Case):
    TEXT = """vlan 0       7, beside untagged frames
eth 0        01:00:5e:00:00:fb: if another filter fits
eth 1        33:33:00:00:00:01: to CSME alone, whatever is inside
flex 0       TCP to port 16992, to the IPv4 address: to CSME alone
flex 1       UDP to port 68, to any address: to both
flex 2       TCP and UDP from port 123, to any address: to CSME alone
ipv4         192.0.2.1
icmp         to 192.0.2.1, no echo requests: to CSME alone
arp request  for 192.0.2.1: to both
arp reply    to anybody: to CSME alone
ipv6 0       addresses that end with 0a:0b0c; their ICMPv6 to both
icmpv6       to these addresses and to groups, no echo requests: to CSME alone; neighbour discovery and groups to both
"""

    def shows(self, *args, data=None):
        result = run("filter", "show", *args, data=data)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.decode(), self.TEXT)

    def test_all_forms(self):
        whole = message(500, 7, FILTERS)
        self.shows(self.file("payload", FILTERS))
        self.shows(data=FILTERS)
        self.shows("-", data=whole)
        self.shows(data=FILTERS.hex(" "))
        self.shows(data=whole.hex())
        lines = run("decode", "--json", data=message(505, 6) + whole + message(505, 8)).stdout
        self.shows(data=lines)
        fields = [line for line in objects(lines) if line.get("type") == 500][0]["fields"]
        self.shows(data=json.dumps(fields, indent=2))
        self.shows(data="\n " + json.dumps(fields["oob"]))

    def test_json(self):
        result = run("filter", "show", "--json", data=FILTERS)
        (line,) = objects(result.stdout)
        self.assertEqual((line["kind"], line["format"], line["version"]), ("filters", "sap-filter", 1))
        self.assertEqual("".join("%-11s  %s\n" % (f["filter"], f["text"]) for f in line["filters"]), self.TEXT)

    def test_words(self):
        filters = payload([flex(flags=2 | 4), flex(1, 2, 2 | 4 | 8 | 16 | 32), flex(), flex(flags=0), flex()],
                          3, [], [bytes.fromhex("01005e00000107"), bytes(7), bytes.fromhex("01005e00000204")],
                          flags=0x3f, vlan=[7, 0x8001])
        result = run("filter", "show", data=filters)
        self.assertEqual(result.stdout.decode(), """vlan 1       1, beside untagged frames
eth 0        01:00:5e:00:00:01: to both, whatever is inside
flex 0       TCP and UDP of any port, to an IPv6 address: to CSME alone
flex 1       TCP and UDP from port 1 to port 2, to the IPv4 address or an IPv6 address: to CSME alone
flex 2       TCP and UDP of any port, to any address: to CSME alone
icmp         to any address, no echo requests: to both
arp request  for any address: to both
arp reply    to anybody: to both
icmpv6       to these addresses and to groups, no echo requests: to both
""")

    def test_nothing(self):
        result = run("filter", "show", data=bytes(1896))
        self.assertEqual(result.stdout, b"standard input: no filter is set: every frame is the host's alone\n")

    def wrong(self, data, why):
        result = run("filter", "show", data=data)
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertEqual(result.stderr.decode(), "sap filter show: standard input: %s\n" % why)

    def test_wrong(self):
        sizes = "bytes: the payload of CSME_FILTERS has 1896, the message 8 more"
        self.wrong(bytes(1895), "1895 " + sizes)
        self.wrong(b"", "0 " + sizes)
        self.wrong(bytes(1904), "1904 " + sizes)
        self.wrong(message(513, 1, bytes(1896)), "1904 " + sizes)
        self.wrong("00 11", "2 " + sizes)
        self.wrong("00 1", "line 1, column 4: an odd number of hex digits in a row, 1: a byte takes two")
        self.wrong('{"name":"PING"}', "there is no CSME_FILTERS in it")
        self.wrong('{"flex":[{"dst_prot":1}]}',
                   'fields.oob.flex[0].dst_prot: there is no such field; did you mean "dst_port"?')
        self.assertEqual(run("filter", "show", data="{").returncode, 1)
        self.assertEqual(run("filter", "show", "/no/such/file").returncode, 3)


class Explain(Case):
    def explain(self, frame):
        result = run("filter", "explain", self.file("filters", FILTERS), "--json", "--frame", frame.hex())
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        first, line, last = objects(result.stdout)
        self.assertEqual(first, {"kind": "input", "format": "sap-filter", "version": 1})
        self.assertEqual((last["kind"], last["frames"], last["to_csme"]), ("end", 1, int(line["to_csme"])))
        return line

    def test_what_decides(self):
        """Each rule, where it sends the frame, and what did not fit."""
        tagged = lambda tag, frame: frame[:12] + struct.pack(">HH", 0x8100, tag) + frame[12:]
        web = ethernet(0x800, ipv4(6, ports(40000, 16992)))
        echo = bytes([8, 0, 0, 0])
        rows = [
            (web, "csme", "FLEX", 0, ["flex 1: it takes UDP",
                                      "flex 2: it takes source port 123, the packet is from port 40000"]),
            (ethernet(0x800, ipv4(17, ports(123, 68))), "both", "FLEX", 1,
             ["flex 0: it takes TCP", "flex 2: it fits too, behind the one that decided"]),
            (ethernet(0x800, ipv4(6, ports(40000, 16992), OTHERS)), "host", "NO_MATCH", None,
             ["flex 0: it needs CSME's address, and the packet is to another", "flex 1: it takes UDP",
              "flex 2: it takes source port 123, the packet is from port 40000"]),
            (ethernet(0x800, ipv4(6, ports(1, 80))), "host", "NO_MATCH", None,
             ["flex 0: it takes port 16992, the packet is to port 80", "flex 1: it takes UDP",
              "flex 2: it takes source port 123, the packet is from port 1"]),
            (ethernet(0x86dd, ipv6(6, ports(1, 16992))), "host", "NO_MATCH", None,
             ["flex 0: it needs an IPv4 address", "flex 1: it takes UDP",
              "flex 2: it takes source port 123, the packet is from port 1"]),
            (ethernet(0x800, ipv4(6, ports(123, 16992), where=1)), "host", "NO_MATCH", None,
             ["flex 0: a fragment other than the first has no ports", "flex 1: it takes UDP",
              "flex 2: a fragment other than the first has no ports"]),
            (ethernet(0x800, ipv4(1, echo)), "host", "ECHO_REQUEST", None, []),
            (ethernet(0x800, ipv4(1, bytes(4))), "csme", "ICMP", None, []),
            (ethernet(0x800, ipv4(1, bytes(4), OTHERS)), "host", "NO_MATCH", None,
             ["icmp: the packet is to another address"]),
            (ethernet(0x800, ipv4(1, bytes(4), where=9)), "host", "NO_MATCH", None,
             ["icmp: a fragment other than the first has no type"]),
            (ethernet(0x86dd, ipv6(58, bytes([1, 0, 0, 0]))), "both", "ICMPV6", None, []),
            (ethernet(0x86dd, ipv6(58, bytes([1, 0, 0, 0]), bytes(3))), "host", "NO_MATCH", None,
             ["icmpv6: the packet is to no address of CSME's and to no group"]),
            (ethernet(0x806, arp(1)), "both", "ARP_REQUEST", None, []),
            (ethernet(0x806, arp(2)), "csme", "ARP_REPLY", None, []),
            (ethernet(0x806, arp(1, OTHERS)), "host", "NO_MATCH", None, ["arp request: it asks for another address"]),
            (ethernet(0x806, arp(3)), "host", "NO_MATCH", None, ["arp: neither a request nor a reply"]),
            (ethernet(0x88cc, bytes(46)), "host", "NO_MATCH", None, ["all: they take TCP, UDP, ICMP, ICMPv6 and ARP only"]),
            (ethernet(0x800, b"", "333300000001"), "csme", "ETH", 1, []),
            (ethernet(0x800, b"", "333300000002"), "host", "MULTICAST", None,
             ["eth 0: it takes 01:00:5e:00:00:fb", "eth 1: it takes 33:33:00:00:00:01"]),
            (tagged(7, web), "csme", "FLEX", 0, None),
            (tagged(8, web), "host", "VLAN", None, ["vlan 0: it is 7"]),
            (web[:40], "host", "FLAW", None, []),
            (web[:13], "host", "FLAW", None, []),
        ]
        for frame, where, rule, index, misses in rows:
            line = self.explain(frame)
            with self.subTest(line["summary"]):
                self.assertEqual((line["to_csme"], line["to_host"]), (where != "host", where != "csme"))
                self.assertEqual((line["rule"], line["index"]), (rule, index))
                if misses is not None:
                    self.assertEqual(["%s: %s" % (m["filter"], m["text"]) for m in line["misses"]], misses)

    def test_flaws_are_told(self):
        frame = ethernet(0x800, ipv4(6, ports(1, 2), longer=1))
        self.assertEqual(self.explain(frame)["text"], "a length that cannot be")
        self.assertEqual(self.explain(frame[:13])["text"], "shorter than an Ethernet header")

    def test_pass_not_set(self):
        path = self.file("none", payload([flex(dst=1)]))
        for frame, why in ((ethernet(0x800, ipv4(1, bytes(4))), "ICMP pass is not set"),
                           (ethernet(0x806, arp(1)), "ARP request pass is not set"),
                           (ethernet(0x806, arp(2)), "ARP reply pass is not set"),
                           (ethernet(0x86dd, ipv6(58, bytes(4))), "it is not enabled")):
            result = run("filter", "explain", path, "-j", "-f", frame.hex(":"))
            self.assertEqual(objects(result.stdout)[1]["misses"][0]["text"], why)

    def test_pcap(self):
        web = ethernet(0x800, ipv4(6, ports(40000, 16992)))
        frames = self.file("frames.pcap", pcap([web, (web[:40], 1500), ethernet(0x806, arp(1))]))
        result = run("filter", "explain", "--pcap", frames, data=FILTERS)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.decode(), """\
1: 02:aa:bb:cc:dd:ee > 02:11:22:33:44:55, IPv4 TCP 198.51.100.1:40000 > 192.0.2.1:16992
    to CSME alone: flex 0 fits
      flex 1       it takes UDP
      flex 2       it takes source port 123, the packet is from port 40000
2: 02:aa:bb:cc:dd:ee > 02:11:22:33:44:55, IPv4 TCP 198.51.100.1:40000 > 192.0.2.1:16992
    to the host alone: a length that cannot be
      only 40 of its 1500 bytes were captured
3: 02:aa:bb:cc:dd:ee > 02:11:22:33:44:55, ARP request 192.0.2.2 > 192.0.2.1
    to both: the IPv4 filter passes ARP requests

3 frames: 1 to CSME alone, 1 to both, 1 to the host alone
""")
        lines = objects(run("filter", "explain", "-j", "-p", "-", self.file("f", FILTERS),
                            data=frames.read_bytes()).stdout)
        self.assertEqual([line.get("wire_len") for line in lines], [None, None, 1500, None, None])
        self.assertEqual(lines[-1], {"kind": "end", "frames": 3, "to_csme": 2, "to_both": 1})

    def test_bad_pcap(self):
        path = self.file("f", FILTERS)
        web = ethernet(0x800, ipv4(6, ports(40000, 16992)))
        for data, frames in ((b"", None), (b"no capture at all, not even nearly one", None),
                             (pcap([web], link=105), None), (pcap([web, web])[:-1], 1)):
            result = run("filter", "explain", path, "--json", "--pcap", self.file("p", data))
            self.assertEqual(result.returncode, 1, data)
            self.assertRegex(result.stderr.decode(), "^sap filter explain: .*/p: .+\n$")
            if frames:
                self.assertEqual(objects(result.stdout)[-1]["frames"], frames)
        self.assertEqual(run("filter", "explain", path, "--pcap", "/no/such/file").returncode, 3)

    def test_usage(self):
        path = self.file("f", FILTERS)
        for args, why in ((["explain", path], "one of --frame and --pcap is needed"),
                          (["explain", path, "-f", "00", "-p", "x"], "one of --frame and --pcap is needed"),
                          (["explain", "-p", "-"], "FILE and --pcap cannot both be standard input"),
                          (["explain", path, "-f", "0g"], "--frame: column "),
                          (["explain", path, "-f", ""], "--frame: no bytes")):
            result = run("filter", *args)
            self.assertEqual(result.returncode, 2, args)
            self.assertTrue(result.stderr.decode().startswith("sap filter explain: " + why), result.stderr)
        result = run("filter", "explian")
        self.assertEqual(result.stderr.decode().splitlines()[0],
                         "sap filter: there is no command 'explian'; did you mean 'explain'?")

    def test_help(self):
        for verb in ("show", "explain"):
            text = run("filter", verb, "--help").stdout.decode()
            self.assertTrue(text.startswith("Usage: sap filter %s [OPTION...] [FILE]\n" % verb))
            self.assertIn("\nExit codes:\n", text)
            self.assertLessEqual(max(map(len, text.splitlines())), 110)

    def test_examples_run(self):
        self.file("filters.bin", FILTERS)
        self.file("frames.pcap", pcap([ethernet(0x806, arp(1))]))
        self.file("area.bin", message(500, 1, FILTERS))
        (Path(self.folder.name) / "sap").symlink_to(TOOL)
        env = dict(os.environ, PATH=self.folder.name + ":" + os.environ["PATH"])
        for verb in ("show", "explain"):
            text = run("filter", verb, "--help").stdout.decode().split("Examples:\n")[1].split("\nExit codes")[0]
            for line in text.strip().splitlines():
                result = subprocess.run(["sh", "-c", line], cwd=self.folder.name, env=env, capture_output=True,
                                        check=False)
                self.assertEqual((result.returncode, result.stderr), (0, b""), line)


if __name__ == "__main__":
    unittest.main()
