"""An explanation in words that a person without algebra follows; each line adds one thing.

Values in, sayings out; which language they are read in is decided by `words`.
"""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from coop.allocation import Method, Missing, OwnUse, Status
from coop.explain.explanation import Explanation, LatePart, Line, MeterMark
from coop.explain.rounds import tell_rounds
from coop.metering.intervals import Flag, Quality
from coop.settling.segment import Reason
from coop.slots import moment_of
from coop.words import Saying, say
from coop.words.amounts import signed, tenths
from coop.words.dates import dated

METHODS: Mapping[Method, Saying] = {
    Method.STATIC: say("Each home has a fixed part of the pool, and gets at most what it needs."),
    Method.EQUAL: say("Each home has the same part of the pool, and gets at most what it needs."),
    Method.PRO_RATA: say("The pool is shared by need: who needs twice as much gets twice as much."),
    Method.REDISTRIBUTE: say(
        "Each home has a part of the pool. What a home does not need goes round again to those "
        "who need more."
    ),
    Method.HYBRID: say(
        "Each home has a fixed part of the pool. What is left then goes to those who still need."
    ),
    Method.PRIORITY: say(
        "The homes stand in groups. The first group gets what it needs, then the next group."
    ),
    Method.RESERVED: say("Some homes have a reserved part. They get it first, then all share."),
    Method.LIFELINE: say("The first watt-hours of every home come first, then all share the rest."),
}
"""What a key does, in one sentence."""

QUALITIES: Mapping[Quality, Saying] = {
    Quality.MEASURED: say("Meter {counter}: {wh} Wh, measured."),
    Quality.INTERPOLATED: say("Meter {counter}: {wh} Wh, on the line between two readings."),
    Quality.ESTIMATED: say("Meter {counter}: {wh} Wh, estimated."),
    Quality.MANUAL: say("Meter {counter}: {wh} Wh, read by a steward."),
}

FLAGS: Mapping[Flag, Saying] = {
    Flag.GAP: say("Meter {counter}: not measured, its readings are missing."),
    Flag.REGISTER_RESET: say("Meter {counter}: not measured, it began to count anew."),
    Flag.IMPLAUSIBLE_RISE: say("Meter {counter}: not measured, it rose faster than can be."),
}

REASONS: Mapping[Reason, Saying] = {
    Reason.NO_KEY: say("Nothing is shared: no key was in force."),
    Reason.PRODUCTION_MISSING: say(
        "Nothing is shared: what the roofs made is not known. Not measured is not zero."
    ),
    Reason.HELD: say("Nothing is shared: a home was not measured, and the key says to wait."),
}


def tell(one: Explanation, zone: ZoneInfo) -> list[Line]:
    """Return the lines of an explanation in order."""
    return [
        _when(one, zone),
        *_production(one),
        *_key(one),
        *(Line("quality", _meter(mark)) for mark in one.marks),
        *_sharing(one),
        *(Line("late", _late(part)) for part in one.late),
    ]


