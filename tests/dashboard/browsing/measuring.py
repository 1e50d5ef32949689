"""Where things stand in a page, and what stands out of its place."""

from playwright.sync_api import FloatRect, Page


def overflow(page: Page, selector: str) -> tuple[int, int]:
    """Return by how many pixels the content is wider and higher than its place."""
    wide, high = page.locator(selector).evaluate(
        "node => [node.scrollWidth - node.clientWidth, node.scrollHeight - node.clientHeight]"
    )
    return wide, high


def boxes(page: Page, selector: str) -> list[FloatRect]:
    """Return where each element stands."""
    found = [node.bounding_box() for node in page.locator(selector).all()]
    return [box for box in found if box]


def outside(page: Page, selector: str, size: tuple[int, int]) -> list[FloatRect]:
    """Return the elements that leave the screen."""
    return [
        box
        for box in boxes(page, selector)
        if box["x"] < 0
        or box["y"] < 0
        or box["x"] + box["width"] > size[0] + 1
        or box["y"] + box["height"] > size[1] + 1
    ]


def headings(page: Page) -> list[str]:
    """Return the tags of a page's headings in their order."""
    return [node.evaluate("node => node.tagName") for node in page.locator("h1, h2, h3").all()]
