"""The eight methods, each in whole watt-hours: pool and needs in, one part for each home out.

Every method gives each home at most its need and all homes together at most the pool.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from coop.allocation.model import Method, Round, Step, Trace
from coop.allocation.rounding import Ties, largest_remainder


@dataclass(frozen=True, slots=True)
class Shape:
    """What a key says of the homes that take part, in their order; weights are whole numbers."""

    weights: Sequence[int]
    unassigned: int
    tiers: Sequence[int | None]
    percents: Sequence[tuple[int, int]]
    """Reserved parts of the pool, as numerator and denominator."""
    lifeline_wh: int
    then: Method
    within_tier: Method


Share = Callable[[int, Sequence[int], Shape, Ties, Trace | None], list[int]]


def share_static(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Give each home its part of the pool, at most its need; the rest is left over."""
    weights = shape.weights
    if shape.unassigned:
        weights, ties = [*weights, shape.unassigned], ties.with_last()
    parts = largest_remainder(pool, weights, ties)
    given = [min(part, need) for part, need in zip(parts, needs, strict=False)]
    if trace:
        trace.note("by weight", f"parts of {pool} Wh: {trace.told(parts)}")
        _note_rounding(trace, pool, weights, parts)
        trace.note("capped", f"at most the need of each: {trace.told(given)}")
        trace.rounds.append(Round(Step.BY_WEIGHT, pool, weights, parts, given))
    return given


def share_equal(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Give each home the same part, at most its need."""
    same = replace(shape, weights=[1] * len(needs), unassigned=0)
    return share_static(pool, needs, same, ties, trace)


def share_pro_rata(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Give everybody what they need, or the same fraction of it."""
    del shape
    need = sum(needs)
    given = list(needs) if need <= pool else largest_remainder(pool, needs, ties)
    if trace:
        why = "the pool covers every need" if need <= pool else "parts of the pool by need"
        trace.note("by need", f"{why}: {trace.told(given)}")
        if need > pool:
            _note_rounding(trace, pool, needs, given)
        parts = given if need > pool else ()
        trace.rounds.append(Round(Step.BY_NEED, pool, needs, parts, given))
    return given


def share_redistribute(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Share by weight; what a home does not need goes round again to those who do."""
    weights, given, rest = shape.weights, [0] * len(needs), pool
    active = [index for index, need in enumerate(needs) if need and weights[index]]
    whole = sum([weights[index] for index in active])
    while active and rest:
        # Equal counts as enough: with > energy would vanish when need equals share.
        full = [index for index in active if rest * weights[index] >= needs[index] * whole]
        if not full:
            parts = largest_remainder(rest, [weights[i] for i in active], ties.among(active))
            for index, part in zip(active, parts, strict=True):
                given[index] = part
            if trace:
                named = ", ".join(f"{trace.names[i]} {given[i]} Wh" for i in active)
                trace.note("last round", f"{rest} Wh by weight: {named}")
                _note_rounding(trace, rest, [weights[i] for i in active], parts, active)
                held, last = _only(weights, active), _only(given, active)
                trace.rounds.append(Round(Step.BY_WEIGHT, rest, held, last, last))
            break
        for index in full:
            given[index] = needs[index]
            rest -= needs[index]
            whole -= weights[index]
        if trace:
            named = ", ".join(f"{trace.names[index]} {given[index]} Wh" for index in full)
            trace.note("round", f"all they need: {named}; {rest} Wh go round again")
            held, served = _only(weights, active), _only(given, full)
            trace.rounds.append(Round(Step.ALL_NEEDED, rest + sum(served), held, (), served))
        active = [index for index in active if not given[index]]
    return given


def share_hybrid(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Share by weight first; what is left goes by what homes still need."""
    first = share_static(pool, needs, shape, ties, trace)
    return _add_round(share_pro_rata, first, pool, needs, (shape, ties, trace))


def share_priority(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Serve tier by tier, lowest number first; a home without a tier comes last."""
    given, rest = [0] * len(needs), pool
    for tier in [*sorted({tier for tier in shape.tiers if tier is not None}), None]:
        here = [need if shape.tiers[i] == tier else 0 for i, need in enumerate(needs)]
        if trace and any(here):
            trace.note("tier", f"{'last' if tier is None else tier}: {rest} Wh are there")
            inside = [int(one == tier) for one in shape.tiers]
            trace.rounds.append(Round(Step.TIER, rest, inside, (), ()))
        parts = METHODS[shape.within_tier](rest, here, shape, ties, trace)
        given = [have + part for have, part in zip(given, parts, strict=True)]
        rest -= sum(parts)
    return given


def share_reserved(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Give named homes their reserved percentage first, then share the rest among all."""
    first = reserved_round(pool, needs, shape)
    if trace:
        trace.note("reserved", f"percentages of {pool} Wh, at most the need: {trace.told(first)}")
        held = [above for above, _ in shape.percents]
        trace.rounds.append(Round(Step.RESERVED, pool, held, (), first))
    return _add_round(METHODS[shape.then], first, pool, needs, (shape, ties, trace))


def reserved_round(pool: int, needs: Sequence[int], shape: Shape) -> list[int]:
    """Return the first round of `reserved`."""
    return [
        min(need, pool * above // below)
        for need, (above, below) in zip(needs, shape.percents, strict=True)
    ]


def share_lifeline(
    pool: int, needs: Sequence[int], shape: Shape, ties: Ties, trace: Trace | None = None
) -> list[int]:
    """Serve the first watt-hours of every home's need, then share the rest."""
    basic = [min(need, shape.lifeline_wh) for need in needs]
    if trace:
        trace.note("lifeline", f"of each need, at most {shape.lifeline_wh} Wh come first")
        trace.rounds.append(Round(Step.LIFELINE, pool, basic, (), ()))
    first = METHODS[shape.within_tier](pool, basic, shape, ties, trace)
    return _add_round(METHODS[shape.then], first, pool, needs, (shape, ties, trace))


METHODS: Mapping[Method, Share] = {
    Method.STATIC: share_static,
    Method.EQUAL: share_equal,
    Method.PRO_RATA: share_pro_rata,
    Method.REDISTRIBUTE: share_redistribute,
    Method.HYBRID: share_hybrid,
    Method.PRIORITY: share_priority,
    Method.RESERVED: share_reserved,
    Method.LIFELINE: share_lifeline,
}


def _add_round(
    share: Share,
    first: Sequence[int],
    pool: int,
    needs: Sequence[int],
    how: tuple[Shape, Ties, Trace | None],
) -> list[int]:
    left = [need - have for need, have in zip(needs, first, strict=True)]
    second = share(pool - sum(first), left, *how)
    return [have + part for have, part in zip(first, second, strict=True)]


def _only(amounts: Sequence[int], who: Sequence[int]) -> list[int]:
    return [amount if index in who else 0 for index, amount in enumerate(amounts)]


def _note_rounding(
    trace: Trace,
    total: int,
    weights: Sequence[int],
    parts: Sequence[int],
    who: Sequence[int] | None = None,
) -> None:
    whole = sum(weights) or 1
    floors = [total * weight // whole for weight in weights]
    trace.note_rounding(floors, parts, range(len(parts)) if who is None else who)
