# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Captures made and read without libpcap: docs/captures.md, and the classic format of pcap."""

import struct

USER0 = 147
MAGICS = {"micro": 0xa1b2c3d4, "nano": 0xa1b23c4d}
QUEUES = {(1, 1): 0, (1, 2): 0, (2, 1): 1, (3, 1): 2, (2, 2): 3, (3, 2): 4}  # by layer and direction


def header(layer, to, queue=None, version=1, sap_version=4):
    return bytes([version, layer, to, QUEUES.get((layer, to), 0) if queue is None else queue, sap_version, 0, 0, 0])


def record(layer, to, message, **other):
    return header(layer, to, **other) + message


def file_header(order="<", precision="micro", link=USER0):
    return struct.pack(order + "IHHiIII", MAGICS[precision], 2, 4, 0, 0, 1 << 17, link)


def write(records, order="<", precision="micro", link=USER0):
    """Records are bytes, or (bytes, length on the wire, seconds, fraction)."""
    out = file_header(order, precision, link)
    for number, item in enumerate(records):
        data, wire, seconds, fraction = item if isinstance(item, tuple) else (item, len(item), number, 0)
        out += struct.pack(order + "IIII", seconds, fraction, len(data), wire) + data
    return out


def read(data):
    """(microseconds, header, message) of each record, of a file in this machine's order."""
    magic, major, minor, _, _, _, link = struct.unpack("=IHHiIII", data[:24])
    assert (magic, major, minor, link) == (MAGICS["micro"], 2, 4, USER0)
    at, found = 24, []
    while at < len(data):
        seconds, micro, size, wire = struct.unpack("=IIII", data[at:at + 16])
        assert size == wire and at + 16 + size <= len(data)
        content = data[at + 16:at + 16 + size]
        found.append((seconds * 1000000 + micro, content[:8], content[8:]))
        at += 16 + size
    return found
