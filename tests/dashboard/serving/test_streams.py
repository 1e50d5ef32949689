"""Screens are told by themselves what is new, so many at once, and never for ever."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from coop.errors import StateError
from dashboard.app import create_app
from dashboard.public.figures import Reader
from dashboard.serving.streams import EXTENSION, Streams
from tests.dashboard.fakes import NOON, Village

MOST = 2


@pytest.fixture
def app(village: Village) -> Flask:
    village.settings = replace(village.settings, streams_max=MOST)
    return create_app(village.sources())


def listen(client: FlaskClient, tag: str = "") -> Iterator[str]:
    """Return what a screen is told, one by one."""
    answer = client.get("/api/v1/stream", headers={"Last-Event-ID": tag})
    assert answer.mimetype == "text/event-stream"
    return (told.decode() for told in answer.iter_encoded())


@pytest.fixture
def swift(village: Village) -> Streams:
    """Return streams that do not wait."""
    return Streams(Reader(village.sources()), MOST, every_s=0)


def test_a_screen_is_told_the_live_figures_and_their_tag(client: FlaskClient) -> None:
    now = client.get("/api/v1/now")

    told = listen(client)

    assert next(told) == "retry: 15000\n\n"
    event, number, data, *_ = next(told).split("\n")
    assert event == "event: now"
    assert number == f"id: {now.headers['ETag']}"
    assert '"power_w": 7341' in data or '"power_w":7341' in data


def test_nothing_is_told_twice(swift: Streams, village: Village) -> None:
    told = swift._events("")
    next(told)

    first, again = next(told), next(told)
    village.readings.say("roof-1", NOON, ac_power=1)
    new = next(told)

    assert first.startswith("event: now")
    assert again == ":\n\n"
    assert new.startswith("event: now")
    assert first != new


def test_a_screen_that_comes_back_is_told_only_what_it_missed(client: FlaskClient) -> None:
    tag = client.get("/api/v1/now").headers["ETag"]

    told = listen(client, tag)

    assert [next(told), next(told)] == ["retry: 15000\n\n", ":\n\n"]


def test_a_stream_outlives_books_that_are_away(swift: Streams, village: Village) -> None:
    told = swift._events("")
    next(told)

    village.books.away = StateError("locked")
    away = next(told)
    village.books.away = None

    assert away == ":\n\n"
    assert next(told).startswith("event: now")


def test_one_too_many_is_sent_away_until_a_place_is_free(client: FlaskClient) -> None:
    held = [client.get("/api/v1/stream") for _ in range(MOST)]

    refused = client.get("/api/v1/stream")
    held[0].close()
    admitted = client.get("/api/v1/stream")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "15"
    assert "Demasiadas pantallas" in refused.get_data(as_text=True)
    assert admitted.status_code == 200


def test_a_look_at_the_head_keeps_no_place(client: FlaskClient) -> None:
    for _ in range(MOST + 1):
        with client.head("/api/v1/stream") as answer:
            assert answer.status_code == 200


def test_all_streams_end_with_the_server(app: Flask, client: FlaskClient) -> None:
    told = listen(client)
    next(told)

    app.extensions[EXTENSION].end()

    assert list(told) == []


def test_no_place_at_all_is_a_setting(village: Village) -> None:
    village.settings = replace(village.settings, streams_max=0)

    assert create_app(village.sources()).test_client().get("/api/v1/stream").status_code == 503


@pytest.mark.parametrize(("path", "streams"), [("/", False), ("/tv", True)])
def test_a_page_says_what_it_shows_so_that_a_script_can_ask_for_newer(
    client: FlaskClient, path: str, *, streams: bool
) -> None:
    tag = client.get("/api/v1/now").headers["ETag"]
    page = client.get(path).get_data(as_text=True)

    assert f'data-tag="{escape(tag)}"' in page
    assert ('data-stream="/api/v1/stream"' in page) is streams
    assert '<noscript><meta http-equiv="refresh"' in page
    for part in ("moment", "sun", "leaf", "violet", "horizon", "light", "key", "lost"):
        assert page.count(f'data-live="{part}"') == 1
