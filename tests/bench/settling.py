"""Settling a month of forty homes: the arithmetic beside a bare loop, and all of it to its report.

The bare loop shares by the same method in the fewest steps: it knows no own use, no missing home,
no key, no fund, and checks nothing.
"""

import random
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median

from coop.allocation import Energy, Home, Rules, Sharing
from tests.bench.figure import Figure, medians_s
from tests.bench.town import Town

HOMES = [f"h{number:02}" for number in range(1, 41)]
SLOTS = 2_976
DAY_SLOTS = 96
MONTH = f"{len(HOMES)} homes x {SLOTS:,} slots"


def measure() -> list[Figure]:
    """Return the seconds of the arithmetic beside the bare loop, and of a month with its report."""
    slots = _month()
    ours, bare = _arithmetic(slots)
    return [
        Figure(f"settling: arithmetic, {MONTH}", ours, "s", bare, "at most 1.5 times"),
        Figure(
            f"settling: a month of {len(HOMES)} homes, read, meter, share, ledger, report",
            _with_report(),
            "s",
            aim="at most 1 s",
        ),
    ]


def _month() -> list[Energy]:
    """Return dark nights and sunny days; at noon the roofs make more than anybody needs."""
    chance = random.Random(1)  # noqa: S311  the same month every time, not a secret
    return [
        Energy(
            slot_number=slot,
            production_wh=round(chance.random() * max(0, 28 - abs(slot % DAY_SLOTS - 48)) * 600),
            home_production_wh=[0] * len(HOMES),
            consumption_wh=[chance.randrange(400) for _ in HOMES],
        )
        for slot in range(SLOTS)
    ]


def _arithmetic(slots: Sequence[Energy]) -> list[float]:
    chance = random.Random(2)  # noqa: S311  as above
    weights = [chance.randrange(1, 10) for _ in HOMES]
    listed = zip(HOMES, weights, strict=True)
    sharing = Sharing.prepare(Rules(), [Home(one, weight=Fraction(w, 100)) for one, w in listed])

    def ours() -> list[Sequence[int]]:
        return [sharing.share(slot).allocated_wh for slot in slots]

    def bare() -> list[Sequence[int]]:
        return [
            _bare(slot.production_wh, slot.consumption_wh, weights, slot.slot_number)  # type: ignore[arg-type]  # nothing is missing in this month
            for slot in slots
        ]

    if ours() != bare():
        raise AssertionError("the bare loop shares otherwise, so their times cannot be compared")
    return medians_s(ours, bare, tries=9)


def _bare(pool: int, needs: Sequence[int], weights: Sequence[int], slot: int) -> list[int]:
    given = [0] * len(needs)
    active = [one for one, need in enumerate(needs) if need and weights[one]]
    while active and pool:
        whole = sum([weights[one] for one in active])
        full = [one for one in active if pool * weights[one] >= needs[one] * whole]
        if not full:
            quotas = [divmod(pool * weights[one], whole) for one in active]
            spare = pool - sum([quota for quota, _ in quotas])
            order = [
                (-remainder, (one - slot) % len(needs), one)
                for one, (_, remainder) in zip(active, quotas, strict=True)
            ]
            for one, (quota, _) in zip(active, quotas, strict=True):
                given[one] = quota
            for _, _, one in sorted(order)[:spare]:
                given[one] += 1
            break
        for one in full:
            given[one] = needs[one]
            pool -= needs[one]
        active = [one for one in active if not given[one]]
    return given


def _with_report() -> float:
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "town", len(HOMES), ["2026-03"])
        town.live("2026-03")
        return median(_settle(town) for _ in range(5))


def _settle(town: Town) -> float:
    town.found()
    begun = time.perf_counter()
    town.settle("2026-03")
    town.report("2026-03")
    return time.perf_counter() - begun
