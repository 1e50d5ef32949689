"""Reads the weights of a key from a CSV file: `id,weight[,tier][,reserved_percent]`.

Weights stay exact: decimals or fractions in text. What a method makes of them is not known here.
"""

import csv
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from coop.allocation import Home
from coop.errors import InputError

REQUIRED = ("id", "weight")
ALLOWED = (*REQUIRED, "tier", "reserved_percent")
BEYOND = ""
"""Holds the cells that stand beyond the last column."""


def read_weights(path: Path) -> tuple[Home, ...]:
    """Return the homes of a weights file; raise InputError with every problem at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"{path}: cannot be read ({reason}); give a CSV file") from error
    try:
        return _parse(f"{path}", text)
    except csv.Error as error:
        raise InputError(f"{path}: is not CSV ({error})") from error


def exact(text: str) -> Fraction:
    """Read `0.25`, `25` or `1/4` exactly; raise ValueError for anything else, also `nan`."""
    if "e" in text.lower():
        raise ValueError(text)
    try:
        return Fraction(text.strip())
    except ZeroDivisionError as error:
        raise ValueError(text) from error


def _parse(source: str, text: str) -> tuple[Home, ...]:
    rows = csv.DictReader(text.splitlines(), restkey=BEYOND, strict=True)
    columns = tuple(rows.fieldnames or ())
    odd = [name for name in columns if name not in ALLOWED or columns.count(name) > 1]
    if odd or not set(REQUIRED) <= set(columns):
        raise InputError(
            f"{source}: found columns {', '.join(columns) or 'none'}; "
            f"allowed: {', '.join(ALLOWED)}, the first two are needed"
        )
    problems: list[str] = []
    homes = tuple(_homes(source, enumerate(rows, 2), problems))
    if problems or not homes:
        raise InputError(*(problems or [f"{source}: no home in it; write one line for each"]))
    return homes


def _homes(
    source: str, rows: Iterator[tuple[int, Mapping[str, str | None]]], problems: list[str]
) -> Iterator[Home]:
    for line, row in rows:
        try:
            yield _home(row)
        except ValueError:
            told = ",".join(_cells(row))
            problems.append(
                f"{source}: line {line}: found {told!r}; allowed: an id, a weight such as 0.25 or "
                "1/4, a whole number as tier, a percentage"
            )


def _home(row: Mapping[str, str | None]) -> Home:
    if BEYOND in row:  # a decimal comma makes two cells of one
        raise ValueError(row[BEYOND])
    return Home(
        (row["id"] or "").strip(),
        weight=exact(row["weight"] or ""),
        tier=int(row["tier"]) if row.get("tier") else None,  # type: ignore[arg-type]  # just looked
        reserved_percent=exact(row.get("reserved_percent") or "0"),
    )


def _cells(row: Mapping[str, str | list[str] | None]) -> Iterator[str]:
    for value in row.values():
        yield from value if isinstance(value, list) else [value or ""]
