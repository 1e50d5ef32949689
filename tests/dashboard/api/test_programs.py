"""A token is another way to be a visitor: of one home or of the community, and only to look."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.access import Audience, may_enter
from dashboard.visiting import Visitor
from tests.dashboard.fakes import Village
from tests.dashboard.visits import client_of_steward

COMMUNITY = "/api/v1/community/years/2026"
OF_COMMUNITY = Visitor(Audience.MEMBERS, None, None, "k", is_program=True)
OF_HOME = Visitor(Audience.HOME, "h01", None, "k", is_program=True)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("audience", "community", "home"),
    [
        (Audience.ANYONE, True, True),
        (Audience.MEMBERS, True, False),
        (Audience.HOME, False, True),
        (Audience.HOUSEHOLD, False, False),
        (Audience.STEWARDS, False, False),
    ],
)
def test_a_program_reads_what_its_token_is_for(
    audience: Audience, *, community: bool, home: bool
) -> None:
    assert may_enter(audience, OF_COMMUNITY, None) is community
    assert may_enter(audience, OF_HOME, None) is home
    assert not may_enter(Audience.HOME, OF_HOME, "h02")
    assert not may_enter(Audience.HOME, OF_COMMUNITY, "h02")


def test_a_token_of_the_community_opens_it(client: FlaskClient, village: Village) -> None:
    token = village.gate.give()

    assert client.get(COMMUNITY, headers=bearer(token)).status_code == 200
    assert client.get("/community.json", headers=bearer(token)).status_code == 200


def test_a_token_of_a_home_does_not_open_the_community(
    client: FlaskClient, village: Village
) -> None:
    answer = client.get(COMMUNITY, headers=bearer(village.gate.give("h01")))

    assert answer.status_code == 403
    assert answer.get_json()["status"] == 403


@pytest.mark.parametrize("told", ["", "x", "minga_", "minga_" + "0" * 43, "minga_" + "ñ" * 43])
def test_a_token_that_is_none_opens_nothing(client: FlaskClient, told: str) -> None:
    answer = client.get(COMMUNITY, headers=bearer(told))

    assert answer.status_code == 401


def test_a_token_that_is_none_is_not_mended_by_a_cookie(app: Flask, village: Village) -> None:
    client = client_of_steward(app, village.doors, "rosa")

    assert client.get(COMMUNITY).status_code == 200
    assert client.get(COMMUNITY, headers=bearer("minga_" + "0" * 43)).status_code == 401


def test_a_token_in_the_address_opens_nothing(client: FlaskClient, village: Village) -> None:
    token = village.gate.give()

    assert client.get(f"{COMMUNITY}?access_token={token}").status_code == 401
