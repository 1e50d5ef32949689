"""Which step of closing a month is done, which is to be done now, and which comes later. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from coop.month.closing import Status
from coop.month.states import State


class Step(StrEnum):
    """What is done at the end of a month, in this order."""

    LOOK = "look"
    FREEZE = "freeze"
    SIGN = "sign"
    REVIEW = "review"


class Turn(StrEnum):
    """When a step is done."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


def turns_of(status: Status) -> Mapping[Step, Turn]:
    """Return when each step is done."""
    count = _STEPS_DONE[status.standing.state]
    if not count and not status.obstacles:
        count = 1
    turns = [Turn.DONE] * count + [Turn.NOW] + [Turn.LATER] * len(Step)
    return dict(zip(Step, turns, strict=False))


_STEPS_DONE = {State.OPEN: 0, State.FROZEN: 2, State.CLOSED: 3, State.REVIEWED: 4}
