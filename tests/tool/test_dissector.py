# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The Wireshark dissector shows what `sap decode --json` shows: each field of each message, sound or damaged."""

import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pcap_file
from sap_tool import capture, decode, message, objects, run
from test_demo import FAULTS
from test_pcap import PACKETS

WRONG = {"csme_sap.too_short", "csme_sap.bad_value", "csme_sap.wrong_queue"}
HEADERS = {"csme_sap.type": "type", "csme_sap.me.type": "type", "csme_sap.len": "len", "csme_sap.me.len": "len",
           "csme_sap.seq_num": "seq", "csme_sap.me.seq_num": "seq"}
REASON = "no tshark here"


def dissector():
    return run("messages", "--lua").stdout.decode()


class Tshark:
    """tshark with a dissector, and nothing of the settings of whoever runs this."""

    def __init__(self, lua):
        self.folder = tempfile.TemporaryDirectory()
        self.lua = Path(self.folder.name) / "sap.lua"
        self.lua.write_text(lua)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def run(self, data, *args):
        path = Path(self.folder.name) / "x.pcap"
        path.write_bytes(data)
        env = dict(os.environ, HOME=self.folder.name, XDG_CONFIG_HOME=self.folder.name, LC_ALL="C.UTF-8")
        result = subprocess.run(["tshark", "-n", "-X", "lua_script:%s" % self.lua, "-r", path, *args],
                                capture_output=True, env=env, timeout=300, check=False)
        errors = [line for line in result.stderr.decode().splitlines() if "Running as user" not in line]
        assert (result.returncode, errors) == (0, []), errors
        return result.stdout

    def packets(self, data):
        """Of each record: all fields of ours, (name, attributes) in order."""
        text = self.run(data, "-T", "pdml")
        assert b"Lua Error" not in text and b"_ws.lua" not in text.replace(b"_ws.lua.fake", b""), text[-2000:]
        # What other dissectors make of random frames holds characters that XML has not.
        root = ElementTree.fromstring(re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd]", "?", text.decode(errors="replace")))
        return [[(field.get("name"), field) for field in packet.iter("field")
                 if (field.get("name") or "").startswith(("csme_sap", "_ws."))] for packet in root.iter("packet")]


# --- what decode says, as tshark would ---

def flat(prefix, value, out):
    """(abbreviation, kind of comparison, value) of each field that JSON has."""
    if isinstance(value, dict) and "hex" in value:
        if value["text"] is not None and value["text"].isprintable():
            out.append((prefix, "text", value["text"]))
        out.append((prefix + "_bytes", "bytes", value["hex"]))
    elif isinstance(value, dict) and "value" in value:
        out.append((prefix, "number", value["value"]))
        if "names" in value:
            out.append((prefix, "flags", set(value["names"])))
        elif "enabled" in value:
            out.extend([(prefix + ".id", "number", value["id"]), (prefix + ".enabled", "number", int(value["enabled"]))])
        elif "name" in value:
            out.append((prefix, "shown", value["name"] or "Unknown"))
        elif value.get("text"):
            out.append((prefix, "shown", value["text"]))
    elif isinstance(value, dict):
        for name, inner in value.items():
            flat(prefix + "." + name, inner, out)
    elif isinstance(value, list) and prefix.endswith(".supported_versions"):
        out.append((prefix, "bytes", bytes(value).ljust(64, b"\0").hex()))
    elif isinstance(value, list):
        for inner in value:
            flat(prefix, inner, out)
    elif isinstance(value, int):
        out.append((prefix, "number", value))
    elif value.startswith("0x"):
        out.append((prefix, "number", int(value, 16)))
    elif ":" in value or value.count(".") == 3:
        out.append((prefix, "text", value))
    elif value:
        out.append((prefix, "bytes", value))


