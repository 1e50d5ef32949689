"""Settling a month of forty homes: the arithmetic beside a bare loop, and all of it with its files.

The bare loop shares by the same method in the fewest steps: it knows no own use, no missing home,
no key, no fund, and checks nothing.
"""

import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from collector.reading import AcceptedReading, Identity, Reading
from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from coop.allocation import Energy, Home, Rules, Sharing
from coop.database import open_database
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.settings import CoopSettings
from coop.settle import Settler
from tests.bench.figure import Figure, median_s, medians_s

HOMES = [f"h{number:02}" for number in range(1, 41)]
SLOTS = 2_976
DAY_SLOTS = 96
MONTH = f"{len(HOMES)} homes x {SLOTS:,} slots"
START = datetime(2026, 3, 1, 5, tzinfo=UTC)


def measure() -> list[Figure]:
    """Return the seconds of the arithmetic beside the bare loop, and of a month with its files."""
    slots = _month()
    ours, bare = _arithmetic(slots)
    return [
        Figure(f"settling: arithmetic, {MONTH}", ours, "s", bare, "at most 1.5 times"),
        Figure(
            f"settling: a month of {len(HOMES)} homes, read, allocate, store",
            _with_files(slots),
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


def _with_files(slots: Sequence[Energy]) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = SqliteStore(SqliteSettings(path=folder / "readings.sqlite"))
        try:
            _fill(store, slots)
            tries = iter(range(100))
            return median_s(lambda: _settle(folder / f"{next(tries)}", store), tries=3)
        finally:
            store.close()


def _fill(store: SqliteStore, slots: Sequence[Energy]) -> None:
    """Write the counters of all devices at every border, a day in a batch."""
    counters = [0] * (len(HOMES) + 1)
    batch: list[AcceptedReading] = []
    for border in range(SLOTS + 1):
        batch += [_reading(place, border, wh) for place, wh in enumerate(counters)]
        if border % DAY_SLOTS == 0 or border == SLOTS:
            store.write(batch)
            batch = []
        if border < SLOTS:
            slot = slots[border]
            steps = [slot.production_wh, *(need or 0 for need in slot.consumption_wh)]
            counters = [counter + step for counter, step in zip(counters, steps, strict=True)]


def _reading(place: int, border: int, wh: int) -> AcceptedReading:
    device = HOMES[place - 1] if place else "roof"
    quantity = "import_energy_total" if place else "energy_total"
    taken_at = START + border * timedelta(minutes=15)
    reading = Reading(device, taken_at, {quantity: wh}, {}, "bench", border)
    return AcceptedReading(Identity("bench", "e", device, border * 100 + place), reading)


def _settle(folder: Path, store: SqliteStore) -> None:
    settings = CoopSettings().resolved(folder)
    with open_database(settings) as database:
        homes = [ExampleHome(one, (one, "import_energy_total")) for one in HOMES]
        roof = ExampleRoof("school", "School", ("roof", "energy_total"))
        create_example(database, homes, [roof], ExamplePlan(int(START.timestamp())))
        end = START + SLOTS * timedelta(minutes=15) + timedelta(minutes=2)
        result = Settler(database, store, settings).settle(end)
    if result.settled != SLOTS:
        raise AssertionError(f"{result.settled} of {SLOTS} slots settled")
