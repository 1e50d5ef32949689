"""Books, readings and a clock that a test fills by hand."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy.engine import URL

from collector.reading import Identity, Reading, Value
from collector.stores.protocol import LastReading
from coop.books import DayBook, Figures, SlotBook, Source, Standing
from coop.books import Sources as PowerSources
from coop.database.engine import make_engine
from coop.database.opening import Database
from coop.days import DaySum, Registered, RegisteredRoof
from coop.days.registered import Held
from coop.desk import Office
from coop.doors.deeds import What
from coop.doors.visits import Guest, Pass, Visit
from coop.members.community import Counts, Validity
from coop.metering.intervals import Quality
from coop.settings import CoopSettings
from coop.slots import local_day, unix_s
from coop.tokens.program import Program
from coop.words import Language
from dashboard.sources import PageSettings, Sources
from tests.coop.fakes import FakeCounterReadings

LIMA = ZoneInfo("America/Lima")
DAY = date(2026, 3, 1)
PAGE_SETTINGS = PageSettings(
    "Cooperativa Solar Ollantaytambo", LIMA, languages=(Language.SPANISH, Language.QUECHUA)
)
NOON = datetime(2026, 3, 1, 12, 20, tzinfo=LIMA).astimezone(UTC)
SLOT = timedelta(minutes=15)

ROOFS = tuple(Source(f"roof-{n}", "energy_total", f"Techo {n}") for n in (1, 2, 3))
HOMES = tuple(Source(f"home-{n:02}", "import_energy_total", None) for n in range(1, 13))
COMMUNITY = PowerSources(ROOFS, (), HOMES)

SLOT_FIGURES = Figures(
    produced_wh=1_000,
    own_use_wh=100,
    shared_wh=600,
    set_aside_wh=50,
    surplus_wh=250,
    fund_tenths_wh=250,
    consumption_wh=900,
)


@dataclass
class FixedClock:
    """A clock that stands where a test put it."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def wait_until(self, stop: Event, at_s: float) -> bool:
        self.at += timedelta(seconds=max(at_s - self.monotonic_s(), 0))
        return stop.is_set()


