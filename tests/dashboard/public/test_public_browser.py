"""The pages in a real Chromium: nothing foreign, nothing broken, nothing cut off.

Screenshots stay in out/screenshots for people to look at.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from coop.books import Figures, Standing
from coop.doors.visits import Guest
from dashboard.app import create_app
from tests.dashboard.browsing.measuring import boxes, outside, overflow
from tests.dashboard.browsing.screens import PHONE, WALL
from tests.dashboard.browsing.serving import serving
from tests.dashboard.browsing.visitor import Visitor
from tests.dashboard.fakes import DAY, Village, a_full_village

pytestmark = pytest.mark.browser

ON_ITS_SIDE = (1080, 1920)
OLD_PROJECTOR = (1024, 768)


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
    with serving(create_app(shown.sources())) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, address: str, shown: Village) -> Iterator[Visitor]:
    token = shown.doors.begin(Guest(home_id="h01")).token
    with closing(Visitor(browser, address, token, "public")) as visitor:
        yield visitor


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


@pytest.mark.parametrize(
    "size", [PHONE, WALL, ON_ITS_SIDE, OLD_PROJECTOR, (1366, 768), (1280, 800)]
)
@pytest.mark.parametrize("language", ["es", "qu", "ay"])
def test_the_public_screen_fits_its_wall(
    visitor: Visitor, size: tuple[int, int], language: str
) -> None:
    page = visitor.open(f"/tv?lang={language}", size).page

    assert overflow(page, "html") == (0, 0)
    assert outside(page, ".number, .unit, h2, .note, .light strong, .legend li", size) == []


@pytest.mark.parametrize("size", [PHONE, (1280, 800), WALL, ON_ITS_SIDE, OLD_PROJECTOR])
@pytest.mark.parametrize("language", ["qu", "ay"])
def test_the_note_about_drafts_covers_nothing(
    visitor: Visitor, size: tuple[int, int], language: str
) -> None:
    page = visitor.open(f"/tv?lang={language}", size).page

    [note] = boxes(page, ".draft")
    assert note["y"] >= max(box["y"] + box["height"] for box in boxes(page, ".key, .light"))
    assert note["y"] + note["height"] <= size[1]


@pytest.mark.parametrize("size", [(1280, 800), WALL, ON_ITS_SIDE, OLD_PROJECTOR])
@pytest.mark.parametrize("language", ["es", "qu", "ay"])
def test_what_stands_over_the_numbers_keeps_to_the_margin(
    visitor: Visitor, size: tuple[int, int], language: str
) -> None:
    page = visitor.open(f"/tv?lang={language}", size).page

    [border] = boxes(page, ".steps")
    edges = [box["x"] + box["width"] for box in boxes(page, ".figures h2 .beside, .figures .unit")]
    assert max(edges) <= border["x"] + border["width"] + 1


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
