"""Every route is declared and every answer carries the headers, whatever happened."""

import pytest
from flask.testing import FlaskClient

from dashboard.access import ACCESS, HEADERS
from dashboard.app import create_app
from tests.dashboard.fakes import Village

ADDRESSES = [
    "/",
    "/index.json",
    "/tv",
    "/tv.json",
    "/tv.csv",
    "/community",
    "/community.json",
    "/community.csv",
    "/api/v1/now",
    "/health",
    "/static/style.css",
    "/static/nothing.css",
    "/nowhere",
    "/community?date=never",
]


def test_every_route_has_a_declared_audience(village: Village) -> None:
    app = create_app(village.sources())

    declared = {
        rule.endpoint if method == "GET" else f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert declared == set(ACCESS)


def test_a_route_that_nobody_declared_is_denied(village: Village) -> None:
    app = create_app(village.sources())
    app.add_url_rule("/secret", "secret", lambda: "secret")

    answer = app.test_client().get("/secret")

    assert answer.status_code == 403
    assert b"secret" not in answer.data


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_carries_the_headers(client: FlaskClient, address: str, method: str) -> None:
    with client.open(address, method=method) as answer:
        headers = answer.headers

    assert {name: headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert "Cache-Control" in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_outside() -> None:
    policy = HEADERS["Content-Security-Policy"]

    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("address", ["/tv", "/community.json", "/tv.csv"])
def test_figures_are_not_kept_by_browsers(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_a_stylesheet_is_kept_for_a_year(client: FlaskClient) -> None:
    with client.get("/static/style.css") as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES[:8])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_sent(client: FlaskClient, address: str, method: str) -> None:
    answer = client.open(address, method=method)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_no_page_sets_a_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers


def test_health_says_ok_and_nothing_else(client: FlaskClient) -> None:
    assert client.get("/health").data == b"ok"
