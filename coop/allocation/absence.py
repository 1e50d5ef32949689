"""Sharing when a home's consumption is missing: kept for it, or as if it were not listed.

A home's own roof whose use is unknown is set aside as a whole: nobody knows what of it was left.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coop.allocation.model import Missing, Status, Trace, uses_weights
from coop.allocation.rounding import largest_remainder
from coop.errors import InputError

if TYPE_CHECKING:
    from coop.allocation.sharing import Energy, Shared, Sharing


def share_without(sharing: "Sharing", energy: "Energy", trace: Trace | None) -> "Shared":
    """Share among the homes that are known; raise InputError if the key waits for the others."""
    absent = frozenset(i for i, need in enumerate(energy.consumption_wh) if need is None)
    known = [index for index in range(len(sharing.ids)) if index not in absent]
    _refuse_waiting(sharing, absent)
    made = energy.home_production_wh
    aside = [made[i] if i in absent else 0 for i in range(len(sharing.ids))]
    rest = energy._replace(
        home_production_wh=[made[index] for index in known],
        consumption_wh=[energy.consumption_wh[index] for index in known],
    )
    part = leave_out(sharing, absent)
    if sharing.rules.missing is Missing.RESERVE:
        kept = _kept_for(sharing, absent, part.pool_of(rest), energy.slot_number)
        for index, amount in kept.items():
            aside[index] += amount
        rest = rest._replace(kept_wh=sum(kept.values()))
        if trace:
            named = ", ".join(f"{sharing.ids[index]} {amount} Wh" for index, amount in kept.items())
            trace.note("set aside", f"for homes whose reading is missing: {named}")
    return _spread(part.share(rest, trace), len(sharing.ids), known, aside)


def leave_out(sharing: "Sharing", absent: frozenset[int]) -> "Sharing":
    """Return the key without some homes, made once for each set of them.

    What is kept for a home is its part already; what an excluded home leaves is left over, unless
    the key says `renormalise`.
    """
    if absent not in sharing.without:
        sharing.without[absent] = _make_without(sharing, absent)
    return sharing.without[absent]


def _make_without(sharing: "Sharing", absent: frozenset[int]) -> "Sharing":
    shape, rules = sharing.shape, sharing.rules
    known = [index for index in range(len(sharing.ids)) if index not in absent]
    is_excluded = rules.missing is Missing.EXCLUDE
    gone = sum(shape.weights[index] for index in absent)
    return replace(
        sharing,
        ids=tuple(sharing.ids[index] for index in known),
        shape=replace(
            shape,
            weights=tuple(shape.weights[index] for index in known),
            unassigned=shape.unassigned + (gone if is_excluded and not rules.renormalise else 0),
            tiers=tuple(shape.tiers[index] for index in known),
            percents=tuple(shape.percents[index] for index in known),
        ),
        # An excluded home is not listed, so it holds no place in a tie either.
        places=tuple(range(len(known)) if is_excluded else (sharing.places[i] for i in known)),
        tie_count=len(known) if is_excluded else sharing.tie_count,
        without={},
    )


def _refuse_waiting(sharing: "Sharing", absent: frozenset[int]) -> None:
    policy = sharing.rules.missing
    if policy not in {Missing.RESERVE, Missing.EXCLUDE}:
        names = ", ".join(sharing.ids[index] for index in sorted(absent))
        raise InputError(f"consumption of {names} is missing, and the key says {policy}")


def _kept_for(
    sharing: "Sharing", absent: frozenset[int], pool: int, slot_number: int
) -> dict[int, int]:
    ties = sharing.ties(slot_number)
    weights = [1] * len(sharing.ids)
    if uses_weights(sharing.rules):
        weights, ties = [*sharing.shape.weights, sharing.shape.unassigned], ties.with_last()
    parts = largest_remainder(pool, weights, ties)
    return {index: parts[index] for index in absent}


def _spread(shared: "Shared", count: int, known: Sequence[int], aside: Sequence[int]) -> "Shared":
    """Put the figures of the homes that took part back into the order of all."""
    present = [False] * count
    for index in known:
        present[index] = True
    reserved = shared.reserved_wh
    return shared._replace(
        status=Status.PROVISIONAL,
        present=present,
        own_use_wh=_widen(shared.own_use_wh, known, count),
        allocated_wh=_widen(shared.allocated_wh, known, count),
        reserved_wh=None if reserved is None else _widen(reserved, known, count),
        set_aside_wh=aside,
    )


def _widen(parts: Sequence[int], known: Sequence[int], count: int) -> list[int]:
    wide = [0] * count
    for index, part in zip(known, parts, strict=True):
        wide[index] = part
    return wide
