"""The stewards' pages in a real Chromium: they fit, talk to nobody else, and need no script.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from coop.doors.visits import Guest
from tests.dashboard.browsing.measuring import boxes, headings, overflow
from tests.dashboard.browsing.screens import DESKTOP, PHONE
from tests.dashboard.browsing.visitor import Visitor, visiting
from tests.dashboard.steward.scene import Scene

pytestmark = pytest.mark.browser

PAGES = [
    "/steward",
    "/steward/data",
    "/steward/data?month=2026-02",
    "/steward/quarantine",
    "/steward/quarantine?kind=value",
    "/steward/roofs",
]


@pytest.fixture
def steward(browser: Browser, scene: Scene) -> Iterator[Visitor]:
    token = scene.doors.begin(Guest(steward_id="rosa")).token
    with visiting(browser, scene.app, token, "steward") as visitor:
        yield visitor


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    steward: Visitor, path: str, *, scripts: bool
) -> None:
    visit = steward.open(path, DESKTOP, scripts=scripts)

    assert [url for url in visit.requests if not url.startswith(steward.address)] == []
    assert len(visit.requests) <= 3
    assert visit.complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen(
    steward: Visitor, path: str, size: tuple[int, int], scheme: str
) -> None:
    page = steward.open(path, size, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("path", PAGES)
def test_what_can_be_touched_is_big_enough(steward: Visitor, path: str) -> None:
    page = steward.open(path, PHONE).page

    small = [box for box in boxes(page, "a, summary") if 0 < box["height"] < 44]
    assert small == []


@pytest.mark.parametrize("path", PAGES)
def test_headings_come_in_order(steward: Visitor, path: str) -> None:
    page = steward.open(path, DESKTOP).page

    names = headings(page)
    assert names[0] == "H1"
    assert set(names[1:]) <= {"H2"}
