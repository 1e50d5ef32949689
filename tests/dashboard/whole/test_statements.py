"""How often each page asks the cooperative's database, counted on the app as it is put together."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from collector.clock import ENVIRONMENT, SystemClock, VirtualClock
from collector.simulator.community import modelled_community
from collector.simulator.stage import Stage, write_stage
from coop.database.opening import Database, open_database
from coop.doors.door import Doors
from coop.doors.visits import Guest
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.report.shelf import Shelf
from dashboard.app import create_app
from dashboard.commands import make_sources
from dashboard.language.speech import speech_of
from minga import Front
from tests.coop.desk import StillClock
from tests.dashboard.household.scene import NOW, START_S, a_scene
from tests.dashboard.whole.pages import PlacedPage, every_page

MOST = 6
PAGES = every_page("2026-02", "2026-03-14T17:00Z")
GUESTS = {"household": Guest(home_id="h07"), "steward": Guest(steward_id="rosa")}
RAW = re.compile(r"\b(reading|newest_reading)\b")
"""The tables of readings in the store."""

Put = tuple[Flask, Database, dict[str, str]]
"""The app, its database, and the tokens of those who came in."""


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Put]:
    folder = tmp_path_factory.mktemp("whole")
    with a_scene(folder) as scene, scene.database.writing() as connection:
        add_steward(connection, Steward("rosa", "Rosa", Validity(START_S)))
    plant = modelled_community(5, 1, datetime(2026, 2, 20, tzinfo=UTC))
    _, config = write_stage(folder, plant, Stage("Prueba", "America/Lima", 8080, 1883, 900))
    (folder / "state").mkdir(exist_ok=True)
    shutil.copy(folder / "coop.sqlite", folder / "state" / "coop.sqlite")
    VirtualClock.set(folder / "clock.json", NOW, speed=0)
    with pytest.MonkeyPatch.context() as told:
        told.setenv(ENVIRONMENT, str(folder / "clock.json"))
        with opened(config) as (app, database):
            doors = Doors(database, StillClock(NOW), SystemClock())
            yield app, database, {who: doors.begin(one).token for who, one in GUESTS.items()}


@contextmanager
def opened(config: Path) -> Iterator[tuple[Flask, Database]]:
    """Put together the app of an installation; what is read beside its pages has been read."""
    front = Front(config)
    with open_database(front.coop()) as database, closing(front.open_store()) as store:
        shelf = Shelf(database, front.coop())
        for _ in range(3):
            shelf.renew()
        app = create_app(make_sources(front, database, store, shelf))
        speech_of(app).renew()
        yield app, database


def asked(put: Put, placed: PlacedPage) -> list[str]:
    """Return what a page asks."""
    app, database, tokens = put
    client, found = app.test_client(), []
    if placed.who in tokens:
        client.set_cookie("minga", tokens[placed.who])

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    event.listen(database._engine, "before_cursor_execute", note)
    answer = client.get(placed.address)
    event.remove(database._engine, "before_cursor_execute", note)
    assert answer.status_code == 200, f"{placed.address}: {answer.status_code}"
    return [one for one in found if one.startswith(("SELECT", "WITH"))]


@pytest.mark.parametrize("placed", PAGES, ids=[one.endpoint for one in PAGES])
def test_a_page_asks_at_most_six_times_and_no_raw_reading(put: Put, placed: PlacedPage) -> None:
    first, again = asked(put, placed), asked(put, placed)

    assert max(len(first), len(again)) <= MOST
    assert [one for one in (*first, *again) if RAW.search(one)] == []
