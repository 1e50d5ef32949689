"""The rows of a report as tables, one each part; what they are written on is decided elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coop.report.labels import PARTS
from coop.report.rows import Row, Value
from coop.words import Saying


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, and its unit if it is an amount."""

    value: Value
    unit: str = ""

    @property
    def is_amount(self) -> bool:
        """Say whether it is a number."""
        return isinstance(self.value, int)


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of all that a table tells of; `unit` is that of its amounts."""

    figure: str
    label: Saying
    unit: str
    is_amount: bool
    """Whether it holds numbers; words stand at the other side."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a table says of one home, roof, day …, or one figure of a part that has but one."""

    of: str
    cells: tuple[Cell, ...]
    label: Saying | None = None
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One part of a report: figures beside each other, or without columns, below each other."""

    part: str
    title: Saying
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def is_list(self) -> bool:
        """Say whether each line is one figure with its own label."""
        return not self.columns


def tables_of(rows: Iterable[Row]) -> tuple[Table, ...]:
    """Return one table for each part, in the order of the rows."""
    return tuple(_table(part, list(held)) for part, held in groupby(rows, key=lambda row: row.part))


def narrowed(table: Table, without: frozenset[str]) -> Table:
    """Return a table with fewer columns, as for a page of paper."""
    kept = [place for place, one in enumerate(table.columns) if one.figure not in without]
    columns = tuple(table.columns[place] for place in kept)
    lines = tuple(
        Line(line.of, tuple(line.cells[place] for place in kept), line.label)
        for line in table.lines
    )
    return Table(table.part, table.title, columns, lines)


def _table(part: str, rows: Sequence[Row]) -> Table:
    owners = list(dict.fromkeys(row.of for row in rows))
    labels = {row.figure: row for row in rows}
    is_alone = part in _LISTS_OF_ONE and len(owners) == 1
    if part in _LISTS or is_alone or len(labels) * len(owners) > _FILLED * len(rows):
        lines = tuple(
            Line(row.of, (Cell(row.value, row.unit),), row.label, row.figure) for row in rows
        )
        return Table(part, PARTS[part], (), lines)
    held = {(row.of, row.figure): Cell(row.value, row.unit) for row in rows}
    columns = tuple(_column(row, rows) for row in labels.values())
    lines = tuple(
        Line(owner, tuple(held.get((owner, figure), _NOTHING) for figure in labels))
        for owner in owners
    )
    return Table(part, PARTS[part], columns, lines)


def _column(named: Row, rows: Sequence[Row]) -> Column:
    told = (row.value for row in rows if row.figure == named.figure)
    is_amount = any(value is None or isinstance(value, int) for value in told)
    return Column(named.figure, named.label, named.unit, is_amount)


_LISTS = frozenset(
    {"month", "community", "late", "fund", "quality", "correction", "before", "year_before"}
)
"""Parts that tell of one thing, or of something else in each line."""
_LISTS_OF_ONE = frozenset({"home", "prosumer"})
"""Parts that are read from above to below where they tell of one home alone."""
_FILLED = 3
"""More than so many cells for a value, and a list reads better."""
_NOTHING = Cell("")
"""Where a table has nothing to tell of somebody; what is not known is None."""
