# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Help, exit codes, files that cannot be read or written, pipes and terminals."""

import os
import pty
import subprocess
import tempfile
import unittest
from pathlib import Path

from sap_tool import CAPTURES, TOOL, capture, message, run

EXIT_CODES = """Exit codes:
  0  done
  1  the input was read, but something in it is wrong
  2  the command line is wrong
  3  a file cannot be read or written
"""
HEADERS = Path(__file__).resolve().parents[2] / "include" / "sap"


class Help(unittest.TestCase):
    def test_commands(self):
        for command in ("decode", "encode", "messages"):
            for flag in ("--help", "-h"):
                result = run(command, flag)
                text = result.stdout.decode()
                self.assertEqual((result.returncode, result.stderr), (0, b""))
                self.assertTrue(text.startswith("Usage: sap %s [OPTION...] " % command), text)
                self.assertIn("\nOptions:\n", text)
                self.assertIn("\nExamples:\n  ", text)
                self.assertTrue(text.endswith("\n" + EXIT_CODES), text)
                self.assertLessEqual(max(map(len, text.splitlines())), 110)

    def test_every_option_is_in_the_help(self):
        for command, options in (("decode", "json history queue as hex color help"), ("encode", "output hex help"),
                                 ("messages", "json markdown help")):
            text = run(command, "--help").stdout.decode()
            self.assertEqual([o for o in options.split() if " --" + o not in text], [])

    def test_sap(self):
        for args in (["--help"], ["-h"], ["help"]):
            result = run(*args)
            self.assertEqual(result.returncode, 0)
            for word in ("decode", "encode", "messages", EXIT_CODES):
                self.assertIn(word, result.stdout.decode())

    def test_version(self):
        header = (HEADERS / "version.h").read_text()
        version = header.split('#define SAP_VERSION "')[1].split('"')[0]
        self.assertEqual(run("--version").stdout.decode(), "sap %s\n" % version)

    def test_examples_run(self):
        """What --help shows works, with an area of that name."""
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "area.bin").write_bytes(capture("v4-shm-csa-18"))
            (Path(folder) / "messages.json").write_text('{"name":"PING"}')
            (Path(folder) / "sap").symlink_to(TOOL)
            env = dict(os.environ, PATH=folder + ":" + os.environ["PATH"])
            for command in ("decode", "encode", "messages"):
                text = run(command, "--help").stdout.decode().split("Examples:\n")[1].split("\nExit codes")[0]
                for line in text.replace("|\n", "| ").strip().splitlines():
                    if "jq" in line or "xxd" in line:
                        continue  # not everybody has them
                    result = subprocess.run(["sh", "-c", line], cwd=folder, env=env, capture_output=True, check=False)
                    self.assertEqual((result.returncode, result.stderr), (0, b""), line)


class Usage(unittest.TestCase):
    def wrong(self, args, first_line):
        result = run(*args)
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertEqual(result.stderr.decode().splitlines()[0], first_line)

    def test_commands(self):
        self.wrong(["decod"], "sap: there is no command 'decod'; did you mean 'decode'?")
        self.wrong(["message"], "sap: there is no command 'message'; did you mean 'messages'?")
        self.wrong(["xyzzy"], "sap: there is no command 'xyzzy'")
        self.wrong([], "Usage: sap COMMAND [OPTION...]")

    def test_options(self):
        self.wrong(["decode", "--jsno"], "sap decode: --jsno: unknown option")
        self.wrong(["decode", "--queue"], "sap decode: --queue: missing argument")
        self.wrong(["decode", "--as=image"], "sap decode: --as takes auto, area, me, sap, pcap or trace, not 'image'")
        self.wrong(["decode", "--color=red"], "sap decode: --color takes auto, always or never, not 'red'")
        self.wrong(["decode", "-q", "host"], "sap decode: --queue takes host_notif, host_data, csme_notif or "
                   "csme_data, not 'host'")
        self.wrong(["decode", "a", "b"], "sap decode: one argument is enough, 'b' is too much")
        self.wrong(["encode", "--json"], "sap encode: --json: unknown option")


