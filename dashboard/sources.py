"""What the pages need from the other rooms, handed in as one value; nothing is opened here."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from collector.clock import Clock
from collector.stores.protocol import LastReading
from coop.books import DayBook
from coop.books import Sources as PowerSources
from coop.days import DaySum, Registered
from coop.desk import Office
from coop.doors.door import Doors
from coop.errors import InputError
from coop.explain import Explanation
from coop.household import HomePage, HomeStretch, Wanted
from coop.tokens.program import Program
from coop.words import Language
from coop.words.words import Corrections
from dashboard.assembly.reading import AssemblySource, NoAssembly
from dashboard.reports.reading import NoReports, Reports
from dashboard.steward.sources import NOTHING_TO_WATCH, WatchSources


class Books(Protocol):
    """Where sums of the community are read from."""

    def edition(self, now: datetime) -> Hashable:
        """Return what is equal as long as every answer for `now` is the same."""
        ...

    def day(self, day: date, now: datetime | None = None) -> DayBook:
        """Return one local day."""
        ...

    def stretch(self, first: date, last: date, now: datetime | None = None) -> Sequence[DayBook]:
        """Return every local day from the first to the last."""
        ...

    def days(self, first: date, last: date, now: datetime) -> Sequence[DaySum]:
        """Return the sums of every day from the first to the last."""
        ...

    def registered(self, first: date, last: date) -> Registered:
        """Return who is registered in these days."""
        ...

    def span(self) -> tuple[date, date] | None:
        """Return the first and the last day in the books."""
        ...

    def fund_total_tenths(self) -> int:
        """Return what the fund received so far, in tenths of a Wh."""
        ...

    def sources(self, now: datetime) -> PowerSources:
        """Return the devices that count at a moment."""
        ...


class LastReadings(Protocol):
    """Where the newest reading of a device is found."""

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        """Return the newest reading of each device that has one."""
        ...


class Gate(Protocol):
    """Which programs may come in; `coop.tokens.gate` does it."""

    def find(self, token: str) -> Program | None:
        """Return the program of a token that holds."""
        ...


class ClosedGate:
    """No program at all."""

    def find(self, token: str) -> Program | None:
        """Return nothing."""


class Homes(Protocol):
    """Where one home's figures are read from; `coop.household` does it."""

    def page(self, wanted: Wanted) -> HomePage | None:
        """Return a home's page; None where there is no such home."""
        ...

    def slots(self, home_id: str, first: date, last: date, now: datetime) -> HomeStretch | None:
        """Return a home's slots of some days; None where there is no such home."""
        ...

    def explain(self, home_id: str, slot_start_s: int) -> Explanation:
        """Return how a home's figures of one slot came to be."""
        ...


class NoHomes:
    """No home at all."""

    def page(self, wanted: Wanted) -> HomePage | None:
        """Return nothing."""

    def slots(self, home_id: str, first: date, last: date, now: datetime) -> HomeStretch | None:
        """Return nothing."""

    def explain(self, home_id: str, slot_start_s: int) -> Explanation:
        """Refuse."""
        raise InputError(f"home {home_id!r}, slot {slot_start_s}: there is no home")


@dataclass(frozen=True, slots=True)
class PageSettings:
    """What the pages are told about the cooperative and about patience."""

    cooperative: str
    zone: ZoneInfo
    slot_s: int = 900
    stale_after_s: int = 300
    refresh_s: int = 15
    streams_max: int = 30
    languages: tuple[Language, ...] = (Language.QUECHUA, Language.SPANISH)
    address: str = "http://127.0.0.1:8080"
    """Where households reach the pages; stands on their cards."""
    is_behind_proxy: bool = False
    """Whether a proxy of our own says who asks, and whether over https."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a page is made of."""

    books: Books
    last_readings: LastReadings
    clock: Clock
    settings: PageSettings
    doors: Doors
    corrections: Callable[[], Corrections] = dict
    """Reads what stewards made of phrases."""
    homes: Homes = field(default_factory=NoHomes)
    reports: Reports = field(default_factory=NoReports)
    office: Office | None = None
    """Where stewards act; without it their pages have no address."""
    watch: WatchSources = NOTHING_TO_WATCH
    assembly: AssemblySource = field(default_factory=NoAssembly)
    gate: Gate = field(default_factory=ClosedGate)

    def now(self) -> datetime:
        """Return the present moment in the cooperative's zone."""
        return self.clock.now().astimezone(self.settings.zone)
