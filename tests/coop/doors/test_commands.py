"""A steward makes and ends cards, and gets a password, from the command line."""

import json
from pathlib import Path

import pytest

from coop.doors.commands import link, links, password, unlink
from coop.doors.door import Doors
from coop.doors.entrance import Credentials, Refusal
from coop.doors.visits import Pass
from coop.errors import InputError
from tests.coop.desk import Desk
from tests.coop.village import Village

WORD = "warmi-wasi-wayra"


@pytest.fixture
def desk(village: Village, doors: Doors) -> Desk:
    """Return the desk of a village of three homes whose stewards are rosa and juan."""
    assert doors
    return Desk(village.settings)


def listed(desk: Desk) -> list[dict[str, object]]:
    return list(json.loads(desk.ask(links, "--json").stdout)["links"])


def test_a_card_is_told_once_and_opens_its_home(desk: Desk, doors: Doors) -> None:
    made = json.loads(desk.ask(link, "a", "--address", "http://minga.lan/", "--json").stdout)

    assert made["home"] == "a"
    assert made["link"].startswith("http://minga.lan/q/")
    card = doors.entrance.card(made["link"].rsplit("/", 1)[1])
    assert card is not None
    assert card.home_id == "a"
    assert made["link"].rsplit("/", 1)[1] not in json.dumps(listed(desk))


def test_a_card_is_drawn_on_the_terminal_and_in_a_file(desk: Desk, tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"

    told = desk.ask(link, "a", "--svg", str(picture)).stdout

    assert "`minga member unlink a` ends it." in told
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_a_revoked_card_is_listed_as_ended(desk: Desk) -> None:
    desk.ask(link, "a")

    told = desk.ask(unlink, "a").stdout

    assert told.startswith("1 links of home a are ended")
    [row] = listed(desk)
    assert row["ended"] is not None
    assert "ended" in desk.ask(links).stdout


def test_a_home_that_is_none_gets_no_card(desk: Desk) -> None:
    told = desk.ask(link, "nobody")

    assert isinstance(told.exception, InputError)
    assert "nobody" in str(told.exception)
    assert not listed(desk)


def test_a_picture_that_cannot_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    told = desk.ask(link, "a", "--svg", str(tmp_path / "none" / "a.svg"))

    assert isinstance(told.exception, InputError)
    assert "cannot be written" in str(told.exception)


def test_a_steward_signs_in_with_the_password_that_was_given(desk: Desk, doors: Doors) -> None:
    told = desk.ask(password, "rosa", "--password", WORD)

    assert told.exit_code == 0
    assert WORD not in told.stdout
    assert isinstance(doors.entrance.sign_in(Credentials("rosa", WORD)), Pass)
    assert isinstance(doors.entrance.sign_in(Credentials("rosa", "another")), Refusal)


@pytest.mark.parametrize(
    ("who", "word", "why"),
    [
        ("rosa", "short", "fewer than 8 letters"),
        ("rosa", "password123", "one that many people have"),
        ("rosa", "x" * 300, "more than 256 letters"),
        ("nobody", WORD, "nobody"),
    ],
)
def test_a_poor_password_or_a_stranger_is_refused(
    desk: Desk, who: str, word: str, why: str
) -> None:
    told = desk.ask(password, who, "--password", word)

    assert isinstance(told.exception, InputError)
    assert why in str(told.exception)
