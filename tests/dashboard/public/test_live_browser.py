"""Figures that change in a real Chromium while somebody looks."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.request import urlopen

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Locator, Page, expect

from coop.books import Sources as PowerSources
from coop.errors import StateError
from dashboard.app import create_app
from tests.dashboard.browsing.chromium import Ways, open_window
from tests.dashboard.browsing.screens import PHONE
from tests.dashboard.browsing.serving import serving
from tests.dashboard.fakes import Village, a_full_village

pytestmark = pytest.mark.browser

AT_ONCE = re.compile(r'data-every="12"')
PATIENCE_MS = 20_000
"""A deadline for a busy machine, not a figure."""


@pytest.fixture
def village() -> Village:
    return a_full_village()


@pytest.fixture
def app(village: Village) -> Flask:
    """Return pages whose script asks ten times a second."""
    village.settings = replace(village.settings, streams_max=1)
    app = create_app(village.sources())

    @app.after_request
    def hurry(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.set_data(AT_ONCE.sub('data-every="0.1"', response.get_data(as_text=True)))
        return response

    return app


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = open_window(browser, PHONE, Ways())
    yield page
    page.context.close()


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Return where the page's requests went, and let it note its movements."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    page.add_init_script(
        "window.moves = 0; const move = Element.prototype.animate;"
        "Element.prototype.animate = function (...told) {"
        "  window.moves++; window.longest = told[1]; return move.apply(this, told); };"
    )
    return found


def change(village: Village, power_w: int) -> None:
    """Let the first roof say something new."""
    village.readings.say("roof-1", village.clock.at, ac_power=power_w)


def power(page: Page) -> Locator:
    return page.locator(".figure-sun .number")


@pytest.mark.parametrize("path", ["/", "/tv"])
def test_a_new_reading_comes_into_the_page_in_place(
    page: Page, asked: list[str], address: str, village: Village, path: str
) -> None:
    page.goto(address + path)
    page.evaluate("window.isTheSame = true")
    expect(power(page)).to_have_text("7.3")

    change(village, 6_000)

    expect(power(page)).to_have_text("9.3", timeout=PATIENCE_MS)
    assert page.evaluate("[window.isTheSame, window.longest]") == [True, 150]
    assert (f"{address}/api/v1/stream" in asked) is (path == "/tv")


def test_who_wants_calm_sees_no_movement(
    page: Page, asked: list[str], address: str, village: Village
) -> None:
    del asked
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)

    change(village, 6_000)

    expect(power(page)).to_have_text("9.3", timeout=PATIENCE_MS)
    assert page.evaluate("window.moves") == 0


def test_a_screen_without_a_place_asks_instead(
    page: Page, asked: list[str], address: str, village: Village
) -> None:
    with urlopen(f"{address}/api/v1/stream", timeout=20):  # noqa: S310  our own server
        page.goto(f"{address}/tv")
        expect(page.locator("html")).to_be_visible()
        page.wait_for_event("request", lambda one: one.url.endswith("/now"), timeout=PATIENCE_MS)
        change(village, 6_000)
        expect(power(page)).to_have_text("9.3", timeout=PATIENCE_MS)

    assert asked.count(f"{address}/api/v1/stream") == 1


def test_a_hidden_page_asks_for_nothing_until_it_is_seen(
    page: Page, asked: list[str], address: str, village: Village
) -> None:
    page.goto(address)
    page.evaluate(
        "window.isHidden = true;"
        "Object.defineProperty(document, 'hidden', {get: () => window.isHidden});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.evaluate("fetch('/health')")
    asked.clear()
    change(village, 6_000)
    page.evaluate(
        "(async () => { const until = Date.now() + 500;"
        " while (Date.now() < until) await fetch('/health'); })()"
    )
    while_hidden = [url for url in asked if not url.endswith("/health")]

    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")

    assert while_hidden == []
    expect(power(page)).to_have_text("9.3", timeout=PATIENCE_MS)


def test_a_box_out_of_reach_is_said_and_forgotten(
    page: Page, asked: list[str], address: str, village: Village
) -> None:
    del asked
    page.goto(address)
    expect(page.locator("[data-lost]")).to_be_hidden()

    village.books.away = StateError("locked")

    expect(page.locator("[data-lost]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-lost]")).to_have_text("Sin conexión. Estas cifras son de las 12:20.")
    village.books.away = None
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=PATIENCE_MS)


def test_a_page_that_says_something_else_altogether_is_loaded_anew(
    page: Page, asked: list[str], address: str, village: Village
) -> None:
    del asked
    page.goto(address)

    village.books.devices = PowerSources((), (), ())
    village.readings.readings.clear()
    village.books.filled.clear()

    expect(page.locator("main .plain")).to_be_visible(timeout=PATIENCE_MS)
