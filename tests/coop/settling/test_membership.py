"""Joining, leaving, feeding in and drawing: what the books say of each."""

import json
from fractions import Fraction
from typing import Any

import pytest

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Rules
from coop.errors import InputError
from coop.ledger.book import Ledger
from coop.members.community import (
    Counts,
    Home,
    Member,
    Meter,
    Prosumer,
    SharingKey,
    Validity,
    without,
)
from coop.members.registry import NewKey
from tests.coop.village import ALWAYS, ROOF, SLOT_S, START_S, Village, at, every_border, meter_of

THIRD = Fraction(1, 3)
KEY = SharingKey(
    1,
    "Key",
    "Assembly",
    Rules(Method.STATIC, unassigned_weight=Fraction(1, 4)),
    tuple(KeyHome(home, weight=Fraction(1, 4)) for home in "abc"),
    ALWAYS,
)


def shared(village: Village) -> list[dict[str, Any]]:
    """Return what the latest line of each slot says of the sharing."""
    return [json.loads(line[line.index('{"community_wh"') :]) for line in village.latest()]


def booked(village: Village) -> list[dict[str, int]]:
    """Return the postings of all entries."""
    with village.database.reading() as connection:
        entries = Ledger(connection, village.settings.id).entries()
        return [dict(entry.document["postings"]) for entry in entries]


def test_the_weight_of_a_home_that_left_is_nobodys() -> None:
    held = without(KEY, {"c"})

    assert [(home.id, home.weight) for home in held.homes] == [
        ("a", Fraction(1, 4)),
        ("b", Fraction(1, 4)),
    ]
    assert held.rules.unassigned_weight == Fraction(1, 2)


def test_a_key_that_says_renormalise_spreads_the_weight_of_a_home_that_left() -> None:
    key = SharingKey(1, "K", "A", Rules(Method.STATIC, renormalise=True), KEY.homes, ALWAYS)

    held = without(key, {"c"})

    assert [home.weight for home in held.homes] == [Fraction(3, 8), Fraction(3, 8)]
    assert held.rules.unassigned_weight == 0


def test_a_home_without_weight_that_stays_alone_gets_nothing_spread() -> None:
    homes = (KeyHome("a", weight=Fraction(0)), KeyHome("b", weight=Fraction(1)))
    key = SharingKey(1, "K", "A", Rules(Method.STATIC, renormalise=True), homes, ALWAYS)

    held = without(key, {"b"})

    assert (held.homes, held.rules.unassigned_weight) == ((homes[0],), Fraction(1))


@pytest.mark.parametrize(
    ("rules", "surplus_wh"),
    [
        (Rules(Method.STATIC), 100),
        (Rules(Method.STATIC, renormalise=True), 0),
        (Rules(Method.REDISTRIBUTE), 0),
        (Rules(Method.EQUAL), 0),
    ],
)
def test_what_was_the_part_of_a_member_who_left_is_left_over_unless_it_is_spread(
    village: Village, rules: Rules, surplus_wh: int
) -> None:
    village.agree(rules)
    village.measure(slots=3, used=200)
    with village.register() as entered:
        entered.end_membership("m-c", START_S + SLOT_S)

    village.settle(45)

    assert [sorted(line["homes"]) for line in shared(village)] == [
        *(["a", "b", "c"], ["a", "b"], ["a", "b"])
    ]
    assert [line["surplus_wh"] for line in shared(village)] == [0, surplus_wh, surplus_wh]
    assert village.standings() == ["settled"] * 3


def test_a_member_who_leaves_during_a_slot_takes_part_in_it(village: Village) -> None:
    village.agree()
    village.measure(slots=2)
    with pytest.raises(InputError, match=r"member m-c: 2026-03-01T05:07:00Z lies inside a slot"):
        _leave(village, "m-c", START_S + 420)


def test_a_member_leaves_once(village: Village) -> None:
    _leave(village, "m-c", START_S + SLOT_S)

    with pytest.raises(InputError, match=r"member m-c: left already, from .* to 2026-03-01T05:15Z"):
        _leave(village, "m-c", START_S + 2 * SLOT_S)


def _leave(village: Village, member: str, at_s: int) -> None:
    with village.register() as entered:
        entered.end_membership(member, at_s)


def test_a_home_takes_part_from_the_first_slot_after_its_member_joined(village: Village) -> None:
    village.measure(slots=3)
    village.readings.add(("d-meter", "import_energy_total"), *every_border(3, 60))
    with village.register() as entered:
        entered.add_member(Member("m-d", "Family d", START_S + SLOT_S + 60))
        entered.add_home(Home("d", "m-d", "House d"))
        entered.add_meter(Meter("d-meter", "import_energy_total", ALWAYS, home_id="d"))
        shares = tuple(KeyHome(home, weight=Fraction(1, 4)) for home in "abcd")
        entered.add_key(NewKey("Four", "Assembly", Rules(Method.STATIC), shares, START_S))

    village.settle(45)

    assert ["d" in line["homes"] for line in shared(village)] == [False, False, True]
    assert [line["surplus_wh"] for line in shared(village)] == [120, 120, 60]


