"""What programs get of manual readings: JSON and CSV, field by field."""

from coop.desk import Entered
from coop.members.documents import entry_document
from dashboard.documents import Document, csv_text

_HEAD = ("id", "counter", "at", "wh", "begins_anew", "withdrawn", "counts", "steward", "reason")


def readings_document(entered: Entered) -> Document:
    """Return everything that was entered by hand, as the command line does."""
    return {"readings": _rows(entered)}


def readings_csv(entered: Entered) -> str:
    """Return everything that was entered by hand, one entry a line."""
    rows = ([str(row[name]) for name in _HEAD] for row in _rows(entered))
    return csv_text(_HEAD, rows)


def _rows(entered: Entered) -> list[Document]:
    return [entry_document(one, counts=one.id in entered.counting) for one in entered.entries[::-1]]
