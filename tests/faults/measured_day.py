"""What one measured day must come to, from the files alone; shares no code with Minga."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

ZONE = timezone(timedelta(hours=-8))
QUARTERS = 4


@dataclass(frozen=True)
class Slot:
    """The sums of one slot, in watt-hours."""

    produced: int
    consumed: int
    own_use: int
    shared: int
    left_over: int


def expected_slots(folder: Path, day: datetime) -> list[Slot]:
    """Share each slot of a day among equal homes: own use first, then the pool to who needs it.

    With equal positive weights and redistribution the shared sum is the smaller of pool and need.
    """
    produced = _slot_energy(folder / "production_kwh.csv", day)
    consumed = _slot_energy(folder / "consumption_kwh.csv", day)
    return [_share(*homes) for homes in zip(produced, consumed, strict=True)]


def _share(produced: Sequence[int], consumed: Sequence[int]) -> Slot:
    own = [min(p, c) for p, c in zip(produced, consumed, strict=True)]
    pool, need = sum(produced) - sum(own), sum(consumed) - sum(own)
    shared = min(pool, need)
    return Slot(sum(produced), sum(consumed), sum(own), shared, pool - shared)


def _slot_energy(path: Path, day: datetime) -> list[list[int]]:
    """Return for each slot of the day what each home's whole-Wh counter rose by."""
    borders = _counters(path, day.replace(tzinfo=None))
    return [
        [after - before for before, after in zip(earlier, later, strict=True)]
        for earlier, later in pairwise(borders)
    ]


def _counters(path: Path, day: datetime) -> list[list[int]]:
    """Return the 97 counter values of each home: floor of the running total, linear in the hour."""
    borders: list[list[int]] = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        homes = len(next(rows)) - 1
        total = [Fraction(0)] * homes
        for row in rows:
            hour, energy = datetime.fromisoformat(row[0]), [Fraction(text) for text in row[1:]]
            if day <= hour < day + timedelta(days=1):
                borders += [
                    [int((t + e * q / QUARTERS) * 1000) for t, e in zip(total, energy, strict=True)]
                    for q in range(QUARTERS)
                ]
            elif hour == day + timedelta(days=1):
                borders.append([int(t * 1000) for t in total])
            total = [t + e for t, e in zip(total, energy, strict=True)]
    return borders
