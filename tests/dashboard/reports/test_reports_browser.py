"""Reports and the assembly in a real Chromium: they fit, talk to nobody else, and print.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from coop.doors.visits import Guest
from coop.report.model import MonthReport
from dashboard.app import create_app
from tests.bench.town import Town
from tests.dashboard.assembly.decided import FakeAssembly
from tests.dashboard.browsing.axe import find_serious
from tests.dashboard.browsing.measuring import boxes, headings, overflow
from tests.dashboard.browsing.screens import DESKTOP, PHONE, WALL
from tests.dashboard.browsing.visitor import Visitor, visiting
from tests.dashboard.fakes import Village
from tests.dashboard.reports.reported import FakeReports, approved
from tests.dashboard.reports.test_hostile_texts import HOSTILE, app_with

pytestmark = pytest.mark.browser

MONTH = "2026-03"
PAGES = ["/reports", f"/reports/{MONTH}", f"/reports/{MONTH}/read", "/assembly"]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> MonthReport:
    town = Town(tmp_path_factory.mktemp("seen") / "town", 12, [MONTH])
    town.live(MONTH)
    town.settle(MONTH)
    return town.report(MONTH)


@pytest.fixture
def village() -> Village:
    return Village()


@pytest.fixture
def rosa(village: Village) -> str:
    """Return the token of a steward's visit."""
    return village.doors.begin(Guest(steward_id="rosa")).token


@pytest.fixture
def steward(browser: Browser, village: Village, month: MonthReport, rosa: str) -> Iterator[Visitor]:
    reports = FakeReports({MONTH: approved(month)})
    sources = replace(village.sources(), reports=reports, assembly=FakeAssembly())
    with visiting(browser, create_app(sources), rosa, "reports") as visitor:
        yield visitor


@pytest.fixture
def spoilt(browser: Browser, village: Village, month: MonthReport, rosa: str) -> Iterator[Visitor]:
    app = app_with(village, month, HOSTILE["long"])
    with visiting(browser, app, rosa, "spoilt") as visitor:
        yield visitor


@pytest.mark.parametrize("path", PAGES)
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    steward: Visitor, path: str
) -> None:
    visit = steward.open(path, DESKTOP, scripts=True)

    assert [url for url in visit.requests if not url.startswith(steward.address)] == []
    assert visit.complaints == []


@pytest.mark.parametrize("path", [*PAGES, f"/reports/{MONTH}?lang=ay", "/assembly?lang=qu"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, WALL])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen(
    steward: Visitor, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = steward.open(path, size, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_touched_is_big_enough(steward: Visitor, path: str) -> None:
    page = steward.open(path, PHONE).page

    assert [box for box in boxes(page, "a, button") if 0 < box["height"] < 44] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(steward: Visitor, path: str, scheme: str) -> None:
    page = steward.open(path, PHONE, scheme=scheme, scripts=True).page

    assert find_serious(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_keyboard_reaches_every_link(steward: Visitor, path: str) -> None:
    page = steward.open(path, DESKTOP).page

    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))

    assert {node.get_attribute("href") for node in page.locator("a").all()} <= reached


@pytest.mark.parametrize("path", PAGES)
def test_headings_come_in_order(steward: Visitor, path: str) -> None:
    page = steward.open(path, DESKTOP).page

    names = headings(page)
    assert names[0] == "H1"
    assert set(names[1:]) <= {"H2"}


@pytest.mark.parametrize("path", [f"/reports/{MONTH}", "/assembly"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_a_name_of_ten_thousand_letters_stays_in_its_place(
    spoilt: Visitor, path: str, size: tuple[int, int]
) -> None:
    page = spoilt.open(path, size).page

    assert overflow(page, "html")[0] == 0
    widest = max(box["width"] for box in boxes(page, ".part td, .part th, blockquote"))
    assert widest <= 720


def test_the_table_of_days_fits_a_phone(steward: Visitor) -> None:
    page = steward.open(f"/reports/{MONTH}", PHONE).page

    assert overflow(page, ".month .scroll")[0] == 0


def test_a_report_prints_with_its_month_and_its_line(steward: Visitor) -> None:
    page = steward.open(f"/reports/{MONTH}", DESKTOP, scheme="dark").page

    page.emulate_media(media="print", color_scheme="light")

    assert page.locator("header .printed").is_visible()
    assert page.locator("footer.line code").is_visible()
    assert page.locator("nav.days").is_hidden()
    assert page.locator(".files").is_hidden()
