"""What another key would have done with a month of the books."""

import json

import pytest

from coop.allocation import Home, Method, Rules
from coop.errors import InputError, RefusedError
from coop.members.registry import NewKey
from coop.settings import CoopSettings
from coop.trial.commands import share
from tests.coop.desk import Desk
from tests.coop.village import HOMES, START_S, Village, at, meter_of


@pytest.fixture
def desk(village: Village, settings: CoopSettings) -> Desk:
    """Three homes share 100 Wh in each of two slots of equal parts; a needs most."""
    village.agree(Rules(Method.EQUAL))
    village.measure(2, produced=100, used=20)
    village.readings.samples[meter_of("a")] = {at(0, 1000), at(15, 1080), at(30, 1160)}
    village.settle(30)
    return Desk(settings)


def test_methods_are_compared_with_what_was_booked(desk: Desk) -> None:
    done = desk.ask(share, "try", "--month", "2026-03", "--method", "redistribute")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[-2:] == [
        "against the books  SELF-SUFFICIENCY  WITH MORE  WITH LESS  MOST MORE, Wh  MOST LESS, Wh",
        "redistribute                  83.3%          1          0          a +53              -",
    ]


def test_the_method_in_force_gives_what_was_booked(desk: Desk) -> None:
    done = desk.ask(share, "try", "--month", "2026-03", "--method", "equal", "--json")

    (equal,) = json.loads(done.stdout)["methods"]
    assert (equal["slots"], equal["settled_slots"], equal["production_wh"]) == (2, 2, 200)
    assert {home: sums["allocated_wh"] for home, sums in equal["homes"].items()} == {
        "a": 67,
        "b": 40,
        "c": 40,
    }


def test_a_home_that_is_in_the_key_no_more_takes_no_part_by_weight(
    village: Village, settings: CoopSettings
) -> None:
    village.agree()
    with village.register() as entered:
        homes = tuple(Home(home) for home in HOMES[:2])
        entered.add_key(NewKey("Two", "Assembly", Rules(), homes, START_S + 900))
    village.measure(2, produced=100, used=60)
    village.settle(30)

    done = Desk(settings).ask(share, "try", "--month", "2026-03", "--json")

    redistribute = json.loads(done.stdout)["methods"][0]
    assert redistribute["homes"]["c"]["allocated_wh"] == 0
    assert redistribute["allocated_wh"] + redistribute["surplus_wh"] == 200


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "--month: is missing"),
        (["--production", "p.csv"], "--consumption: is missing; give both files"),
        (["--month", "2026-03", "--unit", "kWh"], "--unit: belongs to files"),
        (["--month", "2026-3"], "month: found '2026-3', allowed: a year and a month"),
    ],
)
def test_half_a_question_is_refused(desk: Desk, words: list[str], problem: str) -> None:
    done = desk.ask(share, "try", *words)

    assert isinstance(done.exception, InputError)
    assert str(done.exception).startswith(problem)


def test_a_month_outside_the_books_is_refused(desk: Desk) -> None:
    done = desk.ask(share, "try", "--month", "2025-01")

    assert isinstance(done.exception, RefusedError)
    assert str(done.exception).startswith("2025-01: the books have no slot of this month")
