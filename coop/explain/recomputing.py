"""Shares a slot once more from what its line says was measured, and compares. Pure."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from coop.allocation import Energy, Method, Round, Sharing, Step, Trace
from coop.calendar import stamp
from coop.errors import LedgerError
from coop.explain.explanation import Turn
from coop.members.community import SharingKey

Line = Mapping[str, Any]
"""What `slot_allocation.line` says; a home is [used, made, own use, shared, set aside, grid]."""


def recompute(sharing: Sharing, slot_start_s: int, slot_s: int, line: Line) -> Trace:
    """Share a slot again and return its rounds; raise LedgerError when the books say otherwise."""
    homes = line["homes"]
    made = [homes[home][1] for home in sharing.ids]
    used = [homes[home][0] for home in sharing.ids]
    trace = Trace()
    shared = sharing.share(Energy(slot_start_s // slot_s, line["community_wh"], made, used), trace)
    # A home that took no part has no figures in its line.
    again = {
        home: [own, given, aside] if is_there else [None, None, aside]
        for home, is_there, own, given, aside in zip(
            sharing.ids,
            shared.present,
            shared.own_use_wh,
            shared.allocated_wh,
            shared.set_aside_wh,
            strict=True,
        )
    }
    sums = (line["pool_wh"], line["surplus_wh"], line["fund_tenths_wh"])
    said = {home: figures[2:5] for home, figures in homes.items()}
    if (again, shared.pool_wh, shared.surplus_wh, shared.fund_tenths_wh) != (said, *sums):
        raise LedgerError(
            f"slot {stamp(slot_start_s)}: sharing it again gives other figures than the books "
            "hold; the books or the key were changed from outside: restore a backup, and report it"
        )
    return trace


def weight_of(key: SharingKey, home: str) -> Fraction | None:
    """Return a home's part of what its key divides by; None where that is nothing."""
    weights = {one.id: one.weight for one in key.homes}
    if key.rules.method is Method.EQUAL:
        weights = dict.fromkeys(weights, Fraction(1))
    whole = sum(weights.values(), Fraction(0))
    if key.rules.method in {Method.STATIC, Method.HYBRID}:
        whole += key.rules.unassigned_weight
    return weights[home] / whole if whole else None


def turns_of(trace: Trace, home: str) -> Iterator[Turn]:
    """Yield each round as it touched a home."""
    if home not in trace.names:
        return
    place = list(trace.names).index(home)
    for one in trace.rounds:
        yield _turn(one, place)


def _turn(one: Round, place: int) -> Turn:
    whole = sum(one.weights)
    takes_part = one.weights[place] > 0
    if one.step is Step.LIFELINE:
        return Turn(one.step, one.there_wh, takes_part, part_wh=one.weights[place])
    if not one.parts or not whole:
        given = one.given[place] if one.given else 0
        return Turn(one.step, one.there_wh, takes_part, None, given, sum(one.given), whole)
    floors = [one.there_wh * weight // whole for weight in one.weights]
    return Turn(
        one.step,
        one.there_wh,
        takes_part,
        part_wh=one.parts[place],
        given_wh=one.given[place],
        given_to_all_wh=sum(one.given),
        weights=whole,
        spare_wh=one.there_wh - sum(floors),
        got_spare=one.parts[place] > floors[place],
    )