def of_json(m):
    out = [("csme_sap." + ("me." if m["kind"] == "me" else "") + key, "number", m[name])
           for key, name in (("type", "type"), ("seq_num", "seq"), ("len", "len"))]
    for name, value in m["fields"].items():
        if name in ("extra", "opaque") and not (name == "opaque" and m["name"]):
            flat("csme_sap." + name, value, out)
        else:
            flat("csme_sap.%s.%s" % (m["name"].lower(), name), value, out)
    return out


def of_tshark(fields, wanted):
    """The same from tshark, in the forms that `wanted` asks for; what is not asked for is left over."""
    found, left, queue = [], [], {}
    for name, field in fields:
        zero = ".reserved" in name and not int(field.get("value"), 16)
        if not name.startswith("csme_sap.capture") and name != "csme_sap.name" and name not in WRONG and not zero:
            queue.setdefault(name, []).append(field)
    for name, kind, value in wanted:
        if not queue.get(name):
            found.append((name, kind, None))
            continue
        field = queue[name][0]
        if kind == "number":
            found.append((name, kind, int({"True": "1", "False": "0"}.get(field.get("show"), field.get("show")), 0)))
        elif kind == "bytes":
            found.append((name, kind, field.get("value")))
        elif kind == "text":
            found.append((name, kind, field.get("show")))
        elif kind == "shown":
            found.append((name, kind, value if value in field.get("showname") else field.get("showname")))
        else:
            bits = {bit.get("showname").split(": ")[0].split(" = ")[1]
                    for bit in field if bit.get("show") in ("1", "True")}
            found.append((name, kind, bits))
        following = wanted[wanted.index((name, kind, value)) + 1:][:1]
        if not (kind == "number" and following and following[0][0] == name and following[0][1] in ("flags", "shown")):
            queue[name].pop(0)
    for name, fields_left in queue.items():
        for field in fields_left:
            left.append((name, field.get("value")))
    return found, left


def is_expected(name, value, wanted):
    """What tshark shows and decode does not: structures, bits of flags, text that is none."""
    last = name.rsplit(".", 1)[-1]
    names = [w[0] for w in wanted]
    return (not value or name.startswith("csme_sap.unknown_type") or last == "ssid" or name.rsplit(".", 1)[0] in names or any(n.startswith(name + ".") for n in names))


# --- messages with any values ---