@pytest.fixture
def prosumer(village: Village) -> Village:
    """Return a village where home a feeds in more than it takes, in the second of two slots."""
    village.agree()
    village.measure(slots=2)
    village.readings.samples[meter_of("a")] = {at(0, 1000), at(15, 1060), at(30, 1060)}
    village.readings.add(("a-meter", "export_energy_total"), at(0, 0), at(15, 0), at(30, 100))
    with village.register() as entered:
        export = Meter("a-meter", "export_energy_total", ALWAYS, home_id="a", told=Counts.EXPORT)
        entered.add_meter(export)
    return village


def test_a_registered_prosumer_offers_its_export_on_an_account_of_its_own(
    prosumer: Village,
) -> None:
    with prosumer.register() as entered:
        entered.add_prosumer(Prosumer("a", "Assembly 3", ALWAYS))

    prosumer.settle(30)

    line = shared(prosumer)[1]
    assert line["fed_wh"] == {"a": 100}
    assert line["homes"]["a"] == [0, 100, 0, 0, 0, 0]
    assert (line["pool_wh"], line["surplus_wh"]) == (400, 280)
    assert booked(prosumer)[1] == {
        "roof:school": -3000,
        "export:a": -1000,
        "shared:b": 600,
        "shared:c": 600,
        "surplus:school": 1890,
        "unshared:a": 630,
        "fund:energy": 280,
    }


def test_negative_use_of_somebody_else_is_missing_and_told_as_an_error(prosumer: Village) -> None:
    prosumer.settle(30)

    line = shared(prosumer)[1]
    assert line["refused_wh"] == {"a": 100}
    assert line["homes"]["a"][0] is None
    assert prosumer.standings() == ["settled", "provisional"]


def test_a_prosumer_registered_later_settles_the_slots_that_were_refused(
    prosumer: Village,
) -> None:
    prosumer.settle(30)
    with prosumer.register() as entered:
        entered.add_prosumer(Prosumer("a", "Assembly 3", Validity(START_S + SLOT_S)))

    prosumer.settle(30)

    assert prosumer.standings() == ["settled", "settled"]


def test_a_prosumer_is_one_once_and_until_it_ends(prosumer: Village) -> None:
    with prosumer.register() as entered:
        entered.add_prosumer(Prosumer("a", "Assembly 3", ALWAYS))
    with pytest.raises(InputError, match="prosumer a: is one already from 2026-03-01T05:00Z"):
        _feed(prosumer, "a")
    with prosumer.register() as entered:
        entered.end_prosumer("a", START_S + SLOT_S)

    prosumer.settle(30)

    assert "refused_wh" in shared(prosumer)[1]
    with pytest.raises(InputError, match="prosumer b: is none"):
        _feed_no_more(prosumer, "b")


def _feed(village: Village, home: str) -> None:
    with village.register() as entered:
        entered.add_prosumer(Prosumer(home, "Assembly 4", ALWAYS))


def _feed_no_more(village: Village, home: str) -> None:
    with village.register() as entered:
        entered.end_prosumer(home, START_S)


def test_a_plants_own_use_at_night_stands_on_an_account_of_its_own(village: Village) -> None:
    village.agree()
    village.measure(slots=1)
    village.readings.samples[ROOF] = {at(0, 1000), at(15, 1000)}
    village.readings.add(("roof", "import_energy_total"), at(0, 50), at(15, 57))
    with village.register() as entered:
        plant = Meter(
            "roof", "import_energy_total", ALWAYS, roof_id="school", told=Counts.PLANT_USE
        )
        entered.add_meter(plant)

    village.settle(15)

    assert shared(village)[0]["plants_wh"] == {"school": 7}
    assert (shared(village)[0]["community_wh"], shared(village)[0]["pool_wh"]) == (0, 0)
    assert booked(village) == [{"plant:school": 70, "drawn:school": -70}]


@pytest.mark.parametrize(
    ("meter", "allowed"),
    [
        (Meter("x", "q", ALWAYS, home_id="a", told=Counts.PLANT_USE), "use, export"),
        (Meter("x", "q", ALWAYS, roof_id="school", told=Counts.EXPORT), "production, plant_use"),
    ],
)
def test_a_counter_counts_what_its_owner_can_have(
    village: Village, meter: Meter, allowed: str
) -> None:
    with (
        pytest.raises(InputError, match=f"can not count {meter.counts}; allowed: {allowed}"),
        village.register() as entered,
    ):
        entered.add_meter(meter)
