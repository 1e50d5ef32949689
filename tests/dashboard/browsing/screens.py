"""The screens that people have, and pictures of pages for people to look at."""

from playwright.sync_api import Page

from tests.requirements import ROOT

PHONE = (360, 740)
DESKTOP = (1280, 800)
WALL = (1920, 1080)

SCREENSHOTS = ROOT / "out" / "screenshots"
MOST_PX = 10_000
"""Of a picture's height; Chromium draws none that is much higher."""


def keep(page: Page, room: str, name: str) -> None:
    """Keep a picture in `out/screenshots`, all of a page or the first screen of a long one."""
    folder = SCREENSHOTS / room
    folder.mkdir(parents=True, exist_ok=True)
    is_drawn = page.evaluate("document.documentElement.scrollHeight") <= MOST_PX
    page.screenshot(path=folder / f"{name}.png", full_page=is_drawn)
