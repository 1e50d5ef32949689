"""What programs get of the fund: JSON and CSV, field by field."""

from coop.desk import FundView
from dashboard.documents import Document, csv_text

_HEAD = ("decision", "month", "centimos", "text", "stewards")


def fund_document(view: FundView) -> Document:
    """Return what the fund holds, and what was given from it, the newest first."""
    given = [
        {
            "decision": one.grant.decision,
            "month": one.month,
            "centimos": one.grant.centimos,
            "text": one.grant.text,
            "stewards": list(one.grant.stewards),
        }
        for one in view.grants
    ]
    return {"centimos": view.centimos, "owed_centimos": view.owed_centimos, "grants": given}


def fund_csv(view: FundView) -> str:
    """Return what was given as a table."""
    rows = (
        (
            one.grant.decision,
            one.month,
            one.grant.centimos,
            one.grant.text,
            " ".join(one.grant.stewards),
        )
        for one in view.grants
    )
    return csv_text(_HEAD, rows)
