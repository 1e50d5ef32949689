"""Each method by hand, small enough to follow on paper."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from coop.allocation import Home, Method, OwnUse, Rules, Status, Tie
from coop.errors import InputError
from tests.coop.allocation.requests import ask, homes, parts_of

HALF_AND_QUARTERS = "1/2 1/4 1/4"


@pytest.mark.parametrize(
    ("method", "expected", "surplus_wh"),
    [
        (Method.STATIC, [100, 250, 250], 400),
        (Method.EQUAL, [100, 333, 333], 234),
        (Method.PRO_RATA, [67, 400, 533], 0),
        (Method.REDISTRIBUTE, [100, 450, 450], 0),
        (Method.HYBRID, [100, 406, 494], 0),
        (Method.PRIORITY, [67, 400, 533], 0),
    ],
)
def test_one_pool_by_each_method(method: Method, expected: list[int], surplus_wh: int) -> None:
    """Needs 100, 600, 800; weights a half and two quarters; a pool of 1000 Wh."""
    outcome = ask(Rules(method), 1000, homes([100, 600, 800], HALF_AND_QUARTERS))

    assert parts_of(outcome.allocated_wh) == expected
    assert outcome.surplus_wh == surplus_wh
    assert outcome.status is Status.SETTLED


def test_priority_serves_the_clinic_before_all_others() -> None:
    listed = homes([300, 600, 800], tier=[2, None, 1])

    outcome = ask(Rules(Method.PRIORITY), 1000, listed)

    assert parts_of(outcome.allocated_wh) == [200, 0, 800]


def test_priority_shares_by_weight_within_a_tier_when_the_key_says_so() -> None:
    listed = homes([900, 900, 300], "3 1 1", tier=[2, 2, 1])

    outcome = ask(Rules(Method.PRIORITY, within_tier=Method.REDISTRIBUTE), 700, listed)

    assert parts_of(outcome.allocated_wh) == [300, 100, 300]


def test_reserved_gives_named_members_their_part_and_then_shares_with_them_again() -> None:
    percents = [Fraction(25), Fraction(10), Fraction(0)]
    listed = homes([400, 50, 1000], reserved_percent=percents)

    outcome = ask(Rules(Method.RESERVED, then=Method.EQUAL), 1000, listed)

    assert outcome.reserved_wh == {"A": 250, "B": 50}
    assert parts_of(outcome.allocated_wh) == [400, 50, 233]
    assert outcome.surplus_wh == 317


def test_a_reserved_part_is_rounded_down() -> None:
    listed = homes([10, 10], reserved_percent=[Fraction(100, 3), Fraction(0)])

    outcome = ask(Rules(Method.RESERVED, then=Method.PRO_RATA), 5, listed)

    assert outcome.reserved_wh == {"A": 1}


def test_lifeline_serves_the_first_watt_hours_of_everyone_first() -> None:
    listed = homes([50, 400, 900], "1 1 2")
    rules = Rules(Method.LIFELINE, lifeline_wh=100, then=Method.REDISTRIBUTE)

    outcome = ask(rules, 550, listed)

    assert parts_of(outcome.allocated_wh) == [50, 200, 300]


def test_a_pool_below_the_lifeline_is_shared_within_it_by_need() -> None:
    listed = homes([50, 400, 900])
    rules = Rules(Method.LIFELINE, lifeline_wh=100, then=Method.STATIC)

    outcome = ask(rules, 125, listed)

    assert parts_of(outcome.allocated_wh) == [25, 50, 50]


@pytest.mark.parametrize("method", [Method.REDISTRIBUTE, Method.PRO_RATA, Method.STATIC])
def test_need_that_equals_its_share_uses_the_pool_up(method: Method) -> None:
    outcome = ask(Rules(method), 400, homes([200, 100, 100], HALF_AND_QUARTERS))

    assert parts_of(outcome.allocated_wh) == [200, 100, 100]
    assert outcome.surplus_wh == 0


def test_redistribution_goes_round_as_often_as_needed() -> None:
    """1000 among four: 10 is full, then 300 of 990, then 345 each."""
    outcome = ask(Rules(Method.REDISTRIBUTE), 1000, homes([10, 300, 900, 900], "1 1 1 1"))

    assert parts_of(outcome.allocated_wh) == [10, 300, 345, 345]


ALL = [
    Rules(Method.STATIC),
    Rules(Method.EQUAL),
    Rules(Method.PRO_RATA),
    Rules(Method.REDISTRIBUTE),
    Rules(Method.HYBRID),
    Rules(Method.PRIORITY),
    Rules(Method.RESERVED, then=Method.PRO_RATA),
    Rules(Method.LIFELINE, then=Method.STATIC, lifeline_wh=10),
]


@pytest.mark.parametrize("rules", ALL, ids=[rules.method for rules in ALL])
@pytest.mark.parametrize(("pool_wh", "needs"), [(0, [5, 7]), (9, [0, 0]), (0, [0, 0])])
def test_nothing_to_share_or_nothing_needed(rules: Rules, pool_wh: int, needs: list[int]) -> None:
    outcome = ask(rules, pool_wh, homes(needs))

    assert parts_of(outcome.allocated_wh) == [0, 0]
    assert outcome.surplus_wh == pool_wh


@pytest.mark.parametrize("rules", ALL, ids=[rules.method for rules in ALL])
def test_a_key_without_homes_leaves_everything_over(rules: Rules) -> None:
    free = Rules(rules.method, then=rules.then, unassigned_weight=Fraction(1))

    outcome = ask(free, 70, [])

    assert (outcome.allocated_wh, outcome.surplus_wh) == ({}, 70)


def test_zero_weights_leave_everything_over_when_redistributed() -> None:
    outcome = ask(Rules(Method.REDISTRIBUTE), 70, homes([5, 7], "0 0"))

    assert (parts_of(outcome.allocated_wh), outcome.surplus_wh) == ([0, 0], 70)


def test_a_home_of_weight_zero_gets_nothing_while_others_do() -> None:
    outcome = ask(Rules(Method.REDISTRIBUTE), 70, homes([50, 70], "0 1/7"))

    assert parts_of(outcome.allocated_wh) == [0, 70]


def test_the_spare_unit_goes_to_the_largest_remainder() -> None:
    """10 by 0.5, 0.37, 0.13: quotas 5, 3.7, 1.3."""
    outcome = ask(Rules(Method.STATIC), 10, homes([9, 9, 9], "0.5 0.37 0.13"))

    assert parts_of(outcome.allocated_wh) == [5, 4, 1]


@pytest.mark.parametrize(
    ("slot_number", "expected"),
    [(0, [2, 2, 1]), (1, [1, 2, 2]), (2, [2, 1, 2]), (3, [2, 2, 1])],
)
def test_ties_rotate_with_the_slot(slot_number: int, expected: list[int]) -> None:
    outcome = ask(Rules(Method.EQUAL), 5, homes([9, 9, 9]), slot_number)

    assert parts_of(outcome.allocated_wh) == expected


@pytest.mark.parametrize("slot_number", [0, 1, 2])
def test_ties_by_id_never_move(slot_number: int) -> None:
    outcome = ask(Rules(Method.EQUAL, tie=Tie.BY_ID), 5, homes([9, 9, 9]), slot_number)

    assert parts_of(outcome.allocated_wh) == [2, 2, 1]


def test_a_home_without_need_keeps_its_place_in_the_turn() -> None:
    """In slot 1 it is B's turn; B needs nothing, so C comes before A."""
    outcome = ask(Rules(Method.REDISTRIBUTE), 3, homes([9, 0, 9]), slot_number=1)

    assert parts_of(outcome.allocated_wh) == [1, 0, 2]


