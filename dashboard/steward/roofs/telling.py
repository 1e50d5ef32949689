"""What the page of roofs says; pure."""

from fractions import Fraction

from coop.watch.siblings import (
    DAYS,
    FEWEST_ROOFS,
    DayPair,
    Measure,
    RoofCheck,
    SiblingCheck,
    Verdict,
)
from coop.words import Saying, say
from dashboard.language.numbers import percent, whole
from dashboard.steward.front.telling import falls_behind, lack_rated_power

DAY = say("Day")
ROOF = say("This roof")
NEIGHBOURS = say("Its neighbours")
PART = say("Part")
NO_ROOFS = say("No roof is registered yet. Enter roofs and their meters first.")
LOOK_FOR = say(
    "Look for dust and shade on the panels, a fuse or a string that is out, and what the inverter "
    "shows. If shade has always been there, nothing is broken."
)
EXPLANATION = say(
    "Each roof stands against the middle one of the others, day by day: clouds come over all. Days "
    "that were not measured do not count against a roof."
)
MEASURES = {
    Measure.RATED: say("In Wh for each kW of rated power."),
    Measure.OWN_BEST: say(
        "In per cent of what a roof makes on its own best days, because the rated power of some "
        "roof is not written down."
    ),
}
EVIDENCE = say("The days that this rests on")


def verdict(check: RoofCheck) -> Saying:
    """Say how a roof stands."""
    if check.verdict is Verdict.BEHIND:
        return falls_behind(check)
    if check.verdict is Verdict.TOO_FEW_ROOFS:
        return say("Roofs are compared from {count} on.", count=FEWEST_ROOFS)
    if check.verdict is Verdict.TOO_FEW_DAYS:
        return say(
            "{count} whole days compare so far; {needed} are needed.",
            count=len(check.pairs),
            needed=DAYS,
        )
    return say("It keeps up with its neighbours.")


def ask_for_power(check: SiblingCheck) -> Saying | None:
    """Ask for the rated power of roofs that have none."""
    names = [one.roof.name for one in check.roofs if not one.roof.rated_w]
    return lack_rated_power(names) if names else None


def rated(check: RoofCheck) -> Saying:
    """Say how large a roof is."""
    if check.roof.rated_w is None:
        return say("rated power not known")
    return say("{power} W rated", power=whole(check.roof.rated_w))


def describe(check: RoofCheck) -> Saying:
    """Describe the picture of a roof."""
    return say(
        "{name} beside its neighbours on {count} days: less than four fifths of theirs on {behind} "
        "of them.",
        name=check.roof.name,
        count=len(check.pairs),
        behind=len(check.behind),
    )


def amount(value: Fraction | int, measure: Measure) -> str:
    """Write a yield: Wh for each kW, or per cent of the roof's own best days."""
    if measure is Measure.RATED:
        return whole(round(value))
    return percent(round(value), 1_000)


def part_of(pair: DayPair) -> str:
    """Write a roof's part of what its neighbours made."""
    return percent(pair.percent, 100)
