"""What happens when a reading is missing."""

from fractions import Fraction

import pytest

from coop.allocation import Home, Method, Missing, Outcome, Rules, Status
from coop.errors import InputError
from tests.coop.allocation.requests import ask, homes, parts_of

NEEDS = [100, None, 500]


def test_reserve_sets_the_part_of_the_missing_home_aside() -> None:
    """B's quarter of 800 is kept; A and C share 600 by 1/2 and 1/4."""
    outcome = ask(Rules(Method.STATIC), 800, homes(NEEDS, "1/2 1/4 1/4"))

    assert outcome.status is Status.PROVISIONAL
    assert outcome.missing == ("B",)
    assert outcome.set_aside_wh == {"B": 200}
    assert outcome.allocated_wh == {"A": 100, "C": 200}
    assert outcome.residual_grid_wh == {"A": 0, "C": 300}
    assert (outcome.pool_wh, outcome.surplus_wh) == (800, 300)


@pytest.mark.parametrize(
    ("method", "allocated_wh", "surplus_wh"),
    [
        (Method.EQUAL, {"A": 100, "C": 267}, 166),
        (Method.PRO_RATA, {"A": 89, "C": 444}, 0),
        (Method.REDISTRIBUTE, {"A": 100, "C": 433}, 0),
    ],
)
def test_reserve_keeps_an_equal_part_of_equal_homes(
    method: Method, allocated_wh: dict[str, int], surplus_wh: int
) -> None:
    outcome = ask(Rules(method), 800, homes(NEEDS), slot_number=1)

    assert outcome.set_aside_wh == {"B": 267}
    assert outcome.allocated_wh == allocated_wh
    assert outcome.surplus_wh == surplus_wh


def test_exclude_shares_as_if_the_home_were_not_listed() -> None:
    rules = Rules(Method.EQUAL, missing=Missing.EXCLUDE)

    outcome = ask(rules, 800, homes(NEEDS))

    assert outcome.status is Status.PROVISIONAL
    assert outcome.set_aside_wh == {"B": 0}
    assert outcome.allocated_wh == {"A": 100, "C": 400}


@pytest.mark.parametrize(
    ("renormalise", "to_c", "surplus_wh"), [(False, 200, 500), (True, 267, 433)]
)
def test_the_weight_of_an_excluded_home_is_left_over_unless_the_key_spreads_it(
    renormalise: bool,  # noqa: FBT001  pytest hands parameters over by name
    to_c: int,
    surplus_wh: int,
) -> None:
    rules = Rules(Method.STATIC, missing=Missing.EXCLUDE, renormalise=renormalise)

    outcome = ask(rules, 800, homes(NEEDS, "1/2 1/4 1/4"))

    assert outcome.allocated_wh == {"A": 100, "C": to_c}
    assert outcome.surplus_wh == surplus_wh


def test_an_estimate_stands_in_for_the_reading() -> None:
    listed = homes(NEEDS, estimate_wh=[None, 60, 999])

    outcome = ask(Rules(missing=Missing.ESTIMATE), 800, listed)

    assert (outcome.status, outcome.missing) == (Status.PROVISIONAL, ("B",))
    assert outcome.allocated_wh == {"A": 100, "B": 60, "C": 500}
    assert outcome.set_aside_wh == {}


def test_an_estimate_that_is_missing_too_is_refused() -> None:
    with pytest.raises(InputError, match="home B: consumption_wh is missing and so is estimate_wh"):
        ask(Rules(missing=Missing.ESTIMATE), 800, homes(NEEDS))


@pytest.mark.parametrize(
    ("policy", "pool_wh", "missing"),
    [(Missing.HOLD, 800, ("B",)), (Missing.RESERVE, None, ("pool", "B"))],
)
def test_nothing_is_computed_while_the_key_waits_or_production_is_missing(
    policy: Missing, pool_wh: int | None, missing: tuple[str, ...]
) -> None:
    outcome = ask(Rules(missing=policy), pool_wh, homes(NEEDS))

    assert outcome == Outcome(Status.UNSETTLED, missing)


