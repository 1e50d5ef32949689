"""What programs get of the fund: JSON and CSV, field by field."""

from coop.desk import FundView
from dashboard.documents import Document, csv_text

_HEAD = ("decision", "month", "centimos", "text", "stewards")


def fund_document(view: FundView) -> Document:
    """Return what the fund holds, and what was given from it, the newest first."""
    rows = [dict(zip(_HEAD, row, strict=True)) for row in _rows(view)]
    return {"centimos": view.centimos, "owed_centimos": view.owed_centimos, "grants": rows}


def fund_csv(view: FundView) -> str:
    """Return what was given as a table."""
    return csv_text(_HEAD, _rows(view))


def _rows(view: FundView) -> list[tuple[str, str, int, str, str]]:
    return [
        (
            one.grant.decision,
            one.month,
            one.grant.centimos,
            one.grant.text,
            " ".join(one.grant.stewards),
        )
        for one in view.grants
    ]
