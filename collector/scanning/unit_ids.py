"""Which unit ids a scan asks: those that were told, or a range that fits the kind of bus."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal

from collector.errors import ConfigurationError

Kind = Literal["tcp", "rtu+tcp", "rtu"]

NETWORK = range(1, 11)
"""Behind a network address most often one device, rarely a handful."""
LINE = range(1, 33)
"""As many as one RS-485 line carries."""
LONGEST = 20
_ALLOWED = {"tcp": range(256), "rtu+tcp": range(1, 248), "rtu": range(1, 248)}


def parse_units(text: str, kind: Kind) -> tuple[int, ...]:
    """Read `1-10,15`; raise ConfigurationError with the part that is not understood."""
    allowed = _ALLOWED[kind]
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first, last if dash else first)
        if not all(re.fullmatch(r"\d{1,3}", end, re.ASCII) for end in ends):
            raise _refuse(part, "numbers and ranges such as 1-10,15")
        units = range(int(ends[0]), int(ends[1]) + 1)
        if not units or units[0] not in allowed or units[-1] not in allowed:
            raise _refuse(part, f"{allowed[0]} to {allowed[-1]} on {kind}://, smaller one first")
        found.update(units)
    return tuple(sorted(found))


def usual_units(kind: Kind) -> range:
    """Return the unit ids that are in use most often on a kind of bus."""
    return NETWORK if kind == "tcp" else LINE


def delivered_units(kind: Kind, delivered: Iterable[int]) -> tuple[int, ...]:
    """Return the unit ids at delivery that lie outside the usual ones."""
    allowed = set(_ALLOWED[kind]) - set(usual_units(kind))
    return tuple(sorted({unit for unit in delivered if unit in allowed}))


def name_units(units: Sequence[int]) -> str:
    """Write unit ids as people do: `1 to 10, 15`."""
    runs = [
        [unit for _, unit in run]
        for _, run in groupby(enumerate(sorted(units)), lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(_name_run(run) for run in runs)


def _name_run(run: Sequence[int]) -> str:
    if len(run) <= 2:  # noqa: PLR2004  two are no range
        return ", ".join(str(unit) for unit in run)
    return f"{run[0]} to {run[-1]}"


def _refuse(part: str, allowed: str) -> ConfigurationError:
    return ConfigurationError("--units", [f"found {part.strip()[:LONGEST]!r}, allowed: {allowed}"])
