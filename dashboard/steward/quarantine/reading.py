"""One page of the quarantine, and how hostile bytes become harmless text."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.intake.journal_reader import KeptAside, KindCount
from collector.intake.reasons import RefusalKind, kind_of
from dashboard.steward.sources import Intake

SHOWN = 25
LETTERS = 400
"""So much of a message is shown; all of it is in the journal."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message that was refused."""

    id: int
    kind: RefusalKind
    first_at: str
    last_at: str
    times: int
    reason: str
    topic: str
    size: int
    beginning: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What was refused by kind, and some of it, the newest first."""

    is_here: bool
    """Whether ingest works on this machine."""
    kinds: Sequence[KindCount] = ()
    asked: RefusalKind | None = None
    before_id: int | None = None
    refusals: tuple[Refusal, ...] = ()
    next_before: int | None = None
    """Where older messages go on; None where there are none."""

    @property
    def state(self) -> str:
        """Say how much there is to show."""
        if not self.is_here:
            return "elsewhere"
        return "full" if self.kinds else "empty"

    @property
    def kinds_shown(self) -> Sequence[KindCount]:
        """Return the kinds that were asked for."""
        return [one for one in self.kinds if self.asked in {None, one.kind}]


def read_quarantine(
    intake: Intake, kind: RefusalKind | None, before_id: int | None, limit: int = SHOWN
) -> Quarantine:
    """Return one page; raise UnreachableError."""
    if not intake.is_there():
        return Quarantine(is_here=False)
    kinds = intake.kinds()
    found = intake.kept_aside(kind, before_id, limit + 1)
    held = tuple(_refusal(one) for one in found[:limit])
    next_before = held[-1].id if len(found) > limit else None
    return Quarantine(
        is_here=True,
        kinds=kinds,
        asked=kind,
        before_id=before_id,
        refusals=held,
        next_before=next_before,
    )


def visible(text: str) -> str:
    """Write what cannot be seen, or turns the direction of a line, by its code."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _refusal(one: KeptAside) -> Refusal:
    text = visible(one.payload.decode(errors="replace"))
    return Refusal(
        one.id,
        kind_of(one.reason),
        one.first_at,
        one.last_at,
        one.times,
        visible(one.reason),
        visible(one.topic),
        one.size,
        text[:LETTERS],
        len(text) > LETTERS or one.size > len(one.payload),
    )
