# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap decode --json | sap encode` gives the same bytes back."""

import random
import struct
import unittest

from sap_tool import Area, CAPTURES, capture, decode, me_message, message, messages, objects, run

# docs/protocol/sap.md sections 5 and 6: types and least payloads, written down here once more on purpose.
LEAST = {1: 0, 2: 0, 500: 1896, 502: 4, 503: 4, 504: 0, 505: 0, 506: 0, 511: 4, 512: 64, 513: 460, 518: 8,
         1000: 0, 1001: 4, 1002: 12, 1003: 0, 1004: 4, 1005: 4, 1006: 0, 1007: 0, 1008: 8, 1009: 68, 1010: 8,
         1011: 0, 1012: 0, 1013: 0, 1015: 0, 1016: 20, 1017: 0, 1024: 4, 1025: 8, 2000: 14, 2001: 54}


class RoundTrip(unittest.TestCase):
    def there_and_back(self, data, *args, code=0):
        decoded = run("decode", "--json", *args, data=data)
        self.assertEqual(decoded.returncode, code, decoded.stderr)
        encoded = run("encode", data=decoded.stdout)
        self.assertEqual((encoded.returncode, encoded.stderr), (0, b""))
        return encoded.stdout

    def same(self, data, *args, code=0):
        self.assertEqual(self.there_and_back(data, *args, code=code).hex(), data.hex())

    def test_me_captures(self):
        for name in ("v4-me-msg-start", "v3-me-msg-start", "v4-me-msg-csa-00"):
            self.same(capture(name))

    def test_messages_of_captures(self):
        """Each pending message of each capture, by itself and all in a row."""
        every = b""
        for path in sorted(CAPTURES.glob("*-shm-*.bin")):
            data = path.read_bytes()
            _, lines = decode(data)
            sizes = {q["queue"]: q["size"] for q in lines[0]["queues"]}
            starts = dict(zip(sizes, (64 + sum(list(sizes.values())[:i]) for i in range(4))))
            for m in messages(lines):
                start, size = starts[m["queue"]], sizes[m["queue"]]
                at = m["offset"] - start
                raw = bytes(data[start + (at + i) % size] for i in range(8 + m["len"]))
                self.same(raw)
                every += raw
        self.assertEqual(len(every), 2 * 8 + 12 - 8 + 48 + 168 + 228 + 80 + 8 + 98)
        self.same(every)

    def test_areas(self):
        for path in sorted(CAPTURES.glob("*-shm-*.bin")):
            data = path.read_bytes()
            back = self.there_and_back(data, "--history")
            self.assertEqual(len(back), len(data))
            self.assertEqual(back[:64], data[:64])
            again = run("decode", "--json", "--history", data=back).stdout
            self.assertEqual(again, run("decode", "--json", "--history", data=data).stdout)

    def test_areas_to_the_byte(self):
        """Where all that was ever written still lies there whole, history brings it all back."""
        for name in ("v4-shm-at-start", "v3-shm-at-start", "v4-shm-csa-00", "v4-shm-csa-01", "v4-shm-csa-18",
                     "v4-data-shm-csa-05", "v3-shm-v3-ring-overfull"):
            self.assertEqual(self.there_and_back(capture(name), "--history"), capture(name), name)

    def test_area_without_history(self):
        data = capture("v4-shm-csa-18")
        expected = bytearray(data)
        expected[64:440] = bytes(376)
        expected[81088:81088 + 2624] = bytes(2624)
        self.assertEqual(self.there_and_back(data), bytes(expected))

    def test_area_larger_than_its_layout(self):
        data = Area(3).put(0, 2200, message(1016, 5, bytes(range(20))), message(2, 6)).bytes() + bytes(4096)
        self.assertEqual(self.there_and_back(data), data)

    def test_every_type_with_any_bytes(self):
        """Reserved bytes, unknown flags and enumerations, trailing bytes: nothing is lost."""
        dice = random.Random(1)
        for kind, least in LEAST.items():
            for length in (least, least + 1, least + dice.randrange(2, 40)):
                payload = dice.randbytes(length)
                if kind == 2001:
                    payload = payload[:36] + struct.pack("<I", length - 40) + payload[40:]
                self.same(message(kind, dice.randrange(1 << 32), payload))
                self.same(message(kind, 1, b"\xff" * length), code=1 if kind == 2001 else 0)

    def test_every_type_too_short(self):
        dice = random.Random(2)
        for kind, least in LEAST.items():
            for length in {0, 1, least // 2, least - 1} & set(range(least)):
                self.same(message(kind, 3, dice.randbytes(length)), code=1)

    def test_cut_message(self):
        self.same(message(2, 1) + message(1009, 2, bytes(range(68)))[:50], code=1)

    def test_types_in_no_table(self):
        for data in (message(514, 1, b"\x01\x02\x03"), message(501, 2), message(65535, 0xffffffff, bytes(300))):
            self.same(data)
        _, lines = decode(message(514, 1, b"\x01\x02\x03"))
        self.assertEqual((lines[1]["name"], lines[1]["fields"], lines[2]["errors"]), (None, {"opaque": "010203"}, 0))

    def test_me_messages(self):
        dice = random.Random(3)
        self.same(me_message(1, 5, dice.randbytes(76)))
        self.same(me_message(2, 6, dice.randbytes(8)))
        self.same(me_message(3, 7))
        self.same(me_message(3, 7, dice.randbytes(20)))
        self.same(me_message(1, 5, dice.randbytes(30), 88), code=1)
        self.same(me_message(77, 5, dice.randbytes(30)), "--as=me")

    def test_me_messages_as_hex(self):
        text = "%s\n\n%s\n" % (me_message(1, 1, bytes(76)).hex(), me_message(3, 2, b"", 0).hex())
        decoded = run("decode", "--json", data=text).stdout
        encoded = run("encode", "--hex", data=decoded)
        self.assertEqual(encoded.returncode, 0)
        self.assertEqual(objects(run("decode", "--json", data=encoded.stdout).stdout), objects(decoded))

    def test_ssids(self):
        for ssid in (b"caf\xc3\xa9", b"\xff\xfe", b"a\x00b", b"\"\\\x7f", bytes(32), b"x" * 32):
            conn = struct.pack("<I", len(ssid)) + ssid.ljust(32, b"\x00") + bytes(20)
            self.same(message(1009, 1, conn + bytes(12)))
        # A length that cannot be, and bytes beyond a length that can.
        self.same(message(1009, 1, struct.pack("<I", 200) + b"z" * 32 + bytes(32)))
        self.same(message(1009, 1, struct.pack("<I", 3) + b"z" * 32 + bytes(32)))


if __name__ == "__main__":
    unittest.main()
