"""What twenty devices cost a memory card, polled every 10 s: bytes written by collect and ingest.

A day runs faster on one virtual clock; what is written depends on commits, not on seconds.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from collector.clock import ENVIRONMENT, VirtualClock
from collector.sending.outbox import Outbox
from tests.bench.figure import Figure
from tests.bench.scene import Scene, running
from tests.faults.processes import Program, wait_until

DEVICES = 20
POLL_S = 10
SPEED = 60
MEASURED_S = 90.0
DAY_READINGS = 86_400 // POLL_S * DEVICES
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def measure() -> list[Figure]:
    """Return megabytes a day: outbox, store, and both."""
    with tempfile.TemporaryDirectory() as name:
        clock = Path(name) / "clock.json"
        VirtualClock.set(clock, START, SPEED)
        scene = Scene(Path(name), DEVICES, {ENVIRONMENT: str(clock)})
        with scene.running():
            outbox_mb, store_mb = _measure(scene)
    what = f"written to disk a day, {DEVICES} devices every {POLL_S} s"
    return [
        Figure(f"{what}: outbox", outbox_mb, "MB"),
        Figure(f"{what}: store", store_mb, "MB"),
        Figure(f"{what}: both", outbox_mb + store_mb, "MB", None, "at most 50"),
    ]


def _measure(scene: Scene) -> list[float]:
    settings = f"poll_s = {POLL_S}"
    services = [scene.service(name, "wear", DEVICES, settings) for name in ("collect", "ingest")]
    with running(*services):
        outbox = Outbox(scene.outbox("wear"))
        wait_until(lambda: outbox.pruned_seq, "something is stored", 60)
        time.sleep(5)
        before, first = [_written_bytes(one) for one in services], outbox.last_seq
        time.sleep(MEASURED_S)
        after, last = [_written_bytes(one) for one in services], outbox.last_seq
        outbox.close()
    share = DAY_READINGS / (last - first) / 1e6
    return [(end - start) * share for start, end in zip(before, after, strict=True)]


def _written_bytes(program: Program) -> int:
    """Return what a program made the kernel write to a disk so far."""
    lines = Path(f"/proc/{program.pid}/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])
