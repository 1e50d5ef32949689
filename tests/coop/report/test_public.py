"""Nobody learns of fewer than five homes from what anyone may see."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coop.report.model import Community, DayReport, HomeReport, Sums
from coop.report.public import PublicSums, public_sums

AMOUNTS = (
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "grid_wh",
    "late_own_use_wh",
    "late_shared_wh",
    "late_set_aside_wh",
    "own_production_wh",
    "consumption_wh",
)
NOBODY = HomeReport("h", 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def community_of(homes: Sequence[HomeReport], roofs_wh: int) -> Community:
    """Add up: what is not used or set aside is left over; a céntimo is kept for each Wh."""

    def total(of: Callable[[HomeReport], int]) -> int:
        return sum(of(home) for home in homes)

    produced_wh = roofs_wh + total(lambda home: home.own_production_wh)
    used_wh = total(lambda home: home.own_use_wh + home.shared_wh)
    aside_wh = total(lambda home: home.set_aside_wh)
    surplus_wh = produced_wh - used_wh - aside_wh
    slots = Sums(
        produced_wh,
        total(lambda home: home.own_use_wh),
        total(lambda home: home.shared_wh),
        aside_wh,
        surplus_wh,
        surplus_wh,
        total(lambda home: home.consumption_wh),
        total(lambda home: home.grid_wh),
    )
    late_own = total(lambda home: home.late_own_use_wh)
    late_shared = total(lambda home: home.late_shared_wh)
    late_aside = total(lambda home: home.late_set_aside_wh)
    changed_wh = -late_own - late_shared - late_aside
    late = Sums(0, late_own, late_shared, late_aside, changed_wh, changed_wh)
    return Community(slots, late, used_wh + late_own + late_shared)


def told(homes: Sequence[HomeReport], roofs_wh: int) -> dict[str, int]:
    """Return the figures that are told, but for how many homes there are."""
    said = asdict(public_sums(tuple(homes), community_of(homes, roofs_wh)))
    return {name: value for name, value in said.items() if name != "homes" and value is not None}


def amount_of(home: HomeReport, name: str) -> int:
    """Return an amount that can grow by itself; of what a home used, that in unshared slots."""
    if name == "consumption_wh":
        return home.consumption_wh - home.own_use_wh - home.shared_wh - home.grid_wh
    amount: int = getattr(home, name)
    return amount


def slopes(homes: Sequence[HomeReport], roofs_wh: int) -> dict[tuple[int, str], list[int]]:
    """Return how each told figure moves when one home's amount grows by one.

    What a home uses moves with its parts, as it does where every slot is settled.
    """
    before = told(homes, roofs_wh)
    found = {}
    for place, home in enumerate(homes):
        for name in AMOUNTS:
            if amount_of(home, name):
                grown = replace(home, **{name: getattr(home, name) + 1})
                if name in {"own_use_wh", "shared_wh", "grid_wh"}:
                    grown = replace(grown, consumption_wh=grown.consumption_wh + 1)
                after = told([*homes[:place], grown, *homes[place + 1 :]], roofs_wh)
                found[place, name] = [after[figure] - value for figure, value in before.items()]
    if roofs_wh:
        after = told(homes, roofs_wh + 1)
        found[-1, "roofs"] = [after[figure] - value for figure, value in before.items()]
    return found


def given_away(homes: Sequence[HomeReport], roofs_wh: int) -> list[tuple[int, ...]]:
    """Return each set of one to four homes that some sum of told figures is left with alone."""
    moved = slopes(homes, roofs_wh)
    if not moved:
        return []
    everything = np.linalg.matrix_rank(np.array(list(moved.values())))
    found = []
    for count in range(1, 5):
        for few in combinations(range(len(homes)), count):
            others = [slope for (place, _), slope in moved.items() if place not in few]
            rank = np.linalg.matrix_rank(np.array(others)) if others else 0
            if rank < everything:
                found.append(few)
    return found


AMOUNT = st.sampled_from([0, 0, 3, 70])


@st.composite
def months(draw: st.DrawFn) -> tuple[list[HomeReport], int]:
    """Return homes of which some have no roof, no late readings, no need, and the roofs of all."""
    kinds = draw(st.lists(st.sampled_from(AMOUNTS), unique=True))
    homes = []
    for number in range(draw(st.integers(5, 6))):
        amounts = {kind: draw(AMOUNT) for kind in kinds if kind != "consumption_wh"}
        home = replace(NOBODY, home=f"h{number}", **amounts)
        spare_wh = draw(AMOUNT) if "consumption_wh" in kinds else 0
        used_wh = home.own_use_wh + home.shared_wh + home.grid_wh + spare_wh
        homes.append(replace(home, consumption_wh=used_wh))
    return homes, draw(st.sampled_from([0, 500]))


# An example asks for the public part some fifty times.
@settings(max_examples=150, deadline=None)
@given(months())
def test_no_sum_or_difference_of_public_figures_covers_fewer_than_five_homes(
    month: tuple[list[HomeReport], int],
) -> None:
    homes, roofs_wh = month

    assert given_away(homes, roofs_wh) == []


def usual(number: int, *, has_roof: bool = True) -> HomeReport:
    own = 40 if has_roof else 0
    home = replace(NOBODY, home=f"h{number}", shared_wh=30, grid_wh=20, own_use_wh=own)
    return replace(home, consumption_wh=50 + own, own_production_wh=2 * own)


def test_a_usual_month_is_told_whole() -> None:
    homes = tuple(usual(number) for number in range(6))

    sums = public_sums(homes, community_of(homes, 500))

    assert sums == PublicSums(
        homes=6,
        produced_wh=980,
        own_use_wh=240,
        shared_wh=180,
        set_aside_wh=0,
        used_wh=420,
        used_or_aside_wh=420,
        surplus_wh=560,
        fund_tenths_wh=560,
        consumption_wh=540,
        grid_wh=120,
        kept_centimos=420,
        community_roofs_wh=500,
        own_roofs_wh=480,
    )


def test_four_homes_see_nothing_in_public() -> None:
    homes = tuple(usual(number) for number in range(4))

    assert public_sums(homes, community_of(homes, 500)) == PublicSums(homes=4)


def test_the_roofs_of_two_homes_are_told_with_those_of_the_community_only() -> None:
    homes = tuple(usual(number, has_roof=number < 2) for number in range(6))

    sums = public_sums(homes, community_of(homes, 500))

    assert (sums.produced_wh, sums.used_wh) == (660, 260)
    assert (sums.community_roofs_wh, sums.own_roofs_wh) == (None, None)
    assert (sums.own_use_wh, sums.shared_wh) == (None, None)


def test_two_homes_that_alone_have_roofs_are_not_told_by_what_all_produced() -> None:
    homes = [usual(number, has_roof=number < 2) for number in range(6)]
    homes[0] = replace(homes[0], own_production_wh=800)

    sums = public_sums(tuple(homes), community_of(homes, 0))

    assert (sums.produced_wh, sums.surplus_wh, sums.used_wh) == (None, 620, None)


def test_what_is_set_aside_for_one_home_is_told_with_what_was_used() -> None:
    homes = [usual(number) for number in range(6)]
    homes[0] = replace(homes[0], set_aside_wh=25)

    sums = public_sums(tuple(homes), community_of(homes, 500))

    assert (sums.used_or_aside_wh, sums.set_aside_wh, sums.used_wh) == (445, None, None)
    assert sums.kept_centimos is None


@pytest.mark.parametrize("name", ["late_own_use_wh", "late_shared_wh"])
def test_one_home_whose_readings_came_late_can_not_be_found_by_subtraction(name: str) -> None:
    homes = [usual(number) for number in range(6)]
    homes[0] = replace(homes[0], **{name: 7})

    sums = public_sums(tuple(homes), community_of(homes, 500))

    assert (sums.used_wh, sums.grid_wh) == (427, None)


def test_own_use_of_a_month_does_not_give_away_that_of_a_day_of_few_roofs() -> None:
    homes = tuple(
        replace(NOBODY, home=f"h{place}", own_use_wh=40, shared_wh=60, own_production_wh=70)
        for place in range(6)
    )
    days = [DayReport("2026-03-01", 96, 96, homes=6, makers=makers) for makers in (6, 2, 0)]

    plain, held_back = (
        public_sums(homes, community_of(homes, 500), some) for some in (days[::2], days)
    )

    assert (plain.own_use_wh, plain.shared_wh, plain.used_wh) == (240, 360, 600)
    assert (held_back.own_use_wh, held_back.shared_wh, held_back.used_wh) == (None, None, 600)


def test_a_month_with_a_day_of_four_homes_is_not_told_for_it_would_tell_the_day() -> None:
    homes = tuple(replace(NOBODY, home=f"h{place}", shared_wh=60) for place in range(6))
    days = [DayReport("2026-03-01", 96, 96, homes=count) for count in (4, 6)]

    assert public_sums(homes, community_of(homes, 500), days) == PublicSums(6)
    assert public_sums(homes, community_of(homes, 500), days[1:]).shared_wh == 360
