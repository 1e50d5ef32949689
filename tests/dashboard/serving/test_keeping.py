"""What is kept of pages is never an old figure, an old word, or somebody else's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event, update

from collector.store_settings import SqliteSettings
from collector.stores.sqlite import SqliteStore
from coop.books import Books
from coop.database.opening import Database, open_database
from coop.database.schema import roof
from coop.members.example import ExampleHome, ExamplePlan, ExampleRoof, create_example
from coop.settings import CoopSettings
from coop.settling.settle import Settler
from coop.words import Language
from coop.words.words import Corrections
from dashboard.app import create_app
from dashboard.language.speech import speech_of
from dashboard.serving.keeping import Parts
from dashboard.sources import Sources
from dashboard.visiting import unmasked, visitor
from tests.dashboard.fakes import PAGE_SETTINGS, FakeDoors, FixedClock
from tests.dashboard.public.test_real_books import HOMES, ROOFS, SLOTS, START, counted
from tests.dashboard.visits import client_of_household

MONTH = "/community?month=2026-03"
PAGES = (MONTH, "/community?year=2026", "/community?date=2026-03-01")
FORM_KEY = re.compile(r'name="form_key" value="([^"]*)"')
SLOT = timedelta(minutes=15)


@dataclass
class Cooperative:
    """A real cooperative, its pages, and who looks at them."""

    settings: CoopSettings
    database: Database
    store: SqliteStore
    clock: FixedClock
    doors: FakeDoors = field(default_factory=FakeDoors)
    corrections: dict[tuple[Language, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        homes = [ExampleHome(name, (name, "import_energy_total")) for name in HOMES]
        roofs = [ExampleRoof(name, name, (name, "energy_total")) for name in ROOFS]
        create_example(self.database, homes, roofs, ExamplePlan(int(START.timestamp())))
        self.live(range(SLOTS + 1))
        self.app = create_app(
            Sources(
                Books(self.database, self.settings),
                self.store,
                self.clock,
                PAGE_SETTINGS,
                self.doors,
                self._corrections,
            )
        )
        self.client = client_of_household(self.app, self.doors, "h01")

    def live(self, borders: range) -> None:
        """Measure at these borders, and settle."""
        self.store.write(
            [counted(name, n, "import_energy_total", 50) for name in HOMES for n in borders]
        )
        self.store.write([counted(name, n, "energy_total", 250) for name in ROOFS for n in borders])
        self.clock.at = START + borders[-1] * SLOT + timedelta(minutes=2)
        Settler(self.database, self.store, self.settings).settle(self.clock.now())

    def look(self, address: str) -> str:
        """Return a page without what is new in each: the key of its form."""
        return FORM_KEY.sub("", self.client.get(address).get_data(as_text=True))

    def _corrections(self) -> Corrections:
        return dict(self.corrections)


@pytest.fixture
def cooperative(tmp_path: Path) -> Iterator[Cooperative]:
    settings = CoopSettings(database=str(tmp_path / "coop.sqlite"))
    store = SqliteStore(SqliteSettings(path=tmp_path / "readings.sqlite"))
    with open_database(settings) as database:
        yield Cooperative(settings, database, store, FixedClock())
    store.close()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_when_it_is_looked_at_again(
    cooperative: Cooperative, address: str
) -> None:
    assert cooperative.look(address) == cooperative.look(address)


@pytest.mark.parametrize("address", PAGES)
def test_while_nothing_is_written_the_books_are_read_once(
    cooperative: Cooperative, address: str
) -> None:
    cooperative.look(address)
    asked: list[str] = []
    event.listen(
        cooperative.database._engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    cooperative.look(address)

    assert [one for one in asked if one.startswith("SELECT")] == []


@pytest.mark.parametrize("address", PAGES)
def test_what_was_settled_stands_on_the_next_page(cooperative: Cooperative, address: str) -> None:
    assert "6,000 Wh" in cooperative.look(address)

    cooperative.live(range(SLOTS + 1, SLOTS + 3))

    assert "7,500 Wh" in cooperative.look(address)


@pytest.mark.parametrize("address", ["/", "/tv", "/api/v1/now"])
def test_the_screen_shows_at_once_what_was_settled(cooperative: Cooperative, address: str) -> None:
    before = cooperative.look(address)

    cooperative.live(range(SLOTS + 1, SLOTS + 9))

    assert cooperative.look(address) != before


@pytest.mark.parametrize("address", PAGES)
def test_what_another_process_wrote_stands_on_the_next_page(
    cooperative: Cooperative, address: str
) -> None:
    cooperative.look(address)

    with open_database(cooperative.settings) as other, other.writing() as connection:
        connection.execute(update(roof).where(roof.c.id == "r1").values(name="Escuela nueva"))

    assert "Escuela nueva" in cooperative.look(address)


def test_time_that_passes_without_a_reading_is_seen(cooperative: Cooperative) -> None:
    before = cooperative.look(MONTH)

    cooperative.clock.at += timedelta(hours=2)

    assert "sin medición" not in before
    assert "sin medición 2" in cooperative.look(MONTH)


def test_each_language_has_its_own_page(cooperative: Cooperative) -> None:
    spanish, quechua = (cooperative.look(f"{MONTH}&lang={language}") for language in ("es", "qu"))

    assert '<html lang="qu"' in quechua
    assert spanish != quechua
    assert spanish == cooperative.look(f"{MONTH}&lang=es")
    assert quechua == cooperative.look(f"{MONTH}&lang=qu")


def test_a_page_in_drafts_says_so_again(cooperative: Cooperative) -> None:
    pages = [cooperative.look(f"{MONTH}&lang=qu") for _ in range(2)]

    assert ['class="draft"' in page for page in pages] == [True, True]


def test_a_kept_page_says_a_corrected_phrase(cooperative: Cooperative) -> None:
    assert "Lo que hizo" not in cooperative.look(MONTH)
    cooperative.corrections[Language.SPANISH, "What each roof made"] = "Lo que hizo cada techo"

    speech_of(cooperative.app).renew()

    assert "Lo que hizo cada techo" in cooperative.look(MONTH)


def test_each_who_looks_has_a_key_of_their_own_on_the_page(cooperative: Cooperative) -> None:
    clients = [client_of_household(cooperative.app, cooperative.doors, home) for home in HOMES[:2]]

    pages = [client.get(MONTH).get_data(as_text=True) for client in clients * 2]

    shown = [unmasked(FORM_KEY.findall(page)[0]).decode() for page in pages]
    visits = list(cooperative.doors.visits.values())
    assert shown == [visits[1].form_key, visits[2].form_key] * 2


def test_a_kept_part_may_not_know_who_looks(cooperative: Cooperative) -> None:
    with cooperative.app.test_request_context("/community"):
        g.told, g.wording = [], ()
        with pytest.raises(RuntimeError, match="who looks"):
            Parts().show(1, lambda: str(visitor()))
        assert not visitor().is_known


def test_equal_figures_are_told_once(app: Flask) -> None:
    made: list[str] = []
    parts = Parts()

    def make() -> str:
        made.append("told")
        return f"{len(made)}"

    with app.test_request_context("/community"):
        g.told, g.wording = [], ("es", 0)
        shown = [str(parts.show(figures, make)) for figures in (1, 1, 2)]
        g.wording = "es", 1
        corrected = str(parts.show(2, make))

    assert shown == ["1", "1", "2"]
    assert corrected == "3"


def test_a_stranger_does_not_see_what_was_kept(cooperative: Cooperative) -> None:
    cooperative.look(MONTH)
    stranger: FlaskClient = cooperative.app.test_client()

    assert stranger.get(MONTH).status_code == 401
