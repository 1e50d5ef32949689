"""What a demo plays: which plant, from when, how fast, and which past lies behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.clock import VirtualClock
from collector.errors import ConfigurationError
from collector.intake.ingest import Ingest
from collector.simulator.building import build_plant
from collector.simulator.community import modelled_community, replayed_community
from collector.simulator.description import PlantDescription
from collector.simulator.history import history
from collector.simulator.replay import TIMEZONE, Span, read_community
from collector.simulator.stage import feed
from collector.simulator.town import OLLANTAYTAMBO

PAST = timedelta(days=40)
SLOT_S = 900
SEED = 2026
POLL_S = 10.0
STEPS_S = (10, 15, 20, 30, 60, 75, 90, 100, 150, 180, 225, 300, 450, 900)
"""Steps of a fast clock: parts of a slot, so that polls meet its borders."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked the demo for."""

    homes: int = 12
    replay: Path | None = None
    start: str | None = None
    speed: float | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A plant with its time: it begins at `start`, the past reaches back to `since`."""

    name: str
    plant: PlantDescription
    timezone: str
    since: datetime
    start: datetime
    speed: float | None
    poll_s: float

    def hold_clock(self, path: Path) -> None:
        """Let the clock of all processes stand at the start, where the demo has its own clock."""
        if self.speed is not None:
            VirtualClock.set(path, self.start, speed=0)

    def start_clock(self, path: Path) -> None:
        """Let the clock run."""
        if self.speed is not None:
            VirtualClock.set(path, self.start, self.speed, self.poll_s)

    def feed_past(self, ingest: Ingest, progress: Callable[[int], None]) -> int:
        """Hand every reading before the start to ingest; return how many there were."""
        devices = build_plant(self.plant).devices
        until = self.start + timedelta(seconds=1)
        return feed(history(devices, self.since, until), ingest, progress)


def plan_rehearsal(wishes: Wishes, now: datetime) -> Rehearsal:
    """Return what to play; raise ConfigurationError where the wishes do not fit together."""
    if wishes.replay is not None:
        return _plan_replay(wishes, wishes.replay)
    if wishes.start or wishes.timezone:
        raise ConfigurationError("demo", ["--from and --timezone go with --replay"])
    since = _floor_to_slot(now - PAST)
    return Rehearsal(
        name=OLLANTAYTAMBO.name,
        plant=modelled_community(wishes.homes, SEED, since),
        timezone=OLLANTAYTAMBO.timezone,
        since=since,
        start=_floor_to_slot(now) if wishes.speed else now,
        speed=wishes.speed,
        poll_s=_step_s(wishes.speed) if wishes.speed else POLL_S,
    )


def _plan_replay(wishes: Wishes, folder: Path) -> Rehearsal:
    timezone = wishes.timezone or TIMEZONE
    span = read_community(folder, timezone).span
    start = _first_moment(wishes.start, timezone, span)
    speed = wishes.speed or 1.0
    return Rehearsal(
        name=folder.resolve().name.capitalize(),
        plant=replayed_community(folder, timezone),
        timezone=timezone,
        since=max(start - PAST, span.start),
        start=start,
        speed=speed,
        poll_s=_step_s(speed),
    )


def _first_moment(text: str | None, timezone: str, span: Span) -> datetime:
    allowed = f"allowed: a day from {span.start:%Y-%m-%d} to {span.end:%Y-%m-%d} as YYYY-MM-DD"
    if text is None:
        raise ConfigurationError("demo", [f"--replay needs --from DATE; {allowed}"])
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError("demo", [f"--from: found {text!r}; {allowed}"]) from None
    start = datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
    if not span.start <= start < span.end:
        raise ConfigurationError("demo", [f"--from: found {text}, not in the files; {allowed}"])
    return start


def _step_s(speed: float) -> float:
    """Return a step that lasts three seconds or more, where it can: all devices are read in one."""
    return next((step for step in STEPS_S if step >= 3 * speed), STEPS_S[-1])


def _floor_to_slot(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // SLOT_S * SLOT_S, UTC)
