"""What programs get of prices: JSON and CSV, field by field."""

from collections.abc import Sequence

from coop.desk import PriceLine, PriceView
from coop.members.weights import exact_text
from coop.slots import moment_of
from dashboard.documents import Document, csv_text, utc

_HEAD = ("kind", "from", "to", "centimos_per_kwh", "decision")


def prices_document(view: PriceView) -> Document:
    """Return every price, the newest first; `to` is null for what no later price ends."""
    return {"tariffs": [dict(zip(_HEAD, _row(one), strict=True)) for one in view.lines]}


def prices_csv(view: PriceView) -> str:
    """Return every price as a table."""
    return csv_text(_HEAD, map(_row, view.lines))


def _row(one: PriceLine) -> Sequence[str | None]:
    end_s = one.validity.to_s
    return (
        one.price.kind.value,
        utc(moment_of(one.validity.from_s)),
        utc(None if end_s is None else moment_of(end_s)),
        exact_text(one.price.centimos_per_kwh),
        one.price.decision,
    )
