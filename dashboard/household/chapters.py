"""The lines of an explanation, gathered under headings as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from coop.explain import Explanation, Line, tell
from coop.slots import moment_of
from coop.words import Saying, say

RECOMPUTED = say("Computed again just now from the books, and it came out the same.")

_MADE = say("What the roofs made")
_SHARED = say("How it is shared")
_MEASURED = say("How your home was measured")
_PART = say("Your part, round by round")
_LEFT = say("What was left over")
_LATE = say("What came late")

_HEADINGS: Mapping[str, Saying] = {
    "production": _MADE,
    "key": _SHARED,
    "weight": _SHARED,
    "quality": _MEASURED,
    "left_over": _LEFT,
    "fund": _LEFT,
    "late": _LATE,
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some lines about one thing."""

    heading: Saying
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WhyPage:
    """All that the page of one slot says; `after` is None while the next slot is not over."""

    explanation: Explanation
    start: datetime
    end: datetime
    before: datetime
    after: datetime | None
    lines: tuple[Line, ...] = field(default=())

    @property
    def chapters(self) -> list[Chapter]:
        """Return the lines under their headings, without the first: it names the slot."""
        told = (line for line in self.lines if line.step != "when")
        return [Chapter(heading, tuple(lines)) for heading, lines in groupby(told, key=_heading)]


def read_why(explanation: Explanation, zone: ZoneInfo, now: datetime) -> WhyPage:
    """Return the page of a slot; the slots beside it are linked as far as they are over."""
    start = moment_of(explanation.slot_start_s).astimezone(zone)
    end = moment_of(explanation.slot_start_s + explanation.slot_s).astimezone(zone)
    length = timedelta(seconds=explanation.slot_s)
    after = end if moment_of(explanation.slot_start_s) + 2 * length <= now else None
    before = moment_of(explanation.slot_start_s - explanation.slot_s).astimezone(zone)
    return WhyPage(explanation, start, end, before, after, tuple(tell(explanation, zone)))


def _heading(line: Line) -> Saying:
    return _HEADINGS.get(line.step, _PART)
