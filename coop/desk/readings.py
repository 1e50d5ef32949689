"""Manual readings for stewards, as `minga reading` takes them: alone, or a list from a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from coop.desk.office import Office
from coop.members.by_hand.book import HandBook, Verdict
from coop.members.by_hand.entries import ManualEntry, read_entries, standing
from coop.members.by_hand.listed import Listed, read_list
from coop.members.community import Meter
from coop.members.rows import read_meters
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter


@dataclass(frozen=True, slots=True)
class Entered:
    """Everything that was entered by hand, what of it counts, and the meters there are."""

    entries: Sequence[ManualEntry]
    """The newest first."""
    counting: frozenset[int]
    meters: Sequence[Meter]

    @property
    def standing(self) -> list[ManualEntry]:
        """Return what counts and can be withdrawn, the newest first."""
        return [one for one in self.entries if one.id in self.counting and not one.begins_anew]


class Readings:
    """What stewards read off meters."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self) -> Entered:
        """Return what was entered so far."""
        with self._office.database.reading() as connection:
            entries, meters = read_entries(connection), read_meters(connection)
        counting = frozenset(one.id for one in standing(entries))
        return Entered(entries[::-1], counting, meters)

    def enter(self, new: ManualReading, steward: str, reason: str) -> None:
        """Enter a reading or a change-over, unless it stands there; raise InputError."""
        self._book(steward).enter(new, steward, reason)

    def withdraw(self, counter: Counter, at_s: int, steward: str, reason: str) -> None:
        """Take back what was entered for a moment, unless that was done; raise InputError."""
        entered = self.look()
        places = [one for one in entered.entries if (one.counter, one.at_s) == (counter, at_s)]
        if places and places[0].withdrawn:
            return
        self._book(steward).withdraw(counter, at_s, steward, reason)

    def look_at(self, data: bytes) -> list[Verdict]:
        """Return what would come of a file; raise InputError for one that is no list."""
        return self._book().look_at(self._listed(data))

    def enter_list(self, data: bytes, steward: str) -> None:
        """Enter a file, all of it or nothing; raise InputError with each problem's line."""
        self._book(steward).enter_all(self._listed(data), steward)

    def _listed(self, data: bytes) -> list[Listed]:
        return read_list(data, self._office.settings)

    def _book(self, steward: str | None = None) -> HandBook:
        office = self._office
        parts = (office.database, office.readings, office.settings, office.now())
        return HandBook(*parts) if steward is None else HandBook(*parts, office.witness(steward))
