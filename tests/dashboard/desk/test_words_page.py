"""A steward corrects what Minga says on a page, sees it at once, and it outlives an update."""

from urllib.parse import quote

import pytest
from sqlalchemy import event

from coop.words import Language
from dashboard.app import create_app
from dashboard.language.wording import WITHHELD
from tests.dashboard.desk.conftest import Desk, Hand
from tests.dashboard.visits import client_of_steward

WORDS = "/steward/words"
SUN = "The sun gives now"
SHOWN = WITHHELD.message
"""What the public screen says in a town of three homes."""
USED = "You used {wh} Wh."


def address_of(message: str) -> str:
    return f"{WORDS}?language=qu&phrase={quote(message)}"


def phrases(hand: Hand, where: str) -> list[dict[str, object]]:
    """Return what is found in a language."""
    held: list[dict[str, object]] = hand.client.get(f"{WORDS}.json?{where}").get_json()["phrases"]
    return held


def test_a_phrase_is_looked_for_by_its_spanish_and_shows_its_draft_mark(rosa: Hand) -> None:
    page = rosa.look(f"{WORDS}?language=qu&search=El+sol+da+ahora")

    assert "Kunan inti kallpa" in page
    assert "Frases encontradas: 1" in page
    assert "borrador, " in page.split("<tbody>")[1]


def test_drafts_and_what_is_not_translated_are_told_apart(rosa: Hand) -> None:
    drafts = phrases(rosa, "language=ay&show=draft")
    lacking = phrases(rosa, "language=ay&show=lacking")

    assert all(one["draft"] is not None for one in drafts)
    assert {one["text"] for one in lacking} == {None}
    assert "Month close" in {one["message"] for one in lacking}
    assert phrases(rosa, "language=es&show=draft") == []


def test_a_correction_is_seen_at_once_and_is_a_deed_once(desk: Desk, rosa: Hand) -> None:
    before = rosa.look("/tv?lang=qu")

    sent = [rosa.send(address_of(SHOWN), act="correct", text="Pisi wasi q'anchan") for _ in "12"]

    assert [status for status, _ in sent] == [303, 303]
    assert "Desde ahora se dice así, en todas partes." in sent[0][1]
    assert "corregida" in sent[0][1]
    assert "q&#39;anchan" not in before
    assert "Pisi wasi q&#39;anchan" in rosa.look("/tv?lang=qu")
    assert desk.deeds() == [("steward:rosa", f"phrase in qu: {SHOWN}"[:200])]


def test_a_correction_outlives_an_update(desk: Desk, rosa: Hand) -> None:
    rosa.send(address_of(SHOWN), act="correct", text="Pisi wasi q'anchan")

    updated = create_app(desk.sources)

    page = client_of_steward(updated, desk.doors, "juan").get("/tv?lang=qu")
    assert "Pisi wasi q&#39;anchan" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Apaykachanki", "Deje tal cual lo que está entre llaves, todo eso y nada más: {wh}."),
        ("{wh} {home}", "Deje tal cual lo que está entre llaves"),
        ("{wh} {", "Deje tal cual lo que está entre llaves"),
        (" ", "Escriba de 1 a 1,000 letras."),
        ("{wh}" + "x" * 1_000, "Escriba de 1 a 1,000 letras."),
    ],
)
def test_what_could_not_be_read_is_refused_and_kept_in_the_field(
    desk: Desk, rosa: Hand, text: str, told: str
) -> None:
    status, page = rosa.send(address_of(USED), act="correct", text=text)

    assert status == 422
    assert told in page.split('aria-invalid="true"')[1]
    assert f">{text}</textarea>" in page
    assert desk.deeds() == []


def test_a_hostile_correction_is_only_a_text(rosa: Hand) -> None:
    rosa.send(address_of(SHOWN), act="correct", text="=1<script>alert(1)</script>")

    assert "<script>alert" not in rosa.look("/tv?lang=qu") + rosa.look(address_of(SHOWN))
    assert ",'=1<script>" in rosa.look(f"{WORDS}.csv?language=qu&show=corrected")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("language=fr", 400),
        ("show=wishes", 400),
        ("page=x", 400),
        ("page=99999", 200),
        ("search=no+such+words", 200),
        ("phrase=Nobody+says+this", 404),
    ],
)
def test_an_odd_search_is_answered_with_what_to_do(rosa: Hand, query: str, status: int) -> None:
    assert rosa.client.get(f"{WORDS}?{query}").status_code == status


def test_a_phrase_that_nobody_says_is_not_corrected(desk: Desk, rosa: Hand) -> None:
    assert rosa.send(address_of("Nobody says this"), act="correct", text="x")[0] == 404
    assert desk.deeds() == []


def test_all_phrases_are_reached_page_by_page(rosa: Hand) -> None:
    count = len(phrases(rosa, "language=qu"))

    pages = [rosa.look(f"{WORDS}?page={number}") for number in range(1, -(-count // 40) + 1)]

    assert sum(page.count('<th scope="row">') for page in pages) == count
    assert ['rel="next"' in page for page in pages] == [True] * (len(pages) - 1) + [False]


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_only_stewards_correct_words(desk: Desk, ending: str) -> None:
    assert desk.app.test_client().get(WORDS + ending).status_code == 401
    assert desk.household("a").client.get(WORDS + ending).status_code == 403


def test_a_page_asks_the_books_at_most_six_times(desk: Desk, rosa: Hand) -> None:
    asked: list[str] = []
    engine = desk.town.database._engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    rosa.look(address_of(SUN))

    assert 1 <= sum(one.startswith("SELECT") for one in asked) <= 6


def test_every_language_can_be_corrected(rosa: Hand) -> None:
    counts = [len(phrases(rosa, f"language={one}")) for one in Language if one != "en"]

    assert len(set(counts)) == 1
