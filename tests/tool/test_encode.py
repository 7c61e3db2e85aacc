# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""`sap encode` of what people write, against bytes made by hand; and what it refuses."""

import json
import struct
import tempfile
import unittest
from pathlib import Path

from sap_tool import Area, decode, me_message, message, messages, run


def filters(**parts):
    """CSME_FILTERS: docs/protocol/sap.md section 6.6."""
    payload = bytearray(1896)
    for at, data in parts.items():
        payload[int(at[2:]):int(at[2:]) + len(data)] = data
    return bytes(payload)


class Encode(unittest.TestCase):
    def check(self, text, expected):
        result = run("encode", data=text if isinstance(text, str) else json.dumps(text))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.hex(), expected.hex())

    def refuse(self, text, why):
        """Nothing comes out, and people are told where and why."""
        result = run("encode", data=text if isinstance(text, str) else json.dumps(text))
        self.assertEqual(result.stderr.decode(), "".join(
            "sap encode: standard input: %s\n" % line for line in ([why] if isinstance(why, str) else why)))
        self.assertEqual((result.returncode, result.stdout), (1, b""))


class Minimal(Encode):
    def test_a_name(self):
        self.check({"name": "WIFIDR_UP"}, message(1013, 1))
        self.check({"name": "NIC_OWNER"}, message(511, 1, bytes(4)))
        self.check({"name": "NIC_OWNER", "fields": {"owner": "010"}}, message(511, 1, b"\x0a\x00\x00\x00"))
        self.check({"type": 514}, message(514, 1))
        self.check({"name": "CHECK_SHARED_AREA"}, me_message(3, 1))
        self.check({"kind": "me", "type": 1}, me_message(1, 1, bytes(76)))
        self.check({"type": 1}, message(1, 1))

    def test_sequence_numbers_go_on(self):
        self.check('{"name":"PING"}{"name":"PONG","seq":4294967295}\n{"name":"PING"}\n{"name":"PING"}',
                   message(1, 1) + message(2, 0xffffffff) + message(1, 0) + message(1, 1))

    def test_over_many_lines(self):
        self.check(json.dumps({"name": "PLDR_ACK", "fields": {"version": 1, "status": "FAILURE"}}, indent=2),
                   message(518, 1, struct.pack("<II", 1, 1)))

    def test_enumerations(self):
        expected = message(511, 1, struct.pack("<I", 2))
        for owner in (2, "CSME", "2", "02", "0x2", "0x02", {"value": 2}, {"name": "CSME"}, {"value": 2, "name": "CSME"},
                      {"value": 2, "name": None}):
            self.check({"name": "NIC_OWNER", "fields": {"owner": owner}}, expected)

    def test_flags(self):
        expected = message(1004, 1, struct.pack("<I", 0x11))
        for flags in (17, ["OFFER_NIC", "LINK_PROTECTED"], {"value": 17}, {"names": ["LINK_PROTECTED", "OFFER_NIC"]},
                      {"value": 17, "names": ["OFFER_NIC", "LINK_PROTECTED"]}):
            self.check({"name": "HOST_SUSPENDS", "fields": {"flags": flags}}, expected)
        self.check({"name": "HOST_SUSPENDS", "fields": {"flags": {"value": 0x80000001, "names": ["OFFER_NIC"]}}},
                   message(1004, 1, struct.pack("<I", 0x80000001)))

    def test_yes_and_no(self):
        for value, number in ((True, 1), (False, 0), (7, 7)):
            self.check({"name": "AMT_STATE", "fields": {"state": value}},
                       message(502, 1, struct.pack("<I", number)))

    def test_country(self):
        for mcc in ("DE", 0x4445, {"text": "DE"}, {"value": 0x4445, "text": "DE"}):
            self.check({"name": "COUNTRY_CODE", "fields": {"mcc": mcc, "diff_time": 9}},
                       message(1008, 1, b"ED\x00\x00\x09\x00\x00\x00"))

    def test_ssid_tells_its_length(self):
        conn = struct.pack("<I", 5) + b"caf\xc3\xa9".ljust(32, b"\x00") + bytes(20)
        for ssid in ("caf\u00e9", {"text": "caf\u00e9"}, {"hex": "636166c3a9"}):
            self.check({"name": "HOST_LINK_UP", "fields": {"conn": {"ssid": ssid}}}, message(1009, 1, conn + bytes(12)))
        self.check({"name": "HOST_LINK_UP", "fields": {"conn": {"ssid": "abc", "ssid_len": 2}}},
                   message(1009, 1, struct.pack("<I", 2) + b"abc" + bytes(29 + 20 + 12)))

    def test_frame_tells_its_length(self):
        frame = bytes(range(60))
        self.check({"name": "CB_DATA_PACKET", "fields": {"to_me_filt_status": ["DHCP"], "frame": frame.hex()}},
                   message(2001, 1, bytes(28) + struct.pack("<III", 1 << 30, 0, 60) + frame))
        self.check({"name": "DATA_PACKET", "fields": {"frame": frame.hex().upper()}}, message(2000, 1, frame))

    def test_filters(self):
        self.check({"name": "CSME_FILTERS", "fields": {"oob": {
            "flex": [{}, {"dst_port": 16992, "flags": ["ENABLED", "TCP"]}],
            "ipv6": [{"addr_lo24": "a1b2c3", "flags": ["ENABLED"]}],
            "eth": [{"mac_address": "01:00:5e:00:00:fb", "flags": ["STOP", "ENABLED"]}],
            "ipv4": {"ipv4_addr": "192.0.2.1", "flags": 1},
            "vlan": [{"id": 100, "enabled": True}, 0x8002, {"value": 3}],
        }}}, message(500, 1, filters(at1746=b"\x00\x00\x42\x60\x12", at1828=b"\xa1\xb2\xc3\x02",
                                     at1844=b"\x01\x00\x5e\x00\x00\xfb\x05", at1880=b"\xc0\x00\x02\x01\x01",
                                     at1888=b"\x64\x80\x02\x80\x03\x00")))

    def test_long_numbers(self):
        for value in ("0x8000000000000001", "9223372036854775809"):
            self.check({"name": "START", "fields": {"shared_mem": value, "supported_versions": [4, 3]}},
                       me_message(1, 1, struct.pack("<Q4x", 0x8000000000000001) + b"\x04\x03" + bytes(62)))

    def test_reserved_extra_and_lengths(self):
        self.check({"name": "COUNTRY_CODE", "fields": {"reserved": "07", "extra": "0102"}},
                   message(1008, 1, b"\x00\x00\x00\x07\x00\x00\x00\x00\x01\x02"))
        self.check({"name": "COUNTRY_CODE", "len": 3, "fields": {"source_id": 9}}, message(1008, 1, b"\x00\x00\x09"))
        self.check({"name": "PING", "len": 500, "present": 2}, message(1, 1, bytes(2), 500))
        self.check({"name": "START_OK", "len": 0}, me_message(2, 1, bytes(8), 0))

    def test_what_decode_adds_is_passed_over(self):
        self.check('{"kind":"input","format":"sap-decode","version":1,"input":"sap","size":8}\n'
                   '{"kind":"sap","name":"PING","seq":3}\n{"kind":"error","offset":3,"status":"X","text":"y"}\n'
                   '{"kind":"end","messages":1,"errors":1}\n', message(1, 3))


