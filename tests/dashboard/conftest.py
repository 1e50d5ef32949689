"""A village whose pages a test can ask for, as a stranger, a household or a steward.

And the browser in which people look at them.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from dashboard.app import create_app
from tests.dashboard.browsing.chromium import chromium
from tests.dashboard.fakes import Village, a_full_village
from tests.dashboard.visits import client_of_household, client_of_steward


@pytest.fixture
def village() -> Village:
    return a_full_village()


@pytest.fixture
def app(village: Village) -> Flask:
    return create_app(village.sources())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return the browser of a stranger."""
    return app.test_client()


@pytest.fixture
def household_client(app: Flask, village: Village) -> Callable[[str], FlaskClient]:
    """Return what makes the browser of a home: `household_client("h01").get("/home")`."""
    return lambda home: client_of_household(app, village.doors, home)


@pytest.fixture
def steward_client(app: Flask, village: Village) -> Callable[[str], FlaskClient]:
    """Return what makes the browser of a steward: `steward_client("rosa").get("/steward")`."""
    return lambda who: client_of_steward(app, village.doors, who)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a real Chromium for one module: others want a loop without Playwright's."""
    with chromium() as browser:
        yield browser
