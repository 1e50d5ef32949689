"""Every figure of a statement is the sum of figures that can be asked after, slot by slot."""

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules
from coop.errors import InputError, LedgerError, RefusedError
from coop.explain import Explaining, Explanation, tell
from coop.explain.sentences import METHODS
from coop.members.community import Home, Member, Meter, Roof
from coop.members.registry import NewKey
from coop.settings import CoopSettings
from coop.words import Language, Words
from tests.coop.month.town import BusyTown
from tests.coop.village import (
    ALWAYS,
    HOMES,
    ROOF,
    SLOT_S,
    START_S,
    Village,
    at,
    every_border,
    meter_of,
)

MONTHS = ("2026-03", "2026-04")
LATE = ("late_own_use_wh", "late_shared_wh")
FIGURES = ("consumption_wh", "own_use_wh", "shared_wh", "set_aside_wh", "grid_wh")


@pytest.fixture
def settings(tmp_path: Path) -> CoopSettings:
    """Name a file: what is read here is the same on a server."""
    return CoopSettings(database=str(tmp_path / "coop.sqlite"))


def explained(village: Village, home: str = "a", slot: int = 0) -> Explanation:
    with village.database.reading() as connection:
        return Explaining(connection, village.settings).slot(home, START_S + slot * SLOT_S)


def told(village: Village, home: str = "a", slot: int = 0) -> list[str]:
    words = Words([Language.ENGLISH])
    lines = tell(explained(village, home, slot), village.settings.zone)
    return [words.tell(line.saying) for line in lines]


@pytest.fixture(scope="module")
def told_twice(busy: BusyTown) -> dict[tuple[str, str], list[Explanation]]:
    """Return the explanations of all slots, by home and month."""
    with busy.database.reading() as connection:
        explaining = Explaining(connection, busy.settings)
        return {
            (home, month): list(explaining.month(home, month)) for home in HOMES for month in MONTHS
        }


def statement(town: BusyTown, month: str, home: str) -> dict[str, int]:
    rows = csv.DictReader(town.months.files(month)["statements.csv"].decode().splitlines())
    [row] = [row for row in rows if row["home"] == home]
    return {name: int(row[name]) for name in (*FIGURES, *LATE)}


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("home", HOMES)
def test_a_statement_is_the_sum_of_its_explanations(
    busy: BusyTown,
    told_twice: dict[tuple[str, str], list[Explanation]],
    month: str,
    home: str,
) -> None:
    added = Counter[str](dict.fromkeys((*FIGURES, *LATE), 0))
    for one in told_twice[home, month]:
        added.update({name: getattr(one.figures, name) or 0 for name in FIGURES})
    for part in (part for held in MONTHS for one in told_twice[home, held] for part in one.late):
        if part.month == month:
            added.update(late_own_use_wh=part.own_use_wh, late_shared_wh=part.shared_wh)

    assert dict(added) == statement(busy, month, home)


def test_every_slot_of_an_eventful_month_can_be_told_in_every_language(
    busy: BusyTown, told_twice: dict[tuple[str, str], list[Explanation]]
) -> None:
    words = Words(list(Language))
    explanations = told_twice["b", "2026-03"]

    said = [
        words.tell_all(line.saying)
        for one in explanations
        for line in tell(one, busy.settings.zone)
    ]

    # The books begin with the roof's first sample, six hours into the month.
    assert len(explanations) == 31 * 96 - 24
    assert {len(one) for one in said} == {4}


def test_a_slot_that_needs_two_rounds_is_told_round_by_round(village: Village) -> None:
    village.agree()
    village.readings.add(ROOF, *every_border(1, 100))
    for home, used in (("a", 60), ("b", 10), ("c", 60)):
        village.readings.add(meter_of(home), *every_border(1, used))
    village.settle(15)

    assert told(village) == [
        "Home a, 1 de marzo de 2026, from 00:00 to 00:15.",
        "All roofs made 100 Wh.",
        "The key in force is number 1, Equal. This decision set it: Assembly.",
        METHODS[Method.REDISTRIBUTE].message,
        "Your weight is 1 of 3.",
        "Meter a-meter/import_energy_total: 60 Wh, measured.",
        "You used 60 Wh.",
        "100 Wh were there to share: this is the pool.",
        (
            "Round 1: 100 Wh were there. Homes for which their part was enough got what they "
            "needed. 90 Wh go round again, for you and the others."
        ),
        "Round 2: 90 Wh were there. Your part was 45 Wh: you got it.",
        "So you got 45 Wh from the pool. 15 Wh came from the grid.",
        "Nothing of the pool was left over.",
    ]


def test_the_watt_hour_of_rounding_is_told_to_who_got_it_and_to_who_did_not(
    village: Village,
) -> None:
    village.agree()
    village.readings.add(ROOF, *every_border(1, 100))
    for home in HOMES:
        village.readings.add(meter_of(home), *every_border(1, 60))
    village.settle(15)

    spare = "1 Wh could not be divided evenly. They went one by one to the homes that had lost "
    # The number of this slot leaves 2 when divided by 3: c comes first.
    assert told(village, "c")[8:10] == [
        "Round 1: 100 Wh were there. Your part was 34 Wh: you got it.",
        f"{spare}most by rounding down; one came to you.",
    ]
    assert told(village, "a")[9] == f"{spare}most by rounding down; none came to you."


def test_what_is_left_over_and_the_funds_part_are_told(village: Village) -> None:
    village.agree()
    village.measure(1, produced=303, used=60)
    village.settle(15)

    assert told(village)[-2:] == [
        "123 Wh of the pool were left over.",
        "The solidarity fund got 10 percent of that: 12.3 Wh.",
    ]


