"""What the stewards' pages need from the other rooms, handed in as one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from collector.intake.journal_reader import KeptAside, KindCount
from collector.intake.reasons import RefusalKind
from coop.watch.book import MonthCoverage, Watch
from coop.watch.coverage import Coverage
from coop.watch.siblings import SiblingCheck, check_siblings


class WatchBooks(Protocol):
    """Where the books are asked about meters, months and roofs."""

    def watch(self, now: datetime) -> Watch:
        """Return who is metered and how far the books and the months are."""
        ...

    def coverage(self, month: str, now: datetime) -> MonthCoverage:
        """Return how well each meter is known in a month; raise InputError."""
        ...

    def siblings(self, now: datetime) -> SiblingCheck:
        """Compare the roofs on the days that are over."""
        ...


class Intake(Protocol):
    """What ingest wrote down of its own work; raises UnreachableError."""

    def is_there(self) -> bool:
        """Say whether ingest keeps its journal on this machine."""
        ...

    def kinds(self) -> Sequence[KindCount]:
        """Return how much was refused by kind, the newest first."""
        ...

    def kept_aside(
        self, kind: RefusalKind | None, before_id: int | None, limit: int
    ) -> Sequence[KeptAside]:
        """Return what was refused, newest first, from below an id on."""
        ...


class NoBooks:
    """Books of a cooperative that has nothing to watch."""

    def watch(self, now: datetime) -> Watch:
        """Return nothing."""
        return Watch((), None, now, None, (), (), check_siblings(()))

    def coverage(self, month: str, now: datetime) -> MonthCoverage:
        """Return nothing."""
        del now
        return MonthCoverage(month, None, Coverage((), (), ()))

    def siblings(self, now: datetime) -> SiblingCheck:
        """Return nothing."""
        del now
        return check_siblings(())


class NoIntake:
    """An ingest that works on another machine."""

    def is_there(self) -> bool:
        """Say no."""
        return False

    def kinds(self) -> Sequence[KindCount]:
        """Return nothing."""
        return ()

    def kept_aside(
        self, kind: RefusalKind | None, before_id: int | None, limit: int
    ) -> Sequence[KeptAside]:
        """Return nothing."""
        del kind, before_id, limit
        return ()


@dataclass(frozen=True, slots=True)
class WatchSources:
    """All that the stewards' pages are made of beside the public ones' sources."""

    books: WatchBooks
    intake: Intake
    devices: tuple[str, ...] = ()
    """The devices that this machine's `minga.toml` names."""


NOTHING_TO_WATCH = WatchSources(NoBooks(), NoIntake())
