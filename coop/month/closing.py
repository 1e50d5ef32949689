"""Ends months: says what is in the way, freezes, takes signatures and the assembly's review.

Freezing is one transaction: the last sharing, the books, the money, the files and the event stand
together or not at all, so it can be repeated after any crash.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from coop.calendar import Calendar, stamp
from coop.database.opening import Database
from coop.errors import InputError, RefusedError
from coop.members.stewards import refuse_strangers
from coop.metering.readings import CounterReadings
from coop.month.events import add_event, read_events
from coop.month.files import SIGNATURES_FILE, minutes_line, signatures_text
from coop.month.freezing import Freezing, Progress
from coop.month.kept import read_facts, read_files
from coop.month.obstacles import (
    Obstacle,
    Reason,
    Seen,
    Tally,
    add_reason,
    find_obstacles,
    latest_statuses,
    read_reasons,
    tally,
)
from coop.month.states import SIGNATURES, Act, Event, Standing, State, standing_of
from coop.problems.months import no_reason, outside
from coop.settings import CoopSettings
from coop.settling.settle import Settler
from coop.slots import unix_s
from coop.witness import Witness, unwitnessed


@dataclass(frozen=True, slots=True)
class Status:
    """How a month stands, and what is in the way of freezing it."""

    standing: Standing
    tally: Tally
    obstacles: tuple[Obstacle, ...]
    line: str = ""
    """For the minutes of the assembly; empty while the month is open."""
    reasons: tuple[Reason, ...] = ()
    """Why slots have no production, as recorded; read while the month is open."""


class Closing:
    """The months of one cooperative."""

    def __init__(
        self,
        database: Database,
        readings: CounterReadings,
        settings: CoopSettings,
        witness: Witness = unwitnessed,
    ) -> None:
        """`witness` notes each act in its own transaction."""
        self._database = database
        self._readings = readings
        self._settings = settings
        self._witness = witness
        self._calendar = Calendar(settings.zone)

    def status(self, month: str, now: datetime) -> Status:
        """Return how a month stands at a moment."""
        self._calendar.span(month)
        with self._database.reading() as connection:
            return self.status_in(connection, month, now)

    def status_in(self, connection: Connection, month: str, now: datetime) -> Status:
        """Return how a month stands in one view of the books."""
        slots = range(*self._calendar.span(month), self._settings.slot_s)
        events = read_events(connection)
        standing = standing_of(month, events)
        held = latest_statuses(connection, slots)
        found = tally(slots, held)
        if standing.state is not State.OPEN:
            return Status(standing, found, (), self._line(connection, standing))
        seen = Seen(month, events, held, read_reasons(connection, slots))
        obstacles = find_obstacles(connection, self._settings, seen, unix_s(now))
        return Status(standing, found, obstacles, reasons=tuple(seen.reasons))

    def freeze(self, month: str, now: datetime, progress: Progress | None = None) -> Standing:
        """Freeze a month; a month that is frozen stays as it is. Raise RefusedError, InputError."""
        self._calendar.span(month)
        with self._database.reading() as connection:
            _refuse_closed(standing_of(month, read_events(connection)))
        Settler(self._database, self._readings, self._settings).settle(now)
        with self._database.writing() as connection:
            found = self.status_in(connection, month, now)
            if found.standing.state is State.OPEN:
                if found.obstacles:
                    raise RefusedError(*(f"{month}: {one}" for one in found.obstacles))
                freezing = Freezing(connection, self._readings, self._settings, month)
                add_event(connection, freezing.freeze(unix_s(now), progress))
                self._witness(connection, f"month {month} frozen")
            return standing_of(month, read_events(connection))

    def sign(self, month: str, steward: str, now: datetime) -> Standing:
        """Take a steward's signature; the second different one closes the month."""
        self._calendar.span(month)
        with self._database.writing() as connection:
            events = read_events(connection)
            standing = standing_of(month, events)
            refuse_strangers(connection, [steward], unix_s(now))
            if standing.state is State.OPEN:
                raise RefusedError(f"{month} is open; freeze it first: minga month freeze {month}")
            _refuse_closed(standing)
            if steward in standing.signed_by:
                raise InputError(
                    f"{month}: {steward} signed it already and that stands; it is closed by "
                    f"{SIGNATURES} different stewards: let another one sign"
                )
            self._add(connection, standing, Act.SIGNED, unix_s(now), steward=steward)
            return standing_of(month, read_events(connection))

    def review(self, month: str, act: Act, text: str, now: datetime) -> Standing:
        """Enter what the assembly said of a closed month; the same again changes nothing."""
        self._calendar.span(month)
        if act is Act.OBSERVED and not text.strip():
            raise InputError("the remark of the assembly: found nothing; say what it observed")
        with self._database.writing() as connection:
            standing = standing_of(month, read_events(connection))
            if standing.state not in {State.CLOSED, State.REVIEWED}:
                raise RefusedError(
                    f"{month} is {standing.state}; the assembly reviews a closed month: "
                    f"{_next_step(standing)}"
                )
            said = standing.review
            if said is None or (said.act, said.text) != (act, text):
                self._add(connection, standing, act, unix_s(now), text=text)
            return standing_of(month, read_events(connection))

    def files(self, month: str) -> dict[str, bytes]:
        """Return the files of a frozen month by name; raise RefusedError while it is open."""
        self._calendar.span(month)
        with self._database.reading() as connection:
            standing = standing_of(month, read_events(connection))
            if standing.state is State.OPEN:
                raise RefusedError(f"{month} is open; {_next_step(standing)}")
            held = read_files(connection, month)
        return {**held, SIGNATURES_FILE: signatures_text(standing).encode()}

    def record_reason(
        self, month: str, span_s: tuple[int, int], steward: str, text: str, now: datetime
    ) -> None:
        """Enter why slots of an open month have no production; the same again changes nothing."""
        slots = range(*self._calendar.span(month), self._settings.slot_s)
        new = Reason(*span_s, steward, text.strip())
        _refuse_odd_reason(new, month, slots)
        with self._database.writing() as connection:
            refuse_strangers(connection, [steward], unix_s(now))
            if standing_of(month, read_events(connection)).state is not State.OPEN:
                raise RefusedError(f"{month} is frozen; a reason can be recorded before that only")
            if new not in read_reasons(connection, slots):
                add_reason(connection, new, unix_s(now))
                self._witness(connection, f"month {month} reason recorded")

    def _line(self, connection: Connection, standing: Standing) -> str:
        if standing.state is State.OPEN:
            return ""
        facts = read_facts(connection, standing.month)
        count = facts["entries_last"]
        return minutes_line(self._settings.id, standing.month, int(count), standing.manifest_hash)

    def _add(  # noqa: PLR0913  one event has these parts
        self,
        connection: Connection,
        standing: Standing,
        act: Act,
        written_s: int,
        *,
        steward: str | None = None,
        text: str = "",
    ) -> None:
        event = Event(standing.month, act, steward, text, standing.manifest_hash, written_s)
        add_event(connection, event)
        self._witness(connection, f"month {standing.month} {act}")


def _refuse_closed(standing: Standing) -> None:
    if standing.state in {State.CLOSED, State.REVIEWED}:
        names = " and ".join(standing.signed_by)
        raise InputError(
            f"{standing.month} is {standing.state} already, signed by {names}; it is closed once, "
            "what comes late is booked in the open month"
        )


def _refuse_odd_reason(new: Reason, month: str, slots: range) -> None:
    if not new.text:
        raise InputError(no_reason())
    if not slots.start <= new.from_s < new.to_s <= slots.stop:
        found, span = _told(new.from_s, new.to_s), _told(slots.start, slots.stop)
        raise InputError(outside(found, month, span))


def _told(from_s: int, to_s: int) -> str:
    return f"{stamp(from_s)} to {stamp(to_s)}"


def _next_step(standing: Standing) -> str:
    if standing.state is State.OPEN:
        return f"minga month freeze {standing.month}"
    return f"minga month sign {standing.month} --steward ID, by {SIGNATURES} different stewards"
