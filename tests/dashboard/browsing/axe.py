"""What keeps people from using a page, as axe-core finds it."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

SOURCE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
SERIOUS = frozenset({"serious", "critical"})


def find_serious(page: Page) -> list[str]:
    """Return the serious findings on a page, each with the element it was found at."""
    # Under our policy a page runs no script of others: it is evaluated from outside.
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]
