"""Measured homes played back: exact totals, exact inside the hour, bad files named by place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import ConfigurationError
from collector.simulator.replay import MeasuredCommunity, read_community
from tests.requirements import shared_data

HEADER = "hour_start,h01,h02"
ROWS = ("2017-05-01T00:00,0.5,0.0001", "2017-05-01T01:00,1.25,0.0009")
MIDNIGHT = datetime(2017, 5, 1, 8, tzinfo=UTC)


def write_folder(folder: Path, *lines: str) -> Path:
    for name in ("production_kwh.csv", "consumption_kwh.csv"):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def fontana() -> MeasuredCommunity:
    return read_community(shared_data() / "fontana")


@pytest.mark.parametrize(
    ("home", "production_kwh", "consumption_kwh"),
    [("h01", 7212, 10583), ("h06", 6488, 10388), ("h12", 7049, 11212)],
)
def test_a_year_adds_up_to_the_reference_totals(
    fontana: MeasuredCommunity, home: str, production_kwh: int, consumption_kwh: int
) -> None:
    measured = fontana.homes[home]

    assert measured.production.counter_wh(fontana.span.end) // 1_000 == production_kwh
    assert measured.consumption.counter_wh(fontana.span.end) // 1_000 == consumption_kwh


def test_the_reference_day_is_exact_to_the_watt_hour(fontana: MeasuredCommunity) -> None:
    after = MIDNIGHT + timedelta(days=1)
    homes = fontana.homes.values()

    produced = [
        one.production.counter_wh(after) - one.production.counter_wh(MIDNIGHT) for one in homes
    ]
    used = [
        one.consumption.counter_wh(after) - one.consumption.counter_wh(MIDNIGHT) for one in homes
    ]

    assert (len(produced), sum(produced), sum(used)) == (12, 317_963, 274_047)


def test_the_year_covers_8760_hours_from_the_first_row(fontana: MeasuredCommunity) -> None:
    assert fontana.span.start == datetime(2016, 8, 1, 7, tzinfo=UTC)
    assert fontana.span.end - fontana.span.start == timedelta(hours=8_760)


@pytest.mark.parametrize(
    ("minutes", "first_wh", "second_wh"),
    [(0, 0, 0), (30, 250, 0), (60, 500, 0), (90, 1_125, 0), (120, 1_750, 1), (999, 1_750, 1)],
)
def test_a_counter_is_the_floor_of_the_running_total(
    tmp_path: Path, minutes: int, first_wh: int, second_wh: int
) -> None:
    homes = read_community(write_folder(tmp_path, HEADER, *ROWS)).homes
    at = MIDNIGHT + timedelta(minutes=minutes)

    assert homes["h01"].consumption.counter_wh(at) == first_wh
    assert homes["h02"].consumption.counter_wh(at) == second_wh


def test_power_agrees_with_the_hour(tmp_path: Path) -> None:
    homes = read_community(write_folder(tmp_path, HEADER, *ROWS)).homes

    assert homes["h01"].production.power_w(MIDNIGHT + timedelta(minutes=61)) == 1_250


def test_a_local_hour_may_stand_twice_where_the_zone_repeats_it(tmp_path: Path) -> None:
    rows = [f"2016-11-06T{hour}:00,1,1" for hour in ("00", "01", "01", "02")]

    community = read_community(write_folder(tmp_path, HEADER, *rows), "America/Los_Angeles")

    assert community.span.end - community.span.start == timedelta(hours=4)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((HEADER,), "at least one hour"),
        (("hour,h01", "2017-05-01T00:00,1"), "line 1, column 1: found 'hour'"),
        (("hour_start,h01,h01", "2017-05-01T00:00,1,1"), "line 1, column 3: 'h01'"),
        ((HEADER, "2017-05-01T00:00,1"), "line 2: has 2 cells, the header has 3"),
        ((HEADER, ROWS[0], "2017-05-01T01:00,,1"), "line 3, column h01: found ''"),
        ((HEADER, ROWS[0], "2017-05-01T01:00,1,-0.1"), "line 3, column h02: found '-0.1'"),
        ((HEADER, ROWS[0], "2017-05-01T01:00,NaN,1"), "line 3, column h01: found 'NaN'"),
        ((HEADER, "first of May,1,1"), "line 2, column hour_start: ['first of May']"),
        ((HEADER, ROWS[0], "2017-05-01T03:00,1,1"), "line 3, column hour_start"),
        ((HEADER, ROWS[0], ROWS[0]), "line 3, column hour_start"),
    ],
)
def test_a_bad_cell_is_named_by_its_place(
    tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_community(write_folder(tmp_path, *lines))

    assert message in str(raised.value)


def test_files_of_different_homes_are_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, HEADER, *ROWS)
    (tmp_path / "production_kwh.csv").write_text("hour_start,h01\n2017-05-01T00:00,1\n")

    with pytest.raises(ConfigurationError) as raised:
        read_community(tmp_path)

    assert raised.value.problems == (
        "consumption_kwh.csv and production_kwh.csv cover different hours",
        "only one of the two files has: h02",
    )


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_community(tmp_path)


def test_an_unknown_time_zone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="'Mars/Base' is not known"):
        read_community(tmp_path, "Mars/Base")