def test_one_unknown_roof_of_a_home_leaves_the_slot_unsettled() -> None:
    listed = homes([1, 2], production_wh=[None, 5])

    outcome = ask(Rules(), 800, listed)

    assert outcome == Outcome(Status.UNSETTLED, ("A",))


@pytest.mark.parametrize(("policy", "kept_wh"), [(Missing.RESERVE, 90), (Missing.EXCLUDE, 0)])
def test_the_roof_of_a_missing_home_is_set_aside_as_a_whole(policy: Missing, kept_wh: int) -> None:
    """A uses 40 of its own 60; the pool is the community's 160 and A's 20."""
    listed = homes([40, None], production_wh=[60, 70])

    outcome = ask(Rules(missing=policy), 160, listed)

    assert outcome.set_aside_wh == {"B": 70 + kept_wh}
    assert outcome.pool_wh == 180
    assert outcome.own_use_wh == {"A": 40}
    assert outcome.surplus_wh == 180 - kept_wh


def test_reserve_with_nobody_left_keeps_everything_for_the_missing() -> None:
    outcome = ask(Rules(Method.STATIC), 5, homes([None, None]))

    assert outcome.set_aside_wh == {"A": 3, "B": 2}
    assert (outcome.allocated_wh, outcome.surplus_wh) == ({}, 0)


def test_reserve_keeps_nothing_of_the_unassigned_part() -> None:
    rules = Rules(Method.STATIC, unassigned_weight=Fraction(1, 2))

    outcome = ask(rules, 100, homes([None, 90], "1/4 1/4"))

    assert outcome.set_aside_wh == {"A": 25}
    assert parts_of(outcome.allocated_wh) == [25]
    assert outcome.surplus_wh == 50


def test_the_turn_of_a_missing_home_is_kept_when_its_part_is() -> None:
    """Slot 1: B, then C, then A. C and A share what is left of 6, one of 3 each."""
    outcome = ask(Rules(Method.EQUAL), 5, homes([9, None, 9]), slot_number=1)

    assert outcome.set_aside_wh == {"B": 2}
    assert outcome.allocated_wh == {"A": 1, "C": 2}


def test_the_order_of_the_list_changes_nothing() -> None:
    listed = [Home("C", 500), Home("A", 100), Home("B", None)]

    assert ask(Rules(), 800, listed) == ask(Rules(), 800, sorted(listed, key=lambda one: one.id))


@pytest.mark.parametrize(("slot_number", "winner"), [(0, "B"), (1, "C"), (2, "B"), (3, "C")])
def test_an_excluded_home_holds_no_place_in_the_turn(slot_number: int, winner: str) -> None:
    """As if A were not listed, B and C take turns."""
    outcome = ask(Rules(missing=Missing.EXCLUDE), 1, homes([None, 9, 9]), slot_number)

    assert outcome.allocated_wh == {"B": 0, "C": 0, winner: 1}


@pytest.mark.parametrize(
    ("rules", "kept_wh"),
    [
        (Rules(Method.PRO_RATA), 300),
        (Rules(Method.REDISTRIBUTE), 600),
        (Rules(Method.PRIORITY), 300),
        (Rules(Method.PRIORITY, within_tier=Method.REDISTRIBUTE), 600),
        (Rules(Method.RESERVED, then=Method.EQUAL), 300),
        (Rules(Method.RESERVED, then=Method.HYBRID), 600),
        (Rules(Method.LIFELINE, then=Method.PRO_RATA, lifeline_wh=9), 300),
        (Rules(Method.LIFELINE, then=Method.STATIC, lifeline_wh=9), 600),
        (
            Rules(
                Method.LIFELINE,
                then=Method.EQUAL,
                within_tier=Method.REDISTRIBUTE,
                lifeline_wh=9,
            ),
            600,
        ),
    ],
)
def test_reserve_goes_by_weight_where_any_step_does_and_else_by_heads(
    rules: Rules, kept_wh: int
) -> None:
    outcome = ask(rules, 900, homes([9, None, 9], "1/6 2/3 1/6"))

    assert outcome.set_aside_wh == {"B": kept_wh}
