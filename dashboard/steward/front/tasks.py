"""What a steward has to do, from what is known of devices, books, months and roofs. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from collector.intake.journal_reader import KindCount
from coop.month.obstacles import Kind
from coop.slots import moment_of
from coop.watch.book import OpenMonth, Watch
from coop.words import Saying
from dashboard.steward.front import telling
from dashboard.steward.front.health import DeviceHealth, Freshness

LATE_SLOTS = 4
"""The books may be so many slots behind before somebody has to look."""
NEWS = timedelta(days=7)
"""What was refused in this time is news."""
TOLD_ONE_BY_ONE = 3
"""More silent meters than this are told in one sentence."""


class TaskKind(StrEnum):
    """What has to be done."""

    READINGS_AWAY = "readings_away"
    BOOKS_LATE = "books_late"
    SILENT = "silent"
    NEVER = "never"
    CLOCK = "clock"
    DOUBT = "doubt"
    BEHIND = "behind"
    CLOSE = "close"
    QUARANTINE = "quarantine"
    INTAKE_AWAY = "intake_away"
    UNRATED = "unrated"
    UNPRICED = "unpriced"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: in a sentence, and the section where it is done."""

    kind: TaskKind
    saying: Saying
    section: str | None = None
    month: str | None = None
    """The month to close."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is known at one moment."""

    now: datetime
    """Local."""
    slot_s: int
    watch: Watch
    devices: tuple[DeviceHealth, ...]
    refused: Sequence[KindCount] | None
    """What is in quarantine by kind; None while it cannot be read."""

    @property
    def is_late(self) -> bool:
        """Say whether the books are behind."""
        booked_to = self.watch.booked_to
        patience = timedelta(seconds=LATE_SLOTS * self.slot_s)
        return booked_to is not None and self.watch.due_to - booked_to > patience


def find_tasks(seen: Seen) -> tuple[Task, ...]:
    """Return what has to be done, the most pressing first."""
    return (
        *_of_devices(seen),
        *_of_books(seen),
        *_of_roofs(seen.watch),
        *_of_months(seen),
        *_of_quarantine(seen),
        *_unpriced(seen.watch),
        *_unrated(seen.watch),
    )


def _of_devices(seen: Seen) -> Iterator[Task]:
    by_freshness = {
        one: [device for device in seen.devices if device.freshness is one] for one in Freshness
    }
    if by_freshness[Freshness.AWAY]:
        yield Task(TaskKind.READINGS_AWAY, telling.READINGS_AWAY)
    silent = by_freshness[Freshness.SILENT]
    apart = [one for one in silent if one.is_roof]
    meters = [one for one in silent if not one.is_roof]
    if len(meters) <= TOLD_ONE_BY_ONE:
        apart, meters = silent, []
    for one in apart:
        yield Task(TaskKind.SILENT, telling.is_silent(one, seen.now), "steward_data")
    if meters:
        yield Task(TaskKind.SILENT, telling.are_silent(meters, seen.now), "steward_data")
    if never := by_freshness[Freshness.NEVER]:
        yield Task(TaskKind.NEVER, telling.never_reported(never))
    if wrong := by_freshness[Freshness.CLOCK]:
        yield Task(TaskKind.CLOCK, telling.clocks_are_wrong(wrong))
    for one in seen.devices:
        if one.withheld:
            yield Task(TaskKind.DOUBT, telling.is_in_doubt(one))


def _of_books(seen: Seen) -> Iterator[Task]:
    booked_to = seen.watch.booked_to
    if booked_to is not None and seen.is_late:
        yield Task(TaskKind.BOOKS_LATE, telling.books_are_late(booked_to, seen.now))


def _of_roofs(watch: Watch) -> Iterator[Task]:
    for check in watch.siblings.behind:
        yield Task(TaskKind.BEHIND, telling.falls_behind(check), "steward_roofs")


def _of_months(seen: Seen) -> Iterator[Task]:
    for one in seen.watch.unsigned:
        yield _to_close(telling.waits_for_signatures(one), one.month)
    if (one_open := seen.watch.open_month) is not None:
        yield _to_close(_closing(one_open, seen.now), one_open.month)
    for one in seen.watch.unread[-1:]:
        yield _to_close(telling.waits_for_assembly(one.month), one.month)


def _to_close(saying: Saying, month: str) -> Task:
    return Task(TaskKind.CLOSE, saying, "steward_month", month)


def _closing(one: OpenMonth, now: datetime) -> Saying:
    by_kind = {obstacle.kind: obstacle for obstacle in one.obstacles}
    if unsettled := by_kind.get(Kind.UNSETTLED):
        return telling.lacks_figures(one.month, unsettled.slots)
    if waiting := by_kind.get(Kind.WAITING):
        return telling.waits_for_readings(one.month, waiting, now)
    return telling.can_be_closed(one.month)


def _of_quarantine(seen: Seen) -> Iterator[Task]:
    if seen.refused is None:
        yield Task(TaskKind.INTAKE_AWAY, telling.INTAKE_AWAY, "steward_quarantine")
        return
    newest = max((telling.moment(one.last_at) for one in seen.refused), default=moment_of(0))
    if seen.now - newest <= NEWS:
        count = sum(one.messages for one in seen.refused)
        told = telling.in_quarantine(count, newest, seen.now)
        yield Task(TaskKind.QUARANTINE, told, "steward_quarantine")


def _unrated(watch: Watch) -> Iterator[Task]:
    names = [one.roof.name for one in watch.siblings.roofs if one.roof.rated_w is None]
    if names:
        yield Task(TaskKind.UNRATED, telling.lack_rated_power(names), "steward_roofs")


def _unpriced(watch: Watch) -> Iterator[Task]:
    if watch.booked_to is not None and not watch.is_priced:
        yield Task(TaskKind.UNPRICED, telling.LACKS_PRICE, "steward_prices")
