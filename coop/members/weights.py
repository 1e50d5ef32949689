"""Reads the weights of a key from a CSV file: `id,weight[,tier][,reserved_percent]`.

Weights stay exact: decimals or fractions in text. What a method makes of them is not known here;
what it finds wrong is told with the line of the file.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from coop.allocation import Home
from coop.errors import InputError

REQUIRED = ("id", "weight")
ALLOWED = (*REQUIRED, "tier", "reserved_percent")
WHOLE_PERCENT = 100

_A_WEIGHT = "a number of 0 or more, such as 0.25 or 1/4"
_ALLOWED = {
    "id": "the id of a home",
    "weight": _A_WEIGHT,
    "tier": "a whole number of 0 or more, or nothing",
    "reserved_percent": "a percentage from 0 to 100, or nothing",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """The homes of a file, and where each stands in it."""

    source: str
    homes: tuple[Home, ...]
    lines: Mapping[str, int]

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Tell what a key finds wrong with these weights by their place in the file."""
        try:
            yield
        except InputError as error:
            raise InputError(*map(self._placed, error.problems)) from error

    def _placed(self, problem: str) -> str:
        if found := re.search(r"\bhome (\S+): ", problem):
            line = self.lines.get(found[1])
            return f"{self.source}: {'' if line is None else f'line {line}: '}{problem}"
        if found := re.search(r"\b(weight|reserved_percent)s?: (they sum.*)", problem):
            return f"{self.source}: column {found[1]}: {found[2]}"
        return problem


def read_weights(path: Path) -> Weights:
    """Return the homes of a weights file; raise InputError with every problem at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"{path}: cannot be read ({reason}); give a CSV file") from error
    found = _Found(f"{path}")
    try:
        rows = csv.reader(text.splitlines(), strict=True)
        found.take_header(next(rows, []))
        for row in rows:
            if row:
                found.take_row(rows.line_num, row)
    except csv.Error as error:
        raise InputError(f"{path}: is not CSV ({error})") from error
    return found.weights()


def exact(text: str) -> Fraction:
    """Read `0.25`, `25` or `1/4` exactly; raise ValueError for anything else, also `nan`."""
    if "e" in text.lower():
        raise ValueError(text)
    try:
        return Fraction(text.strip())
    except ZeroDivisionError as error:
        raise ValueError(text) from error


def exact_text(value: Fraction) -> str:
    """Write an exact number as `exact` reads it: 1, 12.5 or 1/3."""
    millionths = value * 1_000_000
    if millionths.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(abs(millionths.numerator), 1_000_000)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{rest:06}".rstrip("0").rstrip(".")


@dataclass(slots=True)
class _Found:
    source: str
    names: Sequence[str] = ()
    homes: list[Home] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take_header(self, header: Sequence[str]) -> None:
        self.names = [name.strip() for name in header]
        odd = [n for n in self.names if n not in ALLOWED or self.names.count(n) > 1]
        missing = [name for name in REQUIRED if name not in self.names]
        if odd or missing:
            lacks = f"; missing: {', '.join(missing)}" if missing else ""
            raise InputError(
                f"{self.source}: line 1: found columns {', '.join(self.names) or 'none'}{lacks}; "
                f"allowed: {', '.join(ALLOWED)}, the first two are needed"
            )

    def take_row(self, line: int, row: Sequence[str]) -> None:
        if len(row) != len(self.names):
            hint = "; a decimal comma is not taken, write a point" if len(row) > 1 else ""
            self._note(
                line,
                f"found {','.join(row)[:60]!r}, {len(row)} cells; the header has "
                f"{len(self.names)}{hint}",
            )
            return
        cells = {name: cell.strip() for name, cell in zip(self.names, row, strict=True)}
        values = {name: self._value(line, name, cell) for name, cell in cells.items()}
        home_id = cells["id"]
        if home_id in self.lines:
            first = self.lines[home_id]
            self._note(line, f"home {home_id}: stands twice, in line {first} too; keep one")
        elif home_id:
            self.lines[home_id] = line
        self.homes.append(
            Home(
                home_id,
                weight=values["weight"],
                tier=values.get("tier"),
                reserved_percent=values.get("reserved_percent", Fraction(0)),
            )
        )

    def weights(self) -> Weights:
        if self.problems or not self.homes:
            empty = f"{self.source}: no home in it; write one line for each"
            raise InputError(*(self.problems or [empty]))
        return Weights(self.source, tuple(self.homes), self.lines)

    def _value(self, line: int, name: str, cell: str) -> Any:  # noqa: ANN401  as its column is
        try:
            return _read_cell(name, cell)
        except ValueError:
            column = self.names.index(name) + 1
            self._note(
                line, f"column {column} ({name}): found {cell[:60]!r}; allowed: {_ALLOWED[name]}"
            )
            return None if name == "tier" else Fraction(0)

    def _note(self, line: int, problem: str) -> None:
        self.problems.append(f"{self.source}: line {line}: {problem}")


def _read_cell(name: str, cell: str) -> str | int | Fraction | None:
    if name == "id":
        if not cell or not cell.isprintable():
            raise ValueError(cell)
        return cell
    if name == "tier":
        if cell and not re.fullmatch(r"[0-9]{1,9}", cell, re.ASCII):
            raise ValueError(cell)
        return int(cell) if cell else None
    value = exact(cell or "0") if name == "reserved_percent" else exact(cell)
    if value < 0 or (name == "reserved_percent" and value > WHOLE_PERCENT):
        raise ValueError(cell)
    return value
