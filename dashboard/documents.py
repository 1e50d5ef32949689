"""What programs get: figures as JSON and CSV, field by field, nothing by accident."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

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
    """Write a table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