def test_homes_are_sorted_by_code_point() -> None:
    listed = [Home(name, 9) for name in ("b", "B", "á", "a")]

    outcome = ask(Rules(Method.REDISTRIBUTE), 1, listed)

    assert outcome.allocated_wh == {"B": 1, "a": 0, "b": 0, "á": 0}


@pytest.mark.parametrize("slot_number", [0, 1, 2, 3])
@pytest.mark.parametrize("tie", list(Tie))
def test_the_unassigned_part_never_gets_a_unit_in_a_tie(tie: Tie, slot_number: int) -> None:
    rules = Rules(Method.STATIC, tie=tie, unassigned_weight=Fraction(1, 3))

    outcome = ask(rules, 5, homes([9, 9], "1/3 1/3"), slot_number)

    assert (parts_of(outcome.allocated_wh), outcome.surplus_wh) == ([2, 2], 1)


def test_the_unassigned_part_takes_its_share_and_leaves_it_over() -> None:
    rules = Rules(Method.HYBRID, unassigned_weight=Fraction(1, 2))

    outcome = ask(rules, 100, homes([90, 5], "1/4 1/4"))

    assert parts_of(outcome.allocated_wh) == [90, 5]
    assert outcome.surplus_wh == 5


@pytest.mark.parametrize(
    ("rules", "weights"),
    [
        (Rules(Method.STATIC), "1/3 1/3 1/4"),
        (Rules(Method.HYBRID), "1/3 1/3 1/4"),
        (Rules(Method.LIFELINE, then=Method.HYBRID), "1/3 1/3 1/4"),
        (Rules(Method.RESERVED, then=Method.STATIC), "1/3 1/3 1/4"),
    ],
)
def test_weights_that_must_sum_to_one_are_refused_with_their_sum(
    rules: Rules, weights: str
) -> None:
    with pytest.raises(InputError, match="they sum to 11/12"):
        ask(rules, 100, homes([1, 2, 3], weights))


