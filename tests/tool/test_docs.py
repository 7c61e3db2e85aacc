# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The pages on the command say what it says: each example in them is run."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from sap_tool import TOOL

TOP = Path(__file__).resolve().parents[2]


def examples(page):
    """Commands and what the page shows of their output, standard error last."""
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", (TOP / "docs" / page).read_text()):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, output = part.partition("\n")
            yield command, output.rstrip("\n")


class Docs(unittest.TestCase):
    maxDiff = None

    def check(self, page, least):
        count = 0
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "sap").symlink_to(TOOL)
            env = dict(os.environ, PATH=folder + ":" + os.environ["PATH"])
            for command, expected in examples(page):
                result = subprocess.run(["sh", "-c", command], cwd=TOP, env=env, capture_output=True, check=False)
                self.assertEqual((result.stdout + result.stderr).decode().rstrip("\n"), expected, command)
                count += 1
        self.assertGreaterEqual(count, least)

    def test_command(self):
        self.check("sap-command.md", 9)

    def test_json(self):
        self.check("decode-json.md", 3)

    def test_firmware(self):
        self.check("firmware.md", 1)

    def test_captures(self):
        self.check("captures.md", 4)


if __name__ == "__main__":
    unittest.main()
