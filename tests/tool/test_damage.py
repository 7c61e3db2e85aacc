# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Inputs that are wrong: at which byte, why, what could be read nevertheless, and the exit code."""

import random
import struct
import unittest

from sap_tool import Area, V4_SIZE, capture, decode, errors, me_message, message, messages, put_word, run

FULL = capture("v4-shm-csa-18")
PENDING = [21, 22, 23, 24, 25, 26, 27]


class Damage(unittest.TestCase):
    maxDiff = None

    def check(self, data, expected, seqs=None, *args):
        result, lines = decode(data, *args)
        self.assertEqual(errors(lines), expected)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(lines[-1]["errors"], len(expected))
        if seqs is not None:
            self.assertEqual([m["seq"] for m in messages(lines)], seqs)
        # Whoever sends the report to a file still hears of it.
        self.assertIn(b"at byte %d: %s" % (expected[0][0], expected[0][2].encode()), result.stderr)
        # People get the same from the other report.
        text = run("decode", *args, data=data)
        self.assertEqual(text.returncode, 1)
        for offset, status, why in expected:
            self.assertRegex(text.stdout.decode(), r"(?m)^! +%d  " % offset)
            self.assertIn("%s (%s)" % (why, status), text.stdout.decode())
        return lines


class DamagedArea(Damage):
    def test_mark_at_the_end(self):
        self.check(put_word(FULL, 167936, 0x21504154), [
            (167936, "BAD_MAGIC", "mark at the end is 0x21504154, must be 0x21504153")], PENDING)

    def test_mark_at_the_start(self):
        self.check(put_word(FULL, 0, 0), [
            (0, "BAD_MAGIC", "mark at the start is 0x00000000, must be 0x21504153")], PENDING)

    def test_size_of_the_control_block(self):
        self.check(put_word(FULL, 4, 60), [
            (4, "BAD_LAYOUT", "size of the control block is 60, must be 64")], PENDING)

    def test_size_of_a_queue(self):
        self.check(put_word(FULL, 36 + 12, 62721), [
            (48, "BAD_LAYOUT", "ME to host notification queue size is 62721, must be 62720")], PENDING)

    def test_index_is_the_size(self):
        """Hazard 2: an index equal to the size is outside."""
        self.check(put_word(FULL, 12, 32768), [
            (12, "CORRUPT",
             "host to ME notification queue wr is 32768, must be less than 32768: this queue cannot be read")], [])

    def test_one_bad_queue_harms_no_other(self):
        self.check(put_word(capture("v4-data-shm-csa-05"), 28, 0xffffffff), [
            (28, "CORRUPT",
             "host to ME data queue rd is 4294967295, must be less than 48256: this queue cannot be read")], [8])

    def test_everything_at_once(self):
        data = FULL
        for at in range(0, 64, 4):
            data = put_word(data, at, 0xdeadbeef)
        result, lines = decode(data, "--as=area")
        self.assertEqual(result.returncode, 1)
        # Two words of the block and three of each queue; the two reserved words are nobody's.
        self.assertEqual(sorted(e[0] for e in errors(lines)),
                         [0, 4, 12, 16, 20, 24, 28, 32, 40, 44, 48, 52, 56, 60])

    def test_cut_behind_a_header(self):
        lines = self.check(FULL[:470], [
            (470, "TOO_SHORT", "the image ends here: an area of version 4 has 172032 bytes"),
            (456, "CORRUPT", "HOST_LINK_UP: its header says 68 bytes of payload, the image ends after 6"),
        ], [21, 22, 23])
        self.assertEqual(messages(lines)[-1]["present"], 6)

    def test_cut_in_the_control_block(self):
        self.check(FULL[:40], [
            (40, "TOO_SHORT", "the image ends here: an area of version 4 has 172032 bytes"),
            (440, "TOO_SHORT",
             "the image ends at byte 40: the other 168 bytes of host to ME notifications are past it"),
        ], [])

    def test_message_past_wr(self):
        data = FULL[:458] + struct.pack("<H", 5000) + FULL[460:]
        self.check(data, [
            (456, "CORRUPT", "HOST_LINK_UP: its header says 5000 bytes of payload, wr comes after 144")],
            [21, 22, 23])

    def test_header_past_wr(self):
        self.check(put_word(FULL, 12, 545), [
            (64 + 544, "CORRUPT", "wr leaves only 1 of the 8 bytes of a message's header")], PENDING)

    def test_wrong_queue(self):
        area = Area().put(0, 0, message(511, 1, bytes(4)), message(1013, 2)).put(1, 0, message(1, 3))
        lines = self.check(area.bytes(), [
            (64, "WRONG_QUEUE", "NIC_OWNER does not belong among host to ME notifications"),
            (32832, "WRONG_QUEUE", "PING does not belong among host to ME data"),
        ], [1, 2, 3])
        self.assertEqual(messages(lines)[0]["fields"], {"owner": {"value": 0, "name": "UNKNOWN"}})
        self.assertEqual(next(o for o in lines if o["kind"] == "error")["queue"], "host_notif")

    def test_short_payload_in_a_queue(self):
        area = Area().put(2, 62720 - 3, message(502, 7, b"\x01\x00"), message(1, 8))
        self.check(area.bytes(), [
            (81088 + 62717, "TOO_SHORT", "AMT_STATE: 2 bytes of payload came, the type demands 4")], [7, 8])

    def test_every_cut(self):
        for length in list(range(4, 80)) + [439, 440, 441, 447, 448, 607, 608, 167936, 167939, 167940, V4_SIZE - 1]:
            result = run("decode", "--as=area", "--history", data=FULL[:length])
            self.assertEqual(result.returncode, 1, length)
            self.assertIn(b"! %6d  the image ends here" % length, result.stdout)