def random_value(dice, field):
    kind, count = re.fullmatch(r"([^\[]*)(?:\[(\d+)\])?", field["kind"]).groups()
    if count:
        return [random_value(dice, dict(field, kind=kind, size=(field["size"] or 0) // int(count)))
                for _ in range(int(count))]
    if kind == "struct":
        return {f["name"]: random_value(dice, f) for f in field["fields"]}
    if field["name"] == "ssid":
        text = dice.choice([b"testnet", "caf\u00e9".encode(), b"x" * 32, dice.randbytes(32)])
        return {"hex": text.ljust(32, b"\0").hex()}
    if field["name"] == "ssid_len":
        return dice.choice([0, 5, 7, 32, 33, 200])
    if field["name"] == "supported_versions":
        return [dice.randrange(1, 256) for _ in range(dice.randrange(65))]
    if kind.startswith("u"):
        choices = [entry["value"] for entry in field.get("values", [])]
        value = dice.choice(choices + [dice.randrange(1 << 8 * field["size"])] * 2)
        return hex(value) if field["size"] == 8 else value
    if kind == "mac":
        return ":".join("%02x" % byte for byte in dice.randbytes(6))
    if kind in ("rest", "counted"):
        return dice.randbytes(dice.randrange(14, 200)).hex()
    return dice.randbytes(field["size"]).hex() if dice.random() < .7 else bytes(field["size"]).hex()


def any_message(dice, declared):
    """The bytes of a message of that declaration, by `sap encode`, and how it travels: layer and direction."""
    fields = {f["name"]: random_value(dice, f) for f in declared["fields"] if f["name"] != "data_len"}
    what = {"kind": "me" if declared["carrier"] == "me" else "sap", "name": declared["name"],
            "seq": dice.randrange(1 << 32), "fields": fields}
    result = run("encode", "--hex", data=json.dumps(what))
    assert result.returncode == 0, result.stderr
    layer = {"me": 1, "notif": 2, "data": 3}[declared["carrier"]]
    ways = {"to_csme": [1], "to_host": [2], "both": [1, 2]}[declared["direction"]]
    return bytes.fromhex(result.stdout.decode()), layer, ways


def every_message(dice, times):
    records = []
    for declared in objects(run("messages", "--json").stdout):
        for _ in range(times):
            data, layer, ways = any_message(dice, declared)
            records.extend(pcap_file.record(layer, to, data, sap_version=dice.choice([0, 3, 4])) for to in ways)
    return records


@unittest.skipUnless(shutil.which("tshark"), REASON)
class Dissector(unittest.TestCase):
    maxDiff = None

    def compare(self, lua, records):
        with Tshark(lua) as tshark:
            packets = tshark.packets(pcap_file.write(records))
        _, lines = decode(pcap_file.write(records))
        self.assertEqual(len(packets), len(records))
        by_record = {m["record"]: m for m in lines if m["kind"] in ("me", "sap")}
        wrong = {line["record"] for line in lines if line["kind"] == "error"}
        for number, fields in enumerate(packets, 1):
            m = by_record.get(number)
            with self.subTest(number=number, name=m and m["name"], record=records[number - 1]):
                self.assertEqual(bool(WRONG & {name for name, _ in fields}), number in wrong)
                if not m:
                    continue
                wanted = of_json(m)
                found, left = of_tshark(fields, wanted)
                self.assertEqual(found, wanted)
                self.assertEqual([item for item in left if item[0].startswith("csme_sap.") and
                                  not is_expected(*item, wanted)], [])
                self.assertEqual(dict(fields)["csme_sap.name"].get("show"), m["name"] or "type %d" % m["type"])
                header = records[number - 1][0] if isinstance(records[number - 1], tuple) else records[number - 1]
                shown = [int(dict(fields)["csme_sap.capture." + key].get("show"))
                         for key in ("version", "layer", "direction", "queue", "sap_version")]
                self.assertEqual(bytes(shown), header[:5])

    def test_every_message(self):
        declared = objects(run("messages", "--json").stdout)
        self.assertGreaterEqual(len(declared), 36)
        self.compare(dissector(), every_message(random.Random(11), 4))

    def test_payloads_cut_and_extended(self):
        dice = random.Random(12)
        records = []
        for declared in objects(run("messages", "--json").stdout):
            data, layer, ways = any_message(dice, declared)
            header = 12 if layer == 1 else 8
            for size in sorted({0, 1, 2, 5, declared["least"] // 2, declared["least"] - 1, declared["least"] + 3}):
                if size < 0:
                    continue
                payload = data[header:][:size].ljust(size, b"\xa5")
                start = data[:8] + (12 + size).to_bytes(4, "little") if layer == 1 else \
                    data[:2] + size.to_bytes(2, "little") + data[4:8]
                records.append(pcap_file.record(layer, ways[0], start + payload))
        self.compare(dissector(), records)

    def test_damaged(self):
        """Where decode tells an error, so does the dissector; never one of Lua."""
        dice = random.Random(13)
        sound = every_message(dice, 1)
        records = []
        for base in sound:
            cut = dice.randrange(1, len(base))
            records.append(base[:cut])
            records.append((base[:cut], len(base), 0, 0))
            flipped = bytearray(base)
            for _ in range(dice.randrange(1, 4)):
                flipped[dice.randrange(min(len(flipped), 24))] ^= 1 << dice.randrange(8)
            records.append(bytes(flipped))
            records.append(dice.randbytes(dice.randrange(1, 60)))
        start = pcap_file.record(1, 1, capture("v4-me-msg-start"))
        records += [start[:n] for n in range(1, len(start))]
        records += [pcap_file.record(2, 2, message(t, 1, bytes(8))) for t in (0, 501, 514, 1014, 2002, 65535)]
        self.compare(dissector(), records)

    def test_empty_record(self):
        with Tshark(dissector()) as tshark:
            tshark.packets(pcap_file.write([b"", pcap_file.record(2, 1, message(1, 1))]))

    def test_demo(self):
        for name in [None, *FAULTS]:
            data = run("demo", "--pcap=-", *(["--fault", name] if name else [])).stdout
            with self.subTest(name), Tshark(dissector()) as tshark:
                for fields in tshark.packets(data):
                    names = {field for field, _ in fields}
                    self.assertFalse(names & (WRONG | {"_ws.malformed", "_ws.expert"}), names)
                    self.assertIn("csme_sap.name", names)

    def test_packets(self):
        data = run("demo", "--pcap=-", "--script=-", data=PACKETS).stdout
        with Tshark(dissector()) as tshark:
            arps = tshark.run(data, "-Y", "arp", "-T", "fields", "-e", "csme_sap.name", "-e", "arp.dst.proto_ipv4",
                              "-e", "_ws.col.Info").decode().splitlines()
        self.assertEqual([line.split("\t")[:2] for line in arps], [["DATA_PACKET", "10.0.0.2"]] * 2)
        for line in arps:
            self.assertRegex(line, r"DATA_PACKET: an Ethernet frame \| +Who has 10.0.0.2\? Tell 10.0.0.1")

    def test_list_and_filter(self):
        with Tshark(dissector()) as tshark:
            data = run("demo", "--pcap=-").stdout
            lines = tshark.run(data, "-Y", 'csme_sap.host_link_up.conn.ssid == "lab"').decode().splitlines()
            self.assertEqual(len(lines), 1)
            self.assertRegex(lines[0], r"host .* CSME +SAP .* HOST_LINK_UP: the host joined a network")
            lines = tshark.run(data, "-Y", "csme_sap.csme_reply_to_host_ownership_req.granted == 1").decode().splitlines()
            self.assertEqual(len(lines), 1)
            self.assertRegex(lines[0], r"the NIC is granted to the host, or refused \(granted yes\)")

    def test_the_comparison_sees_mistakes(self):
        lua = dissector()
        mistakes = {
            "a byte order": ('tree.add or tree.add_le', 'tree.add_le or tree.add_le'),
            "an offset": ("part(range, SAP_HEADER_SIZE, there)", "part(range, SAP_HEADER_SIZE - 1, there)"),
            "a size": ('{name = "init_data_seq_num", kind = "uint", size = 2', '{name = "init_data_seq_num", kind = "uint", size = 4'),
            "a name": ('{name = "auth_mode"', '{name = "authmode"'),
            "a value's name": ('{0x9, "SAE"}', '{0x8, "SAE"}'),
            "a flag": ('{0x4, "IPV6"}', '{0x40, "IPV6"}'),
            "a field dropped": ('    {name = "diff_time", kind = "uint", size = 4, show = "dec"},\n', ""),
            "an array's length": ('count = 14', 'count = 13'),
            "a least size": ('type = 1016, name = "SAR_LIMITS", layer = 2, to = 1, least = 20', 'type = 1016, name = "SAR_LIMITS", layer = 2, to = 1, least = 30'),
            "a direction": ('name = "AMT_STATE", layer = 2, to = 2', 'name = "AMT_STATE", layer = 2, to = 1'),
        }
        records = every_message(random.Random(14), 3)
        self.compare(lua, records)
        for what, (right, wrong) in mistakes.items():
            self.assertIn(right, lua, what)
            with self.subTest(what):
                inner = Dissector("compare_quietly")
                inner.lua, inner.records = lua.replace(right, wrong), records
                result = unittest.TestResult()
                inner.run(result)
                self.assertFalse(result.wasSuccessful())

    def compare_quietly(self):
        self.compare(self.lua, self.records)


if __name__ == "__main__":
    if not shutil.which("tshark"):
        print("skipped: " + REASON)
    unittest.main()
