"""Takes manual readings, and refuses those that the counter itself contradicts."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import Connection

from coop.calendar import stamp
from coop.database import Database
from coop.errors import InputError
from coop.manual import ManualReading, add_manual
from coop.members.community import Community
from coop.members.manual_entries import ManualEntry, Telling, enter, read_entries, withdraw
from coop.members.registry import read_community
from coop.members.stewards import refuse_strangers
from coop.metering import Metering
from coop.readings import Counter, CounterReadings
from coop.samples import Sample, samples_of
from coop.settings import CoopSettings
from coop.slots import unix_s

CHANGEOVER = "a changed meter is entered with minga reading changeover"


class HandBook:
    """What stewards read off meters, in one cooperative, at one moment."""

    def __init__(
        self,
        database: Database,
        readings: CounterReadings,
        settings: CoopSettings,
        now: datetime,
    ) -> None:
        self._database = database
        self._metering = Metering(readings, settings)
        self._now_s = unix_s(now)

    def entries(self) -> list[ManualEntry]:
        """Return all that was ever entered, in order."""
        with self._database.reading() as connection:
            return read_entries(connection)

    def enter(self, new: ManualReading, steward: str, reason: str) -> None:
        """Enter a reading or a change-over; raise InputError."""
        with self._database.writing() as connection:
            telling = self._telling(connection, steward, reason)
            community = read_community(connection)
            _refuse_unknown(community, new.counter)
            if new.at_s > self._now_s:
                raise InputError(
                    f"reading: {stamp(new.at_s)} is not over yet; allowed: up to "
                    f"{stamp(self._now_s)}"
                )
            self._refuse_contradiction(community.manual_of(new.counter), new)
            enter(connection, new, telling)

    def withdraw(self, counter: Counter, at_s: int, steward: str, reason: str) -> None:
        """Take back what was entered for a moment; raise InputError when nothing was."""
        with self._database.writing() as connection:
            telling = self._telling(connection, steward, reason)
            held = read_community(connection).manual_of(counter)
            found = next((one for one in held if one.at_s == at_s), None)
            if found is None:
                told = ", ".join(stamp(one.at_s) for one in held) or "none"
                raise InputError(
                    f"reading: nothing of {'/'.join(counter)} counts at {stamp(at_s)}; entered: "
                    f"{told}"
                )
            withdraw(connection, found, telling)

    def _telling(self, connection: Connection, steward: str, reason: str) -> Telling:
        if not reason.strip():
            raise InputError("--reason: found an empty text; say how the reading was taken")
        refuse_strangers(connection, [steward], self._now_s)
        return Telling(steward, reason.strip(), self._now_s)

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
            raise InputError(
                f"{'/'.join(new.counter)} at {stamp(new.at_s)}: found {_kwh(new.wh)}{anew}, but "
                f"the counter said {said}; correct the value or the moment; {CHANGEOVER}"
            )


def _refuse_unknown(community: Community, counter: Counter) -> None:
    names = sorted({one.name for one in community.meters})
    wanted = "/".join(counter)
    if wanted not in names:
        near = get_close_matches(wanted, names, n=1)
        advice = f"did you mean {near[0]}?" if near else "minga member list shows all"
        raise InputError(f"reading: {wanted} is no meter of a home or a roof; {advice}")


def _raised_by(manual: Sequence[ManualReading], at_ms: int) -> int:
    """Return by how much what the counter says at a moment is raised, see `coop.manual`."""
    return sum(one.rise_wh for one in manual if one.at_ms < at_ms)


def _told(sample: Sample, manual: Sequence[ManualReading]) -> str:
    wh = sample.wh - _raised_by(manual, sample.at_ms)
    return f"{_kwh(wh)} at {stamp(sample.at_ms // 1_000)}"


def _kwh(wh: int) -> str:
    return f"{wh // 1_000:,}.{wh % 1_000:03} kWh"
