# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Logs of what one side was given: written, replayed, cut short, damaged."""

import json
import random
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import test_docs
from sap_tool import TOOL, objects, run

TOP = Path(__file__).resolve().parents[2]
LOGS = TOP / "tests" / "data" / "logs"
SIDES = ("host", "csme")
SAME = "the same as in the log, to its end"


def record(folder, *args, data=b""):
    """What `sap demo` writes into a folder: the answer."""
    return run("demo", "--record=%s/" % folder, *args, data=data)


def lines_of(path):
    return Path(path).read_text().splitlines(keepends=True)


def replay(text, *args):
    """Replays a log that is given as text, or as bytes."""
    return run("replay", *args, "-", data=text)


class Folder(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = Path(self.holder.name)


class Same(Folder):
    def test_every_story(self):
        faults = [line.split()[0] for line in run("demo", "--list-faults").stdout.decode().splitlines()]
        self.assertGreater(len(faults), 10)
        for args in [[]] + [["--fault=" + name] for name in faults]:
            self.assertEqual(record(self.folder, *args).returncode, 0)
            for side in SIDES:
                result = run("replay", self.folder / (side + ".log"))
                self.assertEqual((result.returncode, result.stderr), (0, b""), (args, side))
                self.assertIn(SAME, result.stdout.decode())

    def test_recording_changes_nothing(self):
        for args in ([], ["--fault=host-killed"], ["--fault=corrupt-queue"]):
            self.assertEqual(record(self.folder, "--json", *args).stdout, run("demo", "--json", *args).stdout)

    def test_it_is_the_same_log_each_time(self):
        record(self.folder)
        first = [(self.folder / (side + ".log")).read_bytes() for side in SIDES]
        record(self.folder)
        self.assertEqual([(self.folder / (side + ".log")).read_bytes() for side in SIDES], first)

    def test_messages_are_those_of_the_demo(self):
        """What one side sent and received is what the timeline of both says of it."""
        demo = objects(record(self.folder, "--json").stdout)
        for side in SIDES:
            lines = objects(run("replay", "--json", self.folder / (side + ".log")).stdout)
            mine = sorted((line["to"], line["bytes"]) for line in lines if line["kind"] == "message")
            both = sorted((line["to"], line["bytes"]) for line in demo
                          if line["kind"] == "message" and line["taken_ms"] is not None)
            self.assertEqual(mine, both)
            events = [(line["ms"], line["name"], line["values"]) for line in lines
                      if line["kind"] == "event" and line["by"] == side]
            self.assertEqual(events, [(line["ms"], line["name"], line["values"]) for line in demo
                                      if line["kind"] == "event" and line["by"] == side])
            self.assertGreater(len(events), 10)

    def test_ssid_that_is_no_text(self):
        script = b'host profile ssid="a\xff\xfeb" bssid=02:00:00:00:01:00\nhost up\nwait 100ms\n'
        self.assertEqual(record(self.folder, "--script=-", data=script).returncode, 0)
        log = (self.folder / "host.log").read_text()
        self.assertIn('"command_hex":"', log)
        self.assertIn(SAME, replay(log).stdout.decode())

    def test_a_log_of_nothing(self):
        self.assertEqual(record(self.folder, "--script=-", data=b"").returncode, 0)
        self.assertEqual(run("replay", self.folder / "host.log").returncode, 0)


class Kept(unittest.TestCase):
    """The logs that stand in the tree have all kinds of records."""

    def test_kinds(self):
        kinds = {json.loads(line)["kind"] for side in SIDES for line in lines_of(LOGS / ("session-%s.log" % side))}
        self.assertEqual(kinds, set("log pump tick hear pull do fault packet knock kill answer door map connect send "
                                    "recv disconnect unmap memory digest end".split()))

    def test_digest(self):
        for side in SIDES:
            path = LOGS / ("session-%s.log" % side)
            end = json.loads(lines_of(path)[-1])
            self.assertEqual(end["kind"], "end")
            self.assertEqual(run("replay", "--digest", path).stdout.decode(),
                             "digest %s\nhistory %s\n" % (end["digest"], end["history"]))

    def test_nothing_real_is_in_them(self):
        for path in LOGS.iterdir():
            for mac in re.findall(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", path.read_text()):
                self.assertEqual(mac[:2], "02")


class Options(Folder):
    def setUp(self):
        super().setUp()
        record(self.folder)
        self.log = self.folder / "host.log"

    def test_until_a_line(self):
        for line in (1, 2, 20, 57):
            result = run("replay", "--until=%d" % line, "--json", self.log)
            self.assertEqual((result.returncode, result.stderr), (0, b""))
            last = objects(result.stdout)[-1]
            self.assertEqual((last["kind"], last["same"], last["ended"]), ("replay", True, False))
            self.assertEqual(last["records"], line - 1)

    def test_until_a_time(self):
        for time, most in (("0ms", 0), ("460ms", 460), ("1s", 1000)):
            result = run("replay", "--until=" + time, "--json", self.log)
            self.assertEqual(result.returncode, 0)
            times = [line["ms"] for line in objects(result.stdout) if "ms" in line]
            self.assertLessEqual(max(times), most)
        self.assertGreater(max(times), 700)

    def test_messages(self):
        kinds = {line["kind"] for line in objects(run("replay", "--messages", "--json", self.log).stdout)}
        self.assertEqual(kinds, {"timeline", "message", "end", "replay"})

    def test_last_line_of_json(self):
        last = objects(run("replay", "--json", self.log).stdout)[-1]
        end = json.loads(lines_of(self.log)[-1])
        self.assertEqual((last["digest"], last["history"]), (end["digest"], end["history"]))
        self.assertEqual((last["same"], last["ended"], last["side"], last["difference"]), (True, True, "host", None))

    def test_wrong(self):
        for args, words in ((["--until=soon"], "--until takes"), (["--color=red"], "--color takes"),
                            (["a", "b"], "one argument is enough")):
            result = run("replay", *args, self.log)
            self.assertEqual(result.returncode, 2)
            self.assertIn(words, result.stderr.decode())

    def test_files(self):
        self.assertEqual(run("replay", self.folder / "none").returncode, 3)
        self.assertEqual(run("demo", "--record=%s/none/" % self.folder).returncode, 3)
        (self.folder / "full-host.log").symlink_to("/dev/full")
        result = run("demo", "--record=%s/full-" % self.folder)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr.decode().count("cannot write"), 1)


class Damage(unittest.TestCase):
    """A log is told from a part of one and from a damaged one; nothing crashes."""

    @classmethod
    def setUpClass(cls):
        cls.lines = {}
        with tempfile.TemporaryDirectory() as folder:
            record(folder, "--script=-", data="".join(SHORT))
            for side in SIDES:
                cls.lines[side] = lines_of(Path(folder) / (side + ".log"))

    def check(self, text):
        """No crash, and a place wherever something is told."""
        result = replay(text)
        self.assertIn(result.returncode, (0, 1), result.stderr)
        if result.returncode:
            self.assertRegex(result.stderr.decode("utf-8", "replace"),
                             r"^sap replay: (standard input:\d+: .{8}|standard input: (line|record) \d+: .{8})")
        return result

    def test_every_beginning(self):
        for side in SIDES:
            lines = self.lines[side]
            self.assertGreater(len(lines), 60)
            for n in range(1, len(lines), 2):
                result = self.check("".join(lines[:n]))
                self.assertEqual(result.returncode, 0, (side, n, result.stderr))
                self.assertIn("the log has no end", result.stderr.decode())

    def test_a_line_that_breaks_off(self):
        for side in SIDES:
            lines = self.lines[side]
            for n in (1, 2, len(lines) // 2, len(lines) - 1):
                for at in range(1, len(lines[n]) - 1, 1 if n < 3 else 3):
                    result = self.check("".join(lines[:n]) + lines[n][:at])
                    self.assertEqual(result.returncode, 0, (side, n, at, result.stderr))
                    self.assertIn(":%d: the last line breaks off" % (n + 1), result.stderr.decode())

    def test_a_last_line_without_its_end(self):
        text = "".join(self.lines["host"]).rstrip("\n")
        self.assertEqual((self.check(text).returncode, self.check(text).stderr), (0, b""))

    def test_the_first_line_breaks_off(self):
        line = self.lines["host"][0]
        for at in range(0, len(line) - 1, 7):
            self.assertEqual(self.check(line[:at]).returncode, 1, at)

    def test_flipped_bytes(self):
        chance = random.Random(4)
        wrong = 0
        for side in SIDES:
            whole = "".join(self.lines[side]).encode()
            for _ in range(120):
                data = bytearray(whole)
                for _ in range(chance.choice((1, 1, 1, 4))):
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                wrong += self.check(bytes(data)).returncode
        self.assertGreater(wrong, 120)

    def test_digits_changed(self):
        """What stays JSON gets further: numbers and bytes that are others."""
        chance = random.Random(5)
        for side in SIDES:
            whole = "".join(self.lines[side])
            places = [m.start() for m in re.finditer(r"[0-9a-f]", whole)]
            for _ in range(100):
                at = chance.choice(places)
                self.check(whole[:at] + chance.choice("0123456789abcdef") + whole[at + 1:])

    def test_lines_moved(self):
        chance = random.Random(6)
        for side in SIDES:
            for _ in range(70):
                lines = list(self.lines[side])
                one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
                kind = chance.randrange(3)
                if kind == 0:
                    lines[one], lines[other] = lines[other], lines[one]
                elif kind == 1:
                    lines.insert(one, lines[other])
                else:
                    del lines[one]
                self.check("".join(lines))

    def test_many_times_nothing(self):
        """A long log ends, too."""
        text = self.lines["host"][0] + '{"kind":"pump","ms":9223372036854775807}\n' * 20000
        self.assertEqual(self.check(text).returncode, 0)

    def told(self, side, old, new, words):
        """The first line that has `old` gets `new`: what is told of it."""
        lines = list(self.lines[side])
        at = next(n for n, line in enumerate(lines) if old in line)
        lines[at] = lines[at].replace(old, new, 1)
        result = self.check("".join(lines))
        self.assertEqual(result.returncode, 1, new)
        self.assertIn(words, result.stderr.decode())
        if ":%d: " % (at + 1) not in result.stderr.decode():
            self.assertIn("line %d: " % (at + 1), result.stderr.decode())

    def test_what_is_told(self):
        for args in (
                ("host", '"kind":"log"', '"kind":"lag"', "not a log: the first line has"),
                ("host", '"version":1', '"version":2', "format version 2; this command reads 1"),
                ("host", '"side":"host"', '"side":"both"', '"side" is "host" or "csme"'),
                ("host", '"map_tries":3', '"map_trees":3', 'there is no setting "map_trees"'),
                ("host", '"map_tries":3,', "", '"map_tries" is missing: a number from 0'),
                ("host", '"map_tries":3', '"map_tries":0', "no engine can be made with these settings"),
                ("host", '"again_ms":10', '"again_ms":4294967296', '"again_ms" is something else'),
                ("host", "[64,32768]", "[64]", "a queue of a layout is [offset, size]"),
                ("host", '"kind":"pump"', '"kind":"pomp"', 'there is no "kind" pomp'),
                ("host", '"kind":"pump",', "", '"kind" is missing'),
                ("host", '"ms":10', '"ms":-10', '"ms" is something else: a number from 0'),
                ("host", '"kind":"pump"', '"kind":"pump","kind":"pump"', "column"),
                ("host", '"kind":"pump"', '"kind":"pump","why":1', '"why" does not belong here'),
                ("host", '"status":"OK"', '"status":"FINE"', '"status" is none that there is'),
                ("host", "host own", "host won", "the command, column 6:"),
                ("host", "host own", "csme take", "the command, column"),
                ("host", '"command":"host own"', '"command":""', "there is no command in it"),
                ("host", '"name":"START","bytes":"01', '"name":"START","bytes":"0', "pairs of hex digits"),
                ("host", '"name":"START","bytes":"01', '"name":"START","bytes":"02', "now it is send 01"),
                ("host", '"asked":172032', '"asked":172036', "now it is map of 172032 bytes; in the log it is map of"),
                ("host", '"kind":"connect"', '"kind":"unmap"', "now it is connect; in the log it is unmap"),
                ("host", '"kind":"recv","status":"OK","name":"START_OK","bytes":"', '"kind":"recv","status":"OK","bytes":"' +
                 "00" * 300, "bytes, where 100 fit"),
                ("host", '"csme_notif_wr"', '"csme_notif_wd"', "is no word of the control block"),
                ("host", '"bytes":{"81088":', '"bytes":{"8108x":', "is no offset into shared memory"),
                ("host", '"bytes":{"81088":', '"bytes":{"172030":', "of the shared memory, of which there are 172032"),
                ("csme", '"digest":"', '"digest":"x', '"digest" is something else: 16 hex digits'),
                ("csme", '{"kind":"send"', '{"kind":"send","status":"OK","name":1', "column"),
        ):
            with self.subTest(args=args):
                self.told(*args)

    def test_numbers_at_the_end(self):
        for key, words in (("digest", "the engine's digest is"), ("history", "it told other things until here")):
            lines = list(self.lines["csme"])
            end = json.loads(lines[-1])
            end[key] = "%016x" % (int(end[key], 16) ^ 1)
            lines[-1] = json.dumps(end) + "\n"
            result = self.check("".join(lines))
            self.assertEqual(result.returncode, 1)
            self.assertIn("line %d: %s" % (len(lines), words), result.stderr.decode())

    def test_another_version_is_told(self):
        lines = [line.replace('"libsap":"', '"libsap":"9.') for line in self.lines["csme"]]
        self.assertEqual(self.check("".join(lines)).stderr, b"")
        lines[-1] = lines[-1].replace('"history":"', '"history":"0')[:-4] + '"}\n'
        self.assertIn("the log is of libsap 9.", self.check("".join(lines)).stderr.decode())

    def test_more_in_the_log(self):
        """An operation that nobody asks for now."""
        lines = list(self.lines["host"])
        at = next(n for n, line in enumerate(lines) if '"kind":"send"' in line)
        lines.insert(at + 1, '{"kind":"disconnect","status":"OK"}\n')
        self.assertIn("line %d: now nothing more is done; in the log it is disconnect" % (at + 2),
                      self.check("".join(lines)).stderr.decode())

    def test_after_the_end(self):
        lines = self.lines["host"] + ['{"kind":"pump","ms":99999}\n']
        self.assertIn("a record behind the end", self.check("".join(lines)).stderr.decode())


SHORT = """csme start
csme amt on
host driver up
host up
wait 300ms
host own
wait 200ms
packet host ffffffffffff0211223344550806000100000000
host own
csme ping
wait 200ms
host up => WRONG_STATE
fault connection-lost
wait 500ms
"""


HOST = """driver up
profile ssid=lab bssid=02:00:00:00:01:00
up
expect UP within 30s
expect AMT on=yes within 10s
own
expect OWN_DONE reason=none within 10s
"""
TRAFFIC = """packet host ffffffffffff0211223344550806000100000000
ping
expect PONG within 10s
""" * 20


class Processes(Folder):
    """Two processes that write down at the same time what each of them was given."""

    def csme(self, *args):
        self.name = "@" + str(self.folder).replace("/", "-")
        process = subprocess.Popen([TOOL, "csme", "--socket=" + self.name, "--record=%s/csme.log" % self.folder,
                                    "--set=throttle=0ms", *args],
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def host(self, script, log="host.log"):
        return run("host", "--socket=" + self.name, "--record=%s/%s" % (self.folder, log), "--set=throttle=0ms",
                   "--script=-", data=script)

    def end(self, process):
        _, stderr = process.communicate(b"quit\n", timeout=60)
        self.assertEqual((process.returncode, stderr), (0, b""))

    def same(self, log, ended=True):
        result = run("replay", "--json", self.folder / log)
        last = objects(result.stdout)[-1]
        self.assertEqual((result.returncode, last["difference"], last["ended"]), (0, None, ended), result.stderr)
        return objects(result.stdout)

    def test_both(self):
        csme = self.csme()
        result = self.host(HOST + TRAFFIC)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.end(csme)
        for log in ("host.log", "csme.log"):
            lines = self.same(log)
            self.assertEqual(sum(line.get("name") == "DATA_PACKET" for line in lines), 20)
            self.assertEqual(sum(line.get("name") == "PONG" and line["kind"] == "message" for line in lines), 20)

    def test_killed(self):
        """What a process that was killed leaves is played up to there; the other side's goes on."""
        csme = self.csme()
        for n in range(5):
            result = self.host(HOST + "ping\nfault host-killed\n", "host-%d.log" % n)
            self.assertEqual(result.returncode, -9)
        self.assertEqual(self.host(HOST + "ping\nexpect PONG within 10s\n").returncode, 0)
        self.end(csme)
        for n in range(5):
            lines = self.same("host-%d.log" % n, ended=False)
            self.assertIn("UP", {line["name"] for line in lines if line["kind"] == "event"})
        self.same("host.log")
        lines = self.same("csme.log")
        self.assertEqual(sum(line.get("name") == "UP" for line in lines), 6)

    def test_faults(self):
        for fault in ("messages-late", "duplicate-doorbell", "connection-lost", "late-grant", "refused", "clear"):
            csme = self.csme("--fault=" + fault)
            self.host("driver up\nup\nexpect UP within 30s\nwait 100ms\nown\nwait 100ms\n")
            self.end(csme)
            self.same("host.log")
            self.same("csme.log")

    def test_where_nobody_is(self):
        self.name = "@nobody" + str(self.folder).replace("/", "-")
        self.assertEqual(self.host("driver up\nup\nwait 300ms\n").returncode, 0)
        self.same("host.log")

    def test_nowhere_to_write(self):
        self.name = "@nobody" + str(self.folder).replace("/", "-")
        result = self.host("up\n", "none/host.log")
        self.assertEqual(result.returncode, 3)
        self.assertIn("cannot write", result.stderr.decode())


class Pages(test_docs.Docs):
    def test_command(self):
        self.check("record.md", 3)

    test_json = None


if __name__ == "__main__":
    unittest.main()
