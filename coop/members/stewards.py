"""Who watches the roofs and closes months, and since when; the tariffs that the assembly set."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, insert, select, update

from coop.calendar import stamp
from coop.database.schema import steward, tariff
from coop.errors import InputError
from coop.members.community import Validity
from coop.month.money import Tariff, TariffKind
from coop.problems import members
from coop.problems.stewards import ends_before_it_began, no_steward


@dataclass(frozen=True, slots=True)
class Steward:
    """A person who may sign, for a time."""

    id: str
    name: str
    validity: Validity


def read_stewards(connection: Connection) -> Sequence[Steward]:
    """Return all stewards of any time, by id."""
    return [
        Steward(row.id, row.name, Validity(row.valid_from_s, row.valid_to_s))
        for row in connection.execute(select(steward).order_by(steward.c.id))
    ]


def add_steward(connection: Connection, new: Steward) -> None:
    """Enter a steward; raise InputError."""
    if not _ID.fullmatch(new.id):
        raise InputError(members.odd_id("steward", new.id))
    if not new.name.strip() or len(new.name) > members.LONGEST or not new.name.isprintable():
        raise InputError(members.odd_name("steward", new.name))
    if any(held.id == new.id for held in read_stewards(connection)):
        raise InputError(members.taken_id("steward", new.id))
    connection.execute(
        insert(steward).values(
            id=new.id,
            name=new.name,
            valid_from_s=new.validity.from_s,
            valid_to_s=new.validity.to_s,
        )
    )


def end_steward(connection: Connection, who: str, at_s: int) -> None:
    """Let a steward's term end; what was signed before stays signed."""
    held = next((one for one in read_stewards(connection) if one.id == who), None)
    if held is None or held.validity.to_s is not None:
        raise InputError(no_steward(who))
    if at_s <= held.validity.from_s:
        raise InputError(ends_before_it_began(who))
    connection.execute(update(steward).where(steward.c.id == who).values(valid_to_s=at_s))


def refuse_strangers(connection: Connection, names: Iterable[str], at_s: int) -> None:
    """Raise InputError when one of these is no steward at a moment."""
    in_office = {one.id for one in read_stewards(connection) if one.validity.holds_at(at_s)}
    if strangers := sorted({*names} - in_office):
        raise InputError(
            f"steward {' and '.join(strangers)}: no steward at {stamp(at_s)}; stewards: "
            f"{', '.join(sorted(in_office)) or 'none'}; enter one: minga steward add"
        )


def read_tariffs(connection: Connection) -> Sequence[Tariff]:
    """Return all tariffs by the moment they begin; of two that begin together the later entry."""
    found: dict[tuple[str, int], Tariff] = {}
    for row in connection.execute(select(tariff).order_by(tariff.c.valid_from_s, tariff.c.id)):
        price = Fraction(row.centimos_per_kwh)
        kind = TariffKind(row.kind)
        found[kind, row.valid_from_s] = Tariff(kind, row.valid_from_s, price, row.decision)
    return list(found.values())


def add_tariff(connection: Connection, new: Tariff) -> None:
    """Enter a price; `coop.members.prices` knows what may be entered."""
    connection.execute(
        insert(tariff).values(
            kind=new.kind,
            valid_from_s=new.from_s,
            centimos_per_kwh=str(new.centimos_per_kwh),
            decision=new.decision,
        )
    )


_ID = re.compile(r"[a-z0-9-]{1,32}")
