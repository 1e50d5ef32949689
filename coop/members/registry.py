"""Enters members, homes, roofs, meters and keys, and refuses what would make the books unclear.

It knows the tables; what a key may say is decided by `allocation`. Every change tells `settle` from
which slot on to look again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, insert, select, update

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules, Sharing, Tie
from coop.calendar import Calendar
from coop.database import Database
from coop.errors import InputError
from coop.members.community import Community, Home, Member, Meter, Roof, SharingKey, Validity
from coop.members.manual_entries import manual_readings, read_entries
from coop.month.events import read_months
from coop.schema import home, key_weight, member, meter, roof, settle_state, sharing_key
from coop.slots import moment_of


@dataclass(frozen=True, slots=True)
class NewKey:
    """A decision on how energy is shared from `from_s` on."""

    name: str
    decision: str
    rules: Rules
    homes: tuple[KeyHome, ...]
    from_s: int


@contextmanager
def registration(database: Database, slot_s: int, zone: ZoneInfo) -> Iterator["Registration"]:
    """Enter all of a block or nothing of it; `zone` says when a frozen month ended."""
    with database.writing() as connection:
        entered = Registration(connection, slot_s, Calendar(zone))
        yield entered
        entered.tell_settle()


def read_community(connection: Connection) -> Community:
    """Return all that is registered."""
    return Community(
        tuple(Member(*row) for row in connection.execute(select(member).order_by(member.c.id))),
        tuple(Home(*row) for row in connection.execute(select(home).order_by(home.c.id))),
        tuple(Roof(*row) for row in connection.execute(select(roof).order_by(roof.c.id))),
        tuple(_read_meters(connection)),
        tuple(_read_keys(connection)),
        manual_readings(read_entries(connection)),
    )


class Registration:
    """One set of entries, checked against all that is registered; see `registration`."""

    def __init__(self, connection: Connection, slot_s: int, calendar: Calendar) -> None:
        self._connection = connection
        self._slot_s = slot_s
        self._frozen_to_s = read_months(connection, calendar).frozen_to_s
        self._earliest_s: int | None = None
        self.community = read_community(connection)

    def add_member(self, new: Member) -> None:
        """Enter a member."""
        _refuse_taken("member", new.id, self.community.members)
        self._insert(member, {"id": new.id, "name": new.name, "joined_s": new.joined_s})
        self.community = replace(self.community, members=(*self.community.members, new))

    def add_home(self, new: Home) -> None:
        """Enter a member's home."""
        _refuse_taken("home", new.id, self.community.homes)
        _refuse_unknown("member", new.member_id, self.community.members)
        self._insert(home, {"id": new.id, "member_id": new.member_id, "name": new.name})
        self.community = replace(self.community, homes=(*self.community.homes, new))

    def add_roof(self, new: Roof) -> None:
        """Enter a roof, the community's or a home's own."""
        _refuse_taken("roof", new.id, self.community.roofs)
        if new.home_id is not None:
            _refuse_unknown("home", new.home_id, self.community.homes)
        self._insert(roof, {"id": new.id, "name": new.name, "home_id": new.home_id})
        self.community = replace(self.community, roofs=(*self.community.roofs, new))

    def add_meter(self, new: Meter) -> None:
        """Let a counter stand for a home's use or a roof's production."""
        if new.home_id is not None:
            _refuse_unknown("home", new.home_id, self.community.homes)
        if new.roof_id is not None:
            _refuse_unknown("roof", new.roof_id, self.community.roofs)
        self._refuse_odd_border(f"meter {new.name}", new.validity)
        for held in self.community.meters:
            if held.counter == new.counter and held.validity.overlaps(new.validity):
                raise InputError(
                    f"meter {new.name}: this counter stands for {held.owner} "
                    f"{_told(held.validity)} already; one counter stands for one thing at a time: "
                    "end that one first, or start later"
                )
        self._insert(
            meter,
            {
                "home_id": new.home_id,
                "roof_id": new.roof_id,
                "device": new.device,
                "quantity": new.quantity,
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
            raise InputError(f"meter {name}: no such meter in force; `minga member list` shows all")
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
        self._refuse_frozen(new)
        later = [key for key in self.community.keys if key.validity.from_s >= new.from_s]
        if later:
            raise InputError(
                f"key {new.name}: key {later[0].id} ({later[0].name}) begins "
                f"{_told(later[0].validity)}; a new key begins after all others: start it later"
            )
        self._refuse_strange_homes(new)
        if new.rules.missing is Missing.ESTIMATE:
            raise InputError(
                f"key {new.name}: missing = estimate needs estimates, which nobody can enter yet; "
                "allowed: reserve, exclude, hold"
            )
        Sharing.prepare(new.rules, new.homes)  # refuses weights that do not fit the method
        self._end_keys_at(new.from_s)
        result = self._connection.execute(
            insert(sharing_key).values(**_key_values(new)).returning(sharing_key.c.id)
        )
        key_id: int = result.scalar_one()
        self._connection.execute(
            insert(key_weight), [{"key_id": key_id, **_weight_values(one)} for one in new.homes]
        )
        self._changed_from(new.from_s)
        self.community = replace(self.community, keys=tuple(_read_keys(self._connection)))
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

    def _refuse_frozen(self, new: NewKey) -> None:
        if new.from_s < self._frozen_to_s:
            raise InputError(
                f"key {new.name}: it would begin {_told(Validity(new.from_s))}, inside a month "
                f"that is frozen; allowed: {_told(Validity(self._frozen_to_s))} or later"
            )

    def _refuse_strange_homes(self, new: NewKey) -> None:
        known = {held.id for held in self.community.homes}
        metered = {held.home_id for held in self.community.meters if _lasts(held, new.from_s)}
        problems = [
            f"home {one.id}: not registered"
            if one.id not in known
            else f"home {one.id}: no meter counts its use when the key begins"
            for one in new.homes
            if one.id not in metered
        ]
        if problems:
            raise InputError(*(f"key {new.name}: {problem}" for problem in problems))

    def _end_keys_at(self, end_s: int) -> None:
        open_ended = sharing_key.c.valid_to_s.is_(None)
        self._connection.execute(update(sharing_key).where(open_ended).values(valid_to_s=end_s))

    def _refuse_odd_border(self, what: str, validity: Validity) -> None:
        for at_s in (validity.from_s, validity.to_s):
            if at_s is not None and at_s % self._slot_s:
                raise InputError(
                    f"{what}: {moment_of(at_s):%Y-%m-%dT%H:%M:%SZ} lies inside a slot; "
                    f"allowed: the start of a slot of {self._slot_s // 60} minutes"
                )
        if validity.to_s is not None and validity.to_s <= validity.from_s:
            raise InputError(f"{what}: it would end before it begins, {_told(validity)}")

    def _changed_from(self, at_s: int) -> None:
        self._earliest_s = at_s if self._earliest_s is None else min(self._earliest_s, at_s)

    def _insert(self, table: Table, values: Mapping[str, Any]) -> None:
        self._connection.execute(insert(table).values(**values))


def _refuse_taken(
    kind: str, new_id: str, held: Iterable[Member] | Iterable[Home] | Iterable[Roof]
) -> None:
    if not _ID.fullmatch(new_id):
        raise InputError(f"{kind} {new_id!r}: an id is 1 to 32 of a-z, 0-9 and -")
    if any(one.id == new_id for one in held):
        raise InputError(f"{kind} {new_id}: this id is taken; choose another")


def _refuse_unknown(
    kind: str, wanted: str, held: Iterable[Member] | Iterable[Home] | Iterable[Roof]
) -> None:
    ids = [one.id for one in held]
    if wanted not in ids:
        near = get_close_matches(wanted, ids, n=1)
        advice = (
            f"did you mean {near[0]}?" if near else f"enter it first: minga member {_ENTER[kind]}"
        )
        raise InputError(f"{kind} {wanted}: not registered; {advice}")


_ID = re.compile(r"[a-z0-9-]{1,32}")
_ENTER = {"member": "add", "home": "add-home", "roof": "add-roof"}


def _lasts(held: Meter, at_s: int) -> bool:
    return held.home_id is not None and held.validity.holds_at(at_s)


def _told(validity: Validity) -> str:
    start = f"from {moment_of(validity.from_s):%Y-%m-%dT%H:%MZ}"
    return (
        start if validity.to_s is None else f"{start} to {moment_of(validity.to_s):%Y-%m-%dT%H:%MZ}"
    )


def _read_meters(connection: Connection) -> Iterator[Meter]:
    for row in connection.execute(select(meter).order_by(meter.c.id)):
        validity = Validity(row.valid_from_s, row.valid_to_s)
        yield Meter(row.device, row.quantity, validity, row.home_id, row.roof_id)


def _read_keys(connection: Connection) -> Iterator[SharingKey]:
    weights = connection.execute(
        select(key_weight).order_by(key_weight.c.key_id, key_weight.c.home_id)
    )
    homes = {
        key_id: tuple(_key_home(row) for row in rows)
        for key_id, rows in groupby(weights, key=lambda row: row.key_id)
    }
    for row in connection.execute(select(sharing_key).order_by(sharing_key.c.valid_from_s)):
        validity = Validity(row.valid_from_s, row.valid_to_s)
        rules = _rules(row)
        yield SharingKey(row.id, row.name, row.decision, rules, homes.get(row.id, ()), validity)


def _key_home(row: Any) -> KeyHome:  # noqa: ANN401  a row of key_weight
    return KeyHome(
        row.home_id,
        weight=Fraction(row.weight),
        tier=row.tier,
        reserved_percent=Fraction(row.reserved_percent),
    )


def _rules(row: Any) -> Rules:  # noqa: ANN401  a row of sharing_key
    return Rules(
        method=Method(row.method),
        tie=Tie(row.tie),
        own_use=OwnUse(row.own_use),
        missing=Missing(row.missing),
        fund_percent=Fraction(row.fund_percent),
        lifeline_wh=row.lifeline_wh,
        then=None if row.then_method is None else Method(row.then_method),
        within_tier=Method(row.within_tier),
        unassigned_weight=Fraction(row.unassigned_weight),
        renormalise=row.renormalise,
    )


def _key_values(new: NewKey) -> dict[str, Any]:
    rules = new.rules
    return {
        "name": new.name,
        "decision": new.decision,
        "method": rules.method,
        "tie": rules.tie,
        "own_use": rules.own_use,
        "missing": rules.missing,
        "fund_percent": str(rules.fund_percent),
        "lifeline_wh": rules.lifeline_wh,
        "then_method": rules.then,
        "within_tier": rules.within_tier,
        "unassigned_weight": str(rules.unassigned_weight),
        "renormalise": rules.renormalise,
        "valid_from_s": new.from_s,
    }


def _weight_values(one: KeyHome) -> dict[str, Any]:
    return {
        "home_id": one.id,
        "weight": str(one.weight),
        "tier": one.tier,
        "reserved_percent": str(one.reserved_percent),
    }
