"""What another key would have done: joined files, sums that add up, methods that lack something."""

import csv
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from coop.allocation import Home, Method, Missing, Rules
from coop.errors import InputError
from coop.trial.measured import Measured, join
from coop.trial.question import Answer, Question
from coop.trial.series import Series
from coop.trial.trial import HomeSum, Trial, try_key
from tests.requirements import shared_data

HOUR_S = 3600


def series(name: str, starts: list[int], **columns: list[int | None]) -> Series:
    """Write a file of hourly slots by the hours they start at."""
    return Series(name, [hour * HOUR_S for hour in starts], range(2, len(starts) + 2), columns)


def equal_homes(measured: Measured) -> list[Home]:
    return [Home(one, weight=Fraction(1, len(measured.ids))) for one in measured.ids]


def test_own_use_comes_first_then_the_shared_roof() -> None:
    measured = join(
        series("P", [0, 1], a=[100, 0], pool=[30, 50]),
        series("C", [0, 1], a=[60, 10], b=[200, 20]),
    )

    trial = try_key(Rules(), equal_homes(measured), measured)

    assert trial == Trial(
        method=Method.REDISTRIBUTE,
        slots=2,
        settled_slots=2,
        production_wh=180,
        own_use_wh=60,
        pool_wh=120,
        allocated_wh=100,
        surplus_wh=20,
        fund_tenths_wh=20,
        residual_grid_wh=130,
        homes={"a": HomeSum(70, 60, 10, 0), "b": HomeSum(220, 0, 90, 130)},
    )


@pytest.mark.parametrize(
    ("policy", "counts", "set_aside_wh", "surplus_wh"),
    [
        (Missing.RESERVE, (1, 1, 2), 20, 50),
        (Missing.EXCLUDE, (1, 1, 2), 0, 70),
        (Missing.HOLD, (1, 0, 3), 0, 35),
    ],
)
def test_a_missing_cell_is_not_zero(
    policy: Missing, counts: tuple[int, int, int], set_aside_wh: int, surplus_wh: int
) -> None:
    """All known; b missing; a's roof missing; the shared roof missing."""
    measured = join(
        series("P", [0, 1, 2, 3], a=[0, 0, None, 0], pool=[40, 40, 40, None]),
        series("C", [0, 1, 2, 3], a=[5, 5, 5, 5], b=[0, None, 0, 0]),
    )

    trial = try_key(Rules(missing=policy), equal_homes(measured), measured)

    assert (trial.settled_slots, trial.provisional_slots, trial.unsettled_slots) == counts
    assert (trial.set_aside_wh, trial.surplus_wh) == (set_aside_wh, surplus_wh)
    assert trial.production_wh == trial.allocated_wh + set_aside_wh + surplus_wh


def test_rows_that_only_one_file_has_are_missing_in_the_other() -> None:
    measured = join(series("P", [1, 2, 5], pool=[1, 2, 5]), series("C", [0, 1, 2], a=[7, 8, 9]))

    assert measured.starts_s == range(0, 6 * HOUR_S, HOUR_S)
    assert measured.shared_roof == [None, 1, 2, None, None, 5]
    assert measured.consumption == [(7,), (8,), (9,), (None,), (None,), (None,)]


