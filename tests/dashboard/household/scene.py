"""A cooperative of twelve homes with real books, in which one home had days without a meter."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import update

from coop.books import Books
from coop.database.opening import Database, open_database
from coop.database.schema import home
from coop.household import HomeBook
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.members.stewards import add_tariff
from coop.month.money import Tariff, TariffKind
from coop.settings import CoopSettings
from coop.settling.settle import Settler
from dashboard.app import create_app
from dashboard.sources import Sources
from tests.coop.fakes import FakeCounterReadings
from tests.dashboard.fakes import PAGE_SETTINGS, FakeDoors, FakeReadings, FixedClock

START = datetime(2026, 2, 20, 5, tzinfo=UTC)
"""Midnight in Lima."""
START_S = int(START.timestamp())
DAYS = 24
NOW_SLOTS = DAYS * 96 + 57
NOW = START + timedelta(minutes=15 * NOW_SLOTS + 2)
HOMES = 12
ROOFS = 3
UNMEASURED = range(12 * 96 + 40, 14 * 96)
"""Slots in which the meter of h07 was silent."""


@dataclass
class Scene:
    """The pages of a cooperative, its database and its clock."""

    app: Flask
    database: Database
    doors: FakeDoors
    clock: FixedClock


@contextmanager
def a_scene(
    folder: Path, *, slots: int = NOW_SLOTS, homes: int = HOMES, name: str | None = None
) -> Iterator[Scene]:
    """Open the pages of a cooperative that settled so many slots."""
    settings = CoopSettings(database=str(folder / "coop.sqlite"))
    with open_database(settings) as database:
        create_example(
            database,
            [ExampleHome(_home(n), (_home(n), "import_energy_total")) for n in range(1, homes + 1)],
            [
                ExampleRoof(f"r{n}", f"Techo {n}", (f"r{n}", "energy_total"))
                for n in range(1, ROOFS + 1)
            ],
            ExamplePlan(START_S),
        )
        with database.writing() as connection:
            if name is not None:
                connection.execute(update(home).values(name=name))
            price = Tariff(TariffKind.UTILITY, START_S, Fraction("68.55"), "Recibo de febrero")
            add_tariff(connection, price)
        clock = FixedClock(START + timedelta(minutes=15 * slots + 2))
        readings = FakeCounterReadings()
        _live(readings, slots, homes)
        Settler(database, readings, settings).settle(clock.now())
        doors = FakeDoors()
        sources = Sources(
            Books(database, settings),
            FakeReadings(),
            clock,
            replace(PAGE_SETTINGS),
            doors,
            homes=HomeBook(database, settings),
        )
        yield Scene(create_app(sources), database, doors, clock)


def _live(readings: FakeCounterReadings, slots: int, homes: int) -> None:
    random = Random(5)  # noqa: S311  chance for a test, no secret
    for number in range(1, homes + 1):
        wh, samples = 1_000, []
        for slot in range(slots + 1):
            if number != 7 or slot not in UNMEASURED:
                samples.append(((START_S + slot * 900) * 1_000, wh))
            wh += random.randrange(20, 50) + _habit(slot % 96 / 4)
        readings.add((_home(number), "import_energy_total"), *samples)
    clouds = [35 + random.randrange(65) for _ in range(slots // 96 + 1)]
    for number in range(1, ROOFS + 1):
        wh, samples = 1_000, []
        for slot in range(slots + 1):
            samples.append(((START_S + slot * 900) * 1_000, wh))
            sun = max(0, 144 - (2 * (slot % 96) - 96) ** 2 // 16) * clouds[slot // 96] // 100
            wh += sun * homes // 2
        readings.add((f"r{number}", "energy_total"), *samples)


def _habit(hour: float) -> int:
    """Return what a home uses beside what always runs: mornings, noon and evenings."""
    if 18 <= hour < 22:
        return 60
    return 25 if 6 <= hour < 9 else 0


def _home(number: int) -> str:
    return f"h{number:02}"
