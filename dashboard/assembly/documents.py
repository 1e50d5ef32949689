"""The page of the assembly for programs: as JSON and as one table of CSV."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from coop.assembly import Assembly, FundMonth, GrantMade, KeyAdopted, PriceSet
from coop.members.community import Validity
from coop.members.stewards import Steward
from coop.month.states import Event, Standing
from coop.slots import moment_of
from dashboard.assembly.reading import Page
from dashboard.documents import Cell, Document, csv_text, utc

HEAD = ("part", "of", "figure", "value")


def assembly_document(page: Page) -> Document:
    """Return all that the page shows; null is not told, not measured or not booked yet."""
    return {"year": page.year, "years": page.years, **_parts(page.shown)}


def assembly_csv(page: Page) -> str:
    """Return one figure a line; an empty cell is what JSON has null for."""
    return csv_text(HEAD, (tuple(map(_cell, line)) for line in _lines(page.shown)))


def _parts(told: Assembly) -> dict[str, list[Document]]:
    decided = told.decided
    return {
        "fund": [_fund(one) for one in told.fund],
        "grants": [_grant(one) for one in told.grants],
        "months": [_month(one) for one in decided.months],
        "keys": [_key(one) for one in decided.keys],
        "prices": [_price(one) for one in decided.prices],
        "stewards": [_steward(one) for one in decided.stewards],
    }


def _lines(told: Assembly) -> Iterator[Iterable[object]]:
    for part, documents in _parts(told).items():
        for document in documents:
            name, *figures = document.items()
            yield from ((part, name[1], figure, value) for figure, value in figures)


def _cell(value: object) -> Cell:
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    if value is None or isinstance(value, int):
        return value
    return str(value)


def _fund(one: FundMonth) -> Document:
    return {
        "month": one.month,
        "opening_tenths_wh": one.opening_tenths_wh,
        "received_tenths_wh": one.received_tenths_wh,
        "total_tenths_wh": one.total_tenths_wh,
        "opening_centimos": one.opening_centimos,
        "worth_centimos": one.worth_centimos,
        "given_centimos": one.given_centimos,
        "balance_centimos": one.balance_centimos,
    }


def _grant(one: GrantMade) -> Document:
    return {
        "decision": one.decision,
        "month": one.month,
        "centimos": one.centimos,
        "text": one.text,
        "stewards": list(one.stewards),
        "booked": utc(moment_of(one.written_s)),
    }


def _month(one: Standing) -> Document:
    said = one.review
    return {
        "month": one.month,
        "state": one.state.value,
        "signed_by": one.signed_by,
        "review": said.act.value if said else None,
        "text": said.text if said else None,
        "reviewed": _written(said),
    }


def _written(event: Event | None) -> str | None:
    return utc(moment_of(event.written_s)) if event else None


def _key(one: KeyAdopted) -> Document:
    return {
        "name": one.name,
        "decision": one.decision,
        "method": one.method.value,
        "fund_percent": one.fund_percent,
        **_span(one.validity),
    }


def _price(one: PriceSet) -> Document:
    return {
        "kind": one.kind.value,
        "centimos_per_kwh": str(one.centimos_per_kwh),
        "decision": one.decision,
        **_span(one.validity),
    }


def _steward(one: Steward) -> Document:
    return {"id": one.id, "name": one.name, **_span(one.validity)}


def _span(validity: Validity) -> Document:
    ends: datetime | None = None if validity.to_s is None else moment_of(validity.to_s)
    return {"from": utc(moment_of(validity.from_s)), "to": utc(ends)}
