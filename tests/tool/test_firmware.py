# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap csme --vmei`, as far as it goes without the kernel's module: its options, and what it says if it cannot be had.
The rest is in tests/vm."""

import pathlib
import tempfile
import unittest

from sap_tool import run

TOP = pathlib.Path(__file__).resolve().parents[2]
NOWHERE = "--vmei=/nowhere/vmei"


class Firmware(unittest.TestCase):
    def failed(self, code, *args, data=None):
        result = run("csme", *args, data=data)
        self.assertEqual((result.returncode, result.stdout), (code, b""))
        return result.stderr.decode()

    def test_no_device(self):
        self.assertIn("/nowhere/vmei: no such device: `modprobe vmei` as root; docs/vmei.md", self.failed(3, NOWHERE))

    def test_other_file(self):
        self.assertIn("/dev/null: that is no /dev/vmei", self.failed(3, "--vmei=/dev/null"))

    def test_settings_first(self):
        """Mistakes in settings are told before anything is opened."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "s.json"
            path.write_text('{\n"bus": {\n"hmb": "2.1"}}\n')
            self.assertEqual(self.failed(1, NOWHERE, "--settings=%s" % path),
                             'sap csme: %s:3: bus.hmb: there is no such setting; did you mean "hbm"?\n' % path)
        self.assertIn("standard input:1: ", self.failed(1, NOWHERE, "--settings=-", data="{"))
        self.assertIn("/nowhere/s: cannot be opened", self.failed(3, NOWHERE, "--settings=/nowhere/s"))

    def test_good_settings(self):
        """They get as far as the device."""
        self.assertIn("no such device", self.failed(3, NOWHERE, "--settings=%s" % (TOP / "examples/firmware.json")))
        self.assertIn("no such device", self.failed(3, NOWHERE, "--settings=-", data="{}"))

    def test_options(self):
        self.assertIn("--vmei and --socket exclude each other", self.failed(2, NOWHERE, "--socket=@x"))
        self.assertIn("--settings is for a whole firmware", self.failed(2, "--settings=x"))
        # Alone it takes no word after it that is an option.
        self.assertIn("--socket exclude", self.failed(2, "--vmei", "--socket=@x"))
        result = run("host", NOWHERE)
        self.assertEqual(result.returncode, 2)

    def test_list(self):
        result = run("csme", "--settings=help")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertIn(b"amt.control_mode               who controls AMT (NONE|CLIENT|ADMIN; \"ADMIN\")\n", result.stdout)

    def test_bus_without_one(self):
        """The commands are there, and say that the bus is not."""
        result = run("csme", "--socket=@no-bus", "--script=-", data="csme bus reset\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"UNSUPPORTED", result.stderr)


if __name__ == "__main__":
    unittest.main()
