"""A key made ready to share many slots: own use, missing homes, the method, the fund's part.

One implementation for a single slot and for a year of them. Figures are whole watt-hours in the
order of the homes' ids, sorted by code point.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import NamedTuple, Self

from coop.allocation.absence import share_without
from coop.allocation.checks import find_problems
from coop.allocation.methods import METHODS, Shape, reserved_round
from coop.allocation.model import Home, Method, OwnUse, Rules, Status, Tie, Trace
from coop.allocation.rounding import Ties
from coop.errors import InputError

WHOLE_PERCENT_TENTHS = 10
"""surplus Wh * 10 tenths * percent / 100, shortened."""


class Shared(NamedTuple):
    """What came of one slot, each sequence in the order of `Sharing.ids`.

    `present` says which homes took part; the others stand in `set_aside_wh` only.
    """

    status: Status
    present: Sequence[bool]
    pool_wh: int
    own_use_wh: Sequence[int]
    allocated_wh: Sequence[int]
    reserved_wh: Sequence[int] | None
    set_aside_wh: Sequence[int]
    surplus_wh: int
    fund_tenths_wh: int


class Energy(NamedTuple):
    """The energy of one slot, homes in the order of `Sharing.ids`; None is missing.

    `kept_wh` is taken off the pool before anything is shared.
    """

    slot_number: int
    production_wh: int
    home_production_wh: Sequence[int]
    consumption_wh: Sequence[int | None]
    kept_wh: int = 0


@dataclass(frozen=True, slots=True)
class Sharing:
    """A key in whole numbers."""

    rules: Rules
    ids: tuple[str, ...]
    shape: Shape
    places: tuple[int, ...]
    tie_count: int
    without: dict[frozenset[int], "Sharing"] = field(default_factory=dict, compare=False)

    @classmethod
    def prepare(cls, rules: Rules, homes: Iterable[Home]) -> Self:
        """Check a key, put its weights on one denominator; raise InputError with all problems."""
        listed = sorted(homes, key=lambda home: home.id)
        if problems := find_problems(rules, listed):
            raise InputError(*problems)
        weights = [home.weight for home in listed]
        *whole, unassigned = _on_one_denominator([*weights, rules.unassigned_weight])
        shape = Shape(
            weights=tuple(whole),
            unassigned=unassigned,
            tiers=tuple(home.tier for home in listed),
            percents=tuple(_percent(home.reserved_percent) for home in listed),
            lifeline_wh=rules.lifeline_wh,
            then=rules.then or Method.REDISTRIBUTE,
            within_tier=rules.within_tier,
        )
        count = len(listed)
        return cls(rules, tuple(home.id for home in listed), shape, tuple(range(count)), count)

    def share(self, energy: Energy, trace: Trace | None = None) -> Shared:
        """Share one slot whose production is known.

        Raises InputError when a consumption is missing and the key says `hold` or `estimate`: the
        caller waits, or puts the estimate in its place.
        """
        if None in energy.consumption_wh:
            return share_without(self, energy, trace)
        needs: Sequence[int] = energy.consumption_wh  # type: ignore[assignment]  # no None is in it
        made, pool, own = energy.home_production_wh, energy.production_wh - energy.kept_wh, None
        if any(made):
            own = self._own_use(made, needs)
            pool += sum(made) - sum(own)
            needs = [need - used for need, used in zip(needs, own, strict=True)]
        if trace:
            trace.names = self.ids
            trace.note("own use", trace.told(own) if own else "no home made energy of its own")
            trace.note("needs", trace.told(needs))
        # Most hours of a year are dark: without a pool every method gives nothing.
        given = [0] * len(needs)
        if pool or trace:
            ties = self.ties(energy.slot_number)
            given = METHODS[self.rules.method](pool, needs, self.shape, ties, trace)
        reserved = None
        if self.rules.method is Method.RESERVED:
            reserved = reserved_round(pool, needs, self.shape)
        surplus = pool - sum(given)
        nothing = (0,) * len(needs)
        return Shared(
            status=Status.SETTLED,
            present=(True,) * len(needs),
            pool_wh=pool + energy.kept_wh,
            own_use_wh=own or nothing,
            allocated_wh=given,
            reserved_wh=reserved,
            set_aside_wh=nothing,
            surplus_wh=surplus,
            fund_tenths_wh=self.fund_tenths(surplus),
        )

    def pool_of(self, energy: Energy) -> int:
        """Return what is to be shared when every consumption is known."""
        needs = [need or 0 for need in energy.consumption_wh]
        own = self._own_use(energy.home_production_wh, needs)
        return energy.production_wh + sum(energy.home_production_wh) - sum(own)

    def ties(self, slot_number: int) -> Ties:
        """Return who comes first in a slot among equal remainders."""
        count = max(self.tie_count, 1)
        turn = slot_number % count if self.rules.tie is Tie.ROTATE else 0
        return Ties(self.places, count, turn)

    def fund_tenths(self, surplus_wh: int) -> int:
        """Return the fund's part of a surplus, in whole tenths of a watt-hour."""
        percent = self.rules.fund_percent
        return surplus_wh * percent.numerator // (percent.denominator * WHOLE_PERCENT_TENTHS)

    def _own_use(self, production: Sequence[int], needs: Sequence[int]) -> Sequence[int]:
        if self.rules.own_use is OwnUse.POOL_ALL:
            return [0] * len(needs)
        return [min(made, need) for made, need in zip(production, needs, strict=True)]


def _on_one_denominator(weights: Sequence[Fraction]) -> list[int]:
    below = lcm(*(weight.denominator for weight in weights))
    return [int(weight * below) for weight in weights]


def _percent(percent: Fraction) -> tuple[int, int]:
    part = percent / 100
    return part.numerator, part.denominator
