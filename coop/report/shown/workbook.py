"""The only user of XlsxWriter: a report as a workbook, one sheet for each part.

Numbers are numbers, texts are never formulas, and the same report gives the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from coop.report.rows import Row
from coop.report.shown.amounts import CENTIMO, TENTH, unit_sign
from coop.report.shown.harmless import harmless
from coop.report.shown.tables import Cell, Column, Line, Table, tables_of
from coop.words import Saying, Words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
_UNNAMEABLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML does not allow."""
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no zones; a moment would change the bytes
_BESIDE = 2
"""Titles are told in at most so many languages."""
_WIDTHS = (10, 44)
_FORMATS = {CENTIMO: "#,##0.00", TENTH: "#,##0.0"}
_DIVIDED = {CENTIMO: 100, TENTH: 10}
_WHOLE = "#,##0"


def workbook_of(rows: Sequence[Row], words: Words) -> bytes:
    """Write a workbook of rows, and return the bytes of its file."""
    from xlsxwriter.workbook import Workbook  # noqa: PLC0415  whoever writes none does not load it

    held = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(held, options) as book:
        book.set_properties({"created": _MADE})
        writing = _Writing(book, words)
        for table in tables_of(rows):
            writing.write(table)
    return held.getvalue()


class _Writing:
    def __init__(self, book: "Workbook", words: Words) -> None:
        self._book = book
        self._words = words
        self._names: set[str] = set()
        self._title = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        self._text = book.add_format({"valign": "top"})
        self._amounts = {
            unit: book.add_format({"num_format": form, "valign": "top"})
            for unit, form in {**_FORMATS, "": _WHOLE}.items()
        }

    def write(self, table: Table) -> None:
        page = self._book.add_worksheet(self._name(table.title))
        grid = [self._heads(table), *(self._cells(line, table) for line in table.lines)]
        for row, line in enumerate(grid):
            for column, cell in enumerate(line):
                self._put(page, (row, column), cell, is_title=row == 0)
        for column, cells in enumerate(zip(*grid, strict=True)):
            page.set_column(column, column, _width(cells))
        page.freeze_panes(1, 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)

    def _heads(self, table: Table) -> list[Cell]:
        if table.is_list:
            return [Cell(""), Cell(self._both(table.title)), Cell(""), Cell("")]
        return [Cell(""), *(Cell(self._head(column)) for column in table.columns)]

    def _head(self, column: Column) -> str:
        sign = unit_sign(column.unit)
        return self._both(column.label) + (f"\n{sign}" if sign else "")

    def _cells(self, line: Line, table: Table) -> list[Cell]:
        if not table.is_list:
            return [Cell(line.of), *line.cells]
        label = line.label or ""
        return [Cell(line.of), Cell(label), line.cells[0], Cell(unit_sign(line.cells[0].unit))]

    def _put(self, page: "Worksheet", at: tuple[int, int], cell: Cell, *, is_title: bool) -> None:
        if isinstance(cell.value, int):
            form: Format = self._amounts.get(cell.unit, self._amounts[""])
            divided = _DIVIDED.get(cell.unit)
            page.write_number(*at, cell.value / divided if divided else cell.value, form)
            return
        told = self._words.tell(cell.value) if isinstance(cell.value, Saying) else cell.value
        if told:
            text = harmless(_UNWRITABLE.sub("\N{WHITE SQUARE}", told))
            page.write_string(*at, text, self._title if is_title else self._text)

    def _both(self, saying: Saying) -> str:
        return "\n".join(told.text for told in self._words.tell_all(saying)[:_BESIDE])

    def _name(self, title: Saying) -> str:
        """Return a name that a sheet may have and that no other has."""
        told = _UNNAMEABLE.sub(" ", self._words.tell(title)).strip("' ")[:_LONGEST_NAME]
        for place in _numbered():
            name = f"{told[: _LONGEST_NAME - len(place)]}{place}"
            if name.casefold() not in self._names:
                break
        self._names.add(name.casefold())
        return name


def _numbered() -> Iterator[str]:
    yield ""
    number = 2
    while True:
        yield f" {number}"
        number += 1


def _width(cells: Sequence[Cell]) -> int:
    longest = max(
        max((len(line) for line in str(cell.value).splitlines()), default=0)
        for cell in cells
        if not isinstance(cell.value, Saying)
    )
    return min(max(longest + 2, _WIDTHS[0]), _WIDTHS[1])
