"""A home's page is kept while its figures are, and is never another home's or an old one."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update

from coop.database.schema import home
from coop.members.stewards import add_tariff
from coop.month.money import Tariff, TariffKind
from tests.dashboard.household.scene import START_S, Scene, a_scene
from tests.dashboard.visits import client_of_household, client_of_steward

ONE_DAY = 96 + 50
HEADING = re.compile("<h1>(.*)</h1>")
PATH = "/home?month=2026-02"


@pytest.fixture
def young(tmp_path: Path) -> Iterator[Scene]:
    """Return a cooperative on its second day, for a test to write into."""
    with a_scene(tmp_path, slots=ONE_DAY) as scene:
        yield scene


@pytest.fixture
def h01(young: Scene) -> FlaskClient:
    return client_of_household(young.app, young.doors, "h01")


def test_the_books_are_read_once_while_nothing_is_written(young: Scene, h01: FlaskClient) -> None:
    first = h01.get(PATH)
    asked: list[str] = []
    event.listen(
        young.database._engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    again = h01.get(PATH)

    assert [one for one in asked if one.startswith("SELECT")] == []
    assert len(again.data) == len(first.data)


def test_homes_that_look_in_turn_each_see_their_own(young: Scene) -> None:
    clients = [client_of_household(young.app, young.doors, one) for one in ("h01", "h02")]

    headings = [HEADING.findall(client.get(PATH).text) for client in clients * 3]

    assert headings[0] != headings[1]
    assert headings == headings[:2] * 3


def test_a_steward_sees_the_home_that_was_named(young: Scene) -> None:
    rosa = client_of_steward(young.app, young.doors, "rosa")

    first, other, again = (rosa.get(f"{PATH}&home={one}").text for one in ("h01", "h02", "h01"))

    assert HEADING.findall(first) == HEADING.findall(again) != HEADING.findall(other)
    assert "home=h02" not in again
    assert "home=h01" not in other


def test_a_new_name_and_a_new_price_stand_on_the_next_page(young: Scene, h01: FlaskClient) -> None:
    before = h01.get(PATH).text
    with young.database.writing() as connection:
        connection.execute(update(home).where(home.c.id == "h01").values(name="Casa nueva"))
        dear = Tariff(TariffKind.UTILITY, START_S, Fraction(99), "Recibo nuevo")
        add_tariff(connection, dear)

    after = h01.get(PATH).text

    assert "Casa nueva" not in before
    assert "<h1>Casa nueva</h1>" in after
    assert "Recibo nuevo" in after
