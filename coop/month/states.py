"""How far a month has come, told from what happened to it. Pure; nothing is read or written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SIGNATURES = 2
"""How many different stewards close a month."""


class Act(StrEnum):
    """What can happen to a month."""

    FROZEN = "frozen"
    SIGNED = "signed"
    APPROVED = "approved"
    OBSERVED = "observed"


class State(StrEnum):
    """How far a month has come."""

    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a month; never changed, never taken back."""

    month: str
    act: Act
    steward: str | None
    text: str
    manifest_hash: str
    written_s: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All that happened to one month, in order."""

    month: str
    events: tuple[Event, ...] = ()

    @property
    def state(self) -> State:
        """Return how far it has come."""
        acts = {event.act for event in self.events}
        if acts & {Act.APPROVED, Act.OBSERVED}:
            return State.REVIEWED
        if len(self.signed_by) >= SIGNATURES:
            return State.CLOSED
        return State.FROZEN if Act.FROZEN in acts else State.OPEN

    @property
    def signed_by(self) -> list[str]:
        """Return the stewards who signed, in order, each once."""
        signed = [event.steward for event in self.events if event.act is Act.SIGNED]
        return list(dict.fromkeys(name for name in signed if name is not None))

    @property
    def manifest_hash(self) -> str:
        """Return the hash of what was frozen; empty while the month is open."""
        return next((one.manifest_hash for one in self.events if one.act is Act.FROZEN), "")

    @property
    def review(self) -> Event | None:
        """Return what the assembly said last."""
        said = [one for one in self.events if one.act in {Act.APPROVED, Act.OBSERVED}]
        return said[-1] if said else None


def standing_of(month: str, events: Sequence[Event]) -> Standing:
    """Return how one month stands, from the events of all months in order."""
    return Standing(month, tuple(event for event in events if event.month == month))


def last_frozen(events: Sequence[Event]) -> str | None:
    """Return the newest month that is frozen or further; months are frozen in order."""
    return max((event.month for event in events if event.act is Act.FROZEN), default=None)
