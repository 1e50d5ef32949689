"""What programs get: figures as JSON and CSV, field by field, nothing by accident."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from coop.report.shown.harmless import harmless

Document = dict[str, object]
Cell = str | int | None

AMOUNTS = (
    "produced_wh",
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "left_over_wh",
    "consumption_wh",
)


def amounts(row: object) -> dict[str, int | None]:
    """Return the amounts of a row of any table of energy."""
    return {name: getattr(row, name) for name in AMOUNTS}


def utc(moment: datetime | None) -> str | None:
    """Write a moment in UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table in which a spreadsheet takes no text for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()
