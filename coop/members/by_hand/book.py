"""Takes manual readings, and refuses those that the counter itself contradicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import Connection

from coop.calendar import stamp
from coop.database.opening import Database
from coop.errors import InputError
from coop.members.by_hand.entries import (
    ManualEntry,
    Telling,
    enter,
    read_entries,
    standing,
    withdraw,
)
from coop.members.by_hand.listed import Listed
from coop.members.community import Community
from coop.members.registry import read_community
from coop.members.stewards import refuse_strangers
from coop.metering.manual import ManualReading, add_manual
from coop.metering.readings import Counter, CounterReadings
from coop.metering.samples import Sample, samples_of
from coop.problems import Problem
from coop.problems import readings as problems
from coop.settings import CoopSettings
from coop.settling.lines import Metering
from coop.slots import moment_of, unix_s
from coop.witness import Witness, unwitnessed
from coop.words.amounts import thousandths

Place = tuple[Counter, int, bool]

CHANGEOVER = "a changed meter is entered with minga reading changeover"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would come of one reading of a list."""

    listed: Listed
    is_known: bool = False
    """Whether it stands there already, word for word."""
    problem: Problem | None = None


class HandBook:
    """What stewards read off meters, in one cooperative, at one moment."""

    def __init__(
        self,
        database: Database,
        readings: CounterReadings,
        settings: CoopSettings,
        now: datetime,
        witness: Witness = unwitnessed,
    ) -> None:
        """`witness` notes each act in its own transaction."""
        self._database = database
        self._metering = Metering(readings, settings)
        self._zone = settings.zone
        self._now_s = unix_s(now)
        self._witness = witness

    def entries(self) -> list[ManualEntry]:
        """Return all that was ever entered, in order."""
        with self._database.reading() as connection:
            return read_entries(connection)

    def enter(self, new: ManualReading, steward: str, reason: str) -> None:
        """Enter a reading or a change-over; the same again changes nothing. Raise InputError."""
        with self._database.writing() as connection:
            self._enter(connection, [Listed(new, reason)], steward)

    def look_at(self, rows: Sequence[Listed]) -> list[Verdict]:
        """Return what would come of a list; nothing is entered."""
        with self._database.reading() as connection:
            return self._judge(connection, rows)

    def enter_all(self, rows: Sequence[Listed], steward: str) -> None:
        """Enter a list, all of it or nothing; what stands there already is not entered again.

        Raise InputError with every problem and its line.
        """
        with self._database.writing() as connection:
            self._enter(connection, rows, steward)

    def withdraw(self, counter: Counter, at_s: int, steward: str, reason: str) -> None:
        """Take back what was entered for a moment; raise InputError when nothing was."""
        with self._database.writing() as connection:
            telling = self._telling(connection, steward, reason)
            held = read_community(connection).manual_of(counter)
            found = next((one for one in held if one.at_s == at_s), None)
            name = "/".join(counter)
            if found is None:
                told = ", ".join(stamp(one.at_s) for one in held) or "none"
                line = f"reading: nothing of {name} counts at {stamp(at_s)}; entered: {told}"
                raise InputError(problems.nothing_to_withdraw(line))
            withdraw(connection, found, telling)
            self._witness(connection, f"reading of {name} at {stamp(at_s)} withdrawn")

    def _enter(self, connection: Connection, rows: Sequence[Listed], steward: str) -> None:
        telling = [self._telling(connection, steward, one.reason) for one in rows]
        verdicts = self._judge(connection, rows)
        if wrong := [one.problem for one in verdicts if one.problem is not None]:
            raise InputError(*wrong)
        for one, told in zip(verdicts, telling, strict=True):
            if not one.is_known:
                new = one.listed.reading
                enter(connection, new, told)
                name = "/".join(new.counter)
                self._witness(connection, f"reading of {name} at {stamp(new.at_s)} entered")

    def _judge(self, connection: Connection, rows: Sequence[Listed]) -> list[Verdict]:
        """Say of each reading whether it is known, new or wrong, those before it included."""
        community = read_community(connection)
        reasons = {one.place: one.reason for one in standing(read_entries(connection))}
        held = {one.reading.counter: [*community.manual_of(one.reading.counter)] for one in rows}
        return [self._judge_one(community, held[one.reading.counter], reasons, one) for one in rows]

    def _judge_one(
        self,
        community: Community,
        held: list[ManualReading],
        reasons: Mapping[Place, str],
        listed: Listed,
    ) -> Verdict:
        new = listed.reading
        place = (new.counter, new.at_s, False)
        if new in held and reasons.get(place, listed.reason) == listed.reason.strip():
            return Verdict(listed, is_known=True)
        try:
            _refuse_unknown(community, new.counter)
            self._refuse_ahead(new)
            self._refuse_contradiction(held, new)
        except InputError as error:
            return Verdict(listed, problem=_placed(error, listed.line))
        held[:] = sorted(
            [*(one for one in held if one.at_s != new.at_s), new], key=lambda one: one.at_s
        )
        return Verdict(listed)

    def _telling(self, connection: Connection, steward: str, reason: str) -> Telling:
        if not reason.strip():
            raise InputError(problems.no_reason())
        refuse_strangers(connection, [steward], self._now_s)
        return Telling(steward, reason.strip(), self._now_s)

    def _refuse_ahead(self, new: ManualReading) -> None:
        if new.at_s > self._now_s:
            raise InputError(problems.not_over(stamp(new.at_s), stamp(self._now_s)))

    def _refuse_contradiction(self, held: Sequence[ManualReading], new: ManualReading) -> None:
        """Refuse a value that does not lie between what the counter said before and after it."""
        window = range(new.at_s, new.at_s + 1)
        edges = self._metering.edges([new.counter], window).get(new.counter, ())
        others = [one for one in held if one.at_s != new.at_s]
        manual = sorted([*others, new], key=lambda one: one.at_s)
        samples = [one for one in samples_of(add_manual(edges, manual)[0]) if one.wh]
        told_wh = new.wh + _raised_by(manual, new.at_ms)
        before = [one for one in samples if one.at_ms < new.at_ms][-1:]
        after = [one for one in samples if one.at_ms > new.at_ms][:1]
        if any(one.wh > told_wh for one in before) or any(one.wh < told_wh for one in after):
            said = " and ".join(_told(one, manual) for one in [*before, *after])
            anew = "" if new.anew_wh is None else f" and anew {_kwh(new.anew_wh)}"
            line = (
                f"{'/'.join(new.counter)} at {stamp(new.at_s)}: found {_kwh(new.wh)}{anew}, but "
                f"the counter said {said}; correct the value or the moment; {CHANGEOVER}"
            )
            is_before = any(one.wh > told_wh for one in before)
            raise InputError(
                self._contradicted(
                    line, (before if is_before else after)[0], manual, is_before=is_before
                )
            )

    def _contradicted(
        self, line: str, by: Sample, manual: Sequence[ManualReading], *, is_before: bool
    ) -> Problem:
        when = f"{moment_of(by.at_ms // 1_000).astimezone(self._zone):%Y-%m-%d %H:%M}"
        kwh = _kwh(by.wh - _raised_by(manual, by.at_ms))
        return problems.contradicted(line, when, kwh, is_before=is_before)


def _refuse_unknown(community: Community, counter: Counter) -> None:
    names = sorted({one.name for one in community.meters})
    wanted = "/".join(counter)
    if wanted not in names:
        near = get_close_matches(wanted, names, n=1)
        advice = f"did you mean {near[0]}?" if near else "minga member list shows all"
        raise InputError(problems.no_meter(wanted, advice))


def _placed(error: InputError, line: int) -> Problem:
    """Return the first problem, in its line if it stands in a list."""
    found = next(one for one in error.problems if isinstance(one, Problem))
    return problems.of_line(line, found) if line else found


def _raised_by(manual: Sequence[ManualReading], at_ms: int) -> int:
    """Return by how much what the counter says at a moment is raised, see `metering.manual`."""
    return sum(one.rise_wh for one in manual if one.at_ms < at_ms)


def _told(sample: Sample, manual: Sequence[ManualReading]) -> str:
    wh = sample.wh - _raised_by(manual, sample.at_ms)
    return f"{_kwh(wh)} at {stamp(sample.at_ms // 1_000)}"


def _kwh(wh: int) -> str:
    return f"{thousandths(wh)} kWh"
