"""A steward lists and corrects phrases from the command line."""

import json

import pytest

from coop.errors import InputError
from coop.members.steward_commands import steward
from coop.settings import CoopSettings
from coop.words.phrase_commands import words
from tests.coop.desk import Desk

USED = "You used {wh} Wh."


@pytest.fixture
def desk(settings: CoopSettings) -> Desk:
    held = Desk(settings)
    held.ask(steward, "add", "rosa", "Rosa", "--since", "2026-01-01")
    return held


def phrase(desk: Desk) -> dict[str, object]:
    said = json.loads(desk.ask(words, "list", "qu", "--json").stdout)
    [found] = [one for one in said["phrases"] if one["english"] == USED]
    return dict(found)


def test_a_draft_is_listed_as_one(desk: Desk) -> None:
    assert phrase(desk) == {
        "english": USED,
        "text": "{wh} Wh kallpata apaykacharqanki.",
        "is_draft": True,
        "is_corrected": False,
    }


def test_a_corrected_phrase_is_said_so_from_now_on(desk: Desk) -> None:
    done = desk.ask(words, "correct", "qu", USED, "{wh} Wh.", "--steward", "rosa")

    assert (done.exit_code, done.stdout) == (0, "qu: {wh} Wh.\n")
    assert phrase(desk) == {
        "english": USED,
        "text": "{wh} Wh.",
        "is_draft": False,
        "is_corrected": True,
    }


def test_a_table_shows_what_waits_for_the_assembly(desk: Desk) -> None:
    shown = desk.ask(words, "list", "qu").stdout.splitlines()

    [line] = [line for line in shown if line.startswith(USED)]
    assert line.split("  ")[-1] == "draft"


def test_a_correction_that_loses_a_figure_is_refused(desk: Desk) -> None:
    done = desk.ask(words, "correct", "qu", USED, "apaykachasqayki", "--steward", "rosa")

    assert isinstance(done.exception, InputError)
