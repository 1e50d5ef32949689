"""What of a month's report anyone may see: no figure that covers fewer than five homes.

Neither does any that could be had by adding and subtracting public ones; see `disclosure`. Where a
part would cover too few homes, the sum that holds it is told instead. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coop.month.states import Act, State
from coop.report.disclosure import FEWEST_HOMES, choose
from coop.report.model import Community, Comparison, DayReport, HomeReport, MonthReport


@dataclass(frozen=True, slots=True)
class PublicSums:
    """Energy of the whole community as booked; None is not told by itself, or not at all."""

    homes: int
    produced_wh: int | None = None
    own_use_wh: int | None = None
    shared_wh: int | None = None
    set_aside_wh: int | None = None
    used_wh: int | None = None
    """Own use and shared together."""
    used_or_aside_wh: int | None = None
    """Own use, shared and set aside together."""
    surplus_wh: int | None = None
    fund_tenths_wh: int | None = None
    consumption_wh: int | None = None
    grid_wh: int | None = None
    kept_centimos: int | None = None
    community_roofs_wh: int | None = None
    own_roofs_wh: int | None = None
    """What all roofs of homes made together."""


@dataclass(frozen=True, slots=True)
class PublicRoof:
    """One roof of the community's."""

    roof: str
    name: str
    produced_wh: int


@dataclass(frozen=True, slots=True)
class PublicMonth:
    """Another month, to compare with."""

    month: str
    sums: PublicSums


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What anyone may see of a month."""

    coop: str
    name: str
    month: str
    state: State
    review: Act | None
    """Whether the assembly approved or observed it; its words are for members."""
    line: str
    sums: PublicSums
    roofs: tuple[PublicRoof, ...]
    fund_total_tenths_wh: int | None
    fund_balance_centimos: int | None
    slots: int
    settled: int
    corrections: int
    before: PublicMonth | None
    year_before: PublicMonth | None


def publish(report: MonthReport) -> PublicPart:
    """Return what anyone may see of a report."""
    sums = public_sums(report.homes, report.community, report.days)
    tells_fund = sums.fund_tenths_wh is not None
    tells_roofs = sums.community_roofs_wh is not None
    return PublicPart(
        coop=report.coop,
        name=report.name,
        month=report.month,
        state=report.state,
        review=report.review.said if report.review else None,
        line=report.line,
        sums=sums,
        roofs=tuple(
            PublicRoof(one.roof, one.name, one.produced_wh)
            for one in report.roofs
            if tells_roofs and one.home is None
        ),
        fund_total_tenths_wh=report.fund.total_tenths_wh if tells_fund else None,
        fund_balance_centimos=report.fund.balance_centimos if tells_fund else None,
        slots=report.quality.slots,
        settled=report.quality.settled,
        corrections=len(report.corrections),
        before=_other(report.before),
        year_before=_other(report.year_before),
    )


def public_sums(
    homes: tuple[HomeReport, ...], community: Community, days: Sequence[DayReport] = ()
) -> PublicSums:
    """Return the sums that may be told.

    Members are told own use of the days on which five own roofs made something, or none: where a
    day of the month is no such day, own use of the month would give it away.
    """
    if min([len(homes), *(one.homes for one in days if one.counted)]) < FEWEST_HOMES:
        return PublicSums(len(homes))
    kinds = [_kinds(home) for home in homes]
    amounts = {kind: sum(getattr(one, kind) for one in kinds) for kind in _Kinds._fields}
    community_wh = community.slots.produced_wh - amounts["made"]
    covered = {
        kind: frozenset(
            home.home for home, one in zip(homes, kinds, strict=True) if getattr(one, kind)
        )
        for kind in _Kinds._fields
    }
    # What the community's roofs made is nobody's: it covers all.
    everybody = frozenset(home.home for home in homes)
    covered["roofs"] = everybody if community_wh else frozenset()
    is_apart = all(day.makers == 0 or day.makers >= FEWEST_HOMES for day in days)
    told = choose(_WANTED if is_apart else _WITHOUT_OWN_USE, covered)
    figures = _figures(community, amounts["made"])
    return PublicSums(len(homes), **{name: figures[name] for name in told})


class _Kinds(NamedTuple):
    """A home's amounts in kinds of which every sum is made."""

    own: int
    shared: int
    aside: int
    grid: int
    unsettled: int
    """Used in slots that were not shared."""
    late_own: int
    late_shared: int
    late_aside: int
    made: int


def _kinds(home: HomeReport) -> _Kinds:
    used_wh = home.own_use_wh + home.shared_wh + home.grid_wh
    return _Kinds(
        home.own_use_wh,
        home.shared_wh,
        home.set_aside_wh,
        home.grid_wh,
        home.consumption_wh - used_wh,
        home.late_own_use_wh,
        home.late_shared_wh,
        home.late_set_aside_wh,
        home.own_production_wh,
    )


_OWN = {"own": 1, "late_own": 1}
_SHARED = {"shared": 1, "late_shared": 1}
_ASIDE = {"aside": 1, "late_aside": 1}
_PRODUCED = {"roofs": 1, "made": 1}
_SURPLUS = {**_PRODUCED, **dict.fromkeys([*_OWN, *_SHARED, *_ASIDE], -1)}
_WANTED: Mapping[str, Mapping[str, int]] = {
    "produced_wh": _PRODUCED,
    "surplus_wh": _SURPLUS,
    "fund_tenths_wh": _SURPLUS,
    "used_or_aside_wh": {**_OWN, **_SHARED, **_ASIDE},
    "used_wh": {**_OWN, **_SHARED},
    "kept_centimos": {**_OWN, **_SHARED},
    "consumption_wh": {"own": 1, "shared": 1, "grid": 1, "unsettled": 1},
    "grid_wh": {"grid": 1},
    "shared_wh": _SHARED,
    "own_use_wh": _OWN,
    "set_aside_wh": _ASIDE,
    "community_roofs_wh": {"roofs": 1},
    "own_roofs_wh": {"made": 1},
}
"""What each sum is made of, the most wanted first."""


_WITHOUT_OWN_USE = {
    name: parts for name, parts in _WANTED.items() if name not in {"own_use_wh", "shared_wh"}
}


def _figures(community: Community, own_roofs_wh: int) -> Mapping[str, int]:
    booked = community.booked
    used_wh = booked.own_use_wh + booked.shared_wh
    return {
        "produced_wh": booked.produced_wh,
        "surplus_wh": booked.surplus_wh,
        "fund_tenths_wh": booked.fund_tenths_wh,
        "used_or_aside_wh": used_wh + booked.set_aside_wh,
        "used_wh": used_wh,
        "kept_centimos": community.kept_centimos,
        "consumption_wh": booked.consumption_wh,
        "grid_wh": booked.grid_wh,
        "shared_wh": booked.shared_wh,
        "own_use_wh": booked.own_use_wh,
        "set_aside_wh": booked.set_aside_wh,
        "community_roofs_wh": community.slots.produced_wh - own_roofs_wh,
        "own_roofs_wh": own_roofs_wh,
    }


def _other(other: Comparison | None) -> PublicMonth | None:
    if other is None:
        return None
    return PublicMonth(other.month, public_sums(other.homes, other.community, other.days))
