"""Keys in the database, with their weights; exact numbers are text."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, insert, select, update

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules, Tie
from coop.database.schema import key_weight, sharing_key
from coop.members.community import SharingKey, Validity


@dataclass(frozen=True, slots=True)
class NewKey:
    """A decision on how energy is shared from `from_s` on."""

    name: str
    decision: str
    rules: Rules
    homes: tuple[KeyHome, ...]
    from_s: int


def read_keys(connection: Connection) -> Iterator[SharingKey]:
    """Yield all keys in the order in which they hold."""
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


def insert_key(connection: Connection, new: NewKey) -> None:
    """Enter a key with its weights."""
    result = connection.execute(
        insert(sharing_key).values(**_key_values(new)).returning(sharing_key.c.id)
    )
    key_id: int = result.scalar_one()
    weights = [{"key_id": key_id, **_weight_values(one)} for one in new.homes]
    connection.execute(insert(key_weight), weights)


def end_keys(connection: Connection, end_s: int) -> None:
    """Let the key that holds until further notice end."""
    open_ended = sharing_key.c.valid_to_s.is_(None)
    connection.execute(update(sharing_key).where(open_ended).values(valid_to_s=end_s))


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
