"""What a month's energy means in soles: rounded once, shared out by largest remainder. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from coop.allocation.rounding import Ties, largest_remainder

WH_A_KWH = 1_000
TENTHS_A_KWH = 10_000
FUND_SOLES, FUND_OWED = "fund:soles", "fund:owed"


class TariffKind(StrEnum):
    """What a price is for."""

    UTILITY = "utility"
    """What a kilowatt-hour from the utility costs a home."""
    SURPLUS = "surplus"
    """What a kilowatt-hour that is left over is worth to the fund."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price from a moment on, until the next of its kind, and the decision that set it."""

    kind: TariffKind
    from_s: int
    centimos_per_kwh: Fraction
    decision: str


@dataclass(frozen=True, slots=True)
class FundSoles:
    """What the solidarity fund holds, and what it owes because late readings took more than that.

    Both are zero or more; the fund holds nothing while it owes.
    """

    held_centimos: int = 0
    owed_centimos: int = 0

    def change(self, worth: int) -> dict[str, int]:
        """Return the postings that a month's worth means for the fund; it may be negative."""
        if worth >= 0:
            repaid = min(worth, self.owed_centimos)
            return {FUND_SOLES: worth - repaid, FUND_OWED: repaid}
        taken = min(-worth, self.held_centimos)
        return {FUND_SOLES: -taken, FUND_OWED: worth + taken}


class Prices:
    """Which tariff holds when."""

    def __init__(self, tariffs: Sequence[Tariff]) -> None:
        self._by_kind = {
            kind: sorted((one for one in tariffs if one.kind is kind), key=lambda one: one.from_s)
            for kind in TariffKind
        }

    def at(self, kind: TariffKind, slot_start_s: int) -> Tariff | None:
        """Return the tariff in force in a slot."""
        held = [one for one in self._by_kind[kind] if one.from_s <= slot_start_s]
        return held[-1] if held else None


def kept_centimos(wh: Mapping[str, int], tariff: Tariff, turn: int) -> dict[str, int]:
    """Return what each home kept from the utility under one tariff, in whole céntimos.

    The total is rounded half to even, then shared by watt-hours; `wh` may be negative where late
    readings took something back. `turn` says who comes first among equal remainders.
    """
    homes = sorted(wh)
    total_wh = sum(wh.values())
    total = round(total_wh * tariff.centimos_per_kwh / WH_A_KWH)
    sign = -1 if total_wh < 0 else 1
    count = max(len(homes), 1)
    parts = largest_remainder(
        sign * total, [sign * wh[home] for home in homes], Ties(range(count), count, turn % count)
    )
    return {home: sign * part for home, part in zip(homes, parts, strict=True)}


def fund_centimos(tenths_wh: int, tariff: Tariff) -> int:
    """Return what the fund's energy is worth, rounded half to even."""
    return round(tenths_wh * tariff.centimos_per_kwh / TENTHS_A_KWH)
