"""Reads a list of manual readings from a CSV file: `counter,at,kwh,reason[,new_kwh]`.

What is not right is told with its line; what the counters say to it is not known here.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from coop.calendar import moment_s
from coop.errors import InputError
from coop.metering.manual import ManualReading
from coop.problems import Problem
from coop.problems import readings as problems
from coop.settings import CoopSettings

REQUIRED = ("counter", "at", "kwh", "reason")
ALLOWED = (*REQUIRED, "new_kwh")
MOST_LINES = 500
MOST_BYTES = 48_000
WH_A_KWH = 1_000
LONGEST_REASON = 500

_BAD_LETTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Listed:
    """One reading as a person tells it, with the line in which it stands."""

    reading: ManualReading
    reason: str
    line: int = 0


def read_list(data: bytes, settings: CoopSettings) -> list[Listed]:
    """Return the readings of a file; raise InputError with every problem and its line."""
    rows = list(_rows(_text(data)))
    found: list[Listed] = []
    wrong: list[Problem] = []
    for number, row in rows:
        try:
            found.append(_listed(number, row, settings))
        except InputError as error:
            wrong += [problems.of_line(number, one) for one in _told(error)]
    if wrong:
        raise InputError(*wrong)
    if not found:
        raise InputError(problems.no_list("no reading in it"))
    return found


def exact_wh(option: str, text: str) -> int:
    """Read kilowatt-hours as a meter shows them, in whole Wh; raise InputError."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,3})?", text, re.ASCII):
        raise InputError(problems.odd_kwh(option, text))
    return int(Decimal(text) * WH_A_KWH)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(problems.no_list("it is not UTF-8 text")) from error
    if _BAD_LETTERS.search(text):
        raise InputError(problems.no_list("it is not text"))
    return text


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = text.splitlines()
    head = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=";" if ";" in head else ",", strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _refuse_odd_head(names)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, _named(reader.line_num, names, row)
    except csv.Error as error:
        raise InputError(problems.of_line(reader.line_num, problems.no_list(str(error)))) from error


def _refuse_odd_head(names: Sequence[str]) -> None:
    odd = [name for name in names if name not in ALLOWED or names.count(name) > 1]
    if odd or any(name not in names for name in REQUIRED):
        told = ", ".join(names)[:80] or "none"
        raise InputError(problems.of_line(1, problems.no_list(f"found columns {told}")))


def _named(number: int, names: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    if len(row) != len(names):
        raise InputError(problems.of_line(number, problems.odd_row(len(row), len(names))))
    if number > MOST_LINES + 1:
        raise InputError(problems.of_line(number, problems.too_many(MOST_LINES)))
    return dict(zip(names, (cell.strip() for cell in row), strict=True))


def _listed(number: int, row: Mapping[str, str], settings: CoopSettings) -> Listed:
    device, _, quantity = row["counter"].partition("/")
    try:
        at_s = moment_s(row["at"], settings)
    except InputError as error:
        raise InputError(problems.no_moment(str(error))) from error
    wh = exact_wh("kwh", row["kwh"])
    anew = row.get("new_kwh", "")
    anew_wh = exact_wh("new_kwh", anew) if anew else None
    reason = row["reason"]
    if not reason or len(reason) > LONGEST_REASON:
        raise InputError(problems.no_reason())
    return Listed(ManualReading((device, quantity), at_s, wh, anew_wh), reason, number)


def _told(error: InputError) -> list[Problem]:
    return [one for one in error.problems if isinstance(one, Problem)]
