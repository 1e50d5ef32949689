"""Reads in one statement what was decided: months, keys and prices, and who is steward."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    Text,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from coop.allocation import Method
from coop.assembly.model import Decided, KeyAdopted, PriceSet
from coop.database.schema import month_event, sharing_key, steward, tariff
from coop.members.community import Validity
from coop.members.stewards import Steward
from coop.month.money import TariffKind
from coop.month.states import Act, Event, standing_of

Rows = Sequence[Row[Any]]


def read_decided(connection: Connection) -> Decided:
    """Return all that was ever decided."""
    held: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_everything()):
        held[row.source].append(row)
    events = [_event(row) for row in sorted(held["event"], key=lambda row: row.number)]
    months = sorted({event.month for event in events}, reverse=True)
    return Decided(
        tuple(standing_of(month, events) for month in months),
        tuple(_key(row) for row in sorted(held["key"], key=_beginning, reverse=True)),
        tuple(_prices(sorted(held["tariff"], key=_beginning))),
        tuple(_steward(row) for row in sorted(held["steward"], key=_newest_first)),
    )


def _everything() -> "CompoundSelect[Any]":
    """Return one statement for four tables; a page may ask few."""
    event, key, price, who = month_event.c, sharing_key.c, tariff.c, steward.c
    told = (event.month, event.text, event.kind, event.steward_id)
    adopted = (key.name, key.decision, key.method, key.fund_percent)
    return union_all(
        _select("event", (event.id, event.written_s, _NO_NUMBER), told),
        _select("key", (key.id, key.valid_from_s, key.valid_to_s), adopted),
        _select(
            "tariff",
            (price.id, price.valid_from_s, _NO_NUMBER),
            (_NO_TEXT, price.decision, price.kind, price.centimos_per_kwh),
        ),
        _select(
            "steward",
            (literal_column("0"), who.valid_from_s, who.valid_to_s),
            (who.id, who.name, _NO_TEXT, _NO_TEXT),
        ),
    )


_NO_TEXT, _NO_NUMBER = cast(null(), Text), cast(null(), BigInteger)
_NAMES = ("number", "from_s", "to_s", "name", "text", "kind", "more")

Columns = tuple[ColumnElement[Any], ...]


def _select(source: str, numbers: Columns, texts: Columns) -> "Select[Any]":
    columns = zip(_NAMES, (*numbers, *texts), strict=True)
    named: ColumnElement[str] = literal_column(f"'{source}'")
    return select(named.label("source"), *(column.label(name) for name, column in columns))


def _event(row: Row[Any]) -> Event:
    return Event(row.name, Act(row.kind), row.more, row.text, "", row.from_s)


def _key(row: Row[Any]) -> KeyAdopted:
    validity = Validity(row.from_s, row.to_s)
    return KeyAdopted(row.name, row.text, Method(row.kind), row.more, validity)


def _prices(rows: Rows) -> Iterable[PriceSet]:
    """Return prices, the newest first; of two that begin together the later entry counts."""
    found: dict[TariffKind, dict[int, Row[Any]]] = {kind: {} for kind in TariffKind}
    for row in rows:
        found[TariffKind(row.kind)][row.from_s] = row
    told = [
        PriceSet(kind, Fraction(row.more), row.text, Validity(from_s, to_s))
        for kind, held in found.items()
        for (from_s, row), to_s in zip(held.items(), [*list(held)[1:], None], strict=False)
    ]
    return sorted(told, key=lambda one: -one.validity.from_s)


def _steward(row: Row[Any]) -> Steward:
    return Steward(row.name, row.text, Validity(row.from_s, row.to_s))


def _beginning(row: Row[Any]) -> tuple[int, int]:
    return row.from_s, row.number


def _newest_first(row: Row[Any]) -> tuple[bool, int, str]:
    """Put who is in office before who was."""
    return row.to_s is not None, -row.from_s, row.name
