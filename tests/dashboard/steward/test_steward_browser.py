"""The stewards' pages in a real Chromium: they fit, talk to nobody else, and need no script.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from coop.doors.visits import Guest
from tests.dashboard.public.test_public_browser import (
    ARGUMENTS,
    SCREENSHOTS,
    Visit,
    boxes,
    overflow,
)
from tests.dashboard.steward.scene import Scene
from tests.requirements import require_browser

pytestmark = pytest.mark.browser

PHONE = (360, 740)
DESKTOP = (1280, 800)
PAGES = [
    "/steward",
    "/steward/data",
    "/steward/data?month=2026-02",
    "/steward/quarantine",
    "/steward/quarantine?kind=value",
    "/steward/roofs",
]


class Steward:
    """Opens pages as a steward sees them."""

    def __init__(self, browser: Browser, address: str, token: str) -> None:
        self._browser = browser
        self._token = token
        self.address = address
        self._closing: list[Page] = []

    def open(
        self, path: str, size: tuple[int, int], *, scheme: str = "light", scripts: bool = False
    ) -> Visit:
        """Open a page and keep its picture."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        context.add_cookies([{"name": "minga", "value": self._token, "url": self.address}])
        visit = Visit(context.new_page())
        self._closing.append(visit.page)
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("console", lambda told: visit.complaints.append(told.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.goto(self.address + path, wait_until="networkidle")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = "".join(one if one.isalnum() else "-" for one in path.strip("/"))
        visit.page.screenshot(path=SCREENSHOTS / f"{name}-{size[0]}-{scheme}.png", full_page=True)
        return visit

    def close(self) -> None:
        """Close all that was opened."""
        for page in self._closing:
            page.context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def steward(browser: Browser, scene: Scene) -> Iterator[Steward]:
    server = make_server("127.0.0.1", 0, scene.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    token = scene.doors.begin(Guest(steward_id="rosa")).token
    held = Steward(browser, f"http://127.0.0.1:{server.port}", token)
    yield held
    held.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    steward: Steward, path: str, *, scripts: bool
) -> None:
    visit = steward.open(path, DESKTOP, scripts=scripts)

    assert [url for url in visit.requests if not url.startswith(steward.address)] == []
    assert len(visit.requests) <= 3
    assert visit.complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen(
    steward: Steward, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = steward.open(path, size, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_touched_is_big_enough(steward: Steward, path: str) -> None:
    page = steward.open(path, PHONE).page

    small = [box for box in boxes(page, "a, summary") if 0 < box["height"] < 44]
    assert small == []


@pytest.mark.parametrize("path", PAGES)
def test_headings_come_in_order(steward: Steward, path: str) -> None:
    page = steward.open(path, DESKTOP).page

    names = [node.evaluate("node => node.tagName") for node in page.locator("h1, h2, h3").all()]
    assert names[0] == "H1"
    assert set(names[1:]) <= {"H2"}
