# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap demo`: the story, faults, scripts of people, what they read and what programs read."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import test_docs
from sap_tool import TOOL, objects, run

HERE = Path(__file__).resolve().parent
FAULTS = {  # name: who owns the NIC in the end, alarms
    "no-area": ("host", 0),
    "map-v4-refused": ("host", 0),
    "no-start-ok": ("host", 0),
    "late-grant": ("host", 0),
    "refused": ("host", 0),
    "unanswered": ("csme", 0),
    "connection-lost": ("host", 0),
    "peer-never-drains": ("csme", 0),
    "corrupt-queue": ("csme", 0),
    "taking-not-confirmed": ("csme", 1),
    "duplicate-doorbell": ("host", 0),
    "messages-late": ("host", 0),
    "doorbell-lost": ("host", 0),
    "host-killed": ("host", 0),
    "csme-killed": ("host", 0),
}


def script(text, *args):
    return run("demo", "--script=-", *args, data=text)


class Story(unittest.TestCase):
    maxDiff = None

    def test_text_stays_as_it_is(self):
        result = run("demo")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.decode(), (HERE / "demo-boot-while-managed.txt").read_text())

    def test_it_is_the_same_each_time(self):
        self.assertEqual(run("demo", "--json").stdout, run("demo", "--json").stdout)

    def test_steps(self):
        lines = objects(run("demo", "--json").stdout)
        steps = [line for line in lines if line["kind"] == "step"]
        self.assertEqual([step["number"] for step in steps], list(range(1, 23)))
        at = {step["number"]: lines.index(step) for step in steps}
        names = [line.get("name") for line in lines]
        for name, after, before in (("START", 3, 4), ("HOST_ASKS_FOR_NIC_OWNERSHIP", 12, 13),
                                    ("CSME_REPLY_TO_HOST_OWNERSHIP_REQ", 13, 14), ("HOST_LINK_UP", 17, 18)):
            self.assertIn(name, names[at[after]:at[before]])
        ms = {step["number"]: step["ms"] for step in steps}
        self.assertLess(ms[17] - ms[14], 600)
        self.assertLess(ms[18] - ms[14], 3000)
        self.assertEqual((lines[-1]["owner"], lines[-1]["alarms"], lines[-1]["lost"]), ("host", 0, 0))

    def test_owner_letters_agree_with_json(self):
        owners = [line["owner"] for line in objects(run("demo", "--json").stdout)[1:-1]]
        self.assertEqual(sorted(set(owners)), ["csme", "host"])
        self.assertEqual(owners, sorted(owners))  # CSME first, then the host, and no way back

    def test_width(self):
        for name in FAULTS:
            for line in run("demo", "--fault=" + name).stdout.decode().splitlines():
                self.assertLessEqual(len(line), 122, line)
                self.assertEqual(line, line.rstrip())

    def test_colour(self):
        plain = run("demo").stdout
        self.assertNotIn(b"\033", plain)
        colour = run("demo", "--color=always").stdout
        self.assertIn(b"\033", colour)
        self.assertEqual(re.sub(rb"\033\[[0-9;]*m", b"", colour), plain)


class Faults(unittest.TestCase):
    def test_list(self):
        listed = [line.split()[0] for line in run("demo", "-l").stdout.decode().splitlines()]
        self.assertEqual(listed, list(FAULTS))

    def test_each(self):
        for name, (owner, alarms) in FAULTS.items():
            result = run("demo", "--json", "--fault", name)
            self.assertEqual((result.returncode, result.stderr), (0, b""), name)
            end = objects(result.stdout)[-1]
            self.assertEqual((end["owner"], end["alarms"], end["unexcused"], end["overlap"], end["failures"]),
                             (owner, alarms, 0, False, 0), name)

    def test_the_alarm_is_in_each_line(self):
        lines = objects(run("demo", "--json", "--fault=taking-not-confirmed").stdout)
        alarm = [line for line in lines if line.get("name") == "OVERLAP"]
        self.assertEqual([line["values"] for line in alarm], [{"on": "yes", "excused": "yes"},
                                                              {"on": "no", "excused": "yes"}])
        up, down = map(lines.index, alarm)
        self.assertEqual({line["overlap"] for line in lines[up:down - 2]}, {True})
        self.assertEqual(lines[-1]["overlap_ms"], alarm[1]["ms"] - alarm[0]["ms"])

    def test_what_never_came_is_seen(self):
        text = run("demo", "--fault=doorbell-lost").stdout.decode()
        self.assertRegex(text, r"\|\. \. .* doorbell .*x\| never came")
        lines = objects(run("demo", "--json", "--fault=doorbell-lost").stdout)
        self.assertEqual([line["name"] for line in lines if line.get("taken_ms", 0) is None], ["CHECK_SHARED_AREA"])
        self.assertEqual(lines[-1]["lost"], 1)

    def test_shown_scripts_are_scripts(self):
        for name in FAULTS:
            text = run("demo", "--show-script", "--fault", name).stdout
            self.assertEqual(script(text, "--json").returncode, 0, name)

    def test_unknown(self):
        result = run("demo", "--fault=refuse")
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertIn(b"there is no fault 'refuse'; did you mean 'refused'?", result.stderr)
        self.assertEqual(run("demo", "--fault=clear").returncode, 2)


