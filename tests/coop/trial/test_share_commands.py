"""`minga share …` as a person types it, and the page that shows how."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coop.errors import InputError
from coop.trial.commands import share
from tests.requirements import ROOT

PAGE = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")
BLOCK = re.DOTALL | re.MULTILINE
FILES = re.findall(r"^`([a-z]+\.[a-z]+)`:\n\n```[a-z]+\n(.*?)```$", PAGE, BLOCK)
CONSOLES = re.findall(r"^```console\n\$ minga share (.*?)\n(.*?)```$", PAGE, BLOCK)
FIRST_TRY = shlex.split(CONSOLES[1][0])

Ask = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run a command in a folder that holds the files of the page."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES:
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(share, words, input=stdin)

    return run


def test_the_page_holds_examples() -> None:
    assert [name for name, _ in FILES] == [
        "slot.json",
        "production.csv",
        "consumption.csv",
        "weights.csv",
    ]
    assert len(CONSOLES) == 2


@pytest.mark.parametrize(("words", "answer"), CONSOLES, ids=["allocate", "try"])
def test_the_examples_of_the_page_run(ask: Ask, words: str, answer: str) -> None:
    assert ask(*shlex.split(words)).stdout == answer


@pytest.mark.parametrize("option", [one.name for one in share.commands["try"].params])
def test_every_option_of_try_stands_on_the_page(option: str) -> None:
    assert f"--{option.removeprefix('as_').replace('_', '-')}" in PAGE


def test_a_slot_is_read_from_standard_input(ask: Ask) -> None:
    result = ask("allocate", "-", stdin=dict(FILES)["slot.json"])

    answer = json.loads(result.stdout)
    explanation = answer.pop("explanation")
    assert answer == {
        "status": "settled",
        "missing": [],
        "pool_wh": 1000,
        "own_use_wh": {"h01": 0, "h02": 0, "school": 100},
        "allocated_wh": {"h01": 250, "h02": 375, "school": 375},
        "reserved_wh": {},
        "set_aside_wh": {},
        "residual_grid_wh": {"h01": 0, "h02": 225, "school": 225},
        "surplus_wh": 0,
        "fund_tenths_wh": 0,
    }
    assert explanation[-3] == {"step": "shared", "text": "1000 Wh of a pool of 1000 Wh"}


def test_an_unsettled_slot_answers_null_figures(ask: Ask) -> None:
    question = {**json.loads(dict(FILES)["slot.json"]), "production_wh": None}

    answer = json.loads(ask("allocate", "-", stdin=json.dumps(question)).stdout)

    assert (answer["status"], answer["missing"]) == ("unsettled", ["pool"])
    assert (answer["allocated_wh"], answer["surplus_wh"], answer["fund_tenths_wh"]) == (
        None,
        None,
        None,
    )


def test_a_slot_that_is_not_there_is_named(ask: Ask) -> None:
    result = ask("allocate", "none.json")

    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith("none.json: cannot be read (No such file")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b"\xff", "bad.json: is not UTF-8 text"), (b"{}", "bad.json: method is missing")],
)
def test_a_slot_that_cannot_be_taken_is_named(
    ask: Ask, tmp_path: Path, raw: bytes, problem: str
) -> None:
    (tmp_path / "bad.json").write_bytes(raw)

    result = ask("allocate", "bad.json")

    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith(problem)


def test_try_answers_json(ask: Ask) -> None:
    result = ask(*FIRST_TRY, "--method", "static", "--json")

    assert json.loads(result.stdout) == {
        "methods": [
            {
                "method": "static",
                "slots": 3,
                "settled_slots": 1,
                "provisional_slots": 1,
                "unsettled_slots": 1,
                "production_wh": 2350,
                "own_use_wh": 200,
                "pool_wh": 2150,
                "allocated_wh": 1200,
                "set_aside_wh": 312,
                "surplus_wh": 638,
                "fund_tenths_wh": 638,
                "residual_grid_wh": 450,
                "homes": {
                    "h01": sums(550, 0, 525, 25),
                    "h02": sums(500, 0, 225, 275),
                    "school": sums(800, 200, 450, 150),
                },
            }
        ],
        "skipped": [],
    }


def sums(used: int, own: int, given: int, grid: int) -> dict[str, int]:
    return {
        "consumption_wh": used,
        "own_use_wh": own,
        "allocated_wh": given,
        "residual_grid_wh": grid,
    }


def test_a_month_is_cut_by_local_time(ask: Ask) -> None:
    result = ask(*FIRST_TRY, "--month", "2026-02", "--timezone", "Pacific/Honolulu")

    assert isinstance(result.exception, InputError)
    assert "no slot of it in the files" in str(result.exception)


def test_skipped_methods_are_told_with_their_reason(ask: Ask) -> None:
    answer = json.loads(ask(*FIRST_TRY, "--then", "equal", "--json").stdout)

    assert answer["skipped"] == [
        {"method": "reserved", "why": "needs a column reserved_percent in --weights"},
        {"method": "lifeline", "why": "needs --lifeline-wh"},
    ]


def test_progress_stays_silent_when_piped(ask: Ask) -> None:
    assert ask(*FIRST_TRY).stderr == ""


@pytest.mark.parametrize("command", [[], ["allocate"], ["try"]])
def test_help_shows_an_example(ask: Ask, command: list[str]) -> None:
    assert "Example: minga share" in ask(*command, "--help").stdout