class DamagedMessages(Damage):
    def test_header_cut(self):
        self.check(message(1, 1) + b"\x02\x00\x00", [
            (8, "TOO_SHORT", "only 3 of the 8 bytes of a message's header are there")], [1], "--as=sap")

    def test_payload_cut(self):
        self.check(message(1, 1) + message(1008, 2, bytes(8))[:-3], [
            (8, "TOO_SHORT", "COUNTRY_CODE: its header says 8 bytes of payload, the input ends after 5")], [1, 2])

    def test_payload_short(self):
        lines = self.check(message(1008, 2, b"SU\x07\x00") + message(2, 3), [
            (0, "TOO_SHORT", "COUNTRY_CODE: 4 bytes of payload came, the type demands 8")], [2, 3])
        self.assertEqual(messages(lines)[0]["fields"], {"mcc": {"value": 0x5553, "text": "US"}, "source_id": 7})

    def test_data_len_too_large(self):
        payload = bytes(36) + struct.pack("<I", 21) + bytes(20)
        self.check(message(2001, 5, payload), [
            (0, "TOO_SHORT", "CB_DATA_PACKET: data_len says 21 bytes, 20 came")], [5])

    def test_me_header_cut(self):
        self.check(b"\x03\x00\x00\x00\x01", [
            (0, "TOO_SHORT", "only 5 of the 12 bytes of an ME message's header are there")], [], "--as=me")

    def test_me_cut(self):
        lines = self.check(capture("v4-me-msg-start")[:30], [
            (0, "TOO_SHORT", "START: 18 bytes of payload came, the type demands 76")], [1])
        self.assertEqual(messages(lines)[0]["fields"]["init_notif_seq_num"], 0x800)
        self.assertEqual(messages(lines)[0]["present"], 18)

    def test_start_ok_cut(self):
        self.check(me_message(2, 9, bytes(7), 20), [
            (0, "TOO_SHORT", "START_OK: 7 bytes of payload came, the type demands 8")], [9])


class NotSap(Damage):
    def test_empty(self):
        self.check(b"", [(0, "TOO_SHORT", "there is nothing in it")], [])

    def test_empty_whatever_it_is_meant_to_be(self):
        for kind in ("area", "me", "sap"):
            self.check(b"", [(0, "TOO_SHORT", "there is nothing in it")], [], "--as=" + kind)

    def test_not_recognised(self):
        why = "neither an area, nor an ME message, nor SAP messages start here; --as says what it is meant to be"
        for data in (b"\x00", b"\x7fELF" + bytes(100), bytes(4096), b"\xff" * 1000):
            self.check(data, [(0, "UNKNOWN_TYPE", why)], [])

    def test_text_that_is_no_hex(self):
        self.check("01 00 00 00\n0x02 zz\n", [(5, "BAD_VALUE", "line 2, column 6: not a hex digit")], [])

    def test_random_bytes_never_crash(self):
        dice = random.Random(4)
        for i in range(150):
            kind = ("auto", "area", "me", "sap")[i % 4]
            data = dice.randbytes(dice.randrange(0, 400))
            result = run("decode", "--as=" + kind, "--history", data=data)
            self.assertIn(result.returncode, (0, 1), data.hex())

    def test_flipped_areas_never_crash(self):
        dice = random.Random(5)
        for i in range(60):
            data = bytearray(FULL[:3000] if i % 2 else FULL)
            for _ in range(dice.randrange(1, 30)):
                at = dice.randrange(0, 64) if dice.random() < 0.3 else dice.randrange(64, 700)
                data[at] ^= 1 << dice.randrange(8)
            result = run("decode", "--as=area", "--history", "--json", data=bytes(data))
            self.assertIn(result.returncode, (0, 1))
            self.assertNotIn(b"runtime error", result.stderr)


if __name__ == "__main__":
    unittest.main()