def test_a_home_that_was_not_measured_is_told_what_is_kept_for_it(village: Village) -> None:
    village.agree()
    village.readings.add(ROOF, *every_border(1, 300))
    village.readings.add(meter_of("a"), *every_border(1, 60))
    village.readings.add(meter_of("b"), *every_border(1, 60))
    village.settle(15)

    assert told(village, "c")[-3:] == [
        "Your home was not measured. 100 Wh are kept for it until its readings come.",
        "80 Wh of the pool were left over.",
        "The solidarity fund got 10 percent of that: 8.0 Wh.",
    ]
    assert "100 Wh of the pool are kept for homes that were not measured." in told(village, "a")
    assert "A home was not measured yet, so these figures may still change." in told(village, "a")


def test_a_slot_without_production_says_that_nothing_is_shared(village: Village) -> None:
    village.agree()
    village.measure(4)
    village.readings.samples[ROOF] -= {at(15, 1300), at(30, 1600)}
    village.readings.add(ROOF, at(0, 1000))
    village.settle(60)

    assert told(village, slot=1)[-1] == (
        "Nothing is shared: what the roofs made is not known. Not measured is not zero."
    )


def test_a_home_with_its_own_roof_is_told_what_it_used_of_it(village: Village) -> None:
    with village.register() as entered:
        entered.add_roof(Roof("own", "Own roof", "a"))
        entered.add_meter(Meter("own-roof", "energy_total", ALWAYS, roof_id="own"))
    village.agree()
    village.measure(1, produced=30, used=60)
    village.readings.add(("own-roof", "energy_total"), *every_border(1, 40))
    village.settle(15)

    said = told(village)
    assert "Your own roof made 40 Wh of it." in said
    assert "40 Wh of it came from your own roof. You needed 20 Wh more." in said


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (
            Rules(Method.PRIORITY),
            [
                "When the turn of your group came, 90 Wh were there.",
                "Round 1: 90 Wh were there, but 120 Wh were needed. Shared by need, you got 45 Wh.",
            ],
        ),
        (
            Rules(Method.RESERVED, then=Method.PRO_RATA),
            [
                "10 Wh of the pool were reserved for you.",
                "Round 1: 70 Wh were there, but 100 Wh were needed. Shared by need, you got 35 Wh.",
            ],
        ),
        (
            Rules(Method.LIFELINE, lifeline_wh=5, then=Method.PRO_RATA),
            [
                "The first 5 Wh of your need come before all else.",
                "Round 1: 100 Wh were there, enough for everybody's need. You got 5 Wh.",
                "Round 2: 85 Wh were there, but 115 Wh were needed. Shared by need, you got 40 Wh.",
            ],
        ),
    ],
    ids=["priority", "reserved", "lifeline"],
)
def test_methods_with_several_steps_say_each(
    village: Village, rules: Rules, expected: list[str]
) -> None:
    with village.register() as entered:
        shares = tuple(
            KeyHome(home, weight=Fraction(1, 3), tier=tier, reserved_percent=Fraction(percent))
            for home, tier, percent in (("a", None, 10), ("b", 1, 10), ("c", None, 10))
        )
        entered.add_key(NewKey("Key", "Assembly", rules, shares, START_S))
    village.readings.add(ROOF, *every_border(1, 100))
    for home, used in (("a", 60), ("b", 10), ("c", 60)):
        village.readings.add(meter_of(home), *every_border(1, used))
    village.settle(15)

    said = told(village)
    assert [line for line in said if line in expected] == expected


def test_books_that_were_changed_from_outside_are_not_explained(village: Village) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)
    with village.database.writing() as connection:
        connection.execute(text("DROP TRIGGER slot_allocation_no_update"))
        connection.execute(
            text("UPDATE slot_allocation SET line = replace(line, '[60,0,0,60', '[60,0,0,59')")
        )

    with pytest.raises(LedgerError, match="sharing it again gives other figures than the books"):
        explained(village)


def test_a_home_that_joined_later_does_not_stand_in_the_key(village: Village) -> None:
    village.agree()
    with village.register() as entered:
        entered.add_member(Member("m-d", "Family d", START_S))
        entered.add_home(Home("d", "m-d", "House d"))
    village.measure(1)
    village.settle(15)

    assert "Your home does not stand in this key." in told(village, "d")


@pytest.mark.parametrize(
    ("home", "at_s", "error", "said"),
    [
        ("z", START_S, InputError, "home 'z': there is no such home; minga member list"),
        ("a", START_S + 60, InputError, "the one that holds it starts at 2026-03-01T05:00:00Z"),
        ("a", START_S + 9_000, RefusedError, "2026-03-01T07:30:00Z: is not in the books"),
    ],
    ids=["unknown home", "inside a slot", "outside the books"],
)
def test_what_can_not_be_explained_is_said(
    village: Village, home: str, at_s: int, error: type[Exception], said: str
) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)

    with (
        pytest.raises(error, match=said),
        village.database.reading() as connection,
    ):
        Explaining(connection, village.settings).slot(home, at_s)


def test_a_key_that_pools_all_says_so(village: Village) -> None:
    with village.register() as entered:
        entered.add_roof(Roof("own", "Own roof", "a"))
        entered.add_meter(Meter("own-roof", "energy_total", ALWAYS, roof_id="own"))
    village.agree(Rules(own_use=OwnUse.POOL_ALL, missing=Missing.EXCLUDE))
    village.measure(1, produced=30, used=60)
    village.readings.add(("own-roof", "energy_total"), *every_border(1, 40))
    village.settle(15)

    assert "This key puts all that your own roof makes into the pool." in told(village)
