"""A cooperative with real books in which things go wrong that a steward should notice.

The roof of Rosa is shaded, the meter of h07 was silent for two days, that of h03 is silent since,
one device never reported, and messages were refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from flask import Flask

from collector.intake.journal import Journal
from collector.intake.journal_reader import JournalReader
from collector.intake.wire import Refused
from coop.books import Books
from coop.database.opening import Database, open_database
from coop.household import HomeBook
from coop.members.example import PRICES, ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.settings import CoopSettings
from coop.settling.settle import Settler
from coop.watch.book import WatchBook
from dashboard.app import create_app
from dashboard.sources import Sources
from dashboard.steward.sources import WatchSources
from tests.coop.fakes import FakeCounterReadings
from tests.dashboard.fakes import PAGE_SETTINGS, FakeDoors, FakeReadings, FixedClock

START = datetime(2026, 2, 20, 5, tzinfo=UTC)
"""Midnight in Lima."""
START_S = int(START.timestamp())
DAYS = 24
NOW_SLOTS = DAYS * 96 + 57
NOW = START + timedelta(minutes=15 * NOW_SLOTS + 2)
ROOFS = {
    "r1": ("Techo de la escuela", 12_000),
    "r2": ("Techo de Rosa", 6_000),
    "r3": ("Taller", 9_000),
}
UNMEASURED = range(12 * 96 + 40, 14 * 96)
"""Slots in which the meter of h07 was silent."""
SILENT_FROM = NOW_SLOTS - 2 * 96
"""The slot since which the meter of h03 is silent."""
SHADED_FROM = 12 * 96
HOSTILE = b'{"q": "<script>alert(1)</script>", "v": "=cmd()"}'


@dataclass
class Scene:
    """The pages of a cooperative, its database, its clock, its readings and its quarantine."""

    app: Flask
    database: Database
    doors: FakeDoors
    clock: FixedClock
    readings: FakeReadings
    journal: Journal


@contextmanager
def a_scene(folder: Path, *, homes: int = 12, slots: int = NOW_SLOTS) -> Iterator[Scene]:
    """Open the stewards' pages of a cooperative that settled so many slots."""
    settings = CoopSettings(database=str(folder / "coop.sqlite"))
    journal = Journal(folder / "journal.sqlite")
    with open_database(settings) as database:
        create_example(
            database,
            [ExampleHome(_home(n), (_home(n), "import_energy_total")) for n in range(1, homes + 1)],
            [ExampleRoof(one, name, (one, "energy_total")) for one, (name, _) in ROOFS.items()],
            ExamplePlan(START_S, prices=PRICES),
        )
        clock = FixedClock(START + timedelta(minutes=15 * slots + 2))
        counted = FakeCounterReadings()
        _live(counted, slots, homes)
        Settler(database, counted, settings).settle(clock.now())
        readings = FakeReadings()
        _report(readings, clock.now(), homes)
        doors = FakeDoors()
        rated_w = {one: power_w for one, (_, power_w) in ROOFS.items()}
        watch = WatchSources(
            WatchBook(database, settings, rated_w),
            JournalReader(folder / "journal.sqlite"),
            ("spare",),
        )
        sources = Sources(
            Books(database, settings),
            readings,
            clock,
            replace(PAGE_SETTINGS),
            doors,
            homes=HomeBook(database, settings),
            watch=watch,
        )
        yield Scene(create_app(sources), database, doors, clock, readings, journal)
    journal.close()


def refuse(journal: Journal, reason: str, payload: bytes = HOSTILE, at: datetime = NOW) -> None:
    """Let ingest refuse a message."""
    journal.quarantine([Refused(reason, "minga/v1/pi/h02/reading", payload)], at)


def _live(readings: FakeCounterReadings, slots: int, homes: int) -> None:
    random = Random(5)  # noqa: S311  chance for a test, no secret
    for number in range(1, homes + 1):
        wh, samples = 1_000, []
        for slot in range(slots + 1):
            is_silent = (number == 7 and slot in UNMEASURED) or (number == 3 and slot > SILENT_FROM)
            if not is_silent:
                samples.append(((START_S + slot * 900) * 1_000, wh))
            wh += random.randrange(20, 50)
        readings.add((_home(number), "import_energy_total"), *samples)
    clouds = [35 + random.randrange(65) for _ in range(slots // 96 + 1)]
    for one, (_, power_w) in ROOFS.items():
        wh, samples = 1_000, []
        for slot in range(slots + 1):
            samples.append(((START_S + slot * 900) * 1_000, wh))
            sun = max(0, 144 - (2 * (slot % 96) - 96) ** 2 // 16) * clouds[slot // 96] // 100
            is_shaded = one == "r2" and slot >= SHADED_FROM
            wh += sun * power_w // 1_000 * (62 if is_shaded else 100) // 100
        readings.add((one, "energy_total"), *samples)


def _report(readings: FakeReadings, now: datetime, homes: int) -> None:
    for number in range(1, homes + 1):
        ago = timedelta(days=2) if number == 3 else timedelta(seconds=5 + number)
        readings.say(_home(number), now - ago, ac_power=200)
    for one in ROOFS:
        readings.say(one, now - timedelta(seconds=8), ac_power=2_000)


def _home(number: int) -> str:
    return f"h{number:02}"
