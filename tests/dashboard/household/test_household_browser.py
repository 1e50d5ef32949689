"""The pages of a household in a real Chromium: they fit, talk to nobody else, and need no script.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from coop.doors.visits import Guest
from tests.dashboard.browsing.measuring import boxes, headings, overflow
from tests.dashboard.browsing.screens import DESKTOP, PHONE, keep
from tests.dashboard.browsing.visitor import Visitor, visiting
from tests.dashboard.household.scene import Scene

pytestmark = pytest.mark.browser

WHY = "/home/why/2026-03-14T17:00Z"
PAGES = ["/home", "/home?date=2026-03-04", WHY]


@pytest.fixture
def household(browser: Browser, scene: Scene) -> Iterator[Visitor]:
    token = scene.doors.begin(Guest(home_id="h07")).token
    with visiting(browser, scene.app, token, "household") as visitor:
        yield visitor


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    household: Visitor, path: str, *, scripts: bool
) -> None:
    visit = household.open(path, DESKTOP, scripts=scripts)

    assert [url for url in visit.requests if not url.startswith(household.address)] == []
    assert len(visit.requests) <= 3
    assert visit.complaints == []


@pytest.mark.parametrize("path", [*PAGES, "/home?lang=ay", "/home?lang=qu"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen(
    household: Visitor, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = household.open(path, size, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("language", ["es", "qu", "ay"])
def test_the_first_screen_of_a_phone_holds_share_soles_and_plenty(
    household: Visitor, language: str
) -> None:
    page = household.open(f"/home?lang={language}", PHONE).page

    held = boxes(page, ".plenty, .figure-leaf, .figure-sun")
    assert len(held) == 3
    assert max(box["y"] + box["height"] for box in held) <= PHONE[1]


@pytest.mark.parametrize("language", ["es", "qu", "ay"])
def test_the_table_of_days_fits_a_phone(household: Visitor, language: str) -> None:
    page = household.open(f"/home?lang={language}", PHONE).page

    assert overflow(page, "[aria-labelledby=days-of-month].scroll")[0] == 0


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_touched_is_big_enough(household: Visitor, path: str) -> None:
    page = household.open(path, PHONE).page

    small = [box for box in boxes(page, "a, summary") if 0 < box["height"] < 44]
    assert small == []


def test_the_slots_open_without_a_script_and_lead_to_the_reason(household: Visitor) -> None:
    page = household.open("/home", PHONE).page

    page.locator("#slots summary").click()
    page.locator("#slots tbody a").nth(48).click()

    assert page.locator("h1 .first").inner_text() == "¿Por qué este número?"
    assert page.locator(".line-result").count() == 1


def test_a_keyboard_reaches_the_slots(household: Visitor) -> None:
    page = household.open("/home", DESKTOP).page

    page.locator("#slots summary").focus()
    page.keyboard.press("Enter")

    assert page.locator("#slots details").get_attribute("open") is not None


@pytest.mark.parametrize("path", PAGES)
def test_headings_come_in_order(household: Visitor, path: str) -> None:
    page = household.open(path, DESKTOP).page

    names = headings(page)
    assert names[0] == "H1"
    assert set(names[1:]) == {"H2"}


def test_the_month_prints_without_what_is_for_the_screen(household: Visitor) -> None:
    page = household.open("/home", DESKTOP).page

    page.emulate_media(media="print")
    keep(page, "household", "print")

    assert not page.locator("#slots").is_visible()
    assert page.locator("[aria-labelledby=days-of-month] table").is_visible()
    assert page.locator(".figure-leaf").is_visible()