class Refused(Encode):
    def test_syntax(self):
        self.refuse('{"name":"PING"}\n{"name":}', "line 2, column 9: unexpected token near '}'")
        self.refuse('{"name":"PING"} {"name":"PING"', "line 1, column 30: '}' expected near end of file")
        self.refuse('{"name":"PING","name":"PONG"}', "line 1, column 21: duplicate object key near '\"name\"'")

    def test_nothing(self):
        self.refuse("", "there is no message in it")
        self.refuse(" \n", "there is no message in it")
        self.refuse("[1]", "line 1: object: each line holds one object")

    def test_names(self):
        self.refuse({"name": "NIC_OWNR"}, 'line 1: name: there is no message "NIC_OWNR"; did you mean "NIC_OWNER"?')
        self.refuse({"name": "XYZZYXYZZY"}, 'line 1: name: there is no message "XYZZYXYZZY"')
        self.refuse({"fields": {}}, "line 1: name: a message needs a name or a type")
        self.refuse({"name": "PING", "type": 2}, "line 1: type: PING is 1, not 2")
        self.refuse({"kind": "me", "name": "PING"}, "line 1: kind: PING is a SAP message")
        self.refuse({"kind": "sap", "name": "START"}, "line 1: kind: START is an ME message")
        self.refuse({"kind": "ping"}, 'line 1: kind: "ping" is not input, me, sap, error or end')
        self.refuse({"name": "PING", "lenn": 3}, 'line 1: lenn: there is no such key; did you mean "len"?')
        self.refuse({"type": 65536}, "line 1: type: 65536 is out of range: 0 to 65535")

    def test_fields(self):
        def refuse(name, fields, why):
            self.refuse({"name": name, "fields": fields}, "line 1: fields" + why)

        refuse("HOST_LINK_UP", {"conn": {"ssid_length": 3}},
               '.conn.ssid_length: there is no such field; did you mean "ssid_len"?')
        refuse("HOST_LINK_UP", {"conn": {"channel": 256}}, ".conn.channel: 256 is out of range: 0 to 255")
        refuse("HOST_LINK_UP", {"conn": {"channel": -1}}, ".conn.channel: -1 is out of range: 0 to 255")
        refuse("HOST_LINK_UP", {"conn": {"channel": 6.0}}, ".conn.channel: not a whole number")
        refuse("HOST_LINK_UP", {"conn": {"channel": "6x"}}, '.conn.channel: "6x" is not a whole number')
        refuse("HOST_LINK_UP", {"conn": {"channel": None}}, ".conn.channel: not a whole number")
        refuse("HOST_LINK_UP", {"conn": []}, ".conn: not an object")
        refuse("HOST_LINK_UP", {"conn": {"bssid": "02:00:00:00:01"}},
               ".conn.bssid: not a MAC address, as 02:00:00:00:01:00")
        refuse("HOST_LINK_UP", {"conn": {"ssid": "x" * 33}}, ".conn.ssid: 33 bytes are given, there is room for 32")
        refuse("HOST_LINK_UP", {"conn": {"ssid": {"text": "a", "hex": "62"}}},
               '.conn.ssid: "text" and "hex" say different things')
        refuse("NIC_OWNER", {"owner": "CMSE"}, '.owner: there is no "CMSE"; did you mean "CSME"?')
        refuse("NIC_OWNER", {"owner": {"value": 1, "name": "CSME"}},
               '.owner: "value" and the names beside it say different things')
        refuse("NIC_OWNER", {"owner": {}}, ".owner: an object without a value")
        refuse("NIC_OWNER", {"owner": 4294967296}, ".owner: 4294967296 is out of range: 0 to 4294967295")
        refuse("RADIO_STATE", {"state": ["SW_OFF"]}, '.state: there is no "SW_OFF"; did you mean "SW_ON"?')
        refuse("RADIO_STATE", {"state": {"value": 1, "names": ["HW_ON"]}},
               '.state: "value" and the names beside it say different things')
        refuse("RADIO_STATE", {"state": {"value": 1, "nmaes": ["HW_ON"]}},
               '.state: "nmaes" does not belong in this value')
        refuse("COUNTRY_CODE", {"mcc": "USA"}, ".mcc: a country has two letters")
        refuse("SAR_LIMITS", {"limits": list(range(11))}, ".limits: 11 elements are given, it has 10")
        refuse("SAR_LIMITS", {"limits": [1, 65536]}, ".limits[1]: 65536 is out of range: 0 to 65535")
        refuse("SAR_LIMITS", {"limits": 5}, ".limits: not a list")
        refuse("CSME_FILTERS", {"oob": {"ipv4": {"ipv4_addr": "192.0.2.256"}}},
               ".oob.ipv4.ipv4_addr: not an IPv4 address")
        refuse("CSME_FILTERS", {"oob": {"flex": [{}, {"port": 5}]}},
               '.oob.flex[1].port: there is no such field')
        refuse("CSME_FILTERS", {"oob": {"vlan": [{"id": 4096}]}}, '.oob.vlan[0]: "id" does not belong in this value')
        refuse("CSME_FILTERS", {"cbfilters": "00"}, ".cbfilters: 1 bytes are given, it has 1728")
        refuse("DATA_PACKET", {"frame": "0g"}, ".frame: bytes are pairs of hex digits")
        refuse("DATA_PACKET", {"frame": "012"}, ".frame: bytes are pairs of hex digits")
        refuse("PING", {"state": 1}, ".state: there is no such field")
        refuse("PING", 5, ": not an object")
        refuse("START", {"supported_versions": [256]}, ".supported_versions: not a list of numbers from 0 to 255")

    def test_lengths(self):
        self.refuse({"name": "COUNTRY_CODE", "len": 3, "fields": {"diff_time": 1}},
                    "line 1: fields.diff_time: does not fit: the payload has only 3 bytes")
        self.refuse({"name": "SAR_LIMITS", "len": 5, "fields": {"limits": [1, 2, 3]}},
                    "line 1: fields.limits: only 2 elements fit into the payload's 5 bytes")
        self.refuse({"name": "DATA_PACKET", "len": 14, "fields": {"frame": 15 * "00"}},
                    "line 1: fields.frame: 15 bytes are given, there is room for 14")
        self.refuse({"name": "DATA_PACKET", "fields": {"frame": 65536 * "00"}},
                    "line 1: fields: 65536 bytes of payload: a message has at most 65535")
        self.refuse({"name": "PING", "len": 65536}, "line 1: len: 65536 is out of range: 0 to 65535")

    def test_each_object_is_told(self):
        self.refuse('{"name":"PIN"}\n\n{"name":"PING","seq":-1}\n{"name":"PONG"}\n',
                    ['line 1: name: there is no message "PIN"; did you mean "PING"?',
                     "line 3: seq: -1 is out of range: 0 to 4294967295"])

    def test_kinds_do_not_mix(self):
        self.refuse('{"name":"START"}\n{"name":"START_OK"}',
                    "line 2: kind: a file holds one ME message; --hex takes several")
        self.refuse('{"name":"START"}\n{"name":"PING"}', "line 2: kind: ME and SAP messages do not go into one file")

    def test_other_formats(self):
        first = {"kind": "input", "format": "sap-decode", "version": 2, "input": "sap", "size": 8}
        self.refuse(first, ["line 1: version: this is version 2 of the format, not 1", "there is no message in it"][:1])
        self.refuse('{"name":"PING"}\n{"kind":"input","input":"sap"}', 'line 2: kind: "input" must come first')


