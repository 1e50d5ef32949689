"""The verifier that travels with an export, run as strangers run it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coop.month.export import write_files
from coop.month.money import FundSoles
from coop.month.verify import NAMES, check, fund_owed_change
from tests.coop.month.town import BusyTown


@pytest.fixture(scope="module")
def exports(busy: BusyTown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the exports of two eventful months."""
    place = tmp_path_factory.mktemp("town")
    for month in ("2026-03", "2026-04"):
        write_files(place / month, busy.months.files(month))
    return place


def verify(folder: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_month_is_verified_from_its_readings_with_nothing_but_python(exports: Path) -> None:
    code, said = verify(exports / "2026-03")

    assert said.startswith("coop / 2026-03 / entries ")
    assert code == 0


def test_a_month_with_late_readings_of_the_one_before_is_verified(exports: Path) -> None:
    code, said = verify(exports / "2026-04", "--before", str(exports / "2026-03"))

    assert said.startswith("coop / 2026-04 / entries ")
    assert code == 0
    assert (exports / "2026-04" / "late.jsonl").read_text(encoding="utf-8").count("\n") > 10


def test_manual_readings_are_recomputed_in_time_and_late(exports: Path) -> None:
    in_time = (exports / "2026-03" / "slots.jsonl").read_text(encoding="utf-8")
    late = (exports / "2026-04" / "late.jsonl").read_text(encoding="utf-8")

    assert in_time.count('"manual"]') == 1
    assert late.count('"manual"]') == 4


@pytest.mark.parametrize("what", ["fed_wh", "refused_wh", "plants_wh"])
def test_prosumers_and_plants_are_recomputed(exports: Path, what: str) -> None:
    slots = (exports / "2026-03" / "slots.jsonl").read_text(encoding="utf-8")

    assert slots.count(f'"{what}":') > 50


def tampered(exports: Path, folder: Path, name: str, change: Callable[[str], str]) -> list[str]:
    """Return what the verifier says of a copy in which one file was changed."""
    shutil.copytree(exports / "2026-04", folder)
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return check(folder)[0].problems


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(2))
def test_any_flipped_digit_is_found_and_placed(
    exports: Path, tmp_path: Path, name: str, seed: int
) -> None:
    def flip(text: str) -> str:
        digits = [place for place, letter in enumerate(text) if letter in "0123456789"]
        place = digits[Random(f"{name} {seed}").randrange(len(digits))]  # noqa: S311  a test
        return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]

    assert any(name in problem for problem in tampered(exports, tmp_path / "copy", name, flip))


@pytest.mark.parametrize("name", NAMES)
def test_a_dropped_last_row_is_found(exports: Path, tmp_path: Path, name: str) -> None:
    def drop(text: str) -> str:
        return "".join(text.splitlines(keepends=True)[:-1])

    assert any(name in problem for problem in tampered(exports, tmp_path / "copy", name, drop))


@pytest.mark.parametrize("name", ["readings.csv", "slots.jsonl", "ledger.txt", "statements.csv"])
def test_two_swapped_rows_are_found(exports: Path, tmp_path: Path, name: str) -> None:
    def swap(text: str) -> str:
        rows = text.splitlines(keepends=True)
        rows[2], rows[3] = rows[3], rows[2]
        return "".join(rows)

    found = tampered(exports, tmp_path / "copy", name, swap)
    assert any(f"{name} line" in problem for problem in found)


@pytest.mark.parametrize(
    ("name", "told", "instead"),
    [
        ("coop.json", '"from_s": 1', '"from_s": 9'),
        ("coop.json", '"slot_s": 900', '"slot_s": 000'),
        ("coop.json", '"timezone"', '"zone"'),
        ("keys.jsonl", '"weight":"1/6"', '"weight":"1/0"'),
        ("manifest.txt", "entries_first ", "entries_first x"),
        ("slots.jsonl", '"homes":{"a"', '"homes":{"z"'),
    ],
)
def test_what_can_not_be_recomputed_any_more_is_placed_too(
    exports: Path, tmp_path: Path, name: str, told: str, instead: str
) -> None:
    found = tampered(exports, tmp_path / "copy", name, lambda text: text.replace(told, instead, 1))

    assert any(problem.startswith(name) for problem in found)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(-20, 20))
def test_what_the_fund_owes_comes_out_the_same(held: int, owed: int, worth: int) -> None:
    change = FundSoles(held, owed).change(worth)

    assert change["fund:owed"] == fund_owed_change(held, owed, worth)
    assert change["fund:soles"] == worth - change["fund:owed"]


def test_a_replaced_key_is_found_and_every_slot_that_it_would_change(
    exports: Path, tmp_path: Path
) -> None:
    def replace(text: str) -> str:
        return text.replace('"method":"priority"', '"method":"pro_rata"')

    found = tampered(exports, tmp_path / "copy", "keys.jsonl", replace)
    assert any(problem.startswith("keys.jsonl") for problem in found)
    assert any(problem.startswith("slots.jsonl line") for problem in found)


def test_a_month_that_does_not_follow_the_one_before_is_found(exports: Path) -> None:
    report, _ = check(exports / "2026-03", exports / "2026-04")

    assert any(problem.startswith("manifest.txt previous") for problem in report.problems)


def test_a_folder_that_is_no_export_is_said_to_be_none(exports: Path, tmp_path: Path) -> None:
    shutil.copytree(exports / "2026-03", tmp_path / "copy")
    (tmp_path / "copy" / "ledger.txt").unlink()

    code, said = verify(tmp_path / "copy")

    assert "ledger.txt: cannot be read" in said
    assert code == 2
