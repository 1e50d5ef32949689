"""CSV files of energy: exact to the watt-hour, strict, and clear about what is wrong where."""

from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.errors import InputError
from coop.trial.series import Series, Unit, read_series

LIMA, BERLIN, UTC = ZoneInfo("America/Lima"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")


def read(folder: Path, text: str, unit: Unit = Unit.WH, zone: ZoneInfo = LIMA) -> Series:
    path = folder / "c.csv"
    path.write_text(text, encoding="utf-8")
    return read_series(path, unit, zone)


def problems_of(folder: Path, text: str, zone: ZoneInfo = LIMA) -> list[str]:
    with pytest.raises(InputError) as raised:
        read(folder, text, zone=zone)
    return [one.removeprefix(f"{folder / 'c.csv'}: ") for one in raised.value.problems]


def kwh(folder: Path, *cells: str) -> list[int | None]:
    rows = [f"2026-03-01T{hour:02}:00,{cell}" for hour, cell in enumerate(cells)]
    return read(folder, "\n".join(["start,a", *rows]), Unit.KWH).columns["a"]


def test_local_starts_become_utc(tmp_path: Path) -> None:
    series = read(tmp_path, "\ufeffstart,a,b\n2026-03-01T00:00,1,2\n2026-03-01 00:15:00,3,\n")

    assert series.starts_s == [1_772_341_200, 1_772_342_100]
    assert series.columns == {"a": [1, 3], "b": [2, None]}
    assert series.lines == [2, 3]


def test_an_offset_wins_over_the_zone(tmp_path: Path) -> None:
    series = read(tmp_path, "start,a\n2026-03-01T05:00Z,1\n2026-03-01T00:15-05:00,1\n")

    assert series.starts_s == [1_772_341_200, 1_772_342_100]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("0.0004", "0.0004", "0.0004", "0.0004"), [0, 0, 1, 0]),
        (("0.1", "0.2", "0.3"), [100, 200, 300]),
        (("1.9999", "0.0001"), [1999, 1]),
        (("0.0006", "", "0.0006"), [0, None, 1]),
        (("1e-05", "9.9E-4", "2.", ".5"), [0, 1, 2000, 500]),
    ],
)
def test_kwh_are_steps_of_the_floored_total(
    tmp_path: Path, cells: tuple[str, ...], expected: list[int | None]
) -> None:
    assert kwh(tmp_path, *cells) == expected


@given(st.lists(st.decimals(0, 100, places=7), min_size=1, max_size=24))
def test_a_kwh_series_is_right_to_the_watt_hour(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Decimal]
) -> None:
    parts = kwh(tmp_path_factory.mktemp("series"), *map(str, cells))

    assert sum(part or 0 for part in parts) == int(sum(cells) * 1000)


def test_whole_watt_hours_may_be_written_with_a_point(tmp_path: Path) -> None:
    assert read(tmp_path, "start,a\n2026-03-01T00:00,400.0\n").columns == {"a": [400]}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: found ''; allowed: a column of starts, then one column a home"),
        ("start;a\n", ("line 1: found 'start;a'; allowed: a column of starts, then one column a "
         "home; columns are separated by commas")),
        ("start,a\n", "no row below the header"),
        ("start,a,a\n", "line 1, column 3: name 'a' stands twice"),
        ("start,,a\n", "line 1, column 2: has no name"),
        ("start,a\n2026-03-01T00:00,1,5\n", ("line 2: found 3 cells; the header has 2; a decimal "
         "comma is not taken, write a point")),
        ("start,a\n2026-03-01T00:00\n", "line 2: found 1 cells; the header has 2"),
        ('start,a\n2026-03-01T00:00,"1,5"\n', ("line 2: column 2 (a): found '1,5'; allowed: a "
         "decimal point, not a comma")),
        ("start,a\n2026-03-01T00:00,-1\n", "line 2: column 2 (a): found '-1'; allowed: 0 or more"),
        ("start,a\n2026-03-01T00:00,nan\n", ("line 2: column 2 (a): found 'nan'; allowed: a number "
         "of 0 or more, or nothing where it was not measured")),
        ("start,a\n2026-03-01T00:00,0.5\n", ("line 2: column 2 (a): found '0.5'; allowed: whole "
         "watt-hours; for kilowatt-hours say --unit kWh")),
        ("start,a\n01/03/2026,1\n", ("line 2: column 1: found '01/03/2026'; allowed: a start such "
         "as 2026-03-01T17:00")),
        ("start,a\n2026-03-01T00:00,1\n2026-03-01T00:00,1\n", ("line 3: column 1: 2026-03-01T00:00 "
         "stands twice and America/Lima does not repeat it; each slot stands once, in order of "
         "time")),
        ("start,a\n2026-03-01T01:00,1\n2026-03-01T00:00,1\n", ("line 3: column 1: 2026-03-01T00:00 "
         "comes after a later one; each slot stands once, in order of time")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_column(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems_of(tmp_path, text) == [problem]


def test_all_problems_are_told_and_endless_ones_counted(tmp_path: Path) -> None:
    rows = "".join(f"2026-03-01T{hour:02}:00,x,-1\n" for hour in range(24))

    problems = problems_of(tmp_path, f"start,a,b\n{rows}")

    assert len(problems) == 11
    assert problems[-1] == "and 38 more problems"


def test_a_local_hour_stands_twice_where_the_zone_repeats_it(tmp_path: Path) -> None:
    hours = ["01:00", "02:00", "02:00", "03:00"]
    rows = "".join(f"2026-10-25T{hour},1\n" for hour in hours)

    series = read(tmp_path, f"start,a\n{rows}", zone=BERLIN)

    first_s = 1_792_882_800
    assert series.starts_s == [first_s, first_s + 3600, first_s + 7200, first_s + 10_800]


def test_a_local_hour_never_stands_three_times(tmp_path: Path) -> None:
    rows = "2026-10-25T02:00,1\n" * 3

    assert len(problems_of(tmp_path, f"start,a\n{rows}", BERLIN)) == 1


def test_a_local_hour_that_the_zone_skips_is_refused(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "start,a\n2026-03-29T02:00,1\n", BERLIN)

    assert problems == [
        "line 2: column 1: 2026-03-29T02:00:00 does not exist in Europe/Berlin: clocks go forward"
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: cannot be read \(No such file"):
        read_series(tmp_path / "none.csv", Unit.WH, UTC)


@pytest.mark.parametrize(
    ("raw", "problem"), [(b"start,\xff\n", "is not UTF-8"), (b'start,a\n"x', "is not CSV")]
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, raw: bytes, problem: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(raw)

    with pytest.raises(InputError, match=problem):
        read_series(path, Unit.WH, UTC)
