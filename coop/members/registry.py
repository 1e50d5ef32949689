"""Enters members, homes, roofs, meters and keys, and refuses what would make the books unclear.

It knows the tables; what a key may say is decided by `allocation`. Every change tells `settle` from
which slot on to look again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, insert, select, update

from coop.allocation import Missing, Sharing
from coop.calendar import Calendar, stamp
from coop.database.opening import Database
from coop.database.schema import home, member, meter, prosumer, roof, settle_state
from coop.errors import InputError
from coop.members.by_hand.entries import manual_readings, read_entries
from coop.members.community import (
    OF_HOMES,
    OF_ROOFS,
    Community,
    Counts,
    Home,
    Member,
    Meter,
    Prosumer,
    Roof,
    SharingKey,
    Validity,
)
from coop.members.key_rows import NewKey, end_keys, insert_key, read_keys
from coop.members.rows import read_prosumers, read_register
from coop.month.events import read_months
from coop.problems import members as problems
from coop.slots import moment_of

__all__ = ["NewKey", "Registration", "read_community", "registration"]


@contextmanager
def registration(database: Database, slot_s: int, zone: ZoneInfo) -> Iterator["Registration"]:
    """Enter all of a block or nothing of it; `zone` says when a frozen month ended."""
    with database.writing() as connection:
        entered = Registration(connection, slot_s, Calendar(zone))
        yield entered
        entered.tell_settle()


def read_community(connection: Connection) -> Community:
    """Return all that is registered."""
    return replace(
        read_register(connection),
        keys=tuple(read_keys(connection)),
        manual=manual_readings(read_entries(connection)),
        prosumers=read_prosumers(connection),
    )


class Registration:
    """One set of entries, checked against all that is registered; see `registration`."""

    def __init__(self, connection: Connection, slot_s: int, calendar: Calendar) -> None:
        self._connection = connection
        self._slot_s = slot_s
        self._frozen_to_s = read_months(connection, calendar).frozen_to_s
        self._zone = calendar.zone
        self._earliest_s: int | None = None
        self.community = read_community(connection)

    @property
    def connection(self) -> Connection:
        """Return the transaction of these entries."""
        return self._connection

    def add_member(self, new: Member) -> None:
        """Enter a member."""
        _refuse_taken("member", new.id, self.community.members)
        _refuse_odd_name("member", new.name)
        self._insert(member, {"id": new.id, "name": new.name, "joined_s": new.joined_s})
        self.community = replace(self.community, members=(*self.community.members, new))

    def add_home(self, new: Home) -> None:
        """Enter a member's home."""
        _refuse_taken("home", new.id, self.community.homes)
        _refuse_odd_name("home", new.name)
        _refuse_unknown("member", new.member_id, self.community.members)
        self._insert(home, {"id": new.id, "member_id": new.member_id, "name": new.name})
        self.community = replace(self.community, homes=(*self.community.homes, new))

    def add_roof(self, new: Roof) -> None:
        """Enter a roof, the community's or a home's own."""
        _refuse_taken("roof", new.id, self.community.roofs)
        _refuse_odd_name("roof", new.name)
        if new.home_id is not None:
            _refuse_unknown("home", new.home_id, self.community.homes)
        self._insert(roof, {"id": new.id, "name": new.name, "home_id": new.home_id})
        self.community = replace(self.community, roofs=(*self.community.roofs, new))

    def end_membership(self, member_id: str, end_s: int) -> Member:
        """Let a member leave: until a new key is agreed on, what was theirs is left over."""
        _refuse_unknown("member", member_id, self.community.members)
        held = next(one for one in self.community.members if one.id == member_id)
        ended = Validity(held.joined_s, end_s)
        if held.left_s is not None:
            before = Validity(held.joined_s, held.left_s)
            raise InputError(problems.left_already(member_id, _told(before)))
        self._refuse_odd_border(f"member {member_id}", ended)
        self._refuse_frozen(f"member {member_id}: they would leave", end_s)
        self._connection.execute(
            update(member).where(member.c.id == member_id).values(left_s=end_s)
        )
        self._changed_from(end_s)
        left = replace(held, left_s=end_s)
        others = (one for one in self.community.members if one is not held)
        self.community = replace(self.community, members=(*others, left))
        return left

    def add_prosumer(self, new: Prosumer) -> None:
        """Let what a home exports join the pool."""
        _refuse_unknown("home", new.home_id, self.community.homes)
        what = f"prosumer {new.home_id}"
        self._refuse_odd_border(what, new.validity)
        self._refuse_frozen(f"{what}: it would begin", new.validity.from_s)
        held = [one for one in self.community.prosumers if one.home_id == new.home_id]
        if overlapping := [one for one in held if one.validity.overlaps(new.validity)]:
            raise InputError(
                f"{what}: is one already {_told(overlapping[0].validity)}; nothing to do"
            )
        self._insert(
            prosumer,
            {
                "home_id": new.home_id,
                "decision": new.decision,
                "valid_from_s": new.validity.from_s,
                "valid_to_s": new.validity.to_s,
            },
        )
        self._changed_from(new.validity.from_s)
        self.community = replace(self.community, prosumers=(*self.community.prosumers, new))

    def end_prosumer(self, home_id: str, end_s: int) -> None:
        """Let what a home exports join the pool no longer."""
        held = next(
            (
                one
                for one in self.community.prosumers
                if one.home_id == home_id and one.validity.to_s is None
            ),
            None,
        )
        if held is None:
            raise InputError(f"prosumer {home_id}: is none; `minga member list` shows all")
        ended = replace(held, validity=Validity(held.validity.from_s, end_s))
        self._refuse_odd_border(f"prosumer {home_id}", ended.validity)
        self._refuse_frozen(f"prosumer {home_id}: it would end", end_s)
        open_ended = prosumer.c.valid_to_s.is_(None)
        self._connection.execute(
            update(prosumer)
            .where(prosumer.c.home_id == home_id, open_ended)
            .values(valid_to_s=end_s)
        )
        self._changed_from(end_s)
        others = (one for one in self.community.prosumers if one is not held)
        self.community = replace(self.community, prosumers=(*others, ended))

    def add_meter(self, new: Meter) -> None:
        """Let a counter stand for a home or for a roof."""
        if new.home_id is not None:
            _refuse_unknown("home", new.home_id, self.community.homes)
        if new.roof_id is not None:
            _refuse_unknown("roof", new.roof_id, self.community.roofs)
        if not _ID.fullmatch(new.device):
            raise InputError(problems.odd_device(new.device))
        allowed = OF_HOMES if new.home_id is not None else OF_ROOFS
        if new.counts not in allowed:
            raise InputError(
                problems.odd_purpose(new.name, new.owner, new.counts, ", ".join(allowed))
            )
        self._refuse_odd_border(f"meter {new.name}", new.validity)
        for held in self.community.meters:
            if held.counter == new.counter and held.validity.overlaps(new.validity):
                raise InputError(
                    problems.counter_in_use(new.name, held.owner, _told(held.validity))
                )
        self._insert(
            meter,
            {
                "home_id": new.home_id,
                "roof_id": new.roof_id,
                "device": new.device,
                "quantity": new.quantity,
                "counts": new.counts,
                "valid_from_s": new.validity.from_s,
                "valid_to_s": new.validity.to_s,
            },
        )
        self._changed_from(new.validity.from_s)
        self.community = replace(self.community, meters=(*self.community.meters, new))

    def end_meter(self, name: str, end_s: int) -> Meter:
        """Let a counter (`device/quantity`) stand for its home or roof no longer."""
        held = next(
            (
                one
                for one in self.community.meters
                if one.name == name and one.validity.to_s is None
            ),
            None,
        )
        if held is None:
            raise InputError(problems.no_meter(name))
        ended = replace(held, validity=Validity(held.validity.from_s, end_s))
        self._refuse_odd_border(f"meter {name}", ended.validity)
        self._connection.execute(
            update(meter)
            .where(meter.c.device == held.device, meter.c.quantity == held.quantity)
            .where(meter.c.valid_from_s == held.validity.from_s)
            .values(valid_to_s=end_s)
        )
        self._changed_from(end_s)
        others = tuple(one for one in self.community.meters if one is not held)
        self.community = replace(self.community, meters=(*others, ended))
        return ended

    def add_key(self, new: NewKey) -> SharingKey:
        """Enter a key; the key in force until then ends where this one begins."""
        self._refuse_odd_border(f"key {new.name}", Validity(new.from_s))
        self._refuse_frozen(f"key {new.name}: it would begin", new.from_s)
        later = [key for key in self.community.keys if key.validity.from_s >= new.from_s]
        if later:
            held = f"{later[0].id} ({later[0].name})"
            raise InputError(problems.key_too_early(new.name, held, _told(later[0].validity)))
        self._refuse_strange_homes(new)
        if new.rules.missing is Missing.ESTIMATE:
            raise InputError(
                f"key {new.name}: missing = estimate needs estimates, which nobody can enter yet; "
                "allowed: reserve, exclude, hold"
            )
        Sharing.prepare(new.rules, new.homes)  # refuses weights that do not fit the method
        end_keys(self._connection, new.from_s)
        insert_key(self._connection, new)
        self._changed_from(new.from_s)
        self.community = replace(self.community, keys=tuple(read_keys(self._connection)))
        return self.community.keys[-1]

    def tell_settle(self) -> None:
        """Leave word from which slot on the books must be looked at again."""
        if self._earliest_s is None:
            return
        state = self._connection.execute(select(settle_state)).one()
        told = [at_s for at_s in (self._earliest_s, state.resettle_from_s) if at_s is not None]
        self._connection.execute(
            update(settle_state).values(
                resettle_from_s=min(told), registry_version=state.registry_version + 1
            )
        )

    def _refuse_frozen(self, what: str, at_s: int) -> None:
        if at_s < self._frozen_to_s:
            first_s = self._frozen_to_s
            found, allowed = _told(Validity(at_s)), _told(Validity(first_s))
            first = f"{moment_of(first_s).astimezone(self._zone):%Y-%m-%d}"
            raise InputError(problems.frozen(what, found, allowed, first))

    def _refuse_strange_homes(self, new: NewKey) -> None:
        known = {held.id for held in self.community.homes}
        metered = {
            held.home_id
            for held in self.community.meters_at(new.from_s)
            if held.counts is Counts.USE
        }
        unmetered = "no meter counts its use when the key begins"
        found = [
            problems.key_of_strangers(
                new.name, one.id, unmetered if one.id in known else "not registered"
            )
            for one in new.homes
            if one.id not in metered
        ]
        if found:
            raise InputError(*found)

    def _refuse_odd_border(self, what: str, validity: Validity) -> None:
        for at_s in (validity.from_s, validity.to_s):
            if at_s is not None and at_s % self._slot_s:
                raise InputError(problems.inside_a_slot(what, stamp(at_s), self._slot_s // 60))
        if validity.to_s is not None and validity.to_s <= validity.from_s:
            raise InputError(problems.ends_early(what, _told(validity)))

    def _changed_from(self, at_s: int) -> None:
        self._earliest_s = at_s if self._earliest_s is None else min(self._earliest_s, at_s)

    def _insert(self, table: Table, values: Mapping[str, Any]) -> None:
        self._connection.execute(insert(table).values(**values))


def _refuse_taken(
    kind: str, new_id: str, held: Iterable[Member] | Iterable[Home] | Iterable[Roof]
) -> None:
    if not _ID.fullmatch(new_id):
        raise InputError(problems.odd_id(kind, new_id))
    if any(one.id == new_id for one in held):
        raise InputError(problems.taken_id(kind, new_id))


def _refuse_odd_name(kind: str, name: str) -> None:
    if not name.strip() or len(name) > problems.LONGEST or not name.isprintable():
        raise InputError(problems.odd_name(kind, name))


def _refuse_unknown(
    kind: str, wanted: str, held: Iterable[Member] | Iterable[Home] | Iterable[Roof]
) -> None:
    ids = [one.id for one in held]
    if wanted not in ids:
        near = get_close_matches(wanted, ids, n=1)
        advice = (
            f"did you mean {near[0]}?" if near else f"enter it first: minga member {_ENTER[kind]}"
        )
        raise InputError(problems.unknown(kind, wanted, advice))


_ID = re.compile(r"[a-z0-9-]{1,32}")
_ENTER = {"member": "add", "home": "add-home", "roof": "add-roof"}


def _told(validity: Validity) -> str:
    start = f"from {moment_of(validity.from_s):%Y-%m-%dT%H:%MZ}"
    return (
        start if validity.to_s is None else f"{start} to {moment_of(validity.to_s):%Y-%m-%dT%H:%MZ}"
    )
