# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Captures: what `sap demo --pcap` writes, and what `sap decode` says of sound and of damaged ones."""

import os
import random
import resource
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import pcap_file
from sap_tool import TOOL, capture, decode, errors, me_message, message, messages, next_object, objects, run
from test_demo import FAULTS

LAYERS = {"me": 1, "notif": 2, "data": 3}
START = capture("v4-me-msg-start")
OWNER = message(511, 7, b"\x02\0\0\0")
FRAME = bytes.fromhex("ffffffffffff021122334455080600010800060400010211223344550a0000010000000000000a000002")
PACKETS = "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 500ms\npacket host %s\n" \
          "packet csme %s\nwait 300ms\n" % (FRAME.hex(), FRAME.hex())


class Written(unittest.TestCase):
    maxDiff = None

    def check(self, *args, data=None):
        """The capture holds what the timeline shows: each message once, at its time, with its way."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo.pcap"
            result = run("demo", "--json", "--pcap", path, *args, data=data)
            raw = path.read_bytes()
        version, expected = 0, []
        for m in (line for line in objects(result.stdout) if line["kind"] == "message"):
            layer, to, content = LAYERS[m["carrier"]], {"csme": 1, "host": 2}[m["to"]], bytes.fromhex(m["bytes"])
            version = {"START": 0, "START_OK": content[16] if len(content) > 16 else 0}.get(m["name"], version)
            expected.append((m["ms"] * 1000, pcap_file.header(layer, to, sap_version=version), content))
        self.assertEqual(pcap_file.read(raw), expected)
        decoded, lines = decode(raw)
        self.assertEqual((decoded.returncode, decoded.stderr, errors(lines)), (0, b"", []))
        self.assertEqual([(m["record"], m["time"], m["to"]) for m in messages(lines)],
                         [(i + 1, "%d.%06d" % divmod(e[0], 1000000), ["csme", "host"][e[1][2] - 1])
                          for i, e in enumerate(expected)])
        return expected

    def test_story(self):
        self.assertEqual(len(self.check()), 24)

    def test_faults(self):
        for name in FAULTS:
            with self.subTest(name):
                self.check("--fault", name)

    def test_packets(self):
        found = self.check("--script=-", data=PACKETS)
        self.assertEqual([(e[1][1:4], e[2][8:]) for e in found if e[1][1] == 3],
                         [(b"\x03\x01\x02", FRAME), (b"\x03\x02\x04", FRAME)])

    def test_the_timeline_stays_as_it_is(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("demo", "--pcap", Path(folder) / "x").stdout, run("demo").stdout)

    def test_standard_output(self):
        result = run("demo", "--pcap=-")
        self.assertEqual((result.returncode, len(pcap_file.read(result.stdout))), (0, 24))
        self.assertEqual(run("demo", "--pcap=-", "--json").returncode, 2)

    def test_outcome_of_the_script_is_kept(self):
        self.assertEqual(run("demo", "--pcap=/dev/null", "--script=-", data="expect LEAVE within 5ms\n").returncode, 1)

    def test_cannot_be_written(self):
        for path, why in (("/nowhere/x.pcap", b"cannot be opened: No such file or directory"),
                          ("/dev/full", b"cannot be written: No space left on device")):
            result = run("demo", "--pcap", path)
            self.assertEqual(result.returncode, 3)
            self.assertEqual(result.stderr, b"sap demo: %s: %s\n" % (path.encode(), why))

    def test_disk_gets_full(self):
        """What could be written is readable; the exit code tells of the rest, whatever the story came to."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.pcap"
            # A build that counts what it executes keeps its counters, which would be cut too, elsewhere.
            result = subprocess.run([TOOL, "demo", "--pcap", path], capture_output=True, check=False, restore_signals=False,
                                    env=dict(os.environ, GCOV_PREFIX=folder),
                                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400)))
            self.assertEqual(result.returncode, 3)
            # It cannot write them there either, and says so.
            told = [line for line in result.stderr.splitlines() if not line.startswith(b"libgcov")]
            self.assertEqual(told, [b"sap demo: %s: cannot be written: File too large" % bytes(path)])
            self.assertEqual(result.stdout, run("demo").stdout)
            self.assertEqual(path.stat().st_size, 400)
            self.assertGreater(len(messages(decode(path.read_bytes())[1])), 5)

    def test_reader_goes_away(self):
        with subprocess.Popen(["sh", "-c", "%s demo --pcap=-; echo $? >&2" % TOOL], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.close()
            self.assertIn(process.stderr.read().strip()[-3:], (b"141", b"0"))  # SIGPIPE, or it was quick


class Read(unittest.TestCase):
    maxDiff = None

    def test_every_form_of_file(self):
        records = [pcap_file.record(1, 1, START), pcap_file.record(2, 2, OWNER),
                   pcap_file.record(3, 1, message(2000, 8, FRAME))]
        _, plain = decode(pcap_file.write(records))
        self.assertEqual([(m["kind"], m["name"], m.get("queue"), m["to"], m["offset"], m["sap_version"])
                          for m in messages(plain)],
                         [("me", "START", None, "csme", 8, 4), ("sap", "NIC_OWNER", "csme_notif", "host", 8, 4),
                          ("sap", "DATA_PACKET", "host_data", "csme", 8, 4)])
        self.assertEqual(plain[0]["input"], "pcap")
        self.assertNotIn("size", plain[0])
        for order in "<>":
            for precision in ("micro", "nano"):
                data = pcap_file.write(records, order, precision)
                self.assertEqual(decode(data)[1], plain)
                self.assertEqual(decode(data, "--as=pcap")[1], plain)
                self.assertEqual(decode(data.hex(), "--hex")[1][1:], plain[1:])

    def test_times(self):
        for precision, fraction, expected in (("micro", 123456, "1700000000.123456"), ("nano", 123456000, "1700000000.123456"),
                                              ("nano", 123456789, "1700000000.123456789"), ("micro", 7, "1700000000.000007")):
            item = (pcap_file.record(2, 2, OWNER), 20, 1700000000, fraction)
            self.assertEqual(messages(decode(pcap_file.write([item], ">", precision))[1])[0]["time"], expected)

    def test_pcapng(self):
        """As Wireshark saves it: section, interface, one enhanced packet; microseconds."""
        data = pcap_file.record(2, 2, OWNER)
        ticks = 5 * 1000000 + 250000
        blocks = [struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28),
                  struct.pack("<IIHHII", 1, 20, pcap_file.USER0, 0, 0, 20),
                  struct.pack("<IIIIIII", 6, 32 + len(data), 0, ticks >> 32, ticks & 0xffffffff, len(data), len(data)) +
                  data + struct.pack("<I", 32 + len(data))]
        result, lines = decode(b"".join(blocks))
        self.assertEqual((result.returncode, [(m["name"], m["time"]) for m in messages(lines)]),
                         (0, [("NIC_OWNER", "5.250000")]))

    def test_text(self):
        result = run("decode", data=pcap_file.write([pcap_file.record(1, 1, START), pcap_file.record(2, 2, OWNER)]))
        lines = result.stdout.decode().splitlines()
        self.assertEqual(lines[0], "standard input: capture")
        self.assertEqual(lines[2], "  record      time  to       seq  message")
        self.assertTrue(lines[3].startswith("       1  0.000000  CSME       1  START   "), lines[3])
        self.assertIn("       2  1.000000  host       7  NIC_OWNER                    who owns the NIC: owner CSME (2)",
                      lines)

    def test_comes_as_it_is_written(self):
        """Each record is shown before the next one is there."""
        with subprocess.Popen([TOOL, "decode", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              bufsize=0) as process:
            whole = pcap_file.write([pcap_file.record(2, 2, OWNER)] * 3)
            process.stdin.write(whole[:24])
            for number in range(3):
                process.stdin.write(whole[24 + 36 * number:60 + 36 * number])
                while True:
                    line = next_object(process)
                    if line["kind"] == "sap":
                        break
                self.assertEqual(line["record"], number + 1)
            process.stdin.close()
            self.assertEqual(next_object(process)["messages"], 3)

    def test_larger_than_any_image(self):
        """What is read as it comes has no limit of 64 MiB."""
        one = pcap_file.write([pcap_file.record(3, 2, message(2000, 1, bytes(60000)))])
        with tempfile.TemporaryFile() as file:
            file.write(one[:24])
            for _ in range(1200):
                file.write(one[24:])
            file.seek(0)
            with subprocess.Popen([TOOL, "decode", "--json"], stdin=file, stdout=subprocess.PIPE) as process:
                last = b""
                for last in process.stdout:
                    pass
        self.assertEqual(objects(last)[0], {"kind": "end", "messages": 1200, "errors": 0})

    def test_encode_says_that_it_does_not(self):
        lines = run("decode", "--json", data=pcap_file.write([pcap_file.record(2, 2, OWNER)])).stdout
        result = run("encode", data=lines)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"line 1: input: not", result.stderr)


