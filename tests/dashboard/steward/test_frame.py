"""The frame of the stewards' pages: who may come in, and which sections are linked."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.access import ACCESS, Audience
from dashboard.app import create_app
from dashboard.steward.sections import SECTIONS
from tests.dashboard.fakes import Village

Browser = Callable[[str], FlaskClient]


def test_a_steward_sees_the_front_page(steward_client: Browser) -> None:
    answer = steward_client("rosa").get("/steward")

    assert answer.status_code == 200
    assert "Qué hay que hacer" in answer.get_data(as_text=True)


def test_a_stranger_does_not(client: FlaskClient) -> None:
    assert client.get("/steward").status_code == 401


def test_a_household_does_not(household_client: Browser) -> None:
    assert household_client("h01").get("/steward").status_code == 403


def test_every_page_of_stewards_is_for_stewards_alone(app: Flask) -> None:
    endpoints = [
        rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/steward")
    ]

    assert endpoints
    assert {ACCESS[one] for one in endpoints if one in ACCESS} == {Audience.STEWARDS}


def test_a_section_without_a_page_is_not_linked(village: Village, steward_client: Browser) -> None:
    page = steward_client("rosa").get("/steward").get_data(as_text=True)
    there = create_app(village.sources()).view_functions

    linked = [one for one in SECTIONS if f'href="/{one.endpoint.replace("_", "/")}"' in page]
    assert linked == [one for one in SECTIONS if one.endpoint in there]
    assert 'href="/steward" aria-current="page"' in page


@pytest.mark.parametrize("language", ["qu", "ay"])
def test_what_a_language_lacks_is_told_visibly_in_spanish(
    steward_client: Browser, language: str
) -> None:
    page = steward_client("rosa").get(f"/steward?lang={language}").get_data(as_text=True)

    assert '<span class="other" lang="es">Cuarentena</span>' in page or "Cuarentena" not in page
    assert '<span class="other" lang="es">Qué hay que hacer</span>' in page
