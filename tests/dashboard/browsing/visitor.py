"""Somebody with a card or a password who opens pages of an app."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from flask import Flask
from playwright.sync_api import Browser, Page

from tests.dashboard.browsing.chromium import Ways, open_window
from tests.dashboard.browsing.noting import Notes
from tests.dashboard.browsing.screens import keep
from tests.dashboard.browsing.serving import serving


@dataclass
class Visit(Notes):
    """One page opened, and all that happened meanwhile."""

    page: Page = field(kw_only=True)


@dataclass
class Visitor:
    """Opens pages of one address with the token of one visit."""

    browser: Browser
    address: str
    token: str
    room: str
    """Of the pictures."""
    opened: list[Page] = field(default_factory=list)

    def open(
        self, path: str, size: tuple[int, int], *, scheme: str = "light", scripts: bool = False
    ) -> Visit:
        """Open a page and keep its picture."""
        page = open_window(self.browser, size, Ways(dark=scheme == "dark", scripts=scripts))
        self.opened.append(page)
        page.context.add_cookies([{"name": "minga", "value": self.token, "url": self.address}])
        visit = Visit(page=page)
        visit.take(page)
        page.goto(self.address + path, wait_until="networkidle")
        keep(page, self.room, f"{_named(path)}-{size[0]}x{size[1]}-{scheme}")
        return visit

    def close(self) -> None:
        """Close all that was opened; a screen left open would go on loading itself."""
        for page in self.opened:
            page.context.close()


@contextmanager
def visiting(browser: Browser, app: Flask, token: str, room: str) -> Iterator[Visitor]:
    """Serve an app for one visitor."""
    with serving(app) as address, closing(Visitor(browser, address, token, room)) as visitor:
        yield visitor


def _named(path: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in path.strip("/")) or "index"