def test_reserved_parts_above_a_hundred_are_refused() -> None:
    listed = homes([1, 2], reserved_percent=[Fraction(60), Fraction(41)])

    with pytest.raises(InputError, match="they sum to 101"):
        ask(Rules(Method.RESERVED, then=Method.EQUAL), 100, listed)


@pytest.mark.parametrize("method", [Method.RESERVED, Method.LIFELINE])
def test_a_second_step_must_be_named(method: Method) -> None:
    with pytest.raises(InputError, match="needs `then`"):
        ask(Rules(method), 100, homes([1, 2]))


def test_a_home_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="home A: stands twice"):
        ask(Rules(), 100, [Home("A", 1), Home("B", 1), Home("A", 2)])


@pytest.mark.parametrize(
    ("percent", "tenths"), [("10", 7), ("0", 0), ("100", 70), ("12.5", 8), ("1/3", 0)]
)
def test_the_fund_gets_its_part_of_what_is_left_over(percent: str, tenths: int) -> None:
    outcome = ask(Rules(fund_percent=Fraction(percent)), 100, homes([93]))

    assert (outcome.surplus_wh, outcome.fund_tenths_wh) == (7, tenths)


def of_roofs(needs: Sequence[int], production: Sequence[int]) -> list[Home]:
    return homes(needs, production_wh=list(production))


def test_a_home_uses_its_own_roof_first() -> None:
    outcome = ask(Rules(), 100, of_roofs([300, 50, 500], [200, 80, 0]))

    assert parts_of(outcome.own_use_wh) == [200, 50, 0]
    assert outcome.pool_wh == 130
    assert parts_of(outcome.allocated_wh) == [65, 0, 65]
    assert parts_of(outcome.residual_grid_wh) == [35, 0, 435]


def test_a_key_can_pool_all_roofs() -> None:
    outcome = ask(Rules(own_use=OwnUse.POOL_ALL), 100, of_roofs([300, 50, 500], [200, 80, 0]))

    assert parts_of(outcome.own_use_wh) == [0, 0, 0]
    assert outcome.pool_wh == 380
    assert parts_of(outcome.allocated_wh) == [165, 50, 165]
