from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from collector.problems import describe, suggest


class Strict(BaseModel):
    """A model that knows its keys."""

    model_config = ConfigDict(extra="forbid")


class Sun(Strict):
    """One of two flows."""

    source: Literal["sun"]
    panels_w: int


class Habit(Strict):
    """The other one."""

    source: Literal["habit"]
    size: int


class Bus(Strict):
    """An entry of a list."""

    id: str
    timeout_s: Annotated[float, Field(gt=0)] = 2
    flow: Annotated[Sun | Habit, Field(discriminator="source")] | None = None


class Whole(Strict):
    """A file."""

    store: Literal["sqlite", "influxdb"] = "sqlite"
    poll_s: int = 10
    bus: tuple[Bus, ...] = ()

    @field_validator("poll_s")
    @classmethod
    def _check(cls, value: int) -> int:
        if value > 60:
            raise ValueError("is too rare\nask more often")
        return value


def problems_of(document: object, where: str = "") -> list[str]:
    """Return what is wrong with a document."""
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(document)
    return describe(caught.value, Whole, where)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"pol_s": 3}, "pol_s: unknown key, did you mean 'poll_s'?"),
        ({"xyz": 3}, "xyz: unknown key; known keys: store, poll_s, bus"),
        ({"poll_s": "often"}, "poll_s: found 'often', allowed: a whole number"),
        (
            {"store": "sqlit"},
            "store: found 'sqlit', allowed: 'sqlite' or 'influxdb', did you mean 'sqlite'?",
        ),
        ({"bus": [{}]}, "bus #1.id: is missing"),
        ({"bus": 7}, "bus: found 7, allowed: a list"),
        ({"bus": [7]}, "bus #1: found 7, allowed: a table"),
        (
            {"bus": [{"id": "a"}, {"id": "b", "timeout": 1}]},
            "bus #2.timeout: unknown key, did you mean 'timeout_s'?",
        ),
        ({"bus": [{"id": "a", "timeout_s": 0}]}, "bus #1.timeout_s: found 0, allowed: more than 0"),
        (
            {"bus": [{"id": "a", "flow": {"source": "sun", "panels_w": 1, "panel_w": 2}}]},
            "bus #1.flow.sun.panel_w: unknown key, did you mean 'panels_w'?",
        ),
        (7, "found 7, allowed: a table"),
    ],
)
def test_a_problem_says_where_what_was_found_and_what_is_allowed(
    document: object, problem: str
) -> None:
    (found,) = problems_of(document)

    assert found.startswith(problem)


def test_every_problem_is_one_line() -> None:
    assert problems_of({"poll_s": 61, "store": 1, "q": 2}) == [
        "store: found 1, allowed: 'sqlite' or 'influxdb'",
        "poll_s: is too rare",
        "poll_s: ask more often",
        "q: unknown key; known keys: store, poll_s, bus",
    ]


def test_the_part_of_the_file_stands_before_the_place() -> None:
    assert problems_of({"poll_s": None}, "web") == [
        "web.poll_s: found None, allowed: a whole number"
    ]


def test_a_long_finding_is_cut() -> None:
    (found,) = problems_of({"poll_s": "x" * 500})

    assert len(found) < 120


@pytest.mark.parametrize(("name", "hint"), [("sunspeck", ", did you mean 'sunspec'?"), ("q", "")])
def test_only_a_near_name_is_suggested(name: str, hint: str) -> None:
    assert suggest(name, ["sunspec", "huawei"]) == hint
