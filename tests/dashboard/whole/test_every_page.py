"""Every page of the running demo in a real Chromium: languages, sizes, keyboard, no scripts.

Screenshots stay in out/screenshots/whole for people to look at.
"""

from itertools import product

import pytest
from playwright.sync_api import Page

from coop.words import Language
from tests.dashboard.browsing.axe import find_serious
from tests.dashboard.browsing.measuring import overflow
from tests.dashboard.browsing.screens import DESKTOP, PHONE, WALL, keep
from tests.dashboard.whole.conftest import Looker
from tests.dashboard.whole.pages import PlacedPage, every_page

pytestmark = pytest.mark.browser

PAGES = every_page()
SIZES = {"phone": PHONE, "desk": DESKTOP, "wall": WALL}
A4 = (794, 1123)
HUES = {"phone": False, "desk": True, "wall": False}
"""Which size is looked at in the dark."""
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return one === document.body ? null : {
    name: [one.tagName, one.id, one.getAttribute("href"), one.getAttribute("name")].join(" "),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    seen: box.width > 0 && box.height > 0,
  };
}"""
every = pytest.mark.parametrize("placed", PAGES, ids=[one.endpoint for one in PAGES])


def go(page: Page, looker: Looker, placed: PlacedPage, language: str) -> None:
    """Load a page in a language; it must be there."""
    answer = page.goto(f"{looker.demo.address}{placed.address}?lang={language}")
    assert answer
    assert answer.status == 200, f"{placed.address}: {answer.status}"


@every
def test_in_every_language_and_size_nothing_is_foreign_broken_or_cut_off(
    looker: Looker, placed: PlacedPage
) -> None:
    cut_off = []
    for size, pixels in SIZES.items():
        page = looker.open(placed.who, pixels, dark=HUES[size])
        for language in Language:
            go(page, looker, placed, language)
            keep(page, "whole", f"{placed.endpoint}-{size}-{language}")
            if overflow(page, "html")[0] > 0:
                cut_off.append((size, language))
            assert page.locator("h1").count() == 1
            assert page.locator("html").get_attribute("lang") == language
        page.context.close()

    assert cut_off == []
    assert looker.complaints == []
    assert [one for one in looker.requests if not one.startswith(looker.demo.address)] == []


@every
@pytest.mark.parametrize(("size", "language"), [("phone", "qu"), ("desk", "es")])
def test_nobody_is_shut_out_by_how_they_see_or_move(
    looker: Looker, placed: PlacedPage, size: str, language: str
) -> None:
    page = looker.open(placed.who, SIZES[size], dark=HUES[size])
    go(page, looker, placed, language)

    assert find_serious(page) == []


@every
def test_the_keyboard_reaches_all_and_shows_where_it_is(looker: Looker, placed: PlacedPage) -> None:
    page = looker.open(placed.who, SIZES["desk"])
    go(page, looker, placed, "es")
    there = page.locator("a[href], button, input:not([type=hidden]), select, textarea, summary")
    visible = sum(one.is_visible() for one in there.all())
    reached = []
    for _ in range(visible + 5):
        page.keyboard.press("Tab")
        if (at := page.evaluate(FOCUSED)) is None:
            break
        reached.append(at)

    assert len(reached) >= min(visible, 1)
    assert [one["name"] for one in reached if not (one["marked"] and one["seen"])] == []


@every
def test_on_paper_nothing_is_cut_off_and_nothing_asks_to_be_pressed(
    looker: Looker, placed: PlacedPage
) -> None:
    page = looker.open(placed.who, A4)
    go(page, looker, placed, "es")

    page.emulate_media(media="print", color_scheme="light")

    keep(page, "whole", f"{placed.endpoint}-paper")
    assert overflow(page, "html")[0] == 0
    assert page.locator("nav:visible, button:visible, .guest:visible").count() == 0


@every
def test_without_scripts_the_page_says_the_same(looker: Looker, placed: PlacedPage) -> None:
    told = []
    for scripts in (True, False):
        page = looker.open(placed.who, SIZES["phone"], scripts=scripts)
        go(page, looker, placed, "es")
        told.append(page.locator("body").inner_text().split())

    same = sum(one == other for one, other in zip(*told, strict=False))
    assert same >= 0.9 * max(map(len, told))


@pytest.mark.parametrize("one", list(product(SIZES, ["stranger"])), ids=str)
def test_a_page_that_is_none_is_told_at_every_size(looker: Looker, one: tuple[str, str]) -> None:
    page = looker.open(one[1], SIZES[one[0]])

    answer = page.goto(f"{looker.demo.address}/nowhere")

    assert answer
    assert answer.status == 404
    assert overflow(page, "html")[0] == 0
