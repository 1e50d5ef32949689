"""Months as the cooperative counts them: `2026-03`, by its own time zone."""

import re
from datetime import MAXYEAR, MINYEAR, datetime
from zoneinfo import ZoneInfo

from coop.errors import InputError
from coop.settings import CoopSettings
from coop.slots import local_month, moment_of, parse_local, unix_s

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Calendar:
    """Find the months of slots; remembers where months begin and end."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._spans: dict[str, tuple[int, int]] = {}
        self._latest = ("", 0, 0)

    def month_of(self, slot_start_s: int) -> str:
        """Return the month that a slot belongs to: the one in which it starts."""
        name, start_s, end_s = self._latest
        if not start_s <= slot_start_s < end_s:
            name = self.of(moment_of(slot_start_s))
            self._latest = (name, *self.span(name))
        return name

    def span(self, month: str) -> tuple[int, int]:
        """Return the unix seconds at which a month begins and ends; raise InputError."""
        if month not in self._spans:
            self._spans[month] = self._find_span(month)
        return self._spans[month]

    def before(self, month: str) -> str:
        """Return the month before."""
        year, number = map(int, month.split("-"))
        return f"{year - 1}-12" if number == 1 else f"{year:04}-{number - 1:02}"

    def after(self, month: str) -> str:
        """Return the month after."""
        year, number = map(int, month.split("-"))
        return f"{year + 1}-01" if number == _DECEMBER else f"{year:04}-{number + 1:02}"

    def of(self, moment: datetime) -> str:
        """Return the month of a moment."""
        return f"{moment.astimezone(self.zone):%Y-%m}"

    def _find_span(self, month: str) -> tuple[int, int]:
        if not is_month(month):
            raise InputError(f"month: found {month!r}, allowed: a year and a month like 2026-03")
        year, number = map(int, month.split("-"))
        start, end = local_month(year, number, self.zone)
        return unix_s(start), unix_s(end)


_DECEMBER = 12


def is_month(text: str) -> bool:
    """Say whether a text names a month such as `2026-03`."""
    found = _MONTH.fullmatch(text)
    return found is not None and MINYEAR < int(found[1]) < MAXYEAR


def moment_s(text: str, settings: CoopSettings) -> int:
    """Read a moment as people write it; raise InputError with what is allowed."""
    try:
        return unix_s(parse_local(text, settings.zone))
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a moment ({error}); allowed: 2026-03-01, 2026-03-01T10:15 in "
            f"{settings.timezone}, or with an offset such as 2026-03-01T15:15Z"
        ) from error


def stamp(at_s: int) -> str:
    """Write a unix second as the books do."""
    return f"{moment_of(at_s):%Y-%m-%dT%H:%M:%SZ}"