class Areas(Encode):
    def test_messages_find_their_place(self):
        area = Area(3).put(0, 0, message(1013, 1), message(1011, 2)).put(2, 0, message(502, 3, b"\x01\x00\x00\x00"))
        self.check('{"kind":"input","input":"area","sap_version":3}\n'
                   '{"queue":"host_notif","name":"WIFIDR_UP"}\n{"queue":"host_notif","name":"WHO_OWNS_NIC"}\n'
                   '{"queue":"csme_notif","name":"AMT_STATE","fields":{"state":true}}', area.bytes())

    def test_they_wrap(self):
        area = Area(4).put(3, 24128 - 5, message(2000, 9, bytes(range(20))))
        self.check('{"kind":"input","input":"area","queues":[{"queue":"csme_data","rd":24123}]}\n'
                   '{"queue":"csme_data","name":"DATA_PACKET","seq":9,"fields":{"frame":"%s"}}'
                   % bytes(range(20)).hex(), area.bytes())

    def test_a_full_queue(self):
        ping = '{"queue":"host_notif","name":"PING"}\n'
        first = '{"kind":"input","input":"area","sap_version":3}\n'
        result = run("encode", data=first + 279 * ping)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(len(messages(decode(result.stdout)[1])), 279)
        # Hazard 1: the 280th would make a full queue look empty.
        self.refuse(first + 280 * ping, "line 281: queue: 2240 bytes are too many: 2239 fit into this queue")

    def test_wr_stays_as_given(self):
        area = Area(3).put(0, 0, message(1, 1))
        area.indices(0, 0, 16)
        self.check('{"kind":"input","input":"area","sap_version":3,"queues":[{"queue":"host_notif","wr":16}]}\n'
                   '{"queue":"host_notif","name":"PING"}', area.bytes())

    def test_empty(self):
        self.check({"kind": "input", "input": "area"}, Area(4).bytes())

    def test_refused(self):
        def refuse(why, line, **more):
            self.refuse(json.dumps({"kind": "input", "input": "area", **more}) + "\n" + line, why)

        refuse("line 1: sap_version: there is no version 5 of the area: 3 or 4", "", sap_version=5)
        refuse("line 1: size: an area of version 3 has 139264 bytes, not 4096", "", sap_version=3, size=4096)
        refuse("line 1: queue: not host_notif, host_data, csme_notif or csme_data", "", queues=[{"queue": "x"}])
        refuse("line 1: queues: a queue without its name", "", queues=[{"rd": 3}])
        refuse("line 2: queue: a message in an area needs its queue", '{"name":"PING"}')
        refuse("line 2: offset: 2304 is not in this queue, which is 64 to 2303",
               '{"name":"PING","queue":"host_notif","offset":2304}', sap_version=3)
        refuse("line 2: kind: an ME message does not lie in an area", '{"name":"START","queue":"host_notif"}')
        refuse("line 2: queue: its rd is past its end, so a message must say its offset",
               '{"name":"PING","queue":"host_notif"}', queues=[{"queue": "host_notif", "rd": 99999}])


class Output(unittest.TestCase):
    def test_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.bin"
            result = run("encode", "-o", path, data='{"name":"PING"}')
            self.assertEqual((result.returncode, result.stdout, path.read_bytes()), (0, b"", message(1, 1)))
            # A mistake leaves the file as it was.
            self.assertEqual(run("encode", "-o", path, data='{"name":"PIN"}').returncode, 1)
            self.assertEqual(path.read_bytes(), message(1, 1))

    def test_hex(self):
        result = run("encode", "--hex", data='{"name":"PING"}{"name":"START"}'.replace("START", "COUNTRY_CODE"))
        self.assertEqual(result.stdout.decode(), "01 00 00 00 01 00 00 00\n\n"
                         "f0 03 08 00 02 00 00 00 00 00 00 00 00 00 00 00\n")

    def test_no_such_place(self):
        result = run("encode", "-o", "/no/such/place", data='{"name":"PING"}')
        self.assertEqual((result.returncode, result.stderr), (
            3, b"sap encode: /no/such/place: cannot be opened: No such file or directory\n"))


if __name__ == "__main__":
    unittest.main()
