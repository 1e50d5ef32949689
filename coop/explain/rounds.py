"""The rounds of one sharing in words, as one home went through them."""

from collections.abc import Iterator

from coop.allocation import Step
from coop.explain.explanation import Explanation, Line, Turn
from coop.words import Saying, say

OPENINGS = frozenset({Step.TIER, Step.RESERVED, Step.LIFELINE})
"""Steps that say what comes now; what is divided stands in the rounds behind them."""


def tell_rounds(one: Explanation) -> Iterator[Line]:
    """Yield a line for each round that touched the home, and one for each watt-hour of rounding."""
    if not one.pool_wh:
        yield Line("round", say("There was nothing to share."))
        return
    if not one.need_wh:
        yield Line("round", say("You needed nothing from the pool."))
        return
    number = 0
    for turn in one.turns:
        if turn.takes_part and turn.step in OPENINGS:
            yield Line("round", _opening(turn))
        elif turn.takes_part:
            number += 1
            yield Line("round", _round(turn).put(number=number, there=turn.there_wh))
            if turn.spare_wh:
                yield Line("rounding", _rounding(turn).put(spare=turn.spare_wh))
    if not any(turn.takes_part for turn in one.turns):
        yield Line("round", say("The key has no part of it for your home."))


def _opening(turn: Turn) -> Saying:
    if turn.step is Step.TIER:
        return say("When the turn of your group came, {wh} Wh were there.", wh=turn.there_wh)
    if turn.step is Step.RESERVED:
        return say("{wh} Wh of the pool were reserved for you.", wh=turn.given_wh)
    return say("The first {wh} Wh of your need come before all else.", wh=turn.part_wh or 0)


def _round(turn: Turn) -> Saying:
    if turn.step is Step.ALL_NEEDED:
        return _all_needed(turn)
    if turn.step is Step.BY_NEED:
        return _by_need(turn)
    part_wh = turn.part_wh or 0
    if turn.given_wh < part_wh:
        saying = say(
            "Round {number}: {there} Wh were there. Your part was {part} Wh, more than you needed: "
            "you got {given} Wh."
        )
        return saying.put(part=part_wh, given=turn.given_wh)
    saying = say("Round {number}: {there} Wh were there. Your part was {given} Wh: you got it.")
    return saying.put(given=turn.given_wh)


def _all_needed(turn: Turn) -> Saying:
    if turn.given_wh:
        saying = say(
            "Round {number}: {there} Wh were there. Your part was enough for all you needed: you "
            "got {given} Wh."
        )
        return saying.put(given=turn.given_wh)
    saying = say(
        "Round {number}: {there} Wh were there. Homes for which their part was enough got what "
        "they needed. {rest} Wh go round again, for you and the others."
    )
    return saying.put(rest=turn.there_wh - turn.given_to_all_wh)


def _by_need(turn: Turn) -> Saying:
    if turn.part_wh is None:
        saying = say(
            "Round {number}: {there} Wh were there, enough for everybody's need. You got {given} "
            "Wh."
        )
        return saying.put(given=turn.given_wh)
    saying = say(
        "Round {number}: {there} Wh were there, but {needed} Wh were needed. Shared by need, you "
        "got {given} Wh."
    )
    return saying.put(needed=turn.weights, given=turn.given_wh)


def _rounding(turn: Turn) -> Saying:
    if turn.got_spare:
        return say(
            "{spare} Wh could not be divided evenly. They went one by one to the homes that had "
            "lost most by rounding down; one came to you."
        )
    return say(
        "{spare} Wh could not be divided evenly. They went one by one to the homes that had lost "
        "most by rounding down; none came to you."
    )