class Damaged(unittest.TestCase):
    maxDiff = None

    def check(self, records, expected, names=None, **form):
        data = pcap_file.write(records, **form)
        result, lines = decode(data)
        self.assertEqual([(o.get("record"), o["offset"], o["status"], o["text"]) for o in lines if o["kind"] == "error"],
                         expected)
        self.assertEqual(result.returncode, 1)
        number, offset, _, why = expected[0]
        place = "record %d" % number if number else "byte %d" % offset
        self.assertIn("the first at %s: %s" % (place, why), result.stderr.decode())
        if names is not None:
            self.assertEqual([m["name"] for m in messages(lines)], names)
        text = run("decode", data=data)
        self.assertEqual(text.returncode, 1)
        self.assertRegex(text.stdout.decode(), r"(?m)^! +%d  " % (number or offset))

    def test_each_harms_no_other(self):
        good = pcap_file.record(2, 2, OWNER)
        body = pcap_file.record(2, 2, message(1, 1))[:-8]
        self.check([
            good,
            b"\x01\x02\x02",
            pcap_file.record(2, 2, OWNER, version=2),
            pcap_file.record(2, 2, START, version=0),
            pcap_file.record(9, 2, OWNER),
            pcap_file.record(2, 7, OWNER, queue=3),
            pcap_file.record(2, 2, OWNER, queue=4),
            pcap_file.record(2, 1, OWNER),
            body + OWNER[:5],
            pcap_file.record(1, 1, START[:11]),
            pcap_file.record(2, 2, OWNER[:-1]),
            pcap_file.record(2, 2, OWNER + b"!"),
            pcap_file.record(1, 2, START),
            (good[:-4], len(good), 0, 0),
            good,
            good[:7],
        ], [
            (2, 0, "TOO_SHORT", "only 3 of the 8 bytes of the record's header are there"),
            (3, 0, "BAD_VERSION", "version 2 of the header is not known"),
            (4, 0, "BAD_VERSION", "version 0 of the header is not known"),
            (4, 8, "WRONG_QUEUE", "START does not go to the host"),
            (5, 0, "BAD_VALUE", "layer 9 is not known"),
            (6, 0, "BAD_VALUE", "direction 7 is not known"),
            (7, 0, "BAD_VALUE", "queue 4 is not the one of layer 2 and direction 2, 3"),
            (7, 8, "WRONG_QUEUE", "NIC_OWNER does not belong among ME to host data"),
            (8, 8, "WRONG_QUEUE", "NIC_OWNER does not belong among host to ME notifications"),
            (9, 8, "TOO_SHORT", "only 5 of the 8 bytes of a message's header are there"),
            (10, 8, "TOO_SHORT", "only 11 of the 12 bytes of a message's header are there"),
            (11, 8, "TOO_SHORT", "NIC_OWNER: its header says 4 bytes of payload, 3 came"),
            (12, 8, "BAD_VALUE", "NIC_OWNER: 1 bytes follow it in its record"),
            (13, 8, "WRONG_QUEUE", "START does not go to the host"),
            (14, 0, "TOO_SHORT", "only 16 of its 20 bytes were captured"),
            (14, 8, "TOO_SHORT", "NIC_OWNER: its header says 4 bytes of payload, 0 came"),
            (16, 0, "TOO_SHORT", "only 7 of the 8 bytes of the record's header are there"),
        ], ["NIC_OWNER", "NIC_OWNER", "START", "NIC_OWNER", "NIC_OWNER", "NIC_OWNER", "NIC_OWNER", "NIC_OWNER", "NIC_OWNER",
            "START", "NIC_OWNER", "NIC_OWNER"])

    def test_other_link_types(self):
        self.check([b"x" * 60], [(None, 0, "UNSUPPORTED",
                                  "this capture's link type is EN10MB (1), that of SAP is USER0 (147)")], [], link=1)

    def test_every_cut(self):
        whole = pcap_file.write([pcap_file.record(1, 1, START), pcap_file.record(2, 2, OWNER)])
        ends = [24, 24 + 16 + 8 + len(START), len(whole)]
        for length in range(4, len(whole)):
            result, lines = decode(whole[:length])
            self.assertEqual(len(messages(lines)), sum(length >= end for end in ends[1:]), length)
            self.assertEqual(result.returncode, 0 if length in ends else 1, length)
            if length > 24 and length not in ends:
                wrong = [o for o in lines if o["kind"] == "error"]
                self.assertEqual([(o["record"], o["status"]) for o in wrong],
                                 [(1 + (length > ends[1]), "TOO_SHORT")], length)

    def test_empty_capture(self):
        self.assertEqual(decode(pcap_file.write([]))[0].returncode, 0)
        self.assertEqual(decode(b"", "--as=pcap")[0].returncode, 1)
        self.assertEqual(decode(b"no capture\n", "--as=pcap")[0].returncode, 1)

    def test_flipped_bytes_never_crash(self):
        dice = random.Random(7)
        whole = pcap_file.write([pcap_file.record(1, 1, START), pcap_file.record(2, 2, OWNER),
                                 pcap_file.record(2, 1, message(1009, 3, bytes(68))),
                                 pcap_file.record(3, 1, message(2001, 4, bytes(36) + b"\x2a\0\0\0" + FRAME))])
        for i in range(200):
            data = bytearray(whole)
            for _ in range(dice.randrange(1, 6)):
                data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            result = run("decode", *(["--json"] if i % 2 else []), "--as=pcap", data=bytes(data))
            self.assertIn(result.returncode, (0, 1), data.hex())
            self.assertNotIn(b"runtime error", result.stderr)

    def test_cannot_be_read(self):
        result = run("decode", "--as=pcap", os.path.dirname(__file__))
        self.assertEqual((result.returncode, result.stdout), (3, b""))
        self.assertIn(b"cannot be read: Is a directory", result.stderr)


if __name__ == "__main__":
    unittest.main()
