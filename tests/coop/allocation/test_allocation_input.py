"""`share allocate` takes exactly what its page says, and tells all problems at once."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.allocation import Home, Method, Missing, Rules
from coop.errors import InputError
from coop.trial.request import read_request

HOME = {"id": "A", "consumption_wh": 400}
LEAST: dict[str, Any] = {
    "method": "redistribute",
    "slot": "2026-03-01T17:00:00Z",
    "production_wh": 5000,
    "homes": [HOME],
}


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as raised:
        read_request(text, "slot.json")
    return raised.value.problems


def attempted(text: str) -> tuple[str, ...]:
    try:
        read_request(text, "slot.json")
    except InputError as error:
        return error.problems
    return ()


def changed(**changes: object) -> str:
    return json.dumps({**LEAST, **changes})


def at_home(**changes: object) -> str:
    return changed(homes=[{**HOME, **changes}])


def test_what_is_left_out_has_its_documented_value() -> None:
    request = read_request(changed(), "slot.json")

    assert request.rules == Rules(Method.REDISTRIBUTE)
    assert request.slot.minutes == 15
    assert request.homes == (Home("A", 400, 0, Fraction(1)),)


@pytest.mark.parametrize("method", ["redistribute", "static", "hybrid"])
def test_without_weights_every_home_has_the_same_part_of_one(method: str) -> None:
    listed = [{"id": name, "consumption_wh": 1} for name in "ABC"]

    request = read_request(changed(method=method, homes=listed, unassigned_weight="1/4"), "f")

    assert [home.weight for home in request.homes] == [Fraction(1, 4)] * 3


def test_every_problem_is_told_with_file_and_place() -> None:
    text = json.dumps(
        {
            "method": "redistribut",
            "slt": "2026",
            "homes": [{"id": "A", "consumption_wh": -4, "weigth": "1"}, {"id": 2, "weight": 0.5}],
        }
    )

    assert problems_of(text) == (
        'slot.json: unknown field "slt"; did you mean slot?',
        "slot.json: slot is missing; it is needed here",
        (
            'slot.json: method: found "redistribut"; allowed: redistribute, static, equal, '
            "pro_rata, hybrid, priority, reserved, lifeline; did you mean redistribute?"
        ),
        'slot.json: homes[0] (A): unknown field "weigth"; did you mean weight?',
        (
            "slot.json: homes[0] (A): consumption_wh: found -4; allowed: a whole number of 0 or "
            "more or null"
        ),
        "slot.json: homes[1]: consumption_wh is missing; it is needed here",
        "slot.json: homes[1]: id: found 2; allowed: a text",
        (
            "slot.json: homes[1]: weight: found 0.5; allowed: a decimal or fraction of 0 or more "
            'in quotes, such as "0.25" or "1/4"'
        ),
        "slot.json: homes[0] (A): weight is missing; give every home one, or none of them",
        (
            "slot.json: production_wh is missing, at the top and in every home; write null where "
            "it was not measured"
        ),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "slot.json: line 1, column 1: not JSON (Expecting value)"),
        ("[]", "slot.json: found []; allowed: one object in braces"),
        ('{"method": "static", "method": "equal"}', 'slot.json: key "method" stands twice'),
        ("[" * 100_000, "slot.json: nested too deeply"),
        ('{"a":' * 100_000, "slot.json: nested too deeply"),
        ('{"production_wh": ' + "9" * 5_000 + "}", "slot.json: a number in it is too long"),
        (changed(production_wh=5000.0), "production_wh: found 5000.0; allowed: a whole number"),
        (changed(production_wh=float("nan")), "production_wh: found NaN; allowed: a whole"),
        (changed(production_wh=True), "production_wh: found true; allowed: a whole number"),
        (changed(production_wh="5"), 'production_wh: found "5"; allowed: a whole number'),
        (changed(production_wh=-1), "production_wh: found -1; allowed: a whole number of 0"),
        (changed(fund_percent=10), "fund_percent: found 10; allowed: a decimal or fraction"),
        (changed(fund_percent="-1"), 'fund_percent: found "-1"; allowed: a decimal or fraction'),
        (changed(fund_percent="101"), "fund_percent: found 101; allowed: 0 to 100"),
        (changed(fund_percent="1e1"), 'fund_percent: found "1e1"; allowed: a decimal'),
        (changed(fund_percent="1/0"), 'fund_percent: found "1/0"; allowed: a decimal'),
        (changed(fund_percent="10\n"), 'fund_percent: found "10\\n"; allowed: a decimal'),
        (changed(fund_percent="1_0"), 'fund_percent: found "1_0"; allowed: a decimal'),
        (changed(homes={}), "homes: found {}; allowed: a list of objects in braces"),
        (changed(homes=[1]), "homes: found [1]; allowed: a list of objects in braces"),
        (changed(homes=[HOME, HOME]), "home A: stands twice; each home may stand once"),
        (changed(slot="2026-03-01T17:00:00"), "allowed: a moment with its offset"),
        (changed(slot="2026-03-01T17:05:00Z"), "allowed: the start of a slot of 15 minutes"),
        (changed(slot="2026-03-01T17:00:01Z"), "allowed: the start of a slot of 15 minutes"),
        (changed(slot="2026-02-30T17:00:00Z"), "allowed: a moment with its offset"),
        (changed(slot=1772384400), "slot: found 1772384400; allowed: a moment with its offset"),
        (changed(slot="0001-01-01T00:00+14:00"), "allowed: a moment with its offset"),
        (changed(slot_minutes=0), "slot_minutes: found 0; allowed: 15, 30, 60 or another part"),
        (changed(slot_minutes=7), "slot_minutes: found 7; allowed: 15, 30, 60 or another part"),
        (changed(method=["static"]), 'method: found ["static"]; allowed: redistribute, static'),
        (changed(then="priority"), 'then: found "priority"; allowed: static, equal, pro_rata'),
        (changed(within_tier="static"), "allowed: pro_rata, redistribute"),
        (changed(method="reserved"), "then is missing; it is needed here"),
        (changed(method="lifeline", then="static"), "lifeline_wh is missing; it is needed here"),
        (changed(method="static", unassigned_weight="1/3", homes=[{**HOME, "weight": "1/3"}]),
         "weights: they sum to 2/3 with the unassigned part; allowed: exactly 1"),
        (at_home(id=""), 'homes[0]: id: found ""; allowed: a text'),
        (at_home(tier="1"), 'homes[0] (A): tier: found "1"; allowed: a whole number'),
        (at_home(weight=1), "homes[0] (A): weight: found 1; allowed: a decimal or fraction"),
        (at_home(reserved_percent="101"), "home A: reserved_percent 101; allowed: 0 to 100"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused(text: str, problem: str) -> None:
    assert any(problem in one for one in problems_of(text)), problems_of(text)


def test_an_estimate_is_asked_for_where_the_policy_needs_it() -> None:
    text = changed(missing="estimate", homes=[{"id": "A", "consumption_wh": None}])

    assert problems_of(text) == (
        (
            "slot.json: homes[0] (A): estimate_wh is missing; the policy estimate needs it where "
            "consumption_wh is null"
        ),
    )


def test_null_is_missing_and_not_zero() -> None:
    text = changed(production_wh=None, missing="hold", homes=[{"id": "A", "consumption_wh": None}])

    request = read_request(text, "f")

    assert (request.production_wh, request.homes[0].consumption_wh) == (None, None)
    assert request.rules.missing is Missing.HOLD


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from([*LEAST, "then", "missing", "slot_minutes", "unassigned_weight"]), JSON)
def test_any_value_is_taken_or_refused_with_a_reason(name: str, value: object) -> None:
    lines = attempted(json.dumps({**LEAST, name: value}))

    assert all(line.startswith("slot.json: ") for line in lines)