@dataclass
class FakeBooks:
    """Days by hand; a day that nobody filled has no figures."""

    filled: dict[date, Mapping[int, SlotBook]] = field(default_factory=dict)
    fund_tenths: int = 1_234_567
    devices: PowerSources = COMMUNITY
    away: Exception | None = None
    zone: ZoneInfo = LIMA
    made: dict[date, Mapping[str, int]] = field(default_factory=dict)
    """What each roof made in a day; all of it is the first roof's where nothing is said."""

    def edition(self, now: datetime) -> Hashable:
        """Return another one each time: a test may have changed anything."""
        del now
        return object()

    def fill(self, day: date, slots: Mapping[int, Figures | Standing]) -> None:
        """Put figures, or a standing without figures, into slots named by their number."""
        start, _ = local_day(day, self.zone)
        self.filled[day] = {
            number: _slot(start + number * SLOT, held) for number, held in slots.items()
        }

    def day(self, day: date, now: datetime | None = None) -> DayBook:
        if self.away:
            raise self.away
        start, end = local_day(day, self.zone)
        held = self.filled.get(day, {})
        slots = tuple(
            held.get(number) or _unbooked(start + number * SLOT, now)
            for number in range((end - start) // SLOT)
        )
        counts = {standing: sum(s.standing is standing for s in slots) for standing in Standing}
        return DayBook(day, start, end, slots, _total(slots), counts)

    def stretch(self, first: date, last: date, now: datetime | None = None) -> list[DayBook]:
        held = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [self.day(day, now) for day in held]

    def days(self, first: date, last: date, now: datetime) -> list[DaySum]:
        return [self._day_sum(book) for book in self.stretch(first, last, now)]

    def _day_sum(self, book: DayBook) -> DaySum:
        known = book.counts[Standing.SETTLED] + book.counts[Standing.PROVISIONAL]
        sums = book.totals._asdict() if known else {}
        made = self.made.get(book.day, {"roof:roof-1": sums.get("produced_wh", 0)})
        return DaySum(
            book.day,
            unix_s(book.start),
            unix_s(book.end),
            book.expected,
            settled=book.counts[Standing.SETTLED],
            provisional=book.counts[Standing.PROVISIONAL],
            unsettled=book.counts[Standing.UNSETTLED],
            **sums,
            made=made if known else None,
        )

    def registered(self, first: date, last: date) -> Registered:
        del first, last
        if self.away:
            raise self.away
        roofs = [
            *(
                RegisteredRoof(one.device, one.name or "", None)
                for one in self.devices.community_roofs
            ),
            *(
                RegisteredRoof(one.device, "", f"home of {one.device}")
                for one in self.devices.own_roofs
            ),
        ]
        always = Validity(0)
        return Registered(
            [
                *(Held(always, Counts.USE, one.device, None) for one in self.devices.homes),
                *(Held(always, Counts.PRODUCTION, None, one) for one in roofs),
            ]
        )

    def span(self) -> tuple[date, date] | None:
        return (min(self.filled), max(self.filled)) if self.filled else None

    def fund_total_tenths(self) -> int:
        return self.fund_tenths

    def sources(self, now: datetime) -> PowerSources:
        del now
        if self.away:
            raise self.away
        return self.devices


@dataclass
class FakeReadings:
    """Last readings by hand."""

    readings: dict[str, LastReading] = field(default_factory=dict)
    away: Exception | None = None

    def say(self, device: str, taken_at: datetime, **quantities: Value) -> None:
        """Let a device have said something last."""
        reading = Reading(device, taken_at, quantities, {}, "boot", 0)
        self.readings[device] = LastReading(Identity("pi", "e", device, 1), reading)

    def last(self, devices: Sequence[str]) -> Mapping[str, LastReading]:
        if self.away:
            raise self.away
        return {name: self.readings[name] for name in devices if name in self.readings}


@dataclass
class FakeDoors:
    """Visits by hand; they end when a test says so."""

    visits: dict[str, Visit] = field(default_factory=dict)
    deeds: list[tuple[str | None, What, str]] = field(default_factory=list)
    away: Exception | None = None

    def find(self, token: str, *, stirs: bool = True) -> Visit | None:
        del stirs
        if self.away:
            raise self.away
        return self.visits.get(token)

    def begin(self, guest: Guest) -> Pass:
        token = f"{len(self.visits):043}"
        began_s, form_key = unix_s(NOON), f"form-key-{len(self.visits)}"
        self.visits[token] = Visit(
            guest.home_id,
            guest.steward_id,
            form_key,
            began_s,
            began_s,
            began_s + 3_600,
            f"Familia {guest.home_id}" if guest.home_id else f"{guest.steward_id}",
        )
        return Pass(token, 3_600)

    def end(self, token: str) -> None:
        self.visits.pop(token, None)

    def note(self, guest: Guest, what: What, text: str = "") -> None:
        self.deeds.append((guest.steward_id or guest.home_id, what, text))


@dataclass
class FakeGate:
    """Programs by hand."""

    programs: dict[str, Program] = field(default_factory=dict)

    def find(self, token: str) -> Program | None:
        return self.programs.get(token)

    def give(self, home_id: str | None = None) -> str:
        """Let a program in; return its token."""
        token = f"minga_{len(self.programs):043}"
        self.programs[token] = Program(1, "test", home_id, 0, 1)
        return token


@dataclass
class Village:
    """All sources of the pages, easy to change."""

    books: FakeBooks = field(default_factory=FakeBooks)
    readings: FakeReadings = field(default_factory=FakeReadings)
    clock: FixedClock = field(default_factory=FixedClock)
    settings: PageSettings = PAGE_SETTINGS
    doors: FakeDoors = field(default_factory=FakeDoors)
    gate: FakeGate = field(default_factory=FakeGate)

    def sources(self) -> Sources:
        return Sources(
            self.books,
            self.readings,
            self.clock,
            self.settings,
            self.doors,
            gate=self.gate,
            office=a_shut_office(self.clock),
        )


def a_shut_office(clock: FixedClock) -> Office:
    """Return an office whose books nobody opens: its pages have addresses, and no figures."""
    url = URL.create("sqlite")
    database = Database(make_engine(url), url)
    return Office(database, FakeCounterReadings(), CoopSettings(), clock, clock)


def a_full_village() -> Village:
    """Return a village at 12:20 whose morning is settled and whose roofs report."""
    village = Village()
    village.books.fill(DAY, dict.fromkeys(range(48), SLOT_FIGURES))
    village.books.fill(DAY - timedelta(days=1), dict.fromkeys(range(96), SLOT_FIGURES))
    for roof, power_w in zip(ROOFS, (4_000, 2_500, Decimal("840.6")), strict=True):
        village.readings.say(roof.device, NOON - timedelta(seconds=7), ac_power=power_w)
    return village


def _slot(start: datetime, held: Figures | Standing) -> SlotBook:
    if isinstance(held, Standing):
        return SlotBook(start, held, Quality.MISSING, None)
    return SlotBook(start, Standing.SETTLED, Quality.MEASURED, held)


def _unbooked(start: datetime, now: datetime | None) -> SlotBook:
    is_due = now is None or start + 2 * SLOT <= now
    return SlotBook(start, Standing.MISSING if is_due else Standing.AHEAD, Quality.MISSING, None)


def _total(slots: Sequence[SlotBook]) -> Figures:
    held = [slot.figures for slot in slots if slot.figures]
    return Figures(*(sum(amounts) for amounts in zip(*held, strict=True))) if held else _NOTHING


_NOTHING = Figures(0, 0, 0, 0, 0, 0, None)
