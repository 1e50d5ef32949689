"""What programs get of a month's coverage: field by field, nothing by accident."""

from collections.abc import Iterator

from coop.slots import moment_of
from coop.watch.book import MonthCoverage
from coop.watch.coverage import Cell, Gap, Row
from dashboard.documents import Cell as Told
from dashboard.documents import Document, csv_text, utc


def coverage_document(page: MonthCoverage) -> Document:
    """Return the slots of each meter and day that were due, measured, worked out and missing."""
    coverage = page.coverage
    return {
        "state": "full" if coverage.rows else "empty",
        "month": page.month,
        "first_month": page.first,
        **_cell(coverage.total),
        "days": [day.isoformat() for day in coverage.days],
        "meters": [_row(row) for row in coverage.rows],
        "gaps": [_gap(gap) for gap in coverage.gaps],
    }


def coverage_csv(page: MonthCoverage) -> str:
    """Return a row for each meter and day on which something was due."""
    head = ("device", "quantity", "owner", "date", "due", "measured", "worked_out", "missing")
    return csv_text(head, _days(page))


def _days(page: MonthCoverage) -> Iterator[tuple[Told, ...]]:
    for row in page.coverage.rows:
        whose = (row.meter.device, row.meter.quantity, row.meter.owner)
        for day, cell in zip(page.coverage.days, row.cells, strict=True):
            if cell.expected:
                yield (*whose, day.isoformat(), *_cell(cell).values())


def _row(row: Row) -> Document:
    return {
        "device": row.meter.device,
        "quantity": row.meter.quantity,
        "owner": row.meter.owner,
        "is_roof": row.meter.is_roof,
        **_cell(row.total),
        "by_day": [_cell(cell) for cell in row.cells],
    }


def _cell(cell: Cell) -> dict[str, int]:
    return {
        "due": cell.expected,
        "measured": cell.measured,
        "worked_out": cell.filled,
        "missing": cell.missing,
    }


def _gap(gap: Gap) -> Document:
    return {
        "device": gap.meter.device,
        "quantity": gap.meter.quantity,
        "owner": gap.meter.owner,
        "from": utc(moment_of(gap.from_s)),
        "to": utc(moment_of(gap.to_s)),
        "length_s": gap.to_s - gap.from_s,
        "reason": gap.reason,
        "lasts": gap.lasts,
    }