def _when(one: Explanation, zone: ZoneInfo) -> Line:
    start = moment_of(one.slot_start_s).astimezone(zone)
    end = moment_of(one.slot_start_s + one.slot_s).astimezone(zone)
    saying = say("Home {home}, {day}, from {start} to {end}.", home=one.home)
    day = dated(start.date(), "d 'de' MMMM 'de' y")
    return Line("when", saying.put(day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}"))


def _production(one: Explanation) -> Iterator[Line]:
    if one.production_wh is not None:
        yield Line("production", say("All roofs made {wh} Wh.", wh=one.production_wh))
    if one.figures.own_production_wh:
        own_wh = one.figures.own_production_wh
        yield Line("production", say("Your own roof made {wh} Wh of it.", wh=own_wh))


def _key(one: Explanation) -> Iterator[Line]:
    if one.key is None:
        return
    saying = say("The key in force is number {number}, {name}. This decision set it: {decision}.")
    yield Line("key", saying.put(number=one.key.id, name=one.key.name, decision=one.key.decision))
    yield Line("key", METHODS[one.key.rules.method])
    if not one.is_listed:
        yield Line("key", say("Your home does not stand in this key."))
    if one.weight is not None:
        part, whole = one.weight.as_integer_ratio()
        yield Line("weight", say("Your weight is {part} of {whole}.", part=part, whole=whole))


def _meter(mark: MeterMark) -> Saying:
    if mark.wh is None:
        return FLAGS[mark.flag or Flag.GAP].put(counter=mark.counter)
    return QUALITIES[mark.quality].put(counter=mark.counter, wh=mark.wh)


def _sharing(one: Explanation) -> Iterator[Line]:
    if one.reason is not None:
        yield Line("unsettled", REASONS[one.reason])
        return
    if one.is_listed and one.figures.consumption_wh is None:
        yield from _unmeasured(one)
    elif one.is_listed:
        yield from _need(one)
        yield from _pool(one)
        yield from tell_rounds(one)
        yield from _result(one)
    yield from _left_over(one)


def _unmeasured(one: Explanation) -> Iterator[Line]:
    aside_wh = one.figures.set_aside_wh or 0
    is_waited_for = not one.is_final and one.key and one.key.rules.missing is Missing.RESERVE
    if is_waited_for:
        saying = say("Your home was not measured. {wh} Wh are kept for it until its readings come.")
        yield Line("aside", saying.put(wh=aside_wh))
        return
    yield Line("aside", say("Your home was not measured, so it was left out of this sharing."))
    if aside_wh:
        saying = say("What your own roof made, {wh} Wh, is set aside: what you used is not known.")
        yield Line("aside", saying.put(wh=aside_wh))


def _need(one: Explanation) -> Iterator[Line]:
    figures = one.figures
    yield Line("need", say("You used {wh} Wh.", wh=figures.consumption_wh or 0))
    if figures.own_use_wh:
        saying = say("{own} Wh of it came from your own roof. You needed {need} Wh more.")
        yield Line("need", saying.put(own=figures.own_use_wh, need=one.need_wh or 0))
    elif figures.own_production_wh and one.key and one.key.rules.own_use is OwnUse.POOL_ALL:
        yield Line("need", say("This key puts all that your own roof makes into the pool."))


def _pool(one: Explanation) -> Iterator[Line]:
    pool_wh = one.pool_wh or 0
    yield Line("pool", say("{wh} Wh were there to share: this is the pool.", wh=pool_wh))
    if one.turns and one.turns[0].there_wh < pool_wh:
        kept_wh = pool_wh - one.turns[0].there_wh
        saying = say("{wh} Wh of the pool are kept for homes that were not measured.", wh=kept_wh)
        yield Line("pool", saying)


def _result(one: Explanation) -> Iterator[Line]:
    figures = one.figures
    saying = say("So you got {shared} Wh from the pool. {grid} Wh came from the grid.")
    yield Line("result", saying.put(shared=figures.shared_wh or 0, grid=figures.grid_wh or 0))
    if one.status is Status.PROVISIONAL:
        yield Line("result", say("A home was not measured yet, so these figures may still change."))


def _left_over(one: Explanation) -> Iterator[Line]:
    if not one.surplus_wh:
        yield Line("left_over", say("Nothing of the pool was left over."))
        return
    yield Line("left_over", say("{wh} Wh of the pool were left over.", wh=one.surplus_wh))
    percent = one.key.rules.fund_percent if one.key else 0
    saying = say("The solidarity fund got {percent} percent of that: {fund} Wh.")
    yield Line("fund", saying.put(percent=str(percent), fund=tenths(one.fund_tenths_wh or 0)))


def _late(part: LatePart) -> Saying:
    saying = say(
        "Readings came after the month was frozen. They change your own use by {own} Wh and what "
        "you got by {shared} Wh; both are booked in {month}."
    )
    return saying.put(own=signed(part.own_use_wh), shared=signed(part.shared_wh), month=part.month)
