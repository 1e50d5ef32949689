"""A device on a simulated serial line: each byte comes when a wire of that speed has carried it.

A process of its own, so that its pacing and the reader do not wait for each other. Writes the name
of its port and answers until its input ends.
"""

import os
import select
import sys
import time
import tty
from collections.abc import Iterator

from tests.collector.devices.rtu_line import Asked

SILENT_CHARACTERS = 3.5


def main(character_s: float) -> None:
    """Serve until nobody wants it any more."""
    master, slave = os.openpty()
    tty.setraw(slave)
    sys.stdout.write(f"{os.ttyname(slave)}\n")
    sys.stdout.flush()
    for asked, came_s in _requests(master):
        at_s = came_s + (len(asked.raw) + SILENT_CHARACTERS) * character_s
        for byte in asked.reply():
            at_s += character_s
            time.sleep(max(at_s - time.monotonic(), 0))
            os.write(master, bytes([byte]))


def _requests(master: int) -> Iterator[tuple[Asked, float]]:
    held = b""
    while True:
        ready, _, _ = select.select([master, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        came_s = time.monotonic()
        held += os.read(master, 256)
        while len(held) >= 8:
            yield Asked(held[:8]), came_s
            held = held[8:]


if __name__ == "__main__":
    main(float(sys.argv[1]))
