"""The rounds of every method add up to what each home gets."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.allocation import Trace, allocate
from coop.explain.recomputing import turns_of
from coop.trial.request import read_request
from tests.coop.allocation.questions import METHODS, questions


def asked(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question that is answered: all is known, or reserved for."""
    return {**question, "missing": "reserve", "production_wh": 77}


@pytest.mark.parametrize("method", METHODS)
@given(st.data())
def test_what_a_home_is_given_in_all_rounds_is_what_it_gets(
    method: str, data: st.DataObject
) -> None:
    request = read_request(json.dumps(asked(data.draw(questions((method,))))), "q")
    trace = Trace()
    outcome = allocate(request, trace)

    given_wh = {
        home: sum(turn.given_wh for turn in turns_of(trace, home))
        for home in outcome.allocated_wh or {}
    }

    assert given_wh == outcome.allocated_wh
