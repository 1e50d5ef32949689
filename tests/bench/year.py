"""A year of four hundred homes, month after month: how long it takes and what memory it needs."""

import resource
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.town import Town

HOMES = 400
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


def measure() -> list[Figure]:
    """Return the seconds of all months with their reports, and the peak of memory."""
    seconds, peaks_mb = 0.0, []
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", HOMES, MONTHS)
        for month in MONTHS:
            town.live(month)
            begun = time.perf_counter()
            town.settle(month)
            town.report(month)
            seconds += time.perf_counter() - begun
            peaks_mb.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024)
        slots = sum(len(town.slots_of(month)) for month in MONTHS)
    what = f"year: {HOMES} homes x {slots:,} slots"
    return [
        Figure(f"{what}, read to report", seconds, "s", aim="at most 60 s"),
        Figure(f"{what}, most memory after 12 months (after 2)", peaks_mb[-1], "MB", peaks_mb[1]),
    ]
