"""Enters stewards, gives them a first password and ends their terms; each is safe to do twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from coop.calendar import stamp
from coop.desk.office import Office
from coop.doors.credentials.keys import end_visits, keyed, set_codes, set_password
from coop.doors.credentials.passwords import make_hash, weakness
from coop.errors import InputError
from coop.members.stewards import Steward, add_steward, end_steward, read_stewards
from coop.problems.passwords import weak_password
from coop.problems.stewards import no_steward
from coop.slots import unix_s


@dataclass(frozen=True, slots=True)
class Staff:
    """All stewards of any time, and who of them can sign in."""

    stewards: Sequence[Steward]
    keyed: Collection[str]


class Stewards:
    """Who watches over the cooperative."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self) -> Staff:
        """Return all stewards."""
        with self._office.database.reading() as connection:
            return Staff(read_stewards(connection), keyed(connection))

    def appoint(self, new: Steward, password: str, by: str) -> None:
        """Enter a steward with a first password; raise InputError."""
        _refuse_weak(password, new.id, new.name)
        kept = make_hash(password)
        with self._office.database.writing() as connection:
            if new in read_stewards(connection):
                return
            add_steward(connection, new)
            set_password(connection, new.id, kept, self._now_s())
            self._office.witness(by)(connection, f"steward {new.id} entered")

    def give_password(self, who: str, password: str, by: str) -> None:
        """Give a steward a new password: their visits and codes end; raise InputError."""
        _refuse_weak(password, who)
        kept = make_hash(password)
        with self._office.database.writing() as connection:
            if who not in {one.id for one in read_stewards(connection)}:
                raise InputError(no_steward(who))
            set_password(connection, who, kept, self._now_s())
            set_codes(connection, who, None)
            self._office.witness(by)(connection, f"new password for steward {who}")

    def end(self, who: str, at_s: int, by: str) -> None:
        """Let a steward's term end; raise InputError."""
        with self._office.database.writing() as connection:
            held = {one.id: one.validity.to_s for one in read_stewards(connection)}
            if held.get(who) == at_s:
                return
            end_steward(connection, who, at_s)
            end_visits(connection, who)
            told = f"term of steward {who} ends {stamp(at_s)}"
            self._office.witness(by)(connection, told)

    def _now_s(self) -> int:
        return unix_s(self._office.machine.now())


def _refuse_weak(password: str, *names: str) -> None:
    if why := weakness(password, *names):
        raise InputError(weak_password(why))