class Files(unittest.TestCase):
    def cannot(self, args, words, stdin=b""):
        result = run(*args, data=stdin)
        self.assertEqual((result.returncode, result.stdout), (3, b""))
        self.assertEqual(result.stderr.decode(), words + "\n")

    def test_not_there(self):
        for command in ("decode", "encode"):
            self.cannot([command, "-o/dev/null", "/no/such/file"][0:3:2] if command == "decode" else
                        [command, "-o/dev/null", "/no/such/file"],
                        "sap %s: /no/such/file: cannot be opened: No such file or directory" % command)

    def test_folder(self):
        self.cannot(["decode", "/"], "sap decode: /: cannot be read: Is a directory")

    def test_too_large(self):
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(64 * 1024 * 1024 + 1)
            self.cannot(["decode", file.name],
                        "sap decode: %s: larger than 64 MiB; that is no image or log of SAP" % file.name)

    def test_endless(self):
        self.cannot(["decode", "/dev/zero"], "sap decode: /dev/zero: larger than 64 MiB; that is no image or log of SAP")

    def test_standard_input(self):
        path = CAPTURES / "v4-shm-csa-18.bin"
        named = run("decode", path).stdout.decode().split("\n", 1)
        for args in (["decode"], ["decode", "-"]):
            piped = run(*args, data=path.read_bytes()).stdout.decode().split("\n", 1)
            self.assertEqual(piped[0], "standard input: shared area of version 4, 172032 bytes")
            self.assertEqual(piped[1], named[1])
        self.assertEqual(named[0], "%s: shared area of version 4, 172032 bytes" % path)

    def test_full_device(self):
        with open("/dev/full", "wb") as full:
            for args in (["decode", CAPTURES / "v4-shm-csa-18.bin"], ["messages"], ["--version"]):
                result = subprocess.run([TOOL, *map(str, args)], stdout=full, stderr=subprocess.PIPE, check=False)
                self.assertEqual((result.returncode, result.stderr),
                                 (3, b"sap: cannot write the output: No space left on device\n"))

    def test_reader_that_leaves(self):
        data = b"".join(message(514, i, bytes(200)) for i in range(5000))
        for args in (["decode"], ["decode", "--json"]):
            with tempfile.TemporaryFile() as file:
                file.write(data)
                file.seek(0)
                with subprocess.Popen([TOOL, *args], stdin=file, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE) as process:
                    process.stdout.read(10)
                    process.stdout.close()
                    self.assertEqual(process.stderr.read(), b"")
                    # By the signal, or with "cannot be written" where that is ignored.
                    self.assertIn(process.wait(timeout=60), (-13, 3))


class Terminals(unittest.TestCase):
    def on_terminal(self, args, data, **environment):
        """Runs with a terminal as standard output; returns the code and what came to it."""
        master, slave = pty.openpty()
        env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        result = subprocess.run([TOOL, *args], input=data, stdout=slave, stderr=subprocess.PIPE,
                                env=dict(env, **environment), check=False)
        os.close(slave)
        shown = b""
        try:
            # What was written comes in pieces, and after them an error: nobody has it open any more.
            while piece := os.read(master, 65536):
                shown += piece
        except OSError:
            pass
        os.close(master)
        return result, shown

    def test_colour(self):
        self.assertIn(b"\x1b[1mPING", self.on_terminal(["decode"], message(1, 1))[1])
        self.assertNotIn(b"\x1b", self.on_terminal(["decode", "--color=never"], message(1, 1))[1])
        self.assertNotIn(b"\x1b", self.on_terminal(["decode"], message(1, 1), NO_COLOR="1")[1])

    def test_no_bytes_to_a_terminal(self):
        for args in (["encode"], ["encode", "-o", "-"]):
            result, shown = self.on_terminal(args, b'{"name":"PING"}')
            self.assertEqual((result.returncode, shown), (2, b""))
            self.assertIn(b"bytes do not go to a terminal: use -o FILE, --hex, or a pipe", result.stderr)
        result, shown = self.on_terminal(["encode", "--hex"], b'{"name":"PING"}')
        self.assertEqual((result.returncode, shown), (0, b"01 00 00 00 01 00 00 00\r\n"))


if __name__ == "__main__":
    unittest.main()
