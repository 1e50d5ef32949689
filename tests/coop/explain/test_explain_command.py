"""`minga explain` as a person types it."""

import json

import pytest

from coop.errors import InputError
from coop.explain.commands import explain
from coop.settings import CoopSettings
from tests.coop.desk import Desk
from tests.coop.village import Village


@pytest.fixture
def desk(village: Village, settings: CoopSettings) -> Desk:
    village.agree()
    village.measure(1)
    village.settle(15)
    return Desk(settings)


def test_each_line_is_told_in_the_cooperatives_languages(desk: Desk) -> None:
    done = desk.ask(explain, "a", "2026-03-01T00:00")

    assert done.stdout.splitlines()[:4] == [
        "Wasi a, p'unchaw 1 de marzo de 2026, ura 00:00 - 00:15.",
        "  Casa a, 1 de marzo de 2026, de 00:00 a 00:15.",
        "Llapan wasi qatakuna 300 Wh kallpata ruwarqanku.",
        "  Todos los techos produjeron 300 Wh.",
    ]
    assert done.exit_code == 0


def test_a_language_can_be_chosen(desk: Desk) -> None:
    done = desk.ask(explain, "a", "2026-03-01T05:00Z", "--lang", "ay")

    assert done.stdout.splitlines()[0] == "Uta a, uru 1 de marzo de 2026, ura 00:00 - 00:15."


def test_programs_get_the_figures_and_the_text(desk: Desk) -> None:
    said = json.loads(desk.ask(explain, "a", "2026-03-01", "--lang", "es", "--json").stdout)

    assert said["key"] == {
        "id": 1,
        "name": "Equal",
        "decision": "Assembly",
        "method": "redistribute",
        "fund_percent": "10",
    }
    figures = ("weight", "need_wh", "shared_wh", "grid_wh", "surplus_wh", "fund_tenths_wh")
    assert [said[name] for name in figures] == ["1/3", 60, 60, 0, 120, 120]
    assert said["rounds"][0] == {
        "step": "all_needed",
        "there_wh": 300,
        "takes_part": True,
        "part_wh": None,
        "given_wh": 60,
        "given_to_all_wh": 180,
        "weights": 3,
        "spare_wh": 0,
        "got_spare": False,
    }
    assert said["lines"][1] == {
        "step": "production",
        "text": {"es": "Todos los techos produjeron 300 Wh."},
    }


@pytest.mark.parametrize(
    "words",
    [
        ("z", "2026-03-01"),
        ("a", "2026-03-01T00:07"),
        ("a", "noon"),
        ("a", "2026-03-01", "--lang", "fr"),
    ],
    ids=["home", "inside a slot", "no moment", "language"],
)
def test_bad_input_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert isinstance(desk.ask(explain, *words).exception, InputError)
