"""A scene that is lived through once, and the browser of a steward."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.dashboard.steward.scene import NOW, Scene, a_scene, refuse
from tests.dashboard.visits import client_of_steward


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("watched")) as scene:
        refuse(scene.journal, "taken_at: in the future")
        refuse(scene.journal, "q.<b>: beyond any quantity")
        yield scene


@pytest.fixture
def scene(watched: Scene) -> Iterator[Scene]:
    """Return the scene, and leave its clock and readings as they were."""
    held = dict(watched.readings.readings)
    yield watched
    watched.clock.at, watched.readings.away, watched.readings.readings = NOW, None, held


@pytest.fixture
def rosa(scene: Scene) -> FlaskClient:
    """Return the browser of a steward."""
    return client_of_steward(scene.app, scene.doors, "rosa")
