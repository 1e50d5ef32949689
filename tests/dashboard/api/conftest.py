"""Programs that come with a token, to a made-up village and to a cooperative with real books."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from coop.books import Books
from coop.doors.visits import Guest
from coop.household import HomeBook
from coop.report.shelf import Shelf
from coop.settings import CoopSettings
from coop.watch.book import WatchBook
from dashboard.app import create_app
from dashboard.sources import Sources
from dashboard.steward.sources import NoIntake, WatchSources
from tests.dashboard.assembly.decided import FakeAssembly
from tests.dashboard.fakes import PAGE_SETTINGS, FakeGate, FakeReadings, Village
from tests.dashboard.household.scene import NOW, Scene, a_scene
from tests.dashboard.visits import client_of_steward

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(app: Flask, village: Village) -> Ask:
    """Return what asks with a token of the community: `ask("community/days/2026-03-01")`."""
    return asking_with(app, village.gate.give())


@dataclass
class Town:
    """A cooperative that was lived through, and the tokens of its programs."""

    app: Flask
    scene: Scene
    gate: FakeGate

    def ask_as(self, home: str | None) -> Ask:
        """Return what asks with a token of a home, or of the community."""
        return asking_with(self.app, self.gate.give(home))

    def steward_pass(self) -> str:
        """Return what the browser of a steward keeps."""
        return self.scene.doors.begin(Guest(steward_id="rosa")).token

    def ask_as_steward(self) -> Ask:
        """Return what asks from the browser of a steward."""
        client = client_of_steward(self.app, self.scene.doors, "rosa")
        return lambda address, **headers: client.get(f"/api/v1/{address}", headers=headers)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_scene(tmp_path_factory.mktemp("town")) as scene:
        yield a_town(scene)


def a_town(scene: Scene) -> Town:
    """Return the pages of a scene with all that programs read."""
    settings, gate = CoopSettings(), FakeGate()
    database = scene.database
    sources = Sources(
        Books(database, settings),
        FakeReadings(),
        scene.clock,
        PAGE_SETTINGS,
        scene.doors,
        homes=HomeBook(database, settings),
        reports=Shelf(database, settings),
        watch=WatchSources(WatchBook(database, settings, {}), NoIntake()),
        assembly=FakeAssembly(),
        gate=gate,
    )
    scene.clock.at = NOW
    return Town(create_app(sources), scene, gate)


def asking_with(app: Flask, token: str) -> Ask:
    """Return what asks with a token."""

    def ask(address: str, **headers: str) -> TestResponse:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}"}
        return app.test_client().get(f"/api/v1/{address}", headers=bearer | told)

    return ask
