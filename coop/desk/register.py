"""Enters members, homes, roofs and meters for stewards, as `minga member` does, each twice safely.

What stands there already, word for word, is not entered again and is no error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from coop.calendar import stamp
from coop.desk.office import Office
from coop.members.community import Community, Home, Member, Meter, Roof, Validity
from coop.members.registry import Registration, registration
from coop.members.rows import read_register


@dataclass(frozen=True, slots=True)
class Replacement:
    """One meter that takes another's place at a moment."""

    old: str
    """`device/quantity` of the meter that goes."""
    device: str
    at_s: int


class Register:
    """Who belongs to the cooperative and what counts their energy."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self) -> Community:
        """Return members, homes, roofs and meters of any time."""
        with self._office.database.reading() as connection:
            return read_register(connection)

    def add_member(self, new: Member, home_id: str | None, steward: str) -> None:
        """Enter a member, with a home of the same name if one is named; raise InputError."""
        with self._entering() as entered:
            if new not in entered.community.members:
                entered.add_member(new)
                self._note(entered, steward, f"member {new.id} entered")
            if home_id is not None:
                self._add_home(entered, Home(home_id, new.id, new.name), steward)

    def add_home(self, new: Home, steward: str) -> None:
        """Enter a member's home; raise InputError."""
        with self._entering() as entered:
            self._add_home(entered, new, steward)

    def leave(self, member_id: str, end_s: int, steward: str) -> None:
        """Let a member leave; raise InputError."""
        with self._entering() as entered:
            held = {one.id: one.left_s for one in entered.community.members}
            if held.get(member_id) != end_s:
                entered.end_membership(member_id, end_s)
                self._note(entered, steward, f"member {member_id} leaves at {stamp(end_s)}")

    def add_roof(self, new: Roof, steward: str) -> None:
        """Enter a roof; raise InputError."""
        with self._entering() as entered:
            if new not in entered.community.roofs:
                entered.add_roof(new)
                self._note(entered, steward, f"roof {new.id} entered")

    def add_meter(self, new: Meter, steward: str) -> None:
        """Let a counter stand for a home or a roof; raise InputError."""
        with self._entering() as entered:
            if not any(_is_same(one, new) for one in entered.community.meters):
                entered.add_meter(new)
                self._note(entered, steward, f"meter {new.name} of {new.owner} registered")

    def replace_meter(self, told: Replacement, steward: str) -> None:
        """End a meter where another of the same purpose begins; raise InputError."""
        with self._entering() as entered:
            if _is_replaced(entered.community, told):
                return
            old = entered.end_meter(told.old, told.at_s)
            new = replace(old, device=told.device, validity=Validity(told.at_s))
            entered.add_meter(new)
            self._note(entered, steward, f"meter {old.name} replaced by {new.name}")

    def _add_home(self, entered: Registration, new: Home, steward: str) -> None:
        if new not in entered.community.homes:
            entered.add_home(new)
            self._note(entered, steward, f"home {new.id} entered")

    @contextmanager
    def _entering(self) -> Iterator[Registration]:
        settings = self._office.settings
        with registration(self._office.database, settings.slot_s, settings.zone) as entered:
            yield entered

    def _note(self, entered: Registration, steward: str, act: str) -> None:
        self._office.witness(steward)(entered.connection, act)


def _is_same(held: Meter, new: Meter) -> bool:
    """Say whether a meter is registered as this one would be."""
    return (held.counter, held.owner, held.counts, held.validity.from_s) == (
        new.counter,
        new.owner,
        new.counts,
        new.validity.from_s,
    )


def _is_replaced(community: Community, told: Replacement) -> bool:
    ended = [
        one for one in community.meters if one.name == told.old and one.validity.to_s == told.at_s
    ]
    return any(
        _is_same(one, replace(old, device=told.device, validity=Validity(told.at_s)))
        for old in ended
        for one in community.meters
    )
