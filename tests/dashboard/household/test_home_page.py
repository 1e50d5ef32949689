"""What a household reads of its own month, in each state, and nobody else does."""

import csv
import gzip
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from coop.errors import StateError
from coop.household import HomePage, Wanted
from dashboard.app import create_app
from dashboard.sources import NoHomes
from tests.dashboard.fakes import Village
from tests.dashboard.household.scene import NOW, Scene, a_scene
from tests.dashboard.test_style import STATIC, zipped
from tests.dashboard.visits import client_of_household, text_of

ADDRESSES = ["/home", "/home.json", "/home.csv", "/home/statement"]
WHY = "/home/why/2026-03-14T17:00Z"


def test_the_first_screen_holds_share_soles_and_plenty(h07: FlaskClient) -> None:
    page = text_of(h07, "/home")

    assert "Familia Sullca Rojas" in page
    assert "Su parte de hoy" in page
    assert "contado hasta las\u00a014:15" in page or "contado hasta las 14:15" in page
    assert "Soles ahorrados este mes" in page
    assert "estimación, hasta que se cierre el mes" in page
    assert "Sobra energía de 9:00 a 16:00." in page


def test_words_come_before_numbers(h07: FlaskClient) -> None:
    page = text_of(h07, "/home")

    assert "Los techos de sus vecinos cubrieron 4 de cada 10 kilovatios-hora que usó." in page
    assert page.count('class="tenth-sun"') == 4
    assert page.count('class="tenth-grid"') == 6


def test_page_and_programs_say_the_same(h07: FlaskClient) -> None:
    document = h07.get("/home.json").get_json()
    rows = list(csv.DictReader(io.StringIO(text_of(h07, "/home.csv"))))
    month = document["month"]

    assert document["state"] == "full"
    assert document["home"] == "h07"
    assert month["shared_wh"] == sum(int(row["shared_wh"] or 0) for row in rows)
    assert month["shared_wh"] == sum(day["shared_wh"] or 0 for day in month["days"])
    assert month["consumption_wh"] == month["shared_wh"] + month["own_use_wh"] + month["grid_wh"]
    assert month["kept_is_estimate"]
    assert month["prices"][0]["decision"] == "Recibo de febrero"


def test_a_day_without_measurement_has_no_bar_and_no_zero(h07: FlaskClient) -> None:
    document = h07.get("/home.json").get_json()
    rows = list(csv.DictReader(io.StringIO(text_of(h07, "/home.csv"))))

    silent = document["month"]["days"][4]
    assert silent["date"] == "2026-03-05"
    assert silent["shared_wh"] is None
    assert silent["quality"] == "missing"
    assert rows[4]["shared_wh"] == ""
    assert rows[4]["slots_known"] == "0"
    assert 'fill="url(#month-missing)"' in text_of(h07, "/home")


def test_an_earlier_month_and_the_slots_of_any_day_can_be_asked_for(h07: FlaskClient) -> None:
    february = text_of(h07, "/home?month=2026-02")
    fifth = text_of(h07, "/home?date=2026-03-03")

    assert "Soles ahorrados en febrero de 2026" in february
    assert "martes 3 de marzo de 2026, tramo por tramo" in fifth
    assert "<details open>" in fifth
    assert "/home/why/2026-03-03T17:00Z" in fifth


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/home?month=march", 400, "Escriba el mes como año-mes"),
        ("/home?month=2026-13", 400, "Escriba el mes como año-mes"),
        ("/home?month=\uff12026-03", 400, "Escriba el mes como año-mes"),
        ("/home?month=2025-12", 404, "Los libros van de febrero de 2026 a marzo de 2026"),
        ("/home?month=2026-04", 404, "Los libros van de febrero de 2026 a marzo de 2026"),
        ("/home?date=never", 400, "Escriba el día como año-mes-día"),
        ("/home?date=2026-03-18", 404, "ese día está fuera de los libros"),
        ("/home?date=2026-02-01", 404, "ese día está fuera de los libros"),
        ("/home/why/now", 400, "Escriba el comienzo del tramo en UTC"),
        ("/home/why/2026-03-14T17:00", 400, "Escriba el comienzo del tramo en UTC"),
        ("/home/why/9999-99-99T17:00Z", 400, "Escriba el comienzo del tramo en UTC"),
        ("/home/why/2026-03-14T17:05Z", 404, "empieza a las 12:00"),
        ("/home/why/2026-03-16T23:00Z", 404, "Un tramo se anota cuando terminó"),
        ("/home/why/2025-01-01T00:00Z", 404, "Un tramo se anota cuando terminó"),
    ],
)
def test_what_is_not_there_says_what_to_do_next(
    h07: FlaskClient, address: str, status: int, told: str
) -> None:
    answer = h07.get(address)

    assert answer.status_code == status
    assert told in answer.get_data(as_text=True)
    assert 'class="next"' in answer.get_data(as_text=True)


def test_the_slot_that_was_meant_is_offered(h07: FlaskClient) -> None:
    page = text_of(h07, "/home/why/2026-03-14T17:05Z")

    assert 'href="/home/why/2026-03-14T17:00Z"' in page


@pytest.mark.parametrize("address", ["/home.json?month=x", "/home/why/now.json"])
def test_programs_are_refused_in_their_own_form(h07: FlaskClient, address: str) -> None:
    answer = h07.get(address)

    assert answer.status_code == 400
    assert answer.get_json()["error"]["status"] == 400


