"""A steward's first page of the running demo follows the devices without being loaded again."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.whole.conftest import Looker

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
"""A deadline for a busy machine, not a figure."""


def test_new_readings_come_into_the_page_of_a_steward(looker: Looker) -> None:
    page = looker.open("steward", (1280, 800))
    page.goto(f"{looker.demo.address}/steward")
    page.evaluate("window.isTheSame = true")
    rows = page.locator("[data-live=roofs]")
    before = rows.inner_text()

    expect(rows).not_to_have_text(before, timeout=PATIENCE_MS, use_inner_text=True)

    assert page.evaluate("window.isTheSame")
    assert any(one.endswith("/api/v1/stream") for one in looker.requests)
    assert looker.complaints == []
