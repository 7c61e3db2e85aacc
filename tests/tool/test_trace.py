# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Traces of the Linux driver as text: which lines are events of SAP, and how much of a message they hold.

The samples in tests/data/traces were written by hand; their README says in which forms.
"""

import random
import subprocess
import unittest
from pathlib import Path

from sap_tool import TOOL, decode, me_message, message, messages, next_object, objects, run

TRACES = Path(__file__).resolve().parent.parent / "data" / "traces"
AMT = message(502, 9, b"\1\0\0\0")
START = "     kworker/1:2-77      [001] .....  1234.567890: "


def array(data):
    return "ARRAY[%s]" % ", ".join("%02x" % byte for byte in data)


def raw(data, tx=0, **other):
    """A notification as trace-cmd writes it with -R."""
    values = dict(type=int.from_bytes(data[:2], "little"), len=int.from_bytes(data[2:4], "little"),
                  seq=int.from_bytes(data[4:8], "little"), **other)
    return START + "iwlmei_sap_cmd:        cmd=%s tx=%d type=%d len=%d seq=%d\n" % (
        array(data), tx, values["type"], values["len"], values["seq"])


class Samples(unittest.TestCase):
    maxDiff = None

    def lines(self, name, code=0):
        result = run("decode", "--json", TRACES / name)
        self.assertEqual(result.returncode, code, result.stderr)
        return objects(result.stdout)

    def short(self, name):
        return [(m["line"], m["time"], m["to"], m["name"], m.get("len"), m.get("seq"), m.get("present"), m["fields"])
                for m in messages(self.lines(name))]

    def test_pipe(self):
        """What the kernel's text has of a message: way, type, length, number; no byte of its payload."""
        self.assertEqual(self.short("trace_pipe.txt"), [
            (2, "71.112233", "csme", "START", None, 1, 0, {}),
            (3, "71.113801", "host", "START_OK", None, 1, 0, {}),
            (4, "71.113921", "host", "CHECK_SHARED_AREA", None, 2, None, {}),
            (5, "71.113934", "host", "AMT_STATE", 4, 4097, 0, {}),
            (7, "71.114033", "csme", "WIFIDR_UP", 0, 1, None, {}),
            (8, "71.114050", "csme", "COUNTRY_CODE", 8, 2, 0, {}),
            (9, "71.214400", "host", "CSME_CONN_STATUS", 64, 2147483653, 0, {}),
            (12, "72.000100", "host", "DATA_PACKET", 60, None, 0, {}),
            (13, "72.100200", "csme", "DATA_PACKET", 98, None, 0, {}),
            (15, "72.300400", "csme", "CB_DATA_PACKET", 382, None, 0, {}),
            (16, "72.400500", "csme", None, 3, 6, 0, {}),
        ])
        lines = self.lines("trace_pipe.txt")
        self.assertEqual([(o["line"], o["text"]) for o in lines if o["kind"] == "remark"],
                         [(6, "processor 2 lost 12 events"), (11, "processor 0 lost events, nobody knows how many"),
                          (14, "72.100260: the host's own network stack does not get the packet before")])
        self.assertEqual(lines[-1], {"kind": "end", "messages": 11, "errors": 0, "other_lines": 2, "lost_events": 13})

    def test_file(self):
        """The file `trace`: a head of comments, and a column with the thread group."""
        lines = self.lines("trace.txt")
        self.assertEqual([(m["name"], m["time"]) for m in messages(lines)],
                         [("WHO_OWNS_NIC", "100.000001"), ("NIC_OWNER", "100.000002")])
        self.assertEqual(lines[-1]["other_lines"], 12)

    def test_report(self):
        """trace-cmd report: its own head, its own words for lost events."""
        lines = self.lines("trace-cmd-report.txt")
        self.assertEqual([m["name"] for m in messages(lines)],
                         ["CHECK_SHARED_AREA", "PING", "PONG"])
        self.assertEqual(lines[-1]["lost_events"], 4)

    def test_report_raw(self):
        """trace-cmd report -R has the bytes, unless it takes them for text."""
        found = {m["line"]: m for m in messages(self.lines("trace-cmd-report-raw.txt"))}
        self.assertEqual([(n, m["name"], m["to"]) for n, m in found.items()],
                         [(2, "CHECK_SHARED_AREA", "csme"), (3, "PLDR", "csme"), (4, "AMT_STATE", "host"),
                          (5, "PLDR", "csme"), (6, "CB_DATA_PACKET", "csme"), (7, "DATA_PACKET", "host")])
        self.assertEqual((found[3]["fields"], found[3]["present"]), ({}, 0))
        self.assertEqual((found[4]["fields"], found[4]["seq"]), ({"state": 1}, 9))
        self.assertNotIn("present", found[4])
        self.assertEqual(found[5]["fields"], {"version": 0})
        self.assertEqual(found[6]["fields"], {"frame": "ffffffffffff02112233445508004500"})
        self.assertNotIn("len", found[6])
        self.assertEqual(found[7]["fields"], {"frame": "02112233445502aabbccddee08060001"})

    def test_text(self):
        text = run("decode", TRACES / "trace_pipe.txt").stdout.decode().splitlines()
        self.assertRegex(text[0], "trace_pipe.txt: trace of the Linux driver$")
        self.assertEqual(text[2], "    line       time  to       seq  message")
        self.assertEqual(text[3], "       2  71.112233  CSME       1  START                        "
                                  "the host's area is ready, versions offered (payload not in the text)")
        self.assertEqual(text[6], "       5  71.113934  host    4097  AMT_STATE                    "
                                  "whether CSME networking is on (4 bytes of payload, not in the text)")
        self.assertEqual(text[7], "       6  processor 2 lost 12 events")
        self.assertEqual(text[8], "       7  71.114033  CSME       1  WIFIDR_UP                    "
                                  "the host's WLAN driver is there")
        self.assertEqual(text[-1], "11 messages, 0 errors, 2 other lines, 13 lost events")


