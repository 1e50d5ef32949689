"""Who gains and who loses: figures, and the picture that shows the same."""

import csv
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from coop.allocation import Method
from coop.errors import InputError
from coop.trial.commands import share
from coop.trial.comparison import Comparison, HomeRow, compare, rows_csv
from coop.trial.picture import draw, write_pictures
from coop.trial.trial import HomeSum, Trial
from coop.words import Language, Words

ENGLISH = Words((Language.ENGLISH,))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def comparison() -> Comparison:
    """Two homes and a school with a roof, against a key that gave the school less."""
    homes = {
        "a": HomeSum(1000, 0, 300, 700),
        "b<&>": HomeSum(500, 0, 200, 300),
        "school": HomeSum(500, 100, 400, 0),
    }
    before = {
        "a": HomeSum(1000, 0, 420, 580),
        "b<&>": HomeSum(500, 0, 200, 300),
        "school": HomeSum(500, 100, 280, 120),
    }
    trial = Trial(Method.PRIORITY, 4, surplus_wh=1234, fund_tenths_wh=1234, homes=homes)
    return compare(trial, before, "the books")


def test_homes_stand_from_who_gains_most_to_who_loses_most(comparison: Comparison) -> None:
    assert comparison.rows == (
        HomeRow("school", 500, 100, 400, 0, 120),
        HomeRow("b<&>", 500, 0, 200, 300, 0),
        HomeRow("a", 1000, 0, 300, 700, -120),
    )
    assert [row.home for row in comparison.winners] == ["school"]
    assert [row.home for row in comparison.losers] == ["a"]


def test_self_sufficiency_is_own_use_and_sharing_of_all_that_was_used(
    comparison: Comparison,
) -> None:
    assert comparison.self_sufficiency == "50.0%"


def test_nobody_who_used_nothing_is_self_sufficient() -> None:
    trial = Trial(Method.EQUAL, 1, homes={"a": HomeSum()})

    assert compare(trial, {"a": HomeSum()}, "equal").self_sufficiency == "\N{EM DASH}"


def test_the_picture_says_every_figure_of_its_rows(comparison: Comparison) -> None:
    picture = ET.fromstring(draw(comparison, ENGLISH))  # noqa: S314  our own

    said = [text.text for text in picture.iter(f"{SVG}text")]
    assert picture.findtext(f"{SVG}title") == "Groups in turn, compared with: as it was booked"
    assert said[:3] == [
        "Groups in turn, compared with: as it was booked",
        "From the sun 50.0%, left over 1,234 Wh, of it for the fund 123.4 Wh",
        "Homes with more: 1, with less: 1, the same: 1",
    ]
    assert said[8:] == ["school", "400", "+120 ▲", "b<&>", "200", "a", "300", "-120 ▼"]
    assert "a uses 1,000 Wh, 0 of its own roof, 300 shared, 700 from the grid, change -120" in (
        picture.findtext(f"{SVG}desc") or ""
    )


def test_bars_are_as_long_as_what_they_show(comparison: Comparison) -> None:
    picture = ET.fromstring(draw(comparison, ENGLISH))  # noqa: S314  our own

    bars = [bar for bar in picture.iter(f"{SVG}rect") if bar.get("height") == "14"][3:]
    assert [int(bar.get("width", 0)) for bar in bars] == [43, 172, 86, 129, 129, 301]


def test_each_language_tells_its_own_picture(comparison: Comparison) -> None:
    titles = {
        language: ET.fromstring(draw(comparison, Words((language,)))).findtext(f"{SVG}title")  # noqa: S314  our own
        for language in Language
    }

    assert len(set(titles.values())) == len(Language)
    assert titles[Language.SPANISH] == "Por grupos, comparado con: como se registró"


def test_bars_are_told_apart_by_a_pattern_too(comparison: Comparison) -> None:
    picture = ET.fromstring(draw(comparison, ENGLISH))  # noqa: S314  our own

    woven = {tile.get("id"): tile[1].get("d") for tile in picture.iter(f"{SVG}pattern")}
    assert len(set(woven.values())) == 3
    bars = [bar for bar in picture.iter(f"{SVG}rect") if bar.get("height") == "14"]
    assert {bar.get("fill") for bar in bars} == {f"url(#{name})" for name in woven}


def test_the_table_of_a_picture_holds_the_same_rows(comparison: Comparison) -> None:
    assert list(csv.reader(rows_csv(comparison).splitlines())) == [
        ["home", "consumption_wh", "own_use_wh", "shared_wh", "grid_wh", "change_wh"],
        ["school", "500", "100", "400", "0", "120"],
        ["b<&>", "500", "0", "200", "300", "0"],
        ["a", "1000", "0", "300", "700", "-120"],
    ]


def test_a_folder_that_cannot_be_made_is_refused(comparison: Comparison, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        write_pictures(tmp_path / "file" / "inside", [comparison], ENGLISH)


def test_each_method_gets_a_picture_and_its_table(tmp_path: Path) -> None:
    production, consumption = tmp_path / "p.csv", tmp_path / "c.csv"
    production.write_text("t,pool\n2026-03-01T10:00,900\n2026-03-01T11:00,100\n")
    consumption.write_text("t,a,b\n2026-03-01T10:00,500,100\n2026-03-01T11:00,80,80\n")
    files = ["--production", str(production), "--consumption", str(consumption)]

    done = CliRunner().invoke(share, ["try", *files, "--svg", str(tmp_path / "pictures")])

    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == [
        f"{method}.{kind}"
        for method in ("equal", "hybrid", "pro_rata", "redistribute", "static")
        for kind in ("csv", "svg")
    ]
