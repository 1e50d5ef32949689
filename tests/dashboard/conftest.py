"""A village whose pages a test can ask for."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from tests.dashboard.fakes import Village, a_full_village


@pytest.fixture
def village() -> Village:
    return a_full_village()


@pytest.fixture
def client(village: Village) -> Iterator[FlaskClient]:
    with create_app(village.sources()).test_client() as client:
        yield client