@pytest.mark.parametrize(
    ("production", "consumption", "problem"),
    [
        (series("P", [0, 1], h1=[1, 1]), series("C", [0, 1], h01=[1, 1]),
         "P: column h1: C has no such home; did you mean h01?"),
        (series("P", [0, 1], pool=[1, 1]), series("C", [0, 1], pool=[1, 1]),
         "C: column pool: names a shared roof"),
        (series("P", [0, 1], pool=[1, 1]), series("C", [7, 8], a=[1, 1]),
         "P and C have no slot in common"),
        (series("P", [0, 2, 5], pool=[1, 1, 1]), series("C", [0], a=[1]),
         "P: line 4, column 1: not on the row of slots of 120 minutes"),
        (series("P", [0], pool=[1]), series("C", [0], a=[1]), "say how long a slot is"),
        (series("P", [0, 1, 2_000_000], pool=[1] * 3), series("C", [0], a=[1]),
         "P: 2000001 slots; allowed: up to 1000000"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_are_refused(
    production: Series, consumption: Series, problem: str
) -> None:
    with pytest.raises(InputError, match=problem.replace("?", r"\?")):
        join(production, consumption)


def test_a_slot_length_that_the_rows_contradict_is_refused() -> None:
    with pytest.raises(InputError, match="found 15, but the rows are 60 minutes apart"):
        join(series("P", [0, 1], pool=[1, 1]), series("C", [0, 1], a=[1, 1]), 15)


def test_one_row_is_enough_when_the_slot_length_is_told() -> None:
    measured = join(series("P", [0], pool=[1]), series("C", [0], a=[1]), 60)

    assert measured.slot_s == 3600


def test_an_estimate_is_in_no_file() -> None:
    measured = join(series("P", [0, 1], pool=[1, 1]), series("C", [0, 1], a=[1, None]))

    with pytest.raises(InputError, match="a is missing at 1970-01-01T01:00Z"):
        try_key(Rules(missing=Missing.ESTIMATE), equal_homes(measured), measured)


Asking = Callable[..., Answer]


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    """Ask about two homes of two hours, with the weights that are given."""
    (tmp_path / "p.csv").write_text("t,pool\n2026-03-01T10:00,900\n2026-03-01T11:00,100\n")
    (tmp_path / "c.csv").write_text("t,a,b\n2026-03-01T10:00,500,100\n2026-03-01T11:00,80,80\n")

    def ask(weights: str = "", **terms: object) -> Answer:
        path = tmp_path / "w.csv"
        path.write_text(weights)
        files = {"production": tmp_path / "p.csv", "consumption": tmp_path / "c.csv"}
        return Question(**files, weights=path if weights else None, **terms).ask()  # type: ignore[arg-type]  # the test names options

    return ask


def test_methods_that_lack_their_input_are_skipped_with_the_reason(asking: Asking) -> None:
    answer = asking("id,weight\na,1\nb,2\n", lifeline_wh=50)

    assert [one.method for one in answer.trials] == ["redistribute", "equal", "pro_rata"]
    assert [(one.method, one.why) for one in answer.skipped] == [
        ("static", WRONG_SUM),
        ("hybrid", WRONG_SUM),
        ("priority", "needs a column tier in --weights"),
        ("reserved", "needs --then; needs a column reserved_percent in --weights"),
        ("lifeline", "needs --then"),
    ]


WRONG_SUM = (
    "weights: they sum to 3 with the unassigned part; allowed: exactly 1;"
    " correct them or declare the unassigned part"
)


def test_every_method_is_tried_when_nothing_lacks(asking: Asking) -> None:
    weights = "id,weight,tier,reserved_percent\na,1/4,1,50\nb,3/4,,\n"

    answer = asking(weights, then="static", lifeline_wh=50)

    assert {one.method: one.allocated_wh for one in answer.trials} == {
        "redistribute": 700,
        "static": 425,
        "equal": 650,
        "pro_rata": 700,
        "hybrid": 700,
        "priority": 700,
        "reserved": 700,
        "lifeline": 450,
    }
    assert answer.skipped == ()


def test_one_method_that_lacks_its_input_is_refused(asking: Asking) -> None:
    with pytest.raises(InputError, match="--method priority: needs a column tier in --weights"):
        asking(method="priority")


@pytest.mark.parametrize(
    ("weights", "problem"),
    [
        ("id,weight\na,1\n", "w.csv: home b: is missing; write a line for it"),
        ("id,weight\na,1\nb,1\nc,1\n", "w.csv: line 4: home c: was not measured; take it out"),
        ("id,weight\na,1\nb,1\nb,1\n", "w.csv: line 4: home b: stands twice"),
        ("id,weight\na,0,5\nb,1\n", "line 2: found 'a,0,5'"),
        ("id,weight\na,-1\nb,1\n", r"w.csv: line 2: column 2 \(weight\): found '-1'"),
        ('id,weight\na,"1\n', "is not CSV"),
        ("id,weight,weight\na,1,2\n", "found columns id, weight, weight"),
    ],
)
def test_weights_must_be_of_the_homes_in_the_files(
    asking: Asking, weights: str, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        asking(weights)


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"timezone": "America/Lim"}, "--timezone: found 'America/Lim'; allowed: .* America/Lima"),
        ({"timezone": "../etc"}, "--timezone: found '../etc'"),
        ({"month": "2026-13"}, "--month: found '2026-13'; allowed: a month such as 2026-03"),
        ({"month": "2026-04"}, "no slot of it in the files; they reach from 2026-03-01T10:00Z"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    asking: Asking, terms: dict[str, str], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        asking(**terms)


@pytest.fixture(scope="session")
def fontana() -> Question:
    folder = shared_data() / "fontana"
    return Question(
        folder / "production_kwh.csv",
        folder / "consumption_kwh.csv",
        unit="kWh",
        timezone="Etc/GMT+8",
    )


def wh_of_day(path: Path, day: str) -> int:
    """Return what the floored totals of all homes rose by in a day, by other means."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    before = [row for row in rows if row["hour_start"] < day]
    until = [row for row in rows if row["hour_start"] < f"{day}U"]
    return sum(
        int(sum(Decimal(row[home]) for row in until) * 1000)
        - int(sum(Decimal(row[home]) for row in before) * 1000)
        for home in list(rows[0])[1:]
    )


def test_a_measured_day_is_right_to_the_watt_hour(fontana: Question) -> None:
    day_start_s = 1_493_625_600  # 2017-05-01T00:00-08:00

    measured = fontana.measured().between(day_start_s, day_start_s + 24 * HOUR_S)

    trial = try_key(Rules(), equal_homes(measured), measured)
    used_wh = sum(home.consumption_wh for home in trial.homes.values())
    assert (trial.slots, trial.production_wh, used_wh) == (24, 317_963, 274_047)
    assert wh_of_day(fontana.production, "2017-05-01") == 317_963
    assert wh_of_day(fontana.consumption, "2017-05-01") == 274_047


def test_a_measured_year_adds_up_by_every_method(fontana: Question) -> None:
    trials = fontana.ask().trials

    assert [one.method for one in trials] == [
        "redistribute",
        "static",
        "equal",
        "pro_rata",
        "hybrid",
    ]
    assert {one.production_wh for one in trials} == {78_348_695}
    assert {one.own_use_wh + one.allocated_wh + one.surplus_wh for one in trials} == {78_348_695}
    assert {one.surplus_wh for one in trials} == {23_482_122, 27_533_731}
    homes = trials[0].homes
    assert [homes[one].consumption_wh // 1000 for one in ("h01", "h06", "h12")] == [
        10_583,
        10_388,
        11_212,
    ]
