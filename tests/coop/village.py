"""A cooperative of three homes and one roof, with counters that are easy to add up."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select

from coop.allocation import Home as KeyHome
from coop.allocation import Rules
from coop.books import Books, Figures
from coop.database.opening import Database
from coop.database.schema import slot_allocation, slot_energy
from coop.members.community import Home, Member, Meter, Roof, Validity
from coop.members.registry import NewKey, Registration, registration
from coop.settings import CoopSettings
from coop.settling.settle import Settler, SettleResult
from tests.coop.fakes import FakeCounterReadings, Sample

START = datetime(2026, 3, 1, 5, tzinfo=UTC)
"""Midnight in Lima."""
START_S = 1_772_341_200
SLOT_S = 900
ROOF = ("roof", "energy_total")
HOMES = ("a", "b", "c")
ALWAYS = Validity(START_S)


def meter_of(home: str) -> tuple[str, str]:
    """Return the counter of a home's use."""
    return (f"{home}-meter", "import_energy_total")


def later(minutes: float) -> datetime:
    """Return a moment so long after the start."""
    return START + timedelta(minutes=minutes)


def at(minutes: float, wh: int) -> Sample:
    """Return a sample so long after the start."""
    return (START_S * 1000 + round(minutes * 60_000), wh)


def every_border(slots: int, step_wh: int, first_wh: int = 1000) -> list[Sample]:
    """Return a sample on every border, rising by the same step."""
    return [at(15 * place, first_wh + step_wh * place) for place in range(slots + 1)]


class Village:
    """Everything that settling needs, in one hand."""

    def __init__(self, database: Database, settings: CoopSettings, *, is_new: bool = True) -> None:
        """Begin with homes and meters; a key is entered by `agree`."""
        self.database = database
        self.settings = settings
        self.readings = FakeCounterReadings()
        self.books = Books(database, settings)
        if is_new:
            self._enter_all()

    def _enter_all(self) -> None:
        with self.register() as entered:
            entered.add_roof(Roof("school", "School"))
            entered.add_meter(Meter(*ROOF, ALWAYS, roof_id="school"))
            for home in HOMES:
                entered.add_member(Member(f"m-{home}", f"Family {home}", START_S))
                entered.add_home(Home(home, f"m-{home}", f"House {home}"))
                entered.add_meter(Meter(*meter_of(home), ALWAYS, home_id=home))

    def register(self) -> AbstractContextManager[Registration]:
        """Open a set of entries."""
        return registration(self.database, self.settings.slot_s, self.settings.zone)

    def agree(self, rules: Rules = Rules(), minutes: int = 0) -> int:  # noqa: B008  # frozen
        """Enter a key with equal weights and return its number."""
        with self.register() as entered:
            shares = tuple(KeyHome(home, weight=Fraction(1, 3)) for home in HOMES)
            start_s = START_S + minutes * 60
            return entered.add_key(NewKey("Equal", "Assembly", rules, shares, start_s)).id

    def measure(self, slots: int, produced: int = 300, used: int = 60) -> None:
        """Let roof and homes count the same in every slot."""
        self.readings.add(ROOF, *every_border(slots, produced))
        for home in HOMES:
            self.readings.add(meter_of(home), *every_border(slots, used))

    def settle(self, minutes: float) -> SettleResult:
        """Settle what is due so long after the start, and a minute."""
        settler = Settler(self.database, self.readings, self.settings)
        return settler.settle(later(minutes + 1))

    def figures(self) -> list[Figures | None]:
        """Return what the books say of each slot they have, of the first day."""
        day = self.books.day(START.date().replace(month=3, day=1))
        return [slot.figures for slot in day.slots if slot.standing != "missing"]

    def standings(self) -> list[str]:
        """Return how far each slot in the books is."""
        day = self.books.day(START.date())
        return [str(slot.standing) for slot in day.slots if slot.standing != "missing"]

    def rows(self) -> list[tuple[int, int, str]]:
        """Return all that was ever written: slot number from the start, version, both lines."""
        table, energy = slot_allocation.c, slot_energy.c
        is_same = (table.slot_start_s == energy.slot_start_s) & (table.version == energy.version)
        wanted = (
            select(table.slot_start_s, table.version, energy.line + table.line)
            .join_from(slot_allocation, slot_energy, is_same)
            .order_by(table.slot_start_s, table.version)
        )
        with self.database.reading() as connection:
            return [
                ((at_s - START_S) // SLOT_S, version, line)
                for at_s, version, line in connection.execute(wanted)
            ]

    def latest(self) -> list[str]:
        """Return the latest line of each slot."""
        return list({slot: line for slot, _, line in self.rows()}.values())


def missing_between(samples: Iterable[Sample], start: float, end: float) -> list[Sample]:
    """Leave out the samples strictly between two moments, in minutes after the start."""
    return [one for one in samples if not at(start, 0)[0] < one[0] < at(end, 0)[0]]
