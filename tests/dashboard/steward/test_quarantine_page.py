"""What was refused, by kind, page by page; and hostile bytes stay text."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from collector.errors import UnreachableError
from collector.intake.journal import Journal
from collector.intake.journal_reader import JournalReader, KindCount
from collector.intake.reasons import RefusalKind
from dashboard.app import create_app
from dashboard.steward.quarantine.reading import visible
from dashboard.steward.quarantine.telling import KINDS
from dashboard.steward.sources import NoBooks, NoIntake, WatchSources
from tests.dashboard.fakes import NOON, Village
from tests.dashboard.steward.scene import refuse
from tests.dashboard.visits import client_of_steward

EVIL = b"<script>alert(1)</script> \xff\x00 \xe2\x80\xae=cmd()"


@dataclass
class AwayIntake(NoIntake):
    """An ingest whose journal cannot be read."""

    asked: list[str] = field(default_factory=list)

    def is_there(self) -> bool:
        """Say yes."""
        return True

    def kinds(self) -> list[KindCount]:
        """Refuse."""
        raise UnreachableError("journal cannot be read")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def juan(village: Village, journal: Journal, tmp_path: Path) -> FlaskClient:
    """Return the browser of a steward beside a journal that a test fills."""
    del journal
    return steward_of(village, WatchSources(NoBooks(), JournalReader(tmp_path / "journal.sqlite")))


def steward_of(village: Village, watch: WatchSources) -> FlaskClient:
    app = create_app(replace(village.sources(), watch=watch))
    return client_of_steward(app, village.doors, "juan")


def text_of(client: FlaskClient, address: str = "/steward/quarantine") -> str:
    return client.get(address).get_data(as_text=True)


def test_every_kind_says_why_and_what_to_do_next() -> None:
    assert set(KINDS) == set(RefusalKind)


def test_what_was_refused_is_sorted_by_kind_with_the_next_step(
    journal: Journal, juan: FlaskClient
) -> None:
    refuse(journal, "taken_at: in the future", b"a", NOON)
    refuse(journal, "taken_at: not in UTC", b"b", NOON + timedelta(minutes=1))
    refuse(journal, "not JSON", b"c", NOON)
    refuse(journal, "not JSON", b"c", NOON)

    page = text_of(juan)

    assert page.index("Hora imposible") < page.index("No es un mensaje nuestro")
    assert "2 mensajes" in page
    assert "un mensaje, 2 veces" in page
    assert "Ponga en hora el reloj de la caja" in page
    assert 'href="/steward/quarantine?kind=form"' in page


def test_one_kind_is_shown_alone(journal: Journal, juan: FlaskClient) -> None:
    refuse(journal, "taken_at: in the future", b"a", NOON)
    refuse(journal, "not JSON", b"c", NOON)

    document = juan.get("/steward/quarantine.json?kind=form").get_json()

    assert [one["reason"] for one in document["messages"]] == ["not JSON"]
    assert "Hora imposible" not in text_of(juan, "/steward/quarantine?kind=form")


def test_pages_are_turned_until_nothing_is_older(journal: Journal, juan: FlaskClient) -> None:
    for number in range(60):
        refuse(journal, "not JSON", b"%d" % number, NOON)

    address, seen, pages = "/steward/quarantine.json", [], 0
    before: int | None = None
    while True:
        told = juan.get(address, query_string={} if before is None else {"before": before})
        document = told.get_json()
        seen += [one["beginning"] for one in document["messages"]]
        pages, before = pages + 1, document["next_before"]
        if before is None:
            break

    assert pages == 3
    assert seen == [str(number) for number in reversed(range(60))]
    assert "Más antiguos" in text_of(juan)
    assert "No hay nada más antiguo." in text_of(juan, "/steward/quarantine?before=1")


def test_hostile_bytes_stay_text(journal: Journal, juan: FlaskClient) -> None:
    refuse(journal, "q.<b>: beyond any quantity", EVIL, NOON)

    page = text_of(juan)

    assert "<script>" not in page
    assert "q.<b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "\x00" not in page


def test_a_spreadsheet_computes_nothing(journal: Journal, juan: FlaskClient) -> None:
    refuse(journal, "not JSON", b"=cmd()", NOON)
    refuse(journal, "not JSON", b"\t=cmd()", NOON)

    rows = list(csv.DictReader(io.StringIO(text_of(juan, "/steward/quarantine.csv"))))

    assert [row["beginning"] for row in rows] == ["\\t=cmd()", "'=cmd()"]


def test_what_cannot_be_seen_is_written_by_its_code() -> None:
    assert visible("a\u202eb\x1b[0m\n") == "a\\u202eb\\x1b[0m\\n"


def test_a_long_message_is_cut_and_says_its_size(journal: Journal, juan: FlaskClient) -> None:
    refuse(journal, "larger than 64000 bytes", b"x" * 5_000, NOON)

    page = text_of(juan)

    assert "x" * 400 + "…" in page
    assert "x" * 401 not in page
    assert "5,000 bytes en total" in page


@pytest.mark.parametrize(
    "query", ["kind=nothing", "kind=", "before=-1", "before=x", f"before={9**40}"]
)
def test_an_address_that_makes_no_sense_is_told(juan: FlaskClient, query: str) -> None:
    answer = juan.get(f"/steward/quarantine?{query}")

    assert answer.status_code == 400
    assert "Vaya a la cuarentena" in answer.get_data(as_text=True)


def test_an_empty_quarantine_is_a_state(juan: FlaskClient) -> None:
    assert "No se rechazó nada." in text_of(juan)
    assert juan.get("/steward/quarantine.json").get_json()["state"] == "empty"


def test_an_ingest_elsewhere_is_a_state(village: Village) -> None:
    client = steward_of(village, WatchSources(NoBooks(), NoIntake()))

    assert "Esta máquina no tiene cuarentena" in text_of(client)


def test_a_journal_that_cannot_be_read_is_told(village: Village) -> None:
    client = steward_of(village, WatchSources(NoBooks(), AwayIntake()))

    assert client.get("/steward/quarantine").status_code == 503
    assert "La cuarentena no está a mano" in text_of(client)
    assert "No se puede leer la cuarentena." in text_of(client, "/steward")
