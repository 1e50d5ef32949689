"""Reads a CSV of energy by slot: a column of starts, then one column a home, in Wh or kWh.

An empty cell is missing, never zero. Every problem is told with file, line and column. What the
columns are for is not known here.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, localcontext
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from coop.errors import InputError
from coop.slots import unix_s

DIGITS = 300
"""More than any running total of cells that are taken can have."""

MOST_PROBLEMS = 10
"""A file with a wrong decimal mark has one in every cell."""

WH_A_KWH = 1000

YEARS = range(1970, 2200)


class Unit(StrEnum):
    """What the cells of a file count."""

    WH = "Wh"
    KWH = "kWh"


@dataclass(frozen=True, slots=True)
class Series:
    """A file read: whole Wh by home, slot after slot; None is missing."""

    source: str
    starts_s: Sequence[int]
    lines: Sequence[int]
    """The line of each row, for what is found wrong later."""
    columns: dict[str, list[int | None]]


def read_series(path: Path, unit: Unit, zone: ZoneInfo) -> Series:
    """Return the energy of a file; starts without an offset are local times of `zone`."""
    found = _Found(f"{path}", unit, zone)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            found.take_header(next(rows, []))
            for row in rows:
                if row:
                    found.take_row(rows.line_num, row)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a CSV file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except csv.Error as error:
        raise InputError(f"{path}: is not CSV ({error})") from error
    return found.series()


def too_many(problems: Sequence[str]) -> Sequence[str]:
    """Return the first problems, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], f"and {more} more problems"] if more > 0 else problems


_NUMBER = re.compile(
    r"(?:[0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII
)
_WITH_COMMA = re.compile(r"[0-9]+(?:\.[0-9]+)*,[0-9]+", re.ASCII)


@dataclass(slots=True)
class _Found:
    source: str
    unit: Unit
    zone: ZoneInfo
    names: list[str] = field(default_factory=list)
    starts_s: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    cells: list[list[Decimal | None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take_header(self, header: Sequence[str]) -> None:
        """Take the names of the columns; raise InputError, for without them nothing is clear."""
        first, *self.names = [name.strip() for name in header] or [""]
        if not self.names:
            hint = "; columns are separated by commas" if ";" in first or "\t" in first else ""
            raise InputError(
                f"{self.source}: line 1: found {first[:60]!r}; allowed: a column of starts, then"
                f" one column a home{hint}"
            )
        for place, name in enumerate(self.names, 2):
            if not name or name in self.names[: place - 2]:
                what = f"name {name!r} stands twice" if name else "has no name"
                self.problems.append(f"{self.source}: line 1, column {place}: {what}")
        if self.problems:
            raise InputError(*too_many(self.problems))

    def take_row(self, line: int, row: Sequence[str]) -> None:
        """Take one slot, or note what is wrong with it."""
        if len(row) != len(self.names) + 1:
            hint = "; a decimal comma is not taken, write a point" if len(row) > 1 else ""
            self._note(line, f"found {len(row)} cells; the header has {len(self.names) + 1}{hint}")
            return
        try:
            start_s = self._start_s(row[0].strip())
        except ValueError as error:
            self._note(line, f"column 1: {error}")
            return
        self.starts_s.append(start_s)
        self.lines.append(line)
        self.cells.append([self._cell(line, place, text) for place, text in enumerate(row[1:])])

    def series(self) -> Series:
        """Return all that was taken; raise InputError with all that was noted."""
        if not self.starts_s and not self.problems:
            self.problems.append(f"{self.source}: no row below the header")
        if self.problems:
            raise InputError(*too_many(self.problems))
        columns = zip(*self.cells, strict=True)
        in_wh = _as_they_stand if self.unit is Unit.WH else _steps_of_the_total
        with localcontext(prec=DIGITS):
            energies = [list(in_wh(column)) for column in columns]
        named = dict(zip(self.names, energies, strict=True))
        return Series(self.source, self.starts_s, self.lines, named)

    def _start_s(self, text: str) -> int:
        try:
            told = datetime.fromisoformat(text)
        except ValueError:
            told = None
        if told is None or told.microsecond or told.year not in YEARS:
            raise ValueError(f"found {text[:60]!r}; allowed: a start such as 2026-03-01T17:00")
        before_s = self.starts_s[-1] if self.starts_s else None
        start_s = _moment_s(told, self.zone, before_s)
        if before_s is not None and start_s <= before_s:
            is_twice = start_s == before_s
            why = "stands twice" if is_twice else "comes after a later one"
            is_local = is_twice and told.tzinfo is None
            zone = f" and {self.zone.key} does not repeat it" if is_local else ""
            raise ValueError(f"{text} {why}{zone}; each slot stands once, in order of time")
        return start_s

    def _cell(self, line: int, place: int, text: str) -> Decimal | None:
        text = text.strip()
        if not text:
            return None
        if _NUMBER.fullmatch(text):
            value = Decimal(text)
            if self.unit is Unit.KWH or value == int(value):
                return value
            allowed = "whole watt-hours; for kilowatt-hours say --unit kWh"
        elif _WITH_COMMA.fullmatch(text):
            allowed = "a decimal point, not a comma"
        elif text.startswith("-"):
            allowed = "0 or more"
        else:
            allowed = "a number of 0 or more, or nothing where it was not measured"
        self._note(
            line,
            f"column {place + 2} ({self.names[place]}): found {text[:60]!r}; allowed: {allowed}",
        )
        return None

    def _note(self, line: int, problem: str) -> None:
        self.problems.append(f"{self.source}: line {line}: {problem}")


def _moment_s(told: datetime, zone: ZoneInfo, before_s: int | None) -> int:
    """Return unix seconds; of a local time that stands twice, the later one once it has passed."""
    if told.tzinfo is not None:
        return unix_s(told)
    early_s, late_s = (unix_s(told.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if early_s > late_s:
        raise ValueError(f"{told.isoformat()} does not exist in {zone.key}: clocks go forward")
    is_second = before_s is not None and early_s <= before_s
    return late_s if is_second else early_s


def _as_they_stand(cells: Sequence[Decimal | None]) -> Iterator[int | None]:
    return (None if cell is None else int(cell) for cell in cells)


def _steps_of_the_total(cells: Sequence[Decimal | None]) -> Iterator[int | None]:
    """Yield what the running total rises by in whole Wh, so that sums are right to the Wh."""
    total_kwh, told_wh = Decimal(0), 0
    for cell in cells:
        if cell is None:
            yield None
            continue
        total_kwh += cell
        total_wh = int(total_kwh * WH_A_KWH)
        yield total_wh - told_wh
        told_wh = total_wh
