"""Wrong input of sharing through the command line: its place, what to do, nothing half-written."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from coop.database.opening import open_database
from coop.members.community import Home, Member, Meter, Roof, Validity
from coop.members.registry import registration
from coop.members.stewards import Steward, add_steward
from coop.month.events import add_event
from coop.month.states import Act, Event
from coop.settings import CoopSettings
from tests.requirements import ROOT

Minga = Callable[..., "subprocess.CompletedProcess[str]"]

CONFIG = """
[coop]
database = "coop.sqlite"
timezone = "America/Lima"
"""
PRODUCTION = "start,pool\n2026-03-01T10:00,900\n2026-03-01T11:00,100\n"
CONSUMPTION = "start,a,b\n2026-03-01T10:00,500,100\n2026-03-01T11:00,80,80\n"


@pytest.fixture
def minga(tmp_path: Path) -> Minga:
    """Run the command line in a folder of its own."""
    (tmp_path / "minga.toml").write_text(CONFIG)

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "minga", *words],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enter two homes with meters, one without, a roof and two stewards."""
    path = tmp_path_factory.mktemp("founded") / "coop.sqlite"
    settings = CoopSettings(database=str(path))
    always = Validity(1_772_341_200)  # 2026-03-01T05:00Z
    with open_database(settings) as database:
        with registration(database, settings.slot_s, settings.zone) as entered:
            entered.add_member(Member("m-a", "Ana", always.from_s))
            for home in ("a", "b", "bare"):
                entered.add_home(Home(home, "m-a", "House"))
            for home in ("a", "b"):
                entered.add_meter(Meter(f"{home}-meter", IMPORT, always, home_id=home))
            entered.add_roof(Roof("school", "School"))
            entered.add_meter(Meter("roof", "energy_total", always, roof_id="school"))
        with database.writing() as connection:
            for who in ("rosa", "juan"):
                add_steward(connection, Steward(who, who.title(), Validity(0)))
    return path


IMPORT = "import_energy_total"


@pytest.fixture
def coop(founded: Path, tmp_path: Path) -> Path:
    """Return a copy of the database of the founded cooperative, beside the configuration."""
    return Path(shutil.copy(founded, tmp_path))


