"""The day of the community: picture, table, and what programs read of it."""

import csv
import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coop.books import Figures, Standing
from tests.dashboard.fakes import DAY, SLOT_FIGURES, Village
from tests.dashboard.visits import client_of_household, text_of


@pytest.fixture
def client(app: Flask, village: Village) -> FlaskClient:
    """Return the browser of a household, which sees all of these pages."""
    return client_of_household(app, village.doors, "h01")


def test_the_day_closes_to_zero_in_sight(client: FlaskClient) -> None:
    page = text_of(client, "/community")

    assert "Producido menos sus partes: <b>0 Wh</b>" in page
    assert (
        '<tfoot><tr><th scope="row">Suma</th><td>48,000</td><td>4,800</td>'
        "<td>28,800</td><td>2,400</td><td>12,000</td><td>0</td>" in page
    )


def test_the_table_has_the_rows_of_the_chart(client: FlaskClient) -> None:
    page = text_of(client, "/community")

    assert page.count('<tr class="settled') == 48
    assert page.count("<title id=") == 2
    assert page.count("<desc id=") == 2


def test_a_gap_is_hatched_and_has_no_number(village: Village, client: FlaskClient) -> None:
    village.books.fill(DAY, {0: SLOT_FIGURES, 1: Standing.UNSETTLED})

    page = text_of(client, "/community")

    assert 'fill="url(#day-missing)"' in page
    assert '<tr class="unsettled"><th scope="row">00:15</th><td>\u2014</td><td>\u2014</td>' in page


def test_a_day_may_be_asked_for(client: FlaskClient) -> None:
    page = text_of(client, "/community?date=2026-02-28")

    assert "sábado 28 de febrero de 2026" in page
    assert 'rel="next" href="/community?date=2026-03-01"' in page
    assert 'rel="prev"' not in page


def test_a_day_without_books_says_so(client: FlaskClient) -> None:
    answer = client.get("/community?date=2025-01-01")

    assert answer.status_code == 200
    assert "no tiene datos" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("2026-03-02", 404),
        ("1999-12-31", 404),
        ("9999-12-31", 404),
        ("0001-01-01", 404),
        ("2026-02-30", 400),
        ("ayer", 400),
        ("", 400),
        ("2026-03-01T10:00", 400),
        ("%00", 400),
        ("<script>", 400),
    ],
)
def test_a_day_that_is_not_one_is_refused_in_spanish(
    client: FlaskClient, asked: str, status: int
) -> None:
    answer = client.get("/community", query_string={"date": asked})

    assert answer.status_code == status
    assert '<html lang="es"' in answer.get_data(as_text=True)
    assert "<script>" not in answer.get_data(as_text=True)


def test_the_community_as_json_is_exact(client: FlaskClient) -> None:
    document = client.get("/community.json?date=2026-03-01").get_json()

    assert document["produced_wh"] == 48_000
    assert document["counted_until"] == "2026-03-01T17:00:00Z"
    assert document["slots"][0] == {
        "start": "2026-03-01T05:00:00Z",
        "produced_wh": 1_000,
        "own_use_wh": 100,
        "shared_wh": 600,
        "set_aside_wh": 50,
        "left_over_wh": 250,
        "consumption_wh": 900,
        "standing": "settled",
    }
    assert len(document["slots"]) == 48


def test_the_community_as_csv_leaves_gaps_empty(village: Village, client: FlaskClient) -> None:
    slots: dict[int, Figures | Standing] = {0: SLOT_FIGURES, 1: Standing.UNSETTLED}
    village.books.fill(date(2026, 2, 28), slots)

    rows = list(csv.reader(io.StringIO(text_of(client, "/community.csv?date=2026-02-28"))))

    assert rows[0][:4] == ["slot_start", "local_start", "produced_wh", "own_use_wh"]
    assert rows[1] == [
        "2026-02-28T05:00:00Z",
        "2026-02-28T00:00-05:00",
        *["1000", "100", "600", "50", "250", "900", "0"],
        "settled",
    ]
    assert rows[2][2:] == ["", "", "", "", "", "", "", "unsettled"]
