"""The month in ten sentences, to be read aloud in the assembly. Pure.

They are made of what anyone may hear: no figure covers fewer than five homes.
"""

from collections.abc import Mapping

from coop.month.states import Act, State
from coop.report.public import PublicMonth, PublicPart
from coop.report.shown.amounts import month_name
from coop.words import Saying, say
from coop.words.amounts import kilo, soles, whole

_A_HUNDRED_KWH = 100_000
_WH_A_KWH = 1_000
_TENTHS_A_WH = 10
_PARTS = 10
"""Of so many kilowatt-hours it is told how many came from the roofs."""

TITLE = say("The month in ten sentences")

_STATES: Mapping[State, Saying] = {
    State.OPEN: say("It is a draft: the month is still open."),
    State.FROZEN: say("It is a draft: the month is frozen, and two stewards have to sign it."),
    State.CLOSED: say("Two stewards have signed it, and it is read in this assembly."),
    State.REVIEWED: say("The assembly has approved it."),
}
_OBSERVED = say("The assembly has observed it, and its remarks stand in the report.")
_NO_PRODUCTION = say("How much the roofs produced is not told: it would tell of too few homes.")
_NO_USE = say("How much of it the homes got is not told: it would tell of too few homes.")
_NO_SURPLUS = say("How much was left over is not told: it would tell of too few homes.")
_NO_NEED = say("How much the homes used in all is not told: it would tell of too few homes.")
_NO_FUND = say("What the solidarity fund received is not told: it would tell of too few homes.")
_NO_MONEY = say("What the homes did not have to pay is not told: it would tell of too few homes.")
_NO_OTHER = say("There is no month before this one to compare it with.")


def ten_sentences(part: PublicPart) -> tuple[Saying, ...]:
    """Return exactly ten sentences, in the order in which they are read."""
    return (
        say(
            "This is the report of {name} for {month}.",
            name=part.name,
            month=month_name(part.month),
        ),
        _OBSERVED if part.review is Act.OBSERVED else _STATES[part.state],
        _produced(part),
        _used(part),
        _left_over(part),
        _of_ten(part),
        _fund(part),
        _kept(part),
        _measured(part),
        _compared(part),
    )


def spoken_kwh(wh: int) -> str:
    """Write kWh as one says them: whole from a hundred on, else with one decimal."""
    if abs(wh) < _A_HUNDRED_KWH:
        return kilo(wh)
    return whole((wh + _WH_A_KWH // 2) // _WH_A_KWH)


def _produced(part: PublicPart) -> Saying:
    if part.sums.produced_wh is None:
        return _NO_PRODUCTION
    return say("The roofs produced {kwh} kilowatt-hours.", kwh=spoken_kwh(part.sums.produced_wh))


def _used(part: PublicPart) -> Saying:
    sums = part.sums
    if sums.used_wh is not None:
        return say("The homes got {kwh} kilowatt-hours of it.", kwh=spoken_kwh(sums.used_wh))
    if sums.used_or_aside_wh is not None:
        return say(
            "The homes got {kwh} kilowatt-hours of it, with what is set aside for some of them.",
            kwh=spoken_kwh(sums.used_or_aside_wh),
        )
    return _NO_USE


def _left_over(part: PublicPart) -> Saying:
    if part.sums.surplus_wh is None:
        return _NO_SURPLUS
    return say("{kwh} kilowatt-hours were left over.", kwh=spoken_kwh(part.sums.surplus_wh))


def _of_ten(part: PublicPart) -> Saying:
    sums = part.sums
    if sums.consumption_wh is None:
        return _NO_NEED
    if sums.used_wh is None or not sums.consumption_wh:
        return say(
            "The homes used {kwh} kilowatt-hours in all.", kwh=spoken_kwh(sums.consumption_wh)
        )
    # Rounded down, so that it never says all too early; late readings may be of other months.
    of_ten = min(max(sums.used_wh * _PARTS // sums.consumption_wh, 0), _PARTS)
    return say(
        "The homes used {kwh} kilowatt-hours in all: {part} of every 10 came from the roofs.",
        kwh=spoken_kwh(sums.consumption_wh),
        part=str(of_ten),
    )


def _fund(part: PublicPart) -> Saying:
    tenths = part.sums.fund_tenths_wh
    if tenths is None or part.fund_balance_centimos is None:
        return _NO_FUND
    return say(
        "The solidarity fund received {kwh} kilowatt-hours, and it holds {soles} soles.",
        kwh=spoken_kwh(tenths // _TENTHS_A_WH),
        soles=soles(part.fund_balance_centimos),
    )


def _kept(part: PublicPart) -> Saying:
    if part.sums.kept_centimos is None:
        return _NO_MONEY
    return say(
        "All homes together did not have to pay {soles} soles to the utility.",
        soles=soles(part.sums.kept_centimos),
    )


def _measured(part: PublicPart) -> Saying:
    return say(
        "Of {slots} parts of the month {settled} are counted, and {corrections} parts of earlier "
        "months were corrected.",
        slots=whole(part.slots),
        settled=whole(part.settled),
        corrections=whole(part.corrections),
    )


def _compared(part: PublicPart) -> Saying:
    other = part.before or part.year_before
    if other is None:
        return _NO_OTHER
    before_wh, now_wh = other.sums.produced_wh, part.sums.produced_wh
    if before_wh is None or now_wh is None:
        return say("{month} is not compared: it would tell of too few homes.", month=_named(other))
    if now_wh == before_wh:
        return say("The roofs produced as much as in {month}.", month=_named(other))
    more = spoken_kwh(abs(now_wh - before_wh))
    if now_wh > before_wh:
        return say(
            "The roofs produced {kwh} kilowatt-hours more than in {month}.",
            kwh=more,
            month=_named(other),
        )
    return say(
        "The roofs produced {kwh} kilowatt-hours less than in {month}.",
        kwh=more,
        month=_named(other),
    )


def _named(other: PublicMonth) -> str:
    return month_name(other.month)
