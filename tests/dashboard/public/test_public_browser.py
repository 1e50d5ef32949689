"""The pages in a real Chromium: nothing foreign, nothing broken, nothing cut off.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from coop.books import Figures, Standing
from coop.doors.visits import Guest
from dashboard.app import create_app
from tests.dashboard.fakes import DAY, Village, a_full_village
from tests.requirements import ROOT, require_browser

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "out" / "screenshots"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WALL = (1920, 1080)
ON_ITS_SIDE = (1080, 1920)
OLD_PROJECTOR = (1024, 768)
PHONE = (360, 740)


@dataclass
class Visit:
    """One page opened, and all that happened meanwhile."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    """Opens pages of one village."""

    browser: Browser
    address: str
    token: str
    """Of a household's visit."""
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self, path: str, size: tuple[int, int], *, scheme: str = "light", scripts: bool = False
    ) -> Visit:
        """Open a page and keep its picture."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=scripts,
        )
        self.contexts.append(context)
        context.add_cookies([{"name": "minga", "value": self.token, "url": self.address}])
        visit = Visit(context.new_page())
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("console", lambda told: visit.complaints.append(told.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.goto(self.address + path, wait_until="networkidle")
        name = path.strip("/").replace("?", "-").replace("=", "-") or "home"
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        visit.page.screenshot(path=SCREENSHOTS / f"{name}-{size[0]}x{size[1]}-{scheme}.png")
        return visit


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shown() -> Village:
    """Return the full village with a day that looks like one."""
    village = a_full_village()
    village.clock.at += timedelta(hours=2, minutes=15)
    village.books.fill(DAY, {number: day_figures(number) for number in range(57)})
    village.books.fill(
        DAY - timedelta(days=1), {number: day_figures(number) for number in range(96)}
    )
    for roof, power_w in (("roof-1", 5_400), ("roof-2", 2_600), ("roof-3", 1_010)):
        village.readings.say(roof, village.clock.at, ac_power=power_w)
    return village


@pytest.fixture(scope="module")
def address(shown: Village) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(shown.sources()), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser, address: str, shown: Village) -> Iterator[Visitor]:
    visitor = Visitor(browser, address, shown.doors.begin(Guest(home_id="h01")).token)
    yield visitor
    # A screen left open would go on loading itself.
    for context in visitor.contexts:
        context.close()


def day_figures(number: int) -> Figures | Standing:
    """Return a slot of a day with a hump at noon, a passing cloud and an hour without meters."""
    produced = max(0, 4_200 - 7 * (number - 49) ** 2) * (60 if number in {38, 39} else 100) // 100
    used = 900 + 25 * (number % 11)
    own = min(produced, used) // 6
    shared = min(produced - own, used - own)
    if 32 <= number < 36:
        return Standing.UNSETTLED
    left = produced - own - shared
    return Figures(produced, own, shared, 0, left, left, used)


@pytest.mark.parametrize("path", ["/", "/tv", "/community", "/community?date=2026-02-28"])
@pytest.mark.parametrize("scripts", [False, True])
def test_a_page_talks_to_its_own_box_only_and_without_complaint(
    visitor: Visitor, path: str, *, scripts: bool
) -> None:
    visit = visitor.open(path, WALL, scripts=scripts)

    assert [url for url in visit.requests if not url.startswith(visitor.address)] == []
    assert len(visit.requests) <= 3
    assert visit.complaints == []


@pytest.mark.parametrize("size", [WALL, ON_ITS_SIDE, OLD_PROJECTOR, (1366, 768)])
def test_the_public_screen_fits_its_wall(visitor: Visitor, size: tuple[int, int]) -> None:
    page = visitor.open("/tv", size).page

    assert overflow(page, "html") == (0, 0)
    assert outside(page, ".number, .unit, h2, .note, .light strong, .legend li", size) == []


@pytest.mark.parametrize("size", [WALL, ON_ITS_SIDE])
def test_the_three_numbers_can_be_read_at_ten_metres(
    visitor: Visitor, size: tuple[int, int]
) -> None:
    page = visitor.open("/tv", size).page

    heights = [box["height"] for box in boxes(page, ".amount .number")]

    assert len(heights) == 3
    assert min(heights) >= 150


def test_the_picture_has_a_third_of_the_wall(visitor: Visitor) -> None:
    page = visitor.open("/tv", WALL).page

    assert boxes(page, ".horizon .wide svg")[0]["height"] >= 1080 / 3


@pytest.mark.parametrize("path", ["/", "/community", "/nowhere"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visitor: Visitor, path: str, scheme: str) -> None:
    page = visitor.open(path, PHONE, scheme=scheme).page

    assert overflow(page, "html")[0] == 0


@pytest.mark.parametrize("path", ["/", "/community"])
def test_links_are_large_enough_for_a_thumb(visitor: Visitor, path: str) -> None:
    page = visitor.open(path, PHONE).page

    assert [box for box in boxes(page, "a") if box["height"] < 44] == []


def test_the_table_is_there_for_those_who_cannot_see_the_chart(visitor: Visitor) -> None:
    page = visitor.open("/community", (1280, 900)).page

    assert page.locator("[aria-labelledby=rows] tbody tr").count() == 57
    assert page.get_by_role("img", name="Producción del domingo 1 de marzo de 2026").count() == 1


def test_a_day_leads_to_the_day_before(visitor: Visitor) -> None:
    page = visitor.open("/community", (1280, 900)).page

    page.get_by_role("link", name="sábado 28 de febrero").click()

    assert page.locator("nav.days strong").inner_text() == "sábado 28 de febrero de 2026"


def test_the_day_prints_on_paper(visitor: Visitor) -> None:
    page = visitor.open("/community", (1280, 900), scheme="dark").page

    page.emulate_media(media="print", color_scheme="light")

    assert page.locator("nav.days").is_hidden()
    assert page.locator("[aria-labelledby=rows] tfoot").is_visible()


def overflow(page: Page, selector: str) -> tuple[int, int]:
    """Return by how many pixels the content is wider and higher than its place."""
    wide, high = page.locator(selector).evaluate(
        "node => [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]"
    )
    return wide, high


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    """Return where each element stands."""
    found = [node.bounding_box() for node in page.locator(selector).all()]
    return [dict(box) for box in found if box]


def outside(page: Page, selector: str, size: tuple[int, int]) -> list[dict[str, float]]:
    """Return the elements that leave the screen."""
    return [
        box
        for box in boxes(page, selector)
        if box["x"] < 0
        or box["y"] < 0
        or box["x"] + box["width"] > size[0] + 1
        or box["y"] + box["height"] > size[1] + 1
    ]
