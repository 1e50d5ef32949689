"""A steward gives programs their tokens from the command line."""

import json
from datetime import timedelta

import pytest

from coop.errors import InputError
from coop.settings import CoopSettings
from coop.tokens.commands import token
from tests.coop.desk import Desk
from tests.coop.village import Village


@pytest.fixture
def desk(settings: CoopSettings, village: Village) -> Desk:
    del village
    return Desk(settings)


def test_a_token_is_shown_once(desk: Desk) -> None:
    done = desk.ask(token, "add", "Radio", "--until", "2099-12-31")

    made = done.stdout.splitlines()[0]
    assert done.exit_code == 0
    assert made.startswith("minga_")
    assert made not in desk.ask(token, "list").stdout


def test_the_list_says_what_each_reads_and_until_when(desk: Desk) -> None:
    desk.ask(token, "add", "Radio", "--until", "2099-12-31")
    desk.ask(token, "add", "Panel", "--home", "a", "--until", "2099-12-31", "--json")
    desk.ask(token, "revoke", "Radio")

    rows = json.loads(desk.ask(token, "list", "--json").stdout)["tokens"]

    assert rows == [
        {
            "name": "Radio",
            "reads": "community",
            "until": "2100-01-01T05:00Z",
            "last_used": None,
            "state": "revoked",
        },
        {
            "name": "Panel",
            "reads": "home a",
            "until": "2100-01-01T05:00Z",
            "last_used": None,
            "state": "holds",
        },
    ]
    assert "Panel  home a     2100-01-01T05:00Z  -          holds" in desk.ask(token, "list").stdout


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", ""])
def test_a_day_that_is_none_is_refused(desk: Desk, day: str) -> None:
    done = desk.ask(token, "add", "Radio", "--until", day)

    assert isinstance(done.exception, InputError)
    assert "--until" in str(done.exception)


def test_a_token_ends_by_the_machine_as_at_the_pages(desk: Desk) -> None:
    desk.ask(token, "add", "Radio", "--until", "2026-12-31")

    desk.still.moment += timedelta(days=9_999)
    assert "holds" in desk.ask(token, "list").stdout
    desk.own.moment += timedelta(days=9_999)
    assert "ended" in desk.ask(token, "list").stdout