class Lines(unittest.TestCase):
    maxDiff = None

    def one(self, text, *args):
        result, lines = decode(text, *args)
        self.assertEqual((result.returncode, len(messages(lines))), (0, 1), result.stdout)
        return messages(lines)[0]

    def wrong(self, text, status, why, *args):
        result, lines = decode(text, *args)
        self.assertEqual([(o["line"], o["status"], o["text"]) for o in lines if o["kind"] == "error"], [(1, status, why)])
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"the first at line 1: %s" % why.encode(), result.stderr)

    def test_all_bytes(self):
        dice = random.Random(3)
        for payload in (bytes(68), dice.randbytes(68), dice.randbytes(1000)):
            m = self.one(raw(message(1009, 0xffffffff, payload), 1))
            _, lines = decode(message(1009, 0xffffffff, payload))
            self.assertEqual((m["fields"], m["seq"], m["len"]), (messages(lines)[0]["fields"], 0xffffffff, len(payload)))

    def test_names_of_tasks(self):
        for task in ("a: iwlmei_me_msg: ME message: Tx: type 3 seq 1", "x [y] 1.5: z", "[001] 3.5", "a-b", "<...>", "CPU:1"):
            text = raw(AMT).replace("kworker/1:2", task)
            self.assertEqual(self.one(text, "--as=trace")["name"], "AMT_STATE", task)

    def test_bytes_shown_as_text(self):
        """Text may say anything, the fields after it too."""
        m = self.one(START + "iwlmei_sap_cmd:  cmd=x tx=1 type=9 len=1 seq=1 tx=0 type=512 len=64 seq=5\n")
        self.assertEqual((m["name"], m["to"], m["len"], m["seq"], m["fields"]), ("CSME_CONN_STATUS", "host", 64, 5, {}))

    def test_clocks(self):
        for clock, expected in (("12.345678", "12.345678"), ("12.345678901", "12.345678901"), ("123456789", "123456789")):
            self.assertEqual(self.one(raw(AMT).replace("1234.567890", clock))["time"], expected)

    def test_line_ends(self):
        self.assertEqual(self.one(raw(AMT).rstrip("\n"), "--as=trace")["name"], "AMT_STATE")
        self.assertEqual(self.one(raw(AMT).replace("\n", "\r\n"))["name"], "AMT_STATE")

    def test_found_behind_words(self):
        """A mail with a trace in it, after a sentence."""
        self.assertEqual(self.one("Look at this:\n\n" + raw(AMT))["line"], 3)

    def test_hex_text_stays_hex_text(self):
        for text in ("# a comment\n%s\n" % AMT.hex(), "%s # iwlmei_sap_cmd\n" % AMT.hex(), AMT.hex()):
            self.assertEqual(decode(text)[1][0]["input"], "sap", text)

    def test_unreadable_events(self):
        why = "this event's text is not as the driver writes it"
        for event in ("iwlmei_sap_cmd: sap_cmd Xx: type 1 len 0 seq 1", "iwlmei_sap_cmd: sap_cmd Tx: type 1 len 0",
                      "iwlmei_sap_cmd: sap_cmd Tx: type 99999999999 len 0 seq 1", "iwlmei_sap_cmd:", "iwlmei_me_msg: x",
                      "iwlmei_sap_data: sap_data:trace_type", "iwlmei_sap_data:  data=ARRAY[00]",
                      "iwlmei_sap_cmd:  cmd=ARRAY[00] type=1 len=0 seq=1"):
            self.wrong(START + event + "\n", "BAD_VALUE", why)
        self.wrong(START + "iwlmei_sap_data: sap_data:trace_type 4 len 1\n", "BAD_VALUE", "its trace_type is not known")

    def test_damaged_bytes(self):
        why = "its bytes are no pairs of hex digits up to a bracket"
        for bad in ("f6, 0", "f6, 01", "f6, zz]", "f6 01]", "f6, 01, ]"):
            self.wrong(START + "iwlmei_sap_cmd:  cmd=ARRAY[%s tx=0 type=502 len=4 seq=9\n" % bad, "BAD_VALUE", why)
        self.wrong(raw(AMT[:7]), "TOO_SHORT",
                   "only 7 of the 8 bytes of a message's header are there")
        self.wrong(raw(AMT[:-1]), "TOO_SHORT", "its header says 4 bytes of payload, 3 came")
        self.wrong(raw(AMT).replace("seq=9", "seq=8"), "BAD_VALUE",
                   "the event says type 502, len 4, seq 8; its bytes say otherwise")

    def test_wrong_way(self):
        self.wrong(raw(AMT, 1), "WRONG_QUEUE", "AMT_STATE does not go to CSME")

    def test_long_lines(self):
        self.wrong("x" * 600000 + "\n", "TOO_LONG", "a line of more than 524288 bytes", "--as=trace")
        self.assertEqual(self.one(raw(message(2, 1, bytes(60000))))["len"], 60000)

    def test_comes_as_it_is_written(self):
        """trace_pipe does not end: each line is shown before the next one is there."""
        with subprocess.Popen([TOOL, "decode", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              bufsize=0) as process:
            for number in range(3):
                process.stdin.write(raw(AMT).encode())
                while True:
                    line = next_object(process)
                    if line["kind"] == "sap":
                        break
                self.assertEqual(line["line"], number + 1)
            process.stdin.close()
            self.assertEqual(next_object(process)["messages"], 3)

    def test_damage_never_crashes(self):
        dice = random.Random(8)
        whole = b"".join(path.read_bytes() for path in sorted(TRACES.glob("*.txt")))
        for i in range(150):
            data = bytearray(whole)
            for _ in range(dice.randrange(1, 40)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            if i % 3 == 0:
                del data[dice.randrange(len(data)):]
            result = run("decode", "--as=trace", *(["--json"] if i % 2 else []), data=bytes(data))
            self.assertIn(result.returncode, (0, 1))
            self.assertNotIn(b"runtime error", result.stderr)

    def test_me_bytes_of_any_kind(self):
        m = self.one(START + "iwlmei_me_msg: ME message: Rx: type 77 seq -1\n")
        self.assertEqual((m["kind"], m["name"], m["seq"], "len" in m), ("me", None, 0xffffffff, False))
        self.assertEqual(len(me_message(3, 1)), 12)


if __name__ == "__main__":
    unittest.main()
