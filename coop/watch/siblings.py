"""Whether a roof falls behind its neighbours under the same sky. Pure; exact fractions.

Each day a roof's yield stands against the median of the others' yields of the same day. It knows
neither clouds nor angles: what all roofs share cancels out, and one bad day flags nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median

from coop.watch.yields import RoofDays

FEWEST_ROOFS = 3
"""With two roofs nobody can say which of them is odd."""
DAYS = 7
"""How many of the newest comparable days are judged."""
BEHIND_DAYS = 5
"""On so many of them a roof must fall behind before it is flagged."""
BEHIND_PERCENT = 80
"""Less than this share of the neighbours' yield is behind."""
GOOD_DAYS = 3
"""So many of its best days tell what a roof of unknown size can make."""
DARK_PERCENT = 10
"""A day on which the others made less than this share of their best tells nothing."""


class Measure(StrEnum):
    """By what roofs of different size are made comparable."""

    RATED = "rated"
    """Wh for each kW that is rated."""
    OWN_BEST = "own_best"
    """Parts of a thousand of the roof's own good days."""


class Verdict(StrEnum):
    """What the comparison says of a roof."""

    BEHIND = "behind"
    ALONGSIDE = "alongside"
    TOO_FEW_DAYS = "too_few_days"
    TOO_FEW_ROOFS = "too_few_roofs"


@dataclass(frozen=True, slots=True)
class DayPair:
    """One comparable day: the roof's yield and the median of the others', in the measure's unit."""

    day: date
    own: Fraction
    others: Fraction

    @property
    def percent(self) -> int:
        """Return the roof's part of what its neighbours made, rounded down."""
        return int(self.own * 100 / self.others)

    @property
    def is_behind(self) -> bool:
        """Say whether the roof made clearly less."""
        return self.own * 100 < BEHIND_PERCENT * self.others


@dataclass(frozen=True, slots=True)
class RoofCheck:
    """One roof against its neighbours: the newest comparable days, in order, and what they say."""

    roof: RoofDays
    verdict: Verdict
    pairs: tuple[DayPair, ...] = ()

    @property
    def behind(self) -> tuple[DayPair, ...]:
        """Return the days on which it fell behind."""
        return tuple(pair for pair in self.pairs if pair.is_behind)

    @property
    def percent(self) -> int | None:
        """Return its part on the days behind, on all days if there are none; None without days."""
        held = self.behind or self.pairs
        return int(median(pair.own * 100 / pair.others for pair in held)) if held else None


@dataclass(frozen=True, slots=True)
class SiblingCheck:
    """All roofs, those that fall behind first."""

    measure: Measure
    roofs: tuple[RoofCheck, ...]

    @property
    def behind(self) -> tuple[RoofCheck, ...]:
        """Return the roofs that are flagged."""
        return tuple(one for one in self.roofs if one.verdict is Verdict.BEHIND)


def check_siblings(roofs: Sequence[RoofDays]) -> SiblingCheck:
    """Compare all roofs; none is flagged for days that are missing, or among fewer than three."""
    is_rated = bool(roofs) and all(roof.rated_w for roof in roofs)
    measure = Measure.RATED if is_rated else Measure.OWN_BEST
    yields = {roof.id: _yields(roof, measure) for roof in roofs}
    best = {one: max(held.values()) for one, held in yields.items() if held}
    known = {one: held for one, held in yields.items() if best.get(one)}
    checks = [_check(roof, known, best) for roof in roofs]
    return SiblingCheck(measure, tuple(sorted(checks, key=_rank)))


Yields = Mapping[date, Fraction]


def _yields(roof: RoofDays, measure: Measure) -> Yields:
    if measure is Measure.RATED:
        whole = Fraction(roof.rated_w or 1, 1_000)
    else:
        best = sorted(roof.made_wh.values(), reverse=True)[:GOOD_DAYS]
        whole = Fraction(sum(best), 1_000 * len(best)) if any(best) else Fraction(1)
    return {day: wh / whole for day, wh in roof.made_wh.items()}


def _check(roof: RoofDays, yields: Mapping[str, Yields], best: Mapping[str, Fraction]) -> RoofCheck:
    # A roof that made nothing at all in the whole time still has days; its neighbours judge it.
    own = {day: Fraction(wh) for day, wh in roof.made_wh.items()}
    own = dict(yields.get(roof.id, own))
    others = {one: held for one, held in yields.items() if one != roof.id}
    if len(others) < FEWEST_ROOFS - 1:
        return RoofCheck(roof, Verdict.TOO_FEW_ROOFS)
    pairs = sorted(_pairs(own, others, best), key=lambda pair: pair.day)[-DAYS:]
    if len(pairs) < DAYS:
        return RoofCheck(roof, Verdict.TOO_FEW_DAYS, tuple(pairs))
    behind = sum(pair.is_behind for pair in pairs)
    verdict = Verdict.BEHIND if behind >= BEHIND_DAYS else Verdict.ALONGSIDE
    return RoofCheck(roof, verdict, tuple(pairs))


def _pairs(
    own: Yields, others: Mapping[str, Yields], best: Mapping[str, Fraction]
) -> Iterator[DayPair]:
    for day, made in own.items():
        beside = {one: held[day] for one, held in others.items() if day in held}
        is_dark = all(held * 100 < DARK_PERCENT * best[one] for one, held in beside.items())
        middle = median(beside.values()) if beside else Fraction(0)
        if len(beside) >= FEWEST_ROOFS - 1 and not is_dark and middle:
            yield DayPair(day, made, Fraction(middle))


def _rank(check: RoofCheck) -> tuple[bool, int, str]:
    percent = check.percent
    return (check.verdict is not Verdict.BEHIND, 0 if percent is None else percent, check.roof.name)
