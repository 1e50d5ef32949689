"""What programs get of the month close: JSON and CSV, field by field."""

from collections.abc import Sequence
from dataclasses import asdict

from coop.desk import MonthLine, MonthView
from coop.month.document import status_document
from dashboard.documents import Document, csv_text

_HEAD = ("month", "state", "signed_by", "review", "text")


def months_document(lines: Sequence[MonthLine]) -> Document:
    """Return every month and how far it is."""
    return {"months": [dict(zip(_HEAD, _row(one), strict=True)) for one in lines]}


def months_csv(lines: Sequence[MonthLine]) -> str:
    """Return every month and how far it is, one a line."""
    return csv_text(_HEAD, [_row(one) for one in lines])


def month_document(view: MonthView) -> Document:
    """Return how a month stands, what is in its way, and what came late."""
    return {**status_document(view.status), "late": [asdict(one) for one in view.late]}


def month_csv(view: MonthView) -> str:
    """Return how a month stands, one fact a line."""
    facts = status_document(view.status)
    rows = (
        (name, "" if one is None else str(one))
        for name, value in facts.items()
        for one in (value if isinstance(value, list) else [value])
    )
    return csv_text(("fact", "value"), rows)


def _row(one: MonthLine) -> list[str]:
    standing = one.standing
    said = standing.review
    words = [said.act, said.text] if said else ["", ""]
    return [one.month, standing.state, " ".join(standing.signed_by), *words]
