# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A client that downloads, checks each byte as it comes, and notes when nothing came.

    client.py ADDRESS BYTES [RATE]

Tells what came so far, a JSON line now and then, and in the end what it all came to. SIGTERM ends it early.
"""
import hashlib
import json
import signal
import socket
import sys
import time

LINE = 16
TELL = 0.02  # s between two lines of progress
GAP = 0.03  # s of silence that are worth noting


def expected(at, n):
    """Bytes of the download from `at` on: lines of 16, each with its own place."""
    first = at - at % LINE
    text = "".join("%015x\n" % place for place in range(first, at + n, LINE))
    return text.encode()[at - first:at - first + n]


class Download:
    """One download, and what came of it."""

    def __init__(self, address, size, rate):
        self.size = size
        self.got = 0
        self.wrong = None
        self.theirs, self.ours = hashlib.sha256(), hashlib.sha256()
        self.gaps = []
        self.last = time.monotonic()
        self.stopped = False
        self.told = 0
        self.socket = socket.create_connection((address, 16992), timeout=60)
        query = "GET /download?bytes=%d&rate=%d HTTP/1.1\r\nConnection: close\r\n\r\n" % (size, rate)
        self.socket.sendall(query.encode())
        self.head = b""

    def take(self, data):
        """Checks what came."""
        should = expected(self.got, len(data))
        if data != should and self.wrong is None:
            self.wrong = self.got + next(
                (i for i, (a, b) in enumerate(zip(data, should)) if a != b), len(should))
        self.theirs.update(data)
        self.ours.update(should)
        self.got += len(data)

    def note_time(self):
        """How long nothing came; and a line for who watches."""
        now = time.monotonic()
        if now - self.last >= GAP:
            self.gaps.append((self.last, now - self.last))
        self.last = now
        if now - self.told >= TELL:
            self.told = now
            print(json.dumps({"got": self.got, "at": now}), flush=True)

    def run(self):
        """Up to the end, or to a signal."""
        while not self.stopped and self.got < self.size:
            data = self.socket.recv(65536)
            if not data:
                break
            self.note_time()
            if b"\r\n\r\n" not in self.head:
                self.head += data
                if b"\r\n\r\n" not in self.head:
                    continue
                self.head, data = self.head.split(b"\r\n\r\n", 1)
                self.head += b"\r\n\r\n"
            self.take(data)

    def result(self, error):
        """What it came to, as a line."""
        whole = self.stopped or self.got == self.size
        return json.dumps({
            "done": True, "got": self.got, "size": self.size, "wrong_at": self.wrong, "error": error,
            "fine": self.wrong is None and whole and error is None,
            "received": self.theirs.hexdigest(), "sent": self.ours.hexdigest(), "gaps": self.gaps})


def main():
    """The command line."""
    download = Download(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)

    def stop(_signal, _frame):
        download.stopped = True
        # A read that waits ends with that.
        download.socket.shutdown(socket.SHUT_RD)

    signal.signal(signal.SIGTERM, stop)
    print(json.dumps({"got": 0, "at": time.monotonic()}), flush=True)
    error = None
    try:
        download.run()
    except OSError as failure:
        error = str(failure)
    print(download.result(error), flush=True)


main()
