"""Slots of energy: half-open, in UTC, named by the unix second of their start.

Local time appears here only to find where a day or a month begins; a day may have 92, 96 or 100
slots of 15 minutes.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_of(seconds: int) -> datetime:
    """Return the aware moment of a unix second."""
    return datetime.fromtimestamp(seconds, UTC)


def slot_start_s(moment: datetime, slot_s: int) -> int:
    """Return the start of the slot that holds `moment`."""
    return unix_s(moment) // slot_s * slot_s


def unix_s(moment: datetime) -> int:
    """Return the whole unix seconds of an aware moment, rounded down."""
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds


def slots_between(start: datetime, end: datetime, slot_s: int) -> range:
    """Return the starts of all slots that begin in [start, end)."""
    first_s = -(-unix_s(start) // slot_s) * slot_s
    return range(first_s, unix_s(end), slot_s)


def days_between(first: date, last: date) -> list[date]:
    """Return every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def local_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a local day begins and ends, in UTC."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def local_month(year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a local month begins and ends, in UTC."""
    first = date(year, month, 1)
    return _midnight(first, zone), _midnight((first + timedelta(days=31)).replace(day=1), zone)


def parse_utc_s(text: str) -> int:
    """Read a moment as the books write it, as unix seconds."""
    return unix_s(datetime.fromisoformat(text))


def parse_local(text: str, zone: ZoneInfo) -> datetime:
    """Read `2026-03-01`, `2026-03-01T10:15` (local) or a time with an offset, as UTC.

    Raise ValueError for a local time that the zone skips or repeats: it names no one moment.
    """
    told = datetime.fromisoformat(text)
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    if len(text) <= len("2026-03-01"):
        return _midnight(told.date(), zone)
    early, late = (told.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early != late:
        raise ValueError(f"{text} happens twice or never in {zone.key}; write it with its offset")
    return early


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Where a zone skips midnight, fold 0 is the very instant of the jump: the day's first moment.
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