class Scripts(unittest.TestCase):
    def fails(self, text, message, code=1):
        result = script(text)
        self.assertEqual((result.returncode, result.stderr.decode()), (code, "sap demo: standard input" + message))
        return result

    def test_mistake(self):
        result = self.fails("host up\n\n  csme tak\n",
                            ":3:8: there is no command 'csme tak'; did you mean 'csme take'?\n")
        self.assertEqual(result.stdout, b"")

    def test_expectation(self):
        result = self.fails("expect LEAVE within 5ms\n", ":1: LEAVE did not come within 5 ms; nothing came at all\n")
        self.assertIn(b"line 1 does not hold", result.stdout)

    def test_alarm_without_excuse(self):
        self.fails("csme amt on\nwait 0ms\nhost driver up\nhost device up\nwait 1s\n", ": 1 alarms without an excuse\n")

    def test_alarm_with_excuse(self):
        text = "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 500ms\n" \
               "csme take --force\nwait 1s\nexpect no-overlap\n"
        result = script(text, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(objects(result.stdout)[-1]["alarms"], 1)

    def test_usage_and_files(self):
        for args, code in ((["x"], 2), (["--color=red"], 2), (["--nothing"], 2), (["--script=/nowhere/x.sap"], 3),
                           (["--script=-", "--fault=refused"], 2)):
            self.assertEqual(run("demo", *args).returncode, code, args)

    def test_packets_are_shown(self):
        text = "csme start\ncsme amt on\nhost driver up\nhost up\nwait 300ms\nhost own\nwait 500ms\n" \
               "packet host ffffffffffff02112233445508060001\nwait 200ms\n"
        lines = objects(script(text, "--json").stdout)
        packet = [line for line in lines if line.get("carrier") == "data"]
        self.assertEqual([(line["name"], line["to"]) for line in packet], [("DATA_PACKET", "csme")])
        self.assertIsNotNone(packet[0]["taken_ms"])
        self.assertEqual(lines[-1]["packets"], {"to_csme": 1, "to_host": 0})
        self.assertIn(b" DATA_PACKET ", script(text).stdout)


class Help(unittest.TestCase):
    def test_help(self):
        text = run("demo", "--help").stdout.decode()
        for option in ("fault", "list-faults", "script", "show-script", "json", "color", "help"):
            self.assertIn(" --" + option, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 110)
        self.assertIn("  demo ", run("--help").stdout.decode())

    def test_examples_run(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "sap").symlink_to(TOOL)
            env = dict(os.environ, PATH=folder + ":" + os.environ["PATH"])
            text = run("demo", "--help").stdout.decode().split("Examples:\n")[1].split("\nExit codes")[0]
            for line in text.strip().splitlines():
                if "jq" in line:
                    continue  # not everybody has it
                result = subprocess.run(["sh", "-c", line], cwd=folder, env=env, capture_output=True, check=False)
                self.assertEqual((result.returncode, result.stderr), (0, b""), line)


class Pages(test_docs.Docs):
    """Examples of the two pages; the class's own tests are run by their own suite."""
    test_command = None
    test_json = None

    def test_demo(self):
        self.check("demo.md", 3)

    def test_script(self):
        self.check("script.md", 1)


if __name__ == "__main__":
    unittest.main()
