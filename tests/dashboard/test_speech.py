"""Pages speak the cooperative's languages, or the one that a reader chose."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.errors import UnreachableError
from coop.words import Language
from coop.words.words import Corrections
from dashboard.app import create_app
from dashboard.language.speech import speech_of
from tests.dashboard.fakes import Village
from tests.dashboard.visits import client_of_household

QU, AY, ES = Language.QUECHUA, Language.AYMARA, Language.SPANISH
TEMPLATES = sorted((Path(__file__).parents[2] / "dashboard" / "templates").rglob("*.html"))
# Names of classes, colour schemes and patterns, which nobody reads.
NAMES = re.compile(
    r"\{% block (?:screen|scheme) %\}.*?\{% endblock %\}|\{% call.*?%\}.*?\{% endcall %\}",
    re.DOTALL,
)
MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
OUTSIDE = {"kWh", "Wh", "CSV", "JSON", "PDF", "XLSX"}


def client_in(village: Village, *languages: Language) -> FlaskClient:
    village.settings = replace(village.settings, languages=languages)
    return client_of_household(create_app(village.sources()), village.doors, "h01")


@pytest.mark.parametrize(
    ("first", "heading"),
    [(QU, "Kunan inti kallpa"), (AY, "Jichha inti ch&#39;ama"), (ES, "El sol da ahora")],
)
def test_the_first_language_of_the_cooperative_stands_first(
    village: Village, first: Language, heading: str
) -> None:
    page = client_in(village, first).get("/tv").get_data(as_text=True)

    assert f'<html lang="{first}"' in page
    assert f'<span class="first">{heading}</span>' in page


def test_the_second_language_stands_beside_a_heading(village: Village) -> None:
    page = client_in(village, QU, ES).get("/tv").get_data(as_text=True)

    assert '<span class="beside" lang="es">El sol da ahora</span>' in page


def test_a_chosen_language_is_kept_through_the_links(village: Village) -> None:
    page = client_in(village, QU, ES).get("/?lang=es").get_data(as_text=True)

    assert '<html lang="es"' in page
    assert 'href="/community?lang=es"' in page


@pytest.mark.parametrize("asked", ["fr", "", "<script>", "qu,es"])
def test_a_language_that_nobody_has_is_refused_and_says_which_there_are(
    village: Village, asked: str
) -> None:
    answer = client_in(village, ES).get("/tv", query_string={"lang": asked})

    assert answer.status_code == 400
    assert "Idiomas de estas páginas: qu, ay, es, en" in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("languages", "notes"), [((QU, ES), 1), ((AY, ES), 1), ((ES,), 0)])
def test_drafts_are_marked_once_a_page(
    village: Village, languages: tuple[Language, ...], notes: int
) -> None:
    page = client_in(village, *languages).get("/community").get_data(as_text=True)

    assert page.count('class="draft"') == notes


def corrected_app(village: Village) -> Flask:
    """Return an app that finds another correction each time it reads them."""
    read = count(1)

    def corrections() -> Corrections:
        return {(QU, "The sun gives now"): f"inti {next(read)}"}

    village.settings = replace(village.settings, languages=(QU, ES))
    return create_app(replace(village.sources(), corrections=corrections))


def test_a_page_does_not_read_corrections_that_are_known(village: Village) -> None:
    app = corrected_app(village)
    client = app.test_client()

    client.get("/tv")
    assert "inti 1</span>" in client.get("/tv").text
    speech_of(app).renew()
    assert "inti 2</span>" in client.get("/tv").text


def test_a_correction_made_while_others_are_read_is_heard(village: Village) -> None:
    village.settings = replace(village.settings, languages=(QU, ES))
    held = ["inti before"]
    found: list[str] = []

    def corrections() -> Corrections:
        found.append(held[0])
        if len(found) == 1:
            held[0] = "inti after"
            speech_of(app).forget()
        return {(QU, "The sun gives now"): found[-1]}

    app = create_app(replace(village.sources(), corrections=corrections))
    speech_of(app).renew()

    assert "inti after</span>" in app.test_client().get("/tv").text


def test_corrections_that_could_not_be_read_are_asked_for_again(village: Village) -> None:
    answers: Iterator[Corrections | Exception] = iter(
        [UnreachableError("database away"), {(QU, "The sun gives now"): "inti"}]
    )

    def corrections() -> Corrections:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    village.settings = replace(village.settings, languages=(QU, ES))
    app = create_app(replace(village.sources(), corrections=corrections))
    with pytest.raises(UnreachableError):
        speech_of(app).renew()

    assert "inti</span>" in app.test_client().get("/tv").text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_in_a_template_outside_the_catalogue(template: Path) -> None:
    held = template.read_text(encoding="utf-8")
    bare = MARKUP.sub("", NAMES.sub("", held))
    labels = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', bare)
    text = " ".join([*labels, re.sub(r"<[^>]*>", " ", bare)])

    assert set(re.findall(r"[^\W\d_]{2,}", text)) - OUTSIDE == set()
