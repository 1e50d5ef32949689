"""Measured homes from two CSV files, played back as counters exact to the watt-hour.

production_kwh.csv and consumption_kwh.csv: first column `hour_start`, then one column a home, kWh
in the hour that begins there. No float touches a figure; a cell that a meter could not have counted
is refused with its line and column.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector.errors import ConfigurationError
from collector.simulator.curve import EnergyCurve, Grid

PRODUCTION, CONSUMPTION = "production_kwh.csv", "consumption_kwh.csv"
TIMEZONE = "Etc/GMT+8"
HOUR = timedelta(hours=1)
MAX_PROBLEMS = 20
MAX_KWH, MAX_PLACES = 1_000_000, 12


class Span(NamedTuple):
    """What a file covers: [start, end), UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class MeasuredHome:
    """One column of both files: what the home used and what its roof made."""

    name: str
    consumption: EnergyCurve
    production: EnergyCurve


@dataclass(frozen=True, slots=True)
class MeasuredCommunity:
    """All homes of a folder and the time that they were measured in."""

    homes: Mapping[str, MeasuredHome]
    span: Span
    timezone: str


def read_community(folder: Path, timezone: str = TIMEZONE) -> MeasuredCommunity:
    """Read both files of a folder; raise ConfigurationError with every problem's place."""
    zone = _zone(timezone)
    consumption = _read_series(folder / CONSUMPTION, zone)
    production = _read_series(folder / PRODUCTION, zone)
    _check_alike(folder, consumption, production)
    homes = {
        name: MeasuredHome(name, consumption.curve(name), production.curve(name))
        for name in consumption.columns
    }
    return MeasuredCommunity(homes, consumption.span, timezone)


@dataclass(frozen=True, slots=True)
class _Series:
    """One file: the energy of each hour and column in units of 10^-places kWh."""

    span: Span
    places: int
    columns: Mapping[str, Sequence[int]]

    def curve(self, name: str) -> EnergyCurve:
        units_per_wh = 10 ** (self.places - 3)
        return EnergyCurve(Grid(self.span.start, HOUR, units_per_wh), self.columns[name])


def _read_series(path: Path, zone: ZoneInfo) -> _Series:
    header, *rows = _read_rows(path)
    problems = [*_check_header(header), *_check_cells(header, rows)]
    starts = _read_hours(rows, zone)
    problems += _check_hours(rows, starts)
    if problems:
        more = len(problems) - MAX_PROBLEMS
        rest = [f"and {more} more of the kind"] if more > 0 else []
        raise ConfigurationError(str(path), [*problems[:MAX_PROBLEMS], *rest])
    first = starts[0] or datetime.min.replace(tzinfo=UTC)
    places = max(3, *(_places(cell) for row in rows for cell in row[1:]))
    columns = {
        name: [int(Decimal(row[column]).scaleb(places)) for row in rows]
        for column, name in enumerate(header[1:], start=1)
    }
    return _Series(Span(first, first + len(rows) * HOUR), places, columns)


def _read_rows(path: Path) -> list[list[str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        raise ConfigurationError(
            str(path),
            [f"cannot be read ({error.strerror}); a replay needs {CONSUMPTION} and {PRODUCTION}"],
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(str(path), [f"is no CSV file in UTF-8 ({error})"]) from error
    if len(rows) < 2:  # noqa: PLR2004  a header and one hour
        raise ConfigurationError(str(path), ["needs a header line and at least one hour"])
    return rows


def _check_header(header: Sequence[str]) -> Iterator[str]:
    if not header or header[0] != "hour_start":
        yield (
            f"line 1, column 1: found {header[0]!r}, needs hour_start"
            if header
            else "line 1: is empty"
        )
    names = header[1:]
    if not names:
        yield "line 1: names no home; after hour_start comes one column a home"
    for column, name in enumerate(names, start=2):
        if not name or names.index(name) != column - 2:
            yield f"line 1, column {column}: {name!r} must be a name that stands once"


def _check_cells(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            yield f"line {line}: has {len(row)} cells, the header has {len(header)}"
            continue
        for name, cell in zip(header[1:], row[1:], strict=True):
            if not _is_energy(cell):
                yield (
                    f"line {line}, column {name}: found {cell!r}; a replayed meter needs"
                    " a number of kWh from 0 to 1000000"
                )


def _check_hours(rows: Sequence[Sequence[str]], starts: Sequence[datetime | None]) -> Iterator[str]:
    for line, (row, start) in enumerate(zip(rows, starts, strict=True), start=2):
        if start is None:
            yield f"line {line}, column hour_start: {row[:1]} is no time like 2017-05-01T00:00"
    for line, (before, after) in enumerate(pairwise(starts), start=3):
        if before and after and after - before != HOUR:
            yield (
                f"line {line}, column hour_start: {rows[line - 2][0]} does not begin one hour"
                f" after {rows[line - 3][0]}; check the rows and the time zone"
            )


def _check_alike(folder: Path, consumption: _Series, production: _Series) -> None:
    problems = []
    if consumption.span != production.span:
        problems.append(f"{CONSUMPTION} and {PRODUCTION} cover different hours")
    only_one = sorted(set(consumption.columns) ^ set(production.columns))
    if only_one:
        problems.append(f"only one of the two files has: {', '.join(only_one)}")
    if problems:
        raise ConfigurationError(str(folder), problems)


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            "time zone", [f"{timezone!r} is not known; use a name like America/Lima or Etc/GMT+8"]
        ) from error


def _read_hours(rows: Sequence[Sequence[str]], zone: ZoneInfo) -> list[datetime | None]:
    starts: list[datetime | None] = []
    for row in rows:
        start = _read_hour(row[0] if row else "", zone, fold=0)
        if start and starts and starts[-1] and start <= starts[-1]:
            start = _read_hour(row[0], zone, fold=1)
        starts.append(start)
    return starts


def _read_hour(text: str, zone: ZoneInfo, fold: int) -> datetime | None:
    """Read one hour; the second of two equal local hours is fold 1."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone, fold=fold)
    return local.astimezone(UTC)


def _is_energy(cell: str) -> bool:
    try:
        amount = Decimal(cell)
    except InvalidOperation:
        return False
    return amount.is_finite() and 0 <= amount <= MAX_KWH and _places(cell) <= MAX_PLACES


def _places(cell: str) -> int:
    exponent = Decimal(cell).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