@pytest.mark.parametrize("address", [*ADDRESSES, WHY, f"{WHY}.json", f"{WHY}.csv"])
def test_a_home_is_told_to_nobody_else(scene: Scene, h07: FlaskClient, address: str) -> None:
    other = client_of_household(scene.app, scene.doors, "h08")

    assert scene.app.test_client().get(address).status_code == 401
    assert scene.app.test_client().get(f"{address}?home=h07").status_code == 401
    assert other.get(f"{address}?home=h07").status_code == 403
    assert "Sullca" not in other.get(address).get_data(as_text=True)
    assert h07.get(f"{address}?home=h07").status_code == 200


@pytest.mark.parametrize("address", [*ADDRESSES, WHY, f"{WHY}.json", f"{WHY}.csv"])
def test_a_steward_names_the_home(rosa: FlaskClient, address: str) -> None:
    assert rosa.get(address).status_code == 404
    assert rosa.get(f"{address}?home=h07").status_code == 200
    assert rosa.get(f"{address}?home=h99").status_code == 404


def test_the_links_of_a_steward_keep_the_home(rosa: FlaskClient) -> None:
    page = text_of(rosa, "/home?home=h07&date=2026-03-03")

    own = re.findall(r'href="(/home[^"]*)"', page)
    assert len(own) > 50
    assert [link for link in own if "home=h07" not in link] == []


def test_an_empty_home_says_when_its_figures_come(tmp_path: Path) -> None:
    with a_scene(tmp_path, slots=0, homes=5) as scene:
        client = client_of_household(scene.app, scene.doors, "h01")
        page = text_of(client, "/home")
        document = client.get("/home.json").get_json()

    assert "Su casa todavía no tiene cifras" in page
    assert document["state"] == "empty"
    assert document["month"]["shared_wh"] is None


def test_an_old_figure_says_of_when_it_is(scene: Scene, h07: FlaskClient) -> None:
    scene.clock.at = NOW + timedelta(hours=20)

    page = text_of(h07, "/home")

    assert h07.get("/home.json").get_json()["state"] == "stale"
    assert "contado hasta el 16 de marzo, 14:15" in page
    assert '<span class="number">\N{EM DASH}</span> <span class="unit">kWh</span>' in page


def test_a_month_that_is_still_empty_says_so(scene: Scene, h07: FlaskClient) -> None:
    scene.clock.at = NOW + timedelta(days=20)

    assert "Este mes no tiene cifras de su casa." in text_of(h07, "/home")


def test_without_the_books_the_page_says_when_to_come_back(village: Village) -> None:
    class Away(NoHomes):
        def page(self, wanted: Wanted) -> HomePage | None:
            raise StateError(f"/secret/coop.db: locked for {wanted.home_id}")

    app = create_app(replace(village.sources(), homes=Away()))
    answer = client_of_household(app, village.doors, "h01").get("/home")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["es", "qu", "ay"])
@pytest.mark.parametrize("address", ["/home", WHY])
def test_the_page_is_whole_in_each_language(h07: FlaskClient, address: str, language: str) -> None:
    page = text_of(h07, f"{address}?lang={language}")

    assert f'<html lang="{language}"' in page
    assert 'class="other"' not in page


def test_the_statement_stands_alone(h07: FlaskClient) -> None:
    answer = h07.get("/home/statement?month=2026-03")
    page = answer.get_data(as_text=True)

    held = answer.headers["Content-Disposition"]
    assert held == 'attachment; filename="statement-h07-2026-03.html"'
    assert page.startswith("<!doctype html>")
    assert re.findall(r'(?:href|src|url)[=(]"?(?!#)(?!url\(#)[^ >]*', page) == []
    assert "<script" not in page
    assert "<style>" in page
    assert "Estado de cuenta de Familia Sullca Rojas, marzo de 2026" in page
    assert "S/" in page
    month = h07.get("/home.json").get_json()["month"]
    assert f"{month['shared_wh']:,} Wh" in page


@pytest.mark.parametrize("address", ["/home", "/home?date=2026-03-03", WHY])
def test_a_page_has_nothing_inline_and_asks_nobody_else(h07: FlaskClient, address: str) -> None:
    page = text_of(h07, address)

    assert "<script" not in page
    assert "<style" not in page
    assert "style=" not in page
    assert "http" not in page


@pytest.mark.parametrize("address", ["/home", "/home?date=2026-03-03", WHY])
def test_the_first_load_is_small_and_few(h07: FlaskClient, address: str) -> None:
    page = h07.get(address).data
    needed = re.findall(r'<link [^>]*href="/static/([a-z.]+)\?', page.decode())

    assert needed == ["style.css"]
    size = len(gzip.compress(page)) + sum(zipped(STATIC / name) for name in needed)
    assert size <= 30_000


@pytest.mark.parametrize("address", ["/home", "/home?date=2026-02-25", WHY])
def test_a_page_asks_the_books_at_most_five_times(tmp_path: Path, address: str) -> None:
    with a_scene(tmp_path, slots=1_200, homes=5) as scene:
        scene.clock.at = NOW
        client = client_of_household(scene.app, scene.doors, "h01")
        asked: list[str] = []
        event.listen(
            scene.database._engine, "before_cursor_execute", lambda *told: asked.append(told[2])
        )
        client.get(address)

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 5


def test_hostile_names_are_escaped(tmp_path: Path) -> None:
    with a_scene(tmp_path, slots=200, homes=5, name='=<b onload="x">') as scene:
        client = client_of_household(scene.app, scene.doors, "h01")
        pages = [text_of(client, address) for address in ("/home", "/home/statement")]

    assert [page.count("<b onload") for page in pages] == [0, 0]
    assert "&lt;b onload" in pages[0]
