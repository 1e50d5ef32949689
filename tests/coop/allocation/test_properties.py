"""What holds in every slot, for every method; and a second implementation that must agree."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coop.allocation import Outcome, allocate, outcome_as_json
from coop.trial.request import read_request
from tests.coop.allocation.oracle import Oracle
from tests.coop.allocation.questions import METHODS, complete_questions, questions, tied_questions

EFFICIENT = tuple(method for method in METHODS if method not in {"static", "equal"})
ANY_WEIGHTS = tuple(method for method in METHODS if method not in {"static", "hybrid"})
ANY_WEIGHTS_THEN = ("equal", "pro_rata", "redistribute")
FEWER = settings(max_examples=30)


def answered(question: dict[str, Any]) -> Outcome:
    return allocate(read_request(json.dumps(question), "q"))


def total(figures: Any) -> int:  # noqa: ANN401  a mapping of figures, or None
    return sum((figures or {}).values())


@pytest.mark.parametrize("method", METHODS)
@given(st.data())
def test_a_second_implementation_agrees(method: str, data: st.DataObject) -> None:
    question = data.draw(questions((method,)))
    expected = Oracle(question).answer()

    answer = outcome_as_json(answered(question))

    assert {name: answer[name] for name in expected} == expected


@pytest.mark.parametrize("method", METHODS)
@given(st.data())
def test_a_second_implementation_gives_the_spare_units_to_the_same_homes(
    method: str, data: st.DataObject
) -> None:
    question = data.draw(tied_questions(method))
    expected = Oracle(question).answer()

    answer = outcome_as_json(answered(question))

    assert answer["allocated_wh"] == expected["allocated_wh"]


@pytest.mark.parametrize("method", METHODS)
@FEWER
@given(st.data())
def test_not_a_watt_hour_is_lost_or_made(method: str, data: st.DataObject) -> None:
    question = data.draw(questions((method,)))

    outcome = answered({**question, "missing": "reserve", "production_wh": 77})

    shared = total(outcome.own_use_wh) + total(outcome.allocated_wh) + total(outcome.set_aside_wh)
    made = 77 + sum(home["production_wh"] for home in question["homes"])
    assert shared + (outcome.surplus_wh or 0) == made
    assert (outcome.surplus_wh or 0) >= 0


@pytest.mark.parametrize("method", METHODS)
@FEWER
@given(st.data())
def test_nobody_gets_more_than_needed_or_less_than_nothing(
    method: str, data: st.DataObject
) -> None:
    outcome = answered(data.draw(questions((method,))))

    figures = [
        *(outcome.residual_grid_wh or {}).values(),
        *(outcome.allocated_wh or {}).values(),
        *(outcome.own_use_wh or {}).values(),
        *(outcome.set_aside_wh or {}).values(),
    ]
    assert min(figures, default=0) >= 0


@pytest.mark.parametrize("method", METHODS)
@FEWER
@given(st.data(), st.randoms())
def test_the_order_of_homes_changes_nothing(
    method: str,
    data: st.DataObject,
    chance: Any,  # noqa: ANN401  hypothesis's own random
) -> None:
    question = data.draw(questions((method,)))
    shuffled = list(question["homes"])
    chance.shuffle(shuffled)

    assert answered({**question, "homes": shuffled}) == answered(question)


@pytest.mark.parametrize("method", METHODS)
@FEWER
@given(st.data())
def test_asking_again_gives_the_same_bytes(method: str, data: st.DataObject) -> None:
    question = data.draw(questions((method,)))

    first, second = (json.dumps(outcome_as_json(answered(question))) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("method", EFFICIENT)
@FEWER
@given(st.data())
def test_efficient_methods_leave_over_only_what_nobody_needs(
    method: str, data: st.DataObject
) -> None:
    question = data.draw(complete_questions(method))
    needs = sum(home["consumption_wh"] for home in question["homes"])

    outcome = answered(question)

    assert outcome.surplus_wh == max(0, question["production_wh"] - needs)


@pytest.mark.parametrize("method", ANY_WEIGHTS)
@FEWER
@given(st.data(), st.sampled_from(ANY_WEIGHTS_THEN), st.fractions(Fraction(1, 9), 9))
def test_scaling_weights_changes_nothing_where_any_are_taken(
    method: str, data: st.DataObject, then: str, by: Fraction
) -> None:
    question = {**data.draw(questions((method,))), "then": then}
    scaled = [{**home, "weight": str(Fraction(home["weight"]) * by)} for home in question["homes"]]
    more = str(Fraction(question["unassigned_weight"]) * by)

    outcome = answered({**question, "homes": scaled, "unassigned_weight": more})

    assert outcome == answered(question)
