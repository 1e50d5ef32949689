"""Seven days of twenty devices wait in the outbox; the broker comes back while they are polled."""

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from collector.reading import Reading
from collector.sending.outbox import Outbox
from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from tests.bench.figure import Figure
from tests.bench.naive_poll import QUANTITIES
from tests.bench.scene import Scene, running
from tests.faults.processes import Program, wait_until

DEVICES = [f"inverter-{number:02}" for number in range(20)]
POLL_S, DAYS = 10, 7
CYCLES = DAYS * 86_400 // POLL_S
COMMITS_OF = 6 * len(DEVICES)


def measure() -> list[Figure]:
    """Return minutes until all is stored, seconds until a live reading is, and memory."""
    with tempfile.TemporaryDirectory() as name:
        scene = Scene(Path(name), len(DEVICES))
        count = _fill(scene.outbox("away"))
        with scene.running():
            minutes, live_s, memory_mb = _measure(scene, count)
    what = f"{DAYS} days x {len(DEVICES)} devices every {POLL_S} s ({count:,} readings)"
    return [
        Figure(f"{what}: all stored, polling meanwhile", minutes, "min", None, "at most 5"),
        Figure(f"{what}: the first live reading stored", live_s, "s"),
        Figure(f"{what}: memory of collect, the most", memory_mb, "MB", None, "at most 60"),
    ]


def _measure(scene: Scene, count: int) -> tuple[float, float, float]:
    settings = "poll_s = 2\ncommit_s = 2"
    services = [scene.service(name, "away", 20, settings) for name in ("ingest", "collect")]
    outbox = Outbox(scene.outbox("away"))
    begun_s, begun = time.monotonic(), datetime.now(UTC)
    with running(*services):
        store = SqliteStore(SqliteSettings(path=scene.folder / "readings.sqlite"))
        wait_until(lambda: _has_live(store, begun), "a live reading is stored", 120)
        live_s = time.monotonic() - begun_s
        wait_until(lambda: outbox.pruned_seq >= count, "all is stored", 300)
        minutes = (time.monotonic() - begun_s) / 60
        memory_mb = _most_memory_mb(services[1])
        store.close()
    outbox.close()
    return minutes, live_s, memory_mb


def _has_live(store: SqliteStore, begun: datetime) -> bool:
    return any(last.reading.taken_at >= begun for last in store.last(DEVICES[:1]).values())


def _most_memory_mb(program: Program) -> float:
    """Return the most memory that a program has held so far."""
    status = Path(f"/proc/{program.pid}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kib) * 1_024 / 1e6


def _fill(path: Path) -> int:
    path.parent.mkdir(parents=True)
    outbox = Outbox(path)
    waiting = _readings()
    for day in range(1, DAYS + 1):
        todays = islice(waiting, CYCLES // DAYS * len(DEVICES))
        while readings := list(islice(todays, COMMITS_OF)):
            outbox.accept(readings)
        sys.stderr.write(f"day {day} of {DAYS} waits in the outbox\n")
    outbox.close()
    return CYCLES * len(DEVICES)


def _readings() -> Iterator[Reading]:
    start = datetime.now(UTC) - timedelta(days=DAYS)
    noise = Random(7)  # noqa: S311  a model, not a secret
    for cycle in range(CYCLES):
        for device in DEVICES:
            values = {name: noise.randrange(1_000) for name, _ in QUANTITIES}
            values["energy_total"] = 5_000_000 + 7 * cycle
            yield Reading(
                device=device,
                taken_at=start + timedelta(seconds=POLL_S * cycle),
                quantities=values,
                bad={},
                boot="away",
                mono_ms=1_000 * POLL_S * cycle,
            )
