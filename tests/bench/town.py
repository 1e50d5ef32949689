"""A cooperative of any size to measure with.

Its readings are what the store keeps of a sample at every border, written straight to the tables:
a year of four hundred homes is fourteen million of them, and storing them is measured elsewhere.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from operator import add
from pathlib import Path
from random import Random

from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from coop.calendar import Calendar
from coop.database.opening import Database, open_database
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.members.stewards import add_tariff
from coop.month.money import Tariff, TariffKind
from coop.report import MonthReport, read_report
from coop.settings import CoopSettings
from coop.settling.settle import Settler

SLOT_S = 900
DAY_SLOTS = 96
USED = "import_energy_total"
ROOF = ("roof", "energy_total")
LATE_S = 120
"""How long after its end a slot is settled."""


class Town:
    """Readings and books in one folder; homes are numbered from h001."""

    def __init__(self, folder: Path, homes: int, months: list[str]) -> None:
        """Begin with a roof, `homes` homes, a key of equal weights and two tariffs."""
        folder.mkdir()
        self.folder = folder
        self.settings = CoopSettings().resolved(folder)
        self._calendar = Calendar(self.settings.zone)
        self._first_s = self._calendar.span(months[0])[0]
        self.months = months
        self._homes = [f"h{number:03}" for number in range(1, homes + 1)]
        self._chance = Random(homes)  # noqa: S311  the same town every time, not a secret
        self._counters = [5_000] * (homes + 1)
        self.found()
        with self._opened_edges() as edges:
            named = [ROOF, *((home, USED) for home in self._homes)]
            rows = [(number, *counter) for number, counter in enumerate(named, start=1)]
            edges.executemany("INSERT INTO counters VALUES (?, ?, ?, NULL, NULL)", rows)
            self._write(edges, self._first_s, self._counters)

    def slots_of(self, month: str) -> range:
        """Return the slots of a month."""
        return range(*self._calendar.span(month), SLOT_S)

    def live(self, month: str) -> None:
        """Let the counters count for a month."""
        slots = self.slots_of(month)
        with self._opened_edges() as edges:
            for slot in slots:
                self._counters = list(map(add, self._counters, self._steps(slot)))
                self._write(edges, slot + SLOT_S, self._counters)
            first, last = slots[0], slots[-1] + SLOT_S
            changed = [(slot, slot // SLOT_S) for slot in range(first, last + 1, SLOT_S)]
            edges.executemany("INSERT OR REPLACE INTO slot_changes VALUES (?, ?)", changed)
            edges.execute(
                "UPDATE counters SET first_slot_s = ?, last_slot_s = ?", (self._first_s, last)
            )

    def settle(self, month: str) -> None:
        """Settle a month: read, meter, share, and book it."""
        slots = self.slots_of(month)
        now = datetime.fromtimestamp(slots.stop + LATE_S, UTC)
        with (
            open_database(self.settings) as database,
            closing(self._open_store()) as store,
        ):
            result = Settler(database, store, self.settings).settle(now)
        if result.settled < len(slots):
            raise AssertionError(f"{result.settled} of {len(slots)} slots settled")

    def report(self, month: str) -> MonthReport:
        """Make the report of a month."""
        with open_database(self.settings) as database, database.reading() as connection:
            return read_report(connection, self.settings, month)

    def found(self) -> None:
        """Begin with empty books."""
        for file in self.folder.glob("coop.db*"):
            file.unlink()
        with open_database(self.settings) as database:
            self._enter(database)

    def _enter(self, database: Database) -> None:
        homes = [ExampleHome(home, (home, USED)) for home in self._homes]
        roofs = [ExampleRoof("school", "School", ROOF)]
        create_example(database, homes, roofs, ExamplePlan(self._first_s))
        with database.writing() as connection:
            for kind, price in ((TariffKind.UTILITY, 71), (TariffKind.SURPLUS, 22)):
                add_tariff(connection, Tariff(kind, self._first_s, Fraction(price), "Asamblea"))

    def _steps(self, slot_start_s: int) -> list[int]:
        """Return what roof and homes count in a slot: dark nights, more than enough at noon."""
        homes = len(self._homes)
        height = max(0, 28 - abs(slot_start_s // SLOT_S % DAY_SLOTS - 68))
        made = self._chance.randrange(height * homes * 15) if height else 0
        return [made, *self._chance.choices(range(400), k=homes)]

    def _open_store(self) -> SqliteStore:
        return SqliteStore(SqliteSettings(path=self.folder / "readings.sqlite"))

    @contextmanager
    def _opened_edges(self) -> Iterator[sqlite3.Connection]:
        self._open_store().close()
        with closing(sqlite3.connect(self.folder / "readings.sqlite")) as edges, edges:
            yield edges

    @staticmethod
    def _write(edges: sqlite3.Connection, at_s: int, counters: list[int]) -> None:
        sample = (at_s * 1_000, at_s)
        edges.executemany(
            "INSERT INTO slot_edges VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(at_s, number, *sample, wh, *sample, wh) for number, wh in enumerate(counters, 1)],
        )
