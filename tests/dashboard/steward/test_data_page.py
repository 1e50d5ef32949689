"""How well each meter is known in a month: picture, table, gaps, and months that are none."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update

from coop.database.schema import home
from coop.members.community import Counts, Validity
from coop.watch.coverage import Cell, Coverage, Gap, Row
from coop.watch.watched import Watched
from coop.words import Language, Words
from coop.words.amounts import GAP
from dashboard.steward.data import telling
from dashboard.steward.data.heatmap import TALL, WIDE, draw_coverage, parts_of
from tests.dashboard.steward.scene import Scene, a_scene
from tests.dashboard.visits import client_of_steward, text_of

Browser = Callable[[str], FlaskClient]
METER = Watched("m1", "import_energy_total", Counts.USE, "House <b>", "a", Validity(0))
DAYS = tuple(date(2026, 3, day) for day in (1, 2, 3))
COVERAGE = Coverage(
    DAYS, (Row(METER, (Cell(96, 96, 0), Cell(96, 48, 48), Cell())), Row(METER, (Cell(),) * 3)), ()
)


def drawn(coverage: Coverage = COVERAGE) -> str:
    return draw_coverage("2026-03", coverage, "c", WIDE, Words((Language.ENGLISH,)).tell)


def test_a_day_is_filled_as_far_as_it_is_known() -> None:
    assert parts_of(Cell(96, 96, 0)) == ("measured", 1, 0)
    assert parts_of(Cell(96, 90, 0)) == ("worked", 1, 0)
    assert parts_of(Cell(96, 0, 96)) == ("measured", 0, 1)
    assert parts_of(Cell(96, 48, 48)) == ("measured", 0.5, 0.5)


def test_a_single_missing_slot_can_be_seen() -> None:
    assert parts_of(Cell(96, 95, 1)) == ("measured", 0.8, pytest.approx(0.2))


def test_the_picture_has_a_title_and_a_description_and_escapes_names() -> None:
    svg = drawn()

    assert "<title id=" in svg
    assert "What was measured in marzo de 2026" in svg
    assert "75" in svg[svg.index("<desc") : svg.index("</desc>")]
    assert "House &lt;b&gt;" in svg
    assert "<b>" not in svg


def test_days_that_look_the_same_are_one_shape() -> None:
    whole = Coverage(DAYS, (Row(METER, (Cell(96, 96, 0),) * 3),), ())

    [path] = re.findall(r'known-measured-cells" fill="[^"]*" d="([^"]*)"', drawn(whole))
    assert path.count("M") == 1


def test_a_long_name_is_cut_in_the_picture() -> None:
    long = replace(METER, owner="x" * 300)
    svg = draw_coverage(
        "2026-03",
        Coverage(DAYS, (Row(long, (Cell(1, 1, 0),) * 3),), ()),
        "c",
        TALL,
        Words((Language.ENGLISH,)).tell,
    )

    assert "x" * 39 + "…" in svg
    assert "x" * 40 not in svg


@pytest.mark.parametrize(
    ("slots", "text"),
    [(1, f"15{GAP}min"), (96, f"1{GAP}d"), (101, f"1{GAP}d{GAP}1{GAP}h{GAP}15{GAP}min")],
)
def test_a_gap_says_how_long_it_is(slots: int, text: str) -> None:
    assert telling.length(Gap(METER, 0, slots * 900, "gap", lasts=False)) == text


def test_the_page_shows_the_month_and_its_gaps(rosa: FlaskClient) -> None:
    page = text_of(rosa, "/steward/data")

    assert "marzo de 2026" in page
    assert "Se conoce el 98" in page
    assert page.count('<svg class="chart coverage"') == 2
    assert "no llegaron lecturas" in page
    assert "sigue" in page
    assert 'href="/steward/data?month=2026-02"' in page
    assert 'rel="next"' not in page


def test_the_table_has_the_rows_of_the_picture(rosa: FlaskClient) -> None:
    page = text_of(rosa, "/steward/data")

    table = page[page.index('<table class="dense"') : page.index("</table>")]
    assert table.count('<th scope="row">') == 15
    assert '<td class="lacks">' in table


def test_the_document_holds_the_slots_of_each_day(rosa: FlaskClient) -> None:
    document = rosa.get("/steward/data.json?month=2026-03").get_json()

    by_device = {one["device"]: one for one in document["meters"]}
    assert document["due"] == document["measured"] + document["worked_out"] + document["missing"]
    assert by_device["h07"]["by_day"][4] == {
        "due": 96,
        "measured": 0,
        "worked_out": 0,
        "missing": 96,
    }
    assert [(gap["device"], gap["reason"], gap["lasts"]) for gap in document["gaps"]] == [
        ("h03", "gap", True),
        ("h07", "gap", False),
    ]


def test_the_csv_holds_a_row_a_meter_and_day(rosa: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(rosa, "/steward/data.csv?month=2026-03"))))

    assert len(rows) == 15 * 16
    assert sum(int(row["missing"]) for row in rows) == 345


@pytest.mark.parametrize("month", ["2026", "2026-13", "never", "\uff12026-03", "0000-01"])
def test_a_month_that_is_none_is_told_how_to_write_it(rosa: FlaskClient, month: str) -> None:
    answer = rosa.get("/steward/data", query_string={"month": month})

    assert answer.status_code == 400
    assert "?month=2026-03" in answer.get_data(as_text=True)


@pytest.mark.parametrize("month", ["2026-01", "2026-04", "1999-01"])
def test_a_month_outside_the_books_says_which_there_are(rosa: FlaskClient, month: str) -> None:
    answer = rosa.get(f"/steward/data?month={month}")

    assert answer.status_code == 404
    assert "febrero de 2026" in answer.get_data(as_text=True)


def test_empty_books_are_a_state(steward_client: Browser) -> None:
    client = steward_client("rosa")

    assert "Todavía no hay nada en los libros." in text_of(client, "/steward/data")
    assert client.get("/steward/data.json").get_json()["state"] == "empty"


def test_the_books_are_asked_three_times_at_most(scene: Scene, rosa: FlaskClient) -> None:
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(scene.database._engine, "before_cursor_execute", note)
    rosa.get("/steward/data")
    event.remove(scene.database._engine, "before_cursor_execute", note)

    assert 1 <= len([one for one in asked if one.startswith("SELECT")]) <= 3


def test_hostile_names_are_harmless(tmp_path: Path) -> None:
    with a_scene(tmp_path, homes=5, slots=200) as scene:
        with scene.database.writing() as connection:
            connection.execute(update(home).values(name='=<b onload="x">'))
        client = client_of_steward(scene.app, scene.doors, "rosa")
        pages = [text_of(client, address) for address in ("/steward", "/steward/data")]
        table = text_of(client, "/steward/data.csv")

    assert [page.count("<b onload") for page in pages] == [0, 0]
    assert "'=<b" in table
