"""The pages of a household in a real Chromium: they fit, talk to nobody else, and need no script.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from coop.doors.visits import Guest
from tests.dashboard.household.scene import Scene
from tests.dashboard.public.test_public_browser import (
    ARGUMENTS,
    SCREENSHOTS,
    Visit,
    boxes,
    overflow,
)
from tests.requirements import require_browser

pytestmark = pytest.mark.browser

PHONE = (360, 740)
DESKTOP = (1280, 800)
WHY = "/home/why/2026-03-14T17:00Z"
PAGES = ["/home", "/home?date=2026-03-04", WHY]


class Household:
    """Opens pages as one home sees them."""

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
        visit.page.screenshot(path=SCREENSHOTS / f"{_named(path)}-{size[0]}-{scheme}.png")
        return visit

    def close(self) -> None:
        """Close all that was opened."""
        for page in self._closing:
            page.context.close()


def _named(path: str) -> str:
    return "household-" + "".join(one if one.isalnum() else "-" for one in path.strip("/"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def household(browser: Browser, scene: Scene) -> Iterator[Household]:
    server = make_server("127.0.0.1", 0, scene.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    token = scene.doors.begin(Guest(home_id="h07")).token
    held = Household(browser, f"http://127.0.0.1:{server.port}", token)
    yield held
    held.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    household: Household, path: str, *, scripts: bool
) -> None:
    visit = household.open(path, DESKTOP, scripts=scripts)

    assert [url for url in visit.requests if not url.startswith(household.address)] == []
    assert len(visit.requests) <= 3
    assert visit.complaints == []


@pytest.mark.parametrize("path", [*PAGES, "/home?lang=ay", "/home?lang=qu"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen(
    household: Household, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = household.open(path, size, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("language", ["es", "qu", "ay"])
def test_the_first_screen_of_a_phone_holds_share_soles_and_plenty(
    household: Household, language: str
) -> None:
    page = household.open(f"/home?lang={language}", PHONE).page

    held = boxes(page, ".plenty, .figure-leaf, .figure-sun")
    assert len(held) == 3
    assert max(box["y"] + box["height"] for box in held) <= PHONE[1]


def test_the_table_of_days_fits_a_phone(household: Household) -> None:
    page = household.open("/home", PHONE).page

    assert overflow(page, "[aria-labelledby=days-of-month].scroll")[0] == 0


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_touched_is_big_enough(household: Household, path: str) -> None:
    page = household.open(path, PHONE).page

    small = [box for box in boxes(page, "a, summary") if 0 < box["height"] < 44]
    assert small == []


def test_the_slots_open_without_a_script_and_lead_to_the_reason(household: Household) -> None:
    page = household.open("/home", PHONE).page

    page.locator("#slots summary").click()
    page.locator("#slots tbody a").nth(48).click()

    assert page.locator("h1 .first").inner_text() == "¿Por qué este número?"
    assert page.locator(".line-result").count() == 1


def test_a_keyboard_reaches_the_slots(household: Household) -> None:
    page = household.open("/home", DESKTOP).page

    page.locator("#slots summary").focus()
    page.keyboard.press("Enter")

    assert page.locator("#slots details").get_attribute("open") is not None


@pytest.mark.parametrize("path", PAGES)
def test_headings_come_in_order(household: Household, path: str) -> None:
    page = household.open(path, DESKTOP).page

    names = [node.evaluate("node => node.tagName") for node in page.locator("h1, h2, h3").all()]
    assert names[0] == "H1"
    assert set(names[1:]) == {"H2"}


def test_the_month_prints_without_what_is_for_the_screen(household: Household) -> None:
    page = household.open("/home", DESKTOP).page

    page.emulate_media(media="print")
    page.screenshot(path=SCREENSHOTS / "household-print.png", full_page=True)

    assert not page.locator("#slots").is_visible()
    assert page.locator("[aria-labelledby=days-of-month] table").is_visible()
    assert page.locator(".figure-leaf").is_visible()
