# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Hex text: plain, and dumps as xxd and hexdump -C write them (made here, not by those programs)."""

import unittest

from sap_tool import capture, decode, errors, me_message, message, messages

OWNER = "ff01 0400 0b00 0000 0200 0000"


def printable(row):
    return "".join(chr(b) if 32 <= b < 127 else "." for b in row)


def xxd(data, origin=0):
    lines = []
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        pairs = " ".join(row[i:i + 2].hex() for i in range(0, len(row), 2))
        lines.append("%08x: %-39s  %s" % (origin + at, pairs, printable(row)))
    return "\n".join(lines) + "\n"


def hexdump(data, squeeze=True):
    lines, before, star = [], None, False
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        if squeeze and row == before:
            if not star:
                lines.append("*")
            star = True
            continue
        before, star = row, False
        halves = [" ".join("%02x" % b for b in row[i:i + 8]) for i in (0, 8)]
        lines.append("%08x  %-23s  %-23s  |%s|" % (at, halves[0], halves[1], printable(row)))
    return "\n".join(lines + ["%08x" % len(data)]) + "\n"


class HexText(unittest.TestCase):
    def same(self, text, data, *args):
        """A text says what its bytes say, offsets included."""
        _, expected = decode(data)
        result, lines = decode(text, *args)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(lines, expected)

    def wrong(self, text, offset, why):
        result, lines = decode(text)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(errors(lines), [(offset, "BAD_VALUE", why)])

    def test_plain_in_all_ways(self):
        data = message(511, 11, b"\x02\x00\x00\x00")
        for text in (OWNER, OWNER.replace(" ", ""), OWNER.upper(), OWNER + "\n", "\n\n" + OWNER,
                     "ff 01 04 00\r\n0b 00 00 00\r\n02 00 00 00\r\n",
                     "ff:01:04:00:0b:00:00:00:02:00:00:00", "0xff, 0x01, 0x04, 0x00, 0x0b000000, 0X02000000,",
                     "# NIC_OWNER \u00e4\n ff 01 04 00 # header\n0b000000\n# \u00fc\n02000000",
                     "\tff;01;04;00;0b;00;00;00;02;00;00;00"):
            self.same(text, data)

    def test_area_as_xxd(self):
        data = capture("v4-shm-csa-18")
        self.same(xxd(data), data)

    def test_area_as_hexdump(self):
        data = capture("v3-shm-csa-11")
        self.same(hexdump(data), data)
        self.same(hexdump(data, squeeze=False), data)

    def test_characters_are_no_bytes(self):
        # The column of characters holds what would be hex, a comment, a bar, two spaces.
        data = message(2000, 1, b"ab  #12|34 cafe:|  |deadbeef #77")
        self.same(xxd(data), data)
        self.same(hexdump(data), data)

    def test_dump_of_a_part(self):
        data = message(1009, 3, bytes(range(68)))
        self.same(xxd(data, origin=0x1c8), data)

    def test_dump_with_a_hole(self):
        lines = xxd(capture("v4-shm-csa-18")).splitlines()
        del lines[3]
        self.wrong("\n".join(lines), 48, "line 4, column 1: offset 0x40, but the lines before end at 0x30")

    def test_me_messages(self):
        start, bell = capture("v4-me-msg-start"), me_message(3, 2)
        result, lines = decode("# from the host\n%s\n\n\n%s\n" % (start.hex(), bell.hex()))
        self.assertEqual(result.returncode, 0)
        self.assertEqual([(m["name"], m["offset"], m["seq"]) for m in messages(lines)],
                         [("START", 0, 1), ("CHECK_SHARED_AREA", 88, 2)])

    def test_comment_ends_no_message(self):
        result, lines = decode("ff 01 04 00\n# a word\n0b 00 00 00 02 00 00 00")
        self.assertEqual((result.returncode, len(messages(lines))), (0, 1))

    def test_dumps_after_each_other(self):
        text = xxd(me_message(3, 7)) + "\n" + xxd(me_message(3, 8))
        result, lines = decode(text)
        self.assertEqual((result.returncode, [m["seq"] for m in messages(lines)]), (0, [7, 8]))

    def test_odd_digits(self):
        self.wrong("ff 01 04 00\n0b 0", 5, "line 2, column 4: an odd number of hex digits in a row, 1: a byte takes two")

    def test_forced(self):
        result, _ = decode(bytes([1, 2, 3, 0]), "--hex")
        self.assertEqual(result.returncode, 1)
        self.same(OWNER, message(511, 11, b"\x02\x00\x00\x00"), "--hex")

    def test_only_comments(self):
        result, lines = decode("# nothing\n")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(errors(lines), [(0, "TOO_SHORT", "there is nothing in it")])

    def test_no_flood(self):
        # A dump that claims to repeat a line for gigabytes.
        text = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\nffffffffff\n"
        self.wrong(text, 16, "line 3, column 1: offset 0xffffffffff, but the lines before end at 0x10")


if __name__ == "__main__":
    unittest.main()