def dumped(path: Path) -> list[str]:
    """Return all that a database holds."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def refuse(done: "subprocess.CompletedProcess[str]", *said: str) -> None:
    """Assert that a command refused with these words and no traceback."""
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert [one for one in said if one not in done.stderr] == []


WEIGHTS = {
    "a sum that is not one": (
        "id,weight\na,1/3\nb,0.66\n",
        "w.csv: column weight: they sum to 149/150 with the unassigned part",
        "allowed: exactly 1",
    ),
    "a missing column": (
        "id,share\na,1\n",
        "w.csv: line 1: found columns id, share; missing: weight",
    ),
    "a wrong decimal mark": (
        "id,weight\na,0,5\nb,0,5\n",
        "w.csv: line 2: found 'a,0,5', 3 cells; the header has 2; a decimal comma is not taken",
    ),
    "a wrong decimal mark in quotes": (
        'id,weight\na,"0,5"\nb,"0,5"\n',
        "w.csv: line 2: column 2 (weight): found '0,5'; allowed: a number of 0 or more",
        "w.csv: line 3: column 2 (weight)",
    ),
    "a negative weight": (
        "id,weight\na,-1\nb,2\n",
        "w.csv: line 2: column 2 (weight): found '-1'; allowed: a number of 0 or more",
    ),
    "an empty weight": ("id,weight\na,\nb,1\n", "w.csv: line 2: column 2 (weight): found ''"),
    "a home twice": (
        "id,weight\na,1/2\nb,1/4\na,1/4\n",
        "w.csv: line 4: home a: stands twice, in line 2 too; keep one",
    ),
    "a home that is not registered": (
        "id,weight\na,1/2\nz,1/2\n",
        "w.csv: line 3: key K: home z: not registered",
    ),
    "a home without a meter": (
        "id,weight\na,1/2\nbare,1/2\n",
        "w.csv: line 3: key K: home bare: no meter counts its use when the key begins",
    ),
}


@pytest.mark.parametrize("case", WEIGHTS.values(), ids=WEIGHTS.keys())
def test_weights_are_refused_with_their_place(
    minga: Minga, coop: Path, case: tuple[str, ...]
) -> None:
    text, *said = case
    (coop.parent / "w.csv").write_text(text)
    before = dumped(coop)

    terms = ("--decision", "D", "--method", "static", "--weights", "w.csv")
    done = minga("key", "add", "K", "--from", "2026-03-01", *terms)

    refuse(done, *said)
    assert dumped(coop) == before


ENTRIES = {
    "a key that starts inside a slot": (
        "key add K --from 2026-03-01T10:07 --decision D",
        "key K: 2026-03-01T15:07:00Z lies inside a slot",
        "allowed: the start of a slot of 15 minutes",
    ),
    "a key in a closed month": (
        "key add K --from 2026-02-01 --decision D --weights w.csv",
        "key K: it would begin from 2026-02-01T05:00Z, inside a month that is frozen",
        "allowed: from 2026-03-01T05:00Z or later",
    ),
    "a meter twice": (
        "member add-meter a-meter --home b --from 2026-04-01",
        "meter a-meter/import_energy_total: this counter stands for home a from 2026-03-01T05:00Z",
        "end that one first, or start later",
    ),
    "a moment that does not exist": (
        "key add K --from 2026-02-30 --decision D",
        "'2026-02-30' is not a moment",
        "allowed: 2026-03-01, 2026-03-01T10:15 in America/Lima",
    ),
    "a negative price": (
        "tariff add --from 2026-03-01 --decision D utility -- -3",
        "tariff: found -3; allowed: 0 to 10000 céntimos a kWh",
    ),
    "a price in another unit": (
        "tariff add --from 2026-03-01 --decision D utility 10000.5",
        "tariff: found 10000.5; allowed: 0 to 10000 céntimos a kWh",
    ),
    "a price that could be two": (
        "tariff add --from 2026-03-01 --decision D utility 1,234",
        "CENTIMOS_PER_KWH: found '1,234'; allowed: a number such as 68.5",
    ),
    "a price that nothing set": (
        "tariff add --from 2026-03-01 --decision= utility 68.5",
        "tariff: found the decision '', of 0 letters; allowed: 1 to 120 letters",
    ),
    "a price in a closed month": (
        "tariff add --from 2026-02-01 --decision D utility 68.5",
        "tariff utility: it would begin at 2026-02-01T05:00:00Z, inside a month that is frozen",
        "allowed: 2026-03-01T05:00:00Z or later",
    ),
    "closing a month twice": (
        "month freeze 2026-02",
        "2026-02 is closed already, signed by rosa and juan",
    ),
    "signing a closed month": (
        "month sign 2026-02 --steward rosa",
        "2026-02 is closed already, signed by rosa and juan",
    ),
    "one steward signing twice": (
        "month sign 2026-01 --steward rosa",
        "2026-01: rosa signed it already and that stands",
        "let another one sign",
    ),
}


@pytest.mark.parametrize("case", ENTRIES.values(), ids=ENTRIES.keys())
def test_entries_are_refused_and_nothing_is_written(
    minga: Minga, coop: Path, case: tuple[str, ...]
) -> None:
    words, *said = case
    end_months(coop)
    (coop.parent / "w.csv").write_text("id,weight\na,1\n")
    before = dumped(coop)

    done = minga(*words.split())

    refuse(done, *said)
    assert dumped(coop) == before


def end_months(coop: Path) -> None:
    """Let January be signed by one, February be closed by both."""
    with (
        open_database(CoopSettings(database=str(coop))) as database,
        database.writing() as connection,
    ):
        for month, who in (("2026-01", ("rosa",)), ("2026-02", ("rosa", "juan"))):
            add_event(connection, Event(month, Act.FROZEN, None, "", "0", 1))
            for steward in who:
                add_event(connection, Event(month, Act.SIGNED, steward, "", "0", 2))


SERIES = {
    "a missing column": (
        "start,a,b\n2026-03-01T10:00,500\n2026-03-01T11:00,80,80\n",
        "c.csv: line 2: found 2 cells; the header has 3",
    ),
    "no column of a home": ("start\n2026-03-01T10:00\n", "c.csv: line 1: found 'start'; allowed:"),
    "a home twice": (
        "start,a,a\n2026-03-01T10:00,1,1\n",
        "c.csv: line 1, column 3: name 'a' stands twice",
    ),
    "a wrong decimal mark": (
        'start,a,b\n2026-03-01T10:00,"0,5",1\n',
        "c.csv: line 2: column 2 (a): found '0,5'; allowed: a decimal point, not a comma",
    ),
    "an hour that stands twice": (
        "start,a,b\n2026-03-01T10:00,5,1\n2026-03-01T10:00,5,1\n",
        "c.csv: line 3: column 1: 2026-03-01T10:00 stands twice",
        "and America/Lima does not repeat it",
    ),
    "hours that are not sorted": (
        "start,a,b\n2026-03-01T11:00,5,1\n2026-03-01T10:00,5,1\n",
        "c.csv: line 3: column 1: 2026-03-01T10:00 comes after a later one",
        "each slot stands once, in order of time",
    ),
    "a negative value": (
        "start,a,b\n2026-03-01T10:00,5,-1\n",
        "c.csv: line 2: column 3 (b): found '-1'; allowed: 0 or more",
    ),
    "something that is no number": (
        "start,a,b\n2026-03-01T10:00,5,n/a\n",
        "c.csv: line 2: column 3 (b): found 'n/a'; allowed: a number of 0 or more, or nothing",
    ),
}


@pytest.mark.parametrize("case", SERIES.values(), ids=SERIES.keys())
def test_series_are_refused_with_file_line_and_column(
    minga: Minga, tmp_path: Path, case: tuple[str, ...]
) -> None:
    text, *said = case
    (tmp_path / "p.csv").write_text(PRODUCTION)
    (tmp_path / "c.csv").write_text(text)

    refuse(tried(minga, "--timezone", "America/Lima"), *said)


def tried(minga: Minga, *more: str) -> "subprocess.CompletedProcess[str]":
    return minga("share", "try", "--production", "p.csv", "--consumption", "c.csv", *more)


def test_a_time_zone_that_does_not_exist_is_refused_with_the_nearest(
    minga: Minga, tmp_path: Path
) -> None:
    (tmp_path / "p.csv").write_text(PRODUCTION)
    (tmp_path / "c.csv").write_text(CONSUMPTION)

    done = tried(minga, "--timezone", "America/Lina")

    refuse(done, "--timezone: found 'America/Lina'; allowed: an IANA name", "America/Lima")


def test_a_time_zone_of_the_configuration_that_does_not_exist_is_refused(
    minga: Minga, tmp_path: Path
) -> None:
    (tmp_path / "minga.toml").write_text('[coop]\ntimezone = "America/Lina"\n')

    done = minga("member", "list")

    refuse(done, "timezone", "'America/Lina' is not a time zone; allowed: an IANA name")
    assert [path.name for path in tmp_path.iterdir()] == ["minga.toml"]


def test_an_empty_cell_is_missing_and_not_zero(minga: Minga, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(PRODUCTION)
    (tmp_path / "c.csv").write_text("start,a,b\n2026-03-01T10:00,500,\n2026-03-01T11:00,80,80\n")

    done = tried(minga, "--method", "equal")

    counts = done.stdout.splitlines()[1].split()
    assert (done.returncode, counts[0], counts[-3:]) == (0, "equal", ["2", "1", "0"])
