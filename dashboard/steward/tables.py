"""Tables of what devices and people wrote, for spreadsheets."""

from collections.abc import Iterable, Sequence

from coop.report.shown.harmless import harmless
from dashboard.documents import Cell, csv_text


def harmless_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table in which a spreadsheet takes no text for a formula."""
    return csv_text(
        head, ([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    )
