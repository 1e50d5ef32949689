"""The first page of stewards, on real books: full, empty, stale, with something away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from collector.errors import UnreachableError
from coop.words.amounts import GAP
from tests.dashboard.steward.scene import Scene

Browser = Callable[[str], FlaskClient]


def text_of(client: FlaskClient, address: str = "/steward") -> str:
    return client.get(address).get_data(as_text=True)


def test_what_needs_doing_comes_first_in_plain_words(rosa: FlaskClient) -> None:
    page = text_of(rosa)

    tasks = page[page.index('<ol class="tasks">') : page.index("</ol>")]
    assert (
        "El medidor de Familia Condori Apaza está sin señal desde el sábado 14 de marzo." in tasks
    )
    assert "Techo de Rosa se queda atrás de sus vecinos" in tasks
    assert "El mes febrero de 2026 se puede cerrar." in tasks
    assert "Hay 2 mensajes en cuarentena" in tasks
    assert page.index("</ol>") < page.index('id="roofs"') < page.index('id="meters"')


def test_each_device_says_how_old_its_last_reading_is(rosa: FlaskClient) -> None:
    page = text_of(rosa)

    assert f"hace 8{GAP}s" in page
    assert "hace 2 días" in page
    assert "nunca se reportó" in page
    assert "reportan 3 de 3" in page
    assert "reportan 11 de 13" in page


def test_the_document_says_the_same(rosa: FlaskClient) -> None:
    document = rosa.get("/steward.json").get_json()

    assert document["state"] == "full"
    assert [one["kind"] for one in document["tasks"]] == [
        "silent",
        "never",
        "behind",
        "close",
        "quarantine",
    ]
    states = {one["device"]: one["state"] for one in document["devices"]}
    assert (states["h03"], states["spare"], states["r1"]) == ("silent", "never", "fresh")


def test_the_table_keeps_spreadsheets_from_computing(scene: Scene, rosa: FlaskClient) -> None:
    scene.readings.readings["spare"] = scene.readings.readings["h01"]
    rows = text_of(rosa, "/steward.csv").splitlines()

    assert rows[0] == "device,owner,is_roof,state,taken_at,age_s,collector,in_doubt"
    assert "h03,Familia Condori Apaza,false,silent,2026-03-14T19:17:00Z,172800,pi," in rows


def test_a_store_that_is_away_is_a_state_of_the_page(scene: Scene, rosa: FlaskClient) -> None:
    scene.readings.away = UnreachableError("no store")

    answer = rosa.get("/steward")

    assert answer.status_code == 200
    assert "No se puede consultar el almacén de lecturas" in answer.get_data(as_text=True)
    assert rosa.get("/steward.json").get_json()["state"] == "away"


def test_books_that_are_behind_are_a_state(scene: Scene, rosa: FlaskClient) -> None:
    scene.clock.at += timedelta(hours=3)

    assert "Los libros están contados solo hasta el 16 de marzo, 14:15." in text_of(rosa)
    assert rosa.get("/steward.json").get_json()["state"] == "stale"


def test_a_cooperative_without_meters_is_told_what_to_do(steward_client: Browser) -> None:
    page = text_of(steward_client("rosa"))

    assert "Todavía no hay ningún medidor registrado." in page
    assert "No hay nada pendiente" not in page


@pytest.mark.parametrize("address", ["/steward", "/steward.json"])
def test_a_page_asks_the_books_at_most_five_times(
    scene: Scene, rosa: FlaskClient, address: str
) -> None:
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(scene.database._engine, "before_cursor_execute", note)
    rosa.get(address)
    event.remove(scene.database._engine, "before_cursor_execute", note)

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 5
