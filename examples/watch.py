#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Speaks for a host without a line of C: runs `sap host --json`, reads its events, answers with commands.

    sap csme --socket=/tmp/csme &
    ./watch.py /tmp/csme

It asks for the NIC, keeps it until CSME wants it back, and tells in a line each what happened. What the JSON
says is in docs/processes.md; unknown kinds and keys are to be ignored, since later versions may add some.
"""
import json
import os
import subprocess
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} SOCKET")
    sap = os.environ.get("SAP_TOOL", "sap")
    host = subprocess.Popen([sap, "host", "--json", f"--socket={sys.argv[1]}"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    leaving = False

    def command(line):
        host.stdin.write(line + "\n")
        host.stdin.flush()

    for line in host.stdout:
        event = json.loads(line)
        if event["kind"] != "event" or event["by"] != "host":
            continue
        name, values = event["name"], event["values"]
        if name == "AMT" and values["on"] == "yes":
            print("AMT runs: asking for the NIC", flush=True)
            command("own")
        elif name == "OWN_DONE":
            print("granted" if values["reason"] == "none" else f"not granted: {values['reason']}", flush=True)
        elif name == "LEAVE":
            # The simulated driver takes its device down by itself; here a real one would be told to.
            print("CSME wants it back", flush=True)
            leaving = True
        elif name == "OWNER" and values["owner"] == "csme" and leaving:
            print("CSME has it", flush=True)
            command("quit")
        elif name == "DOWN":
            print(f"SAP is down: {values['status']}", flush=True)
    sys.exit(host.wait())


if __name__ == "__main__":
    main()
