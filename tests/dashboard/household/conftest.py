"""A scene that is lived through once, and browsers of those who come in."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.dashboard.household.scene import NOW, Scene, a_scene
from tests.dashboard.visits import client_of_household, client_of_steward


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest.fixture
def scene(lived: Scene) -> Iterator[Scene]:
    """Return the scene with its clock where it was."""
    lived.clock.at = NOW
    yield lived
    lived.clock.at = NOW


@pytest.fixture
def h07(scene: Scene) -> FlaskClient:
    """Return the browser of the home whose meter was silent for a while."""
    return client_of_household(scene.app, scene.doors, "h07")


@pytest.fixture
def rosa(scene: Scene) -> FlaskClient:
    """Return the browser of a steward."""
    return client_of_steward(scene.app, scene.doors, "rosa")
