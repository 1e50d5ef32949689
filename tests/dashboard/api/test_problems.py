"""What a program is told that asks for something it cannot have."""

import pytest
from flask.testing import FlaskClient

from coop.errors import StateError
from tests.dashboard.api.conftest import Ask
from tests.dashboard.fakes import Village

SLOTS = "community/days/2026-03-01/slots"


def test_what_is_not_understood_is_named_with_what_is_allowed(ask: Ask) -> None:
    answer = ask(f"{SLOTS}?limit=0&x=<script>")

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "La petición no se entiende",
        "status": 422,
        "detail": "Se nombra lo que no se entiende y lo que se admite. Corríjalo y pida otra vez.",
        "problems": [
            {
                "what": "limit",
                "where": "query",
                "found": "0",
                "allowed": "Un número entero de 1 a 1,000.",
            },
            {
                "what": "x",
                "where": "query",
                "found": "<script>",
                "allowed": "Uno de estos: cursor, lang, limit.",
            },
        ],
    }


@pytest.mark.parametrize("date", ["2026-02-30", "20260301", "2026-W09-7", "never", "2026-03-01%0A"])
def test_a_day_that_is_none_is_refused(ask: Ask, date: str) -> None:
    assert ask(f"community/days/{date}").status_code == 422


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "+1", "1_0", " 1", "1.0", "", "٣"])
def test_a_limit_that_is_none_is_refused(ask: Ask, limit: str) -> None:
    assert ask(f"{SLOTS}?limit={limit}").status_code == 422


def test_it_is_told_in_the_language_that_was_asked_for(ask: Ask) -> None:
    told = ask(f"{SLOTS}?limit=0&lang=en").get_json()

    assert told["title"] == "The request was not understood"


def test_a_language_that_nobody_has_is_refused(ask: Ask) -> None:
    answer = ask("community/years/2026?lang=tlh")

    assert answer.status_code == 400
    assert "qu" in answer.get_json()["detail"]


def test_an_address_that_is_none_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")

    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["title"] == "Página no encontrada"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_can_be_sent(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/now", method=method)

    assert answer.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} == set(answer.headers["Allow"].split(", "))
    assert answer.get_json()["status"] == 405


@pytest.mark.parametrize("accept", ["text/html", "application/xml, text/*;q=0.5"])
def test_only_json_is_given(ask: Ask, accept: str) -> None:
    answer = ask(SLOTS, Accept=accept)

    assert answer.status_code == 406
    assert answer.get_json()["status"] == 406


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*;q=0.1", ""])
def test_json_is_given_to_whoever_takes_it(ask: Ask, accept: str) -> None:
    assert ask(SLOTS, Accept=accept).status_code == 200


def test_a_stranger_is_told_what_is_missing(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/{SLOTS}")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="minga"'
    assert answer.get_json()["title"] == "Solo para socios"


def test_books_that_are_away_are_told_as_such(ask: Ask, village: Village) -> None:
    village.books.away = StateError("locked: secret path")

    answer = ask(SLOTS)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.get_data(as_text=True)


def test_a_surprise_tells_nothing_of_the_house(ask: Ask, village: Village) -> None:
    village.books.away = RuntimeError("secret of the house")

    answer = ask(SLOTS)

    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.get_data(as_text=True)
