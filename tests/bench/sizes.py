"""What a home costs in a slot, in cooperatives and months of several sizes: it stays the same."""

import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.town import Town

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]
SIZES = ((10, 1), (20, 1), (40, 1), (80, 1), (160, 1), (320, 1), (40, 2), (40, 4))
"""Homes and months."""
MICROSECONDS = 1_000_000


def measure() -> list[Figure]:
    """Return the microseconds that a home and slot take, readings to report, by size."""
    return [_figure(homes, MONTHS[:months]) for homes, months in SIZES]


def _figure(homes: int, months: list[str]) -> Figure:
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", homes, months)
        for month in months:
            town.live(month)
        slots = sum(len(town.slots_of(month)) for month in months)
        begun = time.perf_counter()
        town.settle(months[-1])
        for month in months:
            town.report(month)
        taken = time.perf_counter() - begun
    what = f"sizes: {homes} homes x {slots:,} slots, {taken:.2f} s; a home and slot"
    return Figure(what, taken / homes / slots * MICROSECONDS, "us")
