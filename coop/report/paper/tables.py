"""Tables as paper takes them: cells written, figures that say nothing left out."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from coop.report.labels import FIGURES, PARTS
from coop.report.paper.wording import COMPARED, Teller, Text
from coop.report.shown.amounts import (
    amount_text,
    amount_with_unit,
    local_moments,
    unit_sign,
)
from coop.report.shown.sheet import Sheet
from coop.report.shown.tables import Cell, Line, Table, narrowed
from coop.words import Saying
from coop.words.amounts import MISSING

Data = dict[str, Any]

_LONGEST_OWNER = 36
_KEPT_OFF = {
    "home": frozenset({"slots"}),
    "day": frozenset({"slots"}),
}
"""What the workbook has and paper has no room for."""
_ONLY_IF_ANY = frozenset(
    {
        "counted",
        "late_own_use_wh",
        "late_shared_wh",
        "late_set_aside_wh",
        "own_production_wh",
        "own_use_wh",
        "plant_wh",
        "set_aside_wh",
        "slots_estimated",
        "slots_missing",
    }
)
"""Columns that are left out where all they say is zero."""


def print_table(table: Table, sheet: Sheet, teller: Teller) -> Data:
    """Return a table as its template takes it."""
    if table.part == "correction":
        return _corrections(table, sheet, teller)
    if table.is_list:
        return {
            "title": teller.both(table.title),
            "heads": [],
            "rows": [_list_row(line, table, teller) for line in table.lines],
        }
    kept = narrowed(table, _KEPT_OFF.get(table.part, frozenset()) | _empty(table))
    return {
        "title": teller.both(table.title),
        "heads": [_head([]), *_columns(kept, teller)],
        "rows": [
            [
                _owner(table.part, line.of, sheet),
                *(_cell(cell, teller) for cell in line.cells),
            ]
            for line in kept.lines
        ],
    }


def comparison(sheet: Sheet, teller: Teller) -> Data | None:
    """Return the sums of the month beside those of other months, whatever each may tell."""
    held = [
        (sheet.month, sheet.table("community")),
        *((other.lines[0].of, other) for other in _others(sheet)),
    ]
    columns = [(month, table) for month, table in held if table is not None]
    if not columns:
        return None
    figures = list(dict.fromkeys(line.figure for _, table in columns for line in table.lines))
    by_month = [{line.figure: line.cells[0] for line in table.lines} for _, table in columns]
    title = COMPARED if len(columns) > 1 else PARTS["community"]
    return {
        "title": teller.both(title),
        "heads": [_head([]), *(_head([_plain(month)], is_amount=True) for month, _ in columns)],
        "rows": [
            [_told(FIGURES[figure], teller), *(_with_unit(cells.get(figure)) for cells in by_month)]
            for figure in figures
        ],
    }


def _others(sheet: Sheet) -> list[Table]:
    found = (sheet.table("before"), sheet.table("year_before"))
    return [table for table in found if table is not None and table.lines]


def _empty(table: Table) -> frozenset[str]:
    return frozenset(
        one.figure
        for place, one in enumerate(table.columns)
        if one.figure in _ONLY_IF_ANY and not any(line.cells[place].value for line in table.lines)
    )


def _columns(table: Table, teller: Teller) -> Iterator[Data]:
    for place, column in enumerate(table.columns):
        sign = unit_sign(column.unit)
        told = teller.both(column.label)
        has_amounts = any(line.cells[place].is_amount for line in table.lines)
        yield _head([*told, *([_plain(sign)] if sign else [])], is_amount=has_amounts)


def _head(texts: list[Text], *, is_amount: bool = False) -> Data:
    return {"texts": texts, "amount": is_amount}


def _list_row(line: Line, table: Table, teller: Teller) -> list[Data]:
    has_owners = len({one.of for one in table.lines}) > 1
    label = _told(line.label, teller) if line.label else _text("")
    cell = line.cells[0]
    shown = _with_unit(cell) if cell.is_amount else _cell(cell, teller)
    return [*([_text(line.of)] if has_owners else []), label, shown]


def shortened(name: str, most: int) -> str:
    """Cut a name that would leave no room for the figures beside it."""
    return name if len(name) <= most else f"{name[:most]}\N{HORIZONTAL ELLIPSIS}"


def _cell(cell: Cell, teller: Teller) -> Data:
    if isinstance(cell.value, Saying):
        return _told(cell.value, teller)
    if isinstance(cell.value, int):
        return {"texts": [_plain(amount_text(cell.value, cell.unit))], "amount": True}
    return _text(MISSING if cell.value is None else cell.value)


def _with_unit(cell: Cell | None) -> Data:
    if cell is None or not isinstance(cell.value, int):
        return {"texts": [_plain(MISSING)], "amount": True}
    return {"texts": [_plain(amount_with_unit(cell.value, cell.unit))], "amount": True}


def _told(saying: Saying, teller: Teller) -> Data:
    return {"texts": [teller.one(saying)], "amount": False}


def _text(text: str) -> Data:
    return {"texts": [_plain(text)], "amount": False}


def _plain(text: str) -> Text:
    return {"lang": "", "text": text}


def _owner(part: str, of: str, sheet: Sheet) -> Data:
    """Return whom a line is about; of a day the number is enough."""
    if part == "reason":
        return _text(local_moments(of, sheet.zone))
    return _text(str(int(of[-2:])) if part == "day" else shortened(of, _LONGEST_OWNER))


def _corrections(table: Table, sheet: Sheet, teller: Teller) -> Data:
    """Return one row for each slot that was corrected, with all its accounts."""
    rows = []
    for slot, lines in groupby(table.lines, key=lambda line: line.of):
        changes = ", ".join(
            f"{line.figure} {amount_with_unit(line.cells[0].value, line.cells[0].unit)}"
            for line in lines
            if isinstance(line.cells[0].value, int)
        )
        rows.append([_text(local_moments(slot, sheet.zone)), _text(changes)])
    return {"title": teller.both(table.title), "heads": [_head([]), _head([])], "rows": rows}
