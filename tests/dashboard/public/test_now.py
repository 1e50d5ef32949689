"""The live figures that every phone polls."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.dashboard.fakes import NOON, Village


def test_the_live_figures_come_with_their_age(client: FlaskClient) -> None:
    document = client.get("/api/v1/now").get_json()

    assert document == {
        "state": "full",
        "producing_now": {
            "state": "fresh",
            "stale": False,
            "power_w": 7_341,
            "taken_at": "2026-03-01T17:19:53Z",
            "roofs": 3,
            "roofs_reporting": 3,
        },
        "today": {
            "date": "2026-03-01",
            "produced_wh": 48_000,
            "own_use_wh": 4_800,
            "shared_wh": 28_800,
            "set_aside_wh": 2_400,
            "left_over_wh": 12_000,
            "consumption_wh": 43_200,
            "own_use_in_shared": False,
            "counted_until": "2026-03-01T17:00:00Z",
            "provisional_slots": 0,
            "missing_slots": 0,
        },
        "fund_tenths_wh": 1_234_567,
        "light": "plenty",
        "as_of": "2026-03-01T17:00:00Z",
        "age_s": 7,
    }


def test_nothing_new_is_answered_with_304(village: Village, client: FlaskClient) -> None:
    tag = client.get("/api/v1/now").headers["ETag"]
    village.clock.at += timedelta(seconds=15)

    answer = client.get("/api/v1/now", headers={"If-None-Match": tag})

    assert answer.status_code == 304
    assert answer.data == b""
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_new_reading_changes_the_tag(village: Village, client: FlaskClient) -> None:
    tag = client.get("/api/v1/now").headers["ETag"]
    village.readings.say("roof-1", NOON, ac_power=1)

    assert client.get("/api/v1/now", headers={"If-None-Match": tag}).status_code == 200


def test_growing_stale_changes_the_tag(village: Village, client: FlaskClient) -> None:
    tag = client.get("/api/v1/now").headers["ETag"]
    village.clock.at += timedelta(minutes=6)

    answer = client.get("/api/v1/now", headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.get_json()["producing_now"]["stale"] is True
    assert answer.get_json()["producing_now"]["power_w"] is None


def test_a_clock_that_runs_behind_gives_no_negative_age(
    village: Village, client: FlaskClient
) -> None:
    village.clock.at -= timedelta(minutes=1)

    assert client.get("/api/v1/now").get_json()["age_s"] == 0
