"""Texts are sent in fewer bytes to who can unpack them, and to nobody else."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from dashboard.access import ACCESS, Audience
from dashboard.serving.packing import LEAST

PACKED = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return the pages, and beside them some answers that are no pages."""
    answers: dict[str, Callable[[], Response]] = {
        "short": lambda: Response("x" * (LEAST - 1), mimetype="text/plain"),
        "events": lambda: Response(iter(["data: 1\n\n"] * 99), mimetype="text/event-stream"),
        "paper": lambda: Response(b"%PDF" * 999, mimetype="application/pdf"),
    }
    for name, view in answers.items():
        app.add_url_rule(f"/{name}", name, view)
        monkeypatch.setitem(ACCESS, name, Audience.ANYONE)
    return app


@pytest.mark.parametrize("path", ["/tv.json", "/community.json", "/community.csv"])
def test_a_text_says_the_same_packed(
    household_client: Callable[[str], FlaskClient], path: str
) -> None:
    client = household_client("h01")

    plain, packed = client.get(path), client.get(path, headers=PACKED)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "*;q=0"])
def test_who_cannot_unpack_gets_it_plain(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/tv", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert b"</html>" in answer.data


@pytest.mark.parametrize("path", ["/short", "/paper", "/health", "/events"])
def test_the_short_the_dense_and_streams_are_sent_as_they_are(
    client: FlaskClient, path: str
) -> None:
    assert "Content-Encoding" not in client.get(path, headers=PACKED).headers


def test_the_style_sheet_is_packed_and_loaded_once(client: FlaskClient) -> None:
    page = client.get("/tv").get_data(as_text=True)
    address = "/static/style.css?v=" + page.partition("style.css?v=")[2].partition('"')[0]

    answer = client.get(address, headers=PACKED, buffered=True)

    assert b"--sun" in gzip.decompress(answer.data)
    assert answer.cache_control.max_age == 31_536_000
    assert answer.cache_control.public
    again = {**PACKED, "If-None-Match": answer.headers["ETag"]}
    assert client.get(address, headers=again, buffered=True).status_code == 304


def test_the_tag_of_a_packed_answer_is_weak_and_still_known(
    client: FlaskClient,
) -> None:
    plain, packed = client.get("/api/v1/now"), client.get("/api/v1/now", headers=PACKED)
    again = {**PACKED, "If-None-Match": packed.headers["ETag"]}

    unchanged = client.get("/api/v1/now", headers=again)

    assert packed.headers["ETag"].startswith('W/"')
    assert packed.get_etag()[0] == plain.get_etag()[0]
    assert unchanged.status_code == 304
    assert unchanged.data == b""
    assert "Content-Encoding" not in unchanged.headers


def test_a_part_of_a_file_is_a_part_of_the_plain_file(client: FlaskClient) -> None:
    whole = client.get("/static/style.css", buffered=True).data

    asked = {**PACKED, "Range": "bytes=10-19"}
    part = client.get("/static/style.css", headers=asked, buffered=True)

    assert part.status_code == 206
    assert part.data == whole[10:20]
