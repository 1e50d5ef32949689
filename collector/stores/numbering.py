"""Small numbers for long names, so that a row of a reading stays short."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The two statements by which one table numbers names."""

    insert: str
    select: str


def number_names(
    database: sqlite3.Connection, numbering: Numbering, names: Iterable[Names]
) -> Mapping[Names, int]:
    """Return the number of each name; a name seen for the first time gets one."""
    numbers: dict[Names, int] = {}
    for name in names:
        found = database.execute(numbering.select, name).fetchone()
        if found is None:
            numbers[name] = database.execute(numbering.insert, name).lastrowid or 0
        else:
            (numbers[name],) = found
    return numbers
