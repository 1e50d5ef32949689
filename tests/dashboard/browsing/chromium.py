"""A real Chromium, and windows in it as large as somebody's screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.requirements import require_browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody looks: in the dark, with scripts, without movement."""

    dark: bool = False
    scripts: bool = True
    calm: bool = False


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser that talks to nobody by itself."""
    program = require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


def open_window(
    browser: Browser, size: tuple[int, int], ways: Ways, *, kept: StorageState | None = None
) -> Page:
    """Open a window of its own, with what another one kept of its visit."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if ways.dark else "light",
        java_script_enabled=ways.scripts,
        reduced_motion="reduce" if ways.calm else None,
        storage_state=kept,
    )
    return context.new_page()
