# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The data path, shown to a person: what scripts/demo --net runs."""
import os
import sys
import time
import signal

import lab

BOLD, DIM, PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ \
    else ("", "", "")
SIZE, RATE = 3_000_000, 500_000
POWER_UP = 0.15


def tell(text=""):
    """A line, now."""
    print(text, flush=True)


def step(text):
    """A heading."""
    tell("\n%s%s%s" % (BOLD, text, PLAIN))


def indent(text):
    """What a program said."""
    for line in text.strip().splitlines():
        tell("    " + line.rstrip("\r"))


def page():
    """The page of AMT, as the other host sees it."""
    tell("%s  remote$ curl -i http://%s:16992/%s" % (DIM, lab.ADDRESS, PLAIN))
    text = lab.curl().stdout.replace("\r", "")
    head, body = text.split("\n\n", 1)
    indent("\n".join(line for line in head.splitlines() if line.startswith(("HTTP", "Server"))))
    indent("\n".join(line for line in body.splitlines()[2:5]))


def take_over(csme, host):
    """The host takes the NIC, as its events tell."""
    began = time.monotonic()

    def since(text):
        tell("    %4.0f ms  %s" % ((time.monotonic() - began) * 1000, text))

    host.do("own")
    since("the host asks CSME for the card")
    host.event("OWN_DONE", reason="none")
    since("granted: CSME has let go of it")
    host.event("JOINED", side="host")
    since("powered up, and on CSME's access point")
    csme.event("LINK_UP")
    since("the host tells CSME; the connection is kept")
    return began


def ping():
    """Who answers?"""
    tell("%s  remote$ ping -c 3 %s%s" % (DIM, lab.ADDRESS, PLAIN))
    text = lab.run("ping", "-c", "3", "-i", "0.1", lab.ADDRESS, space="remote").stdout
    indent("\n".join(line for line in text.splitlines() if "ttl=" in line or "received" in line))
    tell("    %s(ttl 64: the host's own stack; CSME's would be 255)%s" % (DIM, PLAIN))


def story():
    """All of it."""
    with lab.Lab() as place:
        place.serve_dhcp()
        step("1. The laptop's host is off. CSME drives the card, and AMT answers another host.")
        csme = place.csme("--set=loss=500ms")
        page()
        step("2. That host begins a download of %d bytes. It will not end it before step 5." % SIZE)
        client = place.client(lab.ADDRESS, SIZE, RATE)
        tell("    %d bytes came" % client.got(SIZE // 10))
        step("3. The laptop boots, and its host wants the card. CSME hands it over.")
        host = place.host()
        host.event("UP")
        host.event("RFKILL", on="yes")
        began = take_over(csme, host)
        place.lease()
        step("4. The same page, by way of the host now; and the host's own answers, on the same address.")
        page()
        ping()
        step("5. The download never noticed.")
        result = client.result()
        silent = max(length for start, length in result["gaps"] if began - length < start < began + 2)
        tell("    %d bytes, %d lost; sha256 of what was sent     %s" %
             (result["got"], SIZE - result["got"], result["sent"][:32]))
        tell("                           and of what was received %s" % result["received"][:32])
        tell("    silent for %.0f ms, %.0f of which the card took to power up" % (silent * 1000, POWER_UP * 1000))
        step("6. The host's process is killed. CSME waits half a second for it, and takes the card back.")
        host.stop(signal.SIGKILL)
        csme.event("JOINED", side="csme")
        page()


if __name__ == "__main__":
    lab.enter()
    story()
