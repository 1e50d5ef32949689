"""Readings for the stores' tests, each said in one line."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from collector.reading import AcceptedReading, Identity, Reading, Value

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOON_S = 1_772_366_400
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
OUTBOX = ("hill", "9f2c")


def after_noon(milliseconds: int) -> datetime:
    """Return a moment so long after noon."""
    return NOON + timedelta(milliseconds=milliseconds)


def accepted(  # noqa: PLR0913  a reading has that many sides, and a test names those it is about
    seq: int,
    at_ms: int = 0,
    quantities: Mapping[str, Value] | None = None,
    *,
    device: str = "roof",
    outbox: tuple[str, str] = OUTBOX,
    trusted: bool = True,
    bad: Mapping[str, str] | None = None,
) -> AcceptedReading:
    """Return a reading taken so many milliseconds after noon."""
    reading = Reading(
        device=device,
        taken_at=after_noon(at_ms),
        quantities={"ac_power": 1835} if quantities is None else quantities,
        bad=bad or {},
        boot="b1",
        mono_ms=at_ms,
        trusted=trusted,
    )
    return AcceptedReading(Identity(*outbox, device, seq), reading)


def counted(seq: int, at_ms: int, energy_wh: Value, device: str = "roof") -> AcceptedReading:
    """Return a reading of one counter."""
    return accepted(seq, at_ms, {"energy_total": energy_wh}, device=device)
