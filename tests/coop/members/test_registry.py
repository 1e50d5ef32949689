"""What a steward enters is taken whole, or refused with every problem."""

from fractions import Fraction
from pathlib import Path

import pytest

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, Rules
from coop.books import Source, Sources
from coop.database.opening import Database
from coop.errors import InputError
from coop.members.community import Community, Home, Member, Meter, Roof, Validity
from coop.members.example import (
    PRICES,
    ExampleHome,
    ExamplePlan,
    ExampleRoof,
    create_example,
    name_of,
)
from coop.members.registry import NewKey, read_community
from coop.members.stewards import read_tariffs
from coop.members.weights import read_weights
from coop.month.events import add_event
from coop.month.states import Act, Event
from tests.coop.village import ALWAYS, HOMES, ROOF, SLOT_S, START, START_S, Village, meter_of


def read(database: Database) -> Community:
    with database.reading() as connection:
        return read_community(connection)


USUAL = Rules()


def new_key(
    *weights: tuple[str, Fraction],
    rules: Rules = USUAL,
    from_s: int = START_S,
) -> NewKey:
    homes = tuple(KeyHome(home, weight=weight) for home, weight in weights)
    return NewKey("Key", "Assembly", rules, homes, from_s)


THIRDS = tuple((home, Fraction(1, 3)) for home in HOMES)


def test_what_was_entered_is_read_back_exactly(village: Village) -> None:
    with village.register() as entered:
        added = entered.add_key(new_key(*THIRDS, rules=Rules(fund_percent=Fraction(25, 2))))

    community = read(village.database)

    assert community.members[0] == Member("m-a", "Family a", START_S)
    assert community.homes[0] == Home("a", "m-a", "House a")
    assert community.roofs == (Roof("school", "School"),)
    assert Meter(*meter_of("a"), ALWAYS, home_id="a") in community.meters
    assert community.keys == (added,)
    assert added.homes[0].weight == Fraction(1, 3)
    assert added.rules.fund_percent == Fraction(25, 2)


def test_two_meters_on_one_counter_at_one_time_are_refused(village: Village) -> None:
    again = Meter(*ROOF, Validity(START_S + SLOT_S), home_id="a")

    with (
        pytest.raises(InputError, match=r"meter roof/energy_total: .* for roof school from 2026"),
        village.register() as entered,
    ):
        entered.add_meter(again)


def test_a_counter_may_stand_for_another_home_afterwards(village: Village) -> None:
    with village.register() as entered:
        entered.end_meter("a-meter/import_energy_total", START_S + SLOT_S)
        entered.add_meter(Meter(*meter_of("a"), Validity(START_S + SLOT_S), home_id="b"))

    owners = [
        (meter.home_id, meter.validity)
        for meter in read(village.database).meters
        if meter.counter == meter_of("a")
    ]
    assert owners == [
        ("a", Validity(START_S, START_S + SLOT_S)),
        ("b", Validity(START_S + SLOT_S)),
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (Member("m-a", "Again", START_S), "member m-a: this id is taken"),
        (Member("M 1", "Odd", START_S), "member 'M 1': an id is 1 to 32 of a-z, 0-9 and -"),
    ],
)
def test_an_odd_or_taken_id_is_refused(village: Village, entry: Member, problem: str) -> None:
    with pytest.raises(InputError, match=problem), village.register() as entered:
        entered.add_member(entry)


def test_an_unknown_member_is_refused_with_the_nearest(village: Village) -> None:
    with (
        pytest.raises(InputError, match=r"member m-aa: not registered; did you mean m-a\?"),
        village.register() as entered,
    ):
        entered.add_home(Home("d", "m-aa", "House"))


def test_an_unknown_home_is_refused_with_the_next_step(village: Village) -> None:
    with (
        pytest.raises(InputError, match=r"home zz: not registered; .*minga member add-home"),
        village.register() as entered,
    ):
        entered.add_roof(Roof("r", "Roof", home_id="zz"))


def test_a_meter_that_begins_inside_a_slot_is_refused(village: Village) -> None:
    with (
        pytest.raises(InputError, match="2026-03-01T05:07:00Z lies inside a slot"),
        village.register() as entered,
    ):
        entered.add_meter(Meter("x", "energy_total", Validity(START_S + 420), roof_id="school"))


@pytest.mark.parametrize("end_s", [START_S, START_S - SLOT_S])
def test_a_meter_can_not_end_before_it_counts(village: Village, end_s: int) -> None:
    with pytest.raises(InputError, match="end before it begins"), village.register() as entered:
        entered.end_meter("roof/energy_total", end_s)


def test_a_meter_that_is_not_there_can_not_end(village: Village) -> None:
    with pytest.raises(InputError, match="no such meter in force"), village.register() as entered:
        entered.end_meter("roof/energy", START_S + SLOT_S)


def test_a_key_with_strange_homes_is_refused_with_every_problem(village: Village) -> None:
    with village.register() as entered:
        entered.add_home(Home("d", "m-a", "New house"))

    with pytest.raises(InputError) as raised, village.register() as entered:
        entered.add_key(new_key(*THIRDS, ("d", Fraction(1)), ("zz", Fraction(1))))

    assert raised.value.problems == (
        "key Key: home d: no meter counts its use when the key begins",
        "key Key: home zz: not registered",
    )


def test_static_weights_that_are_not_one_are_refused_with_the_exact_sum(village: Village) -> None:
    weights = [("a", Fraction(1, 3)), ("b", Fraction(1, 3)), ("c", Fraction("0.33"))]

    with pytest.raises(InputError, match="299/300"), village.register() as entered:
        entered.add_key(new_key(*weights, rules=Rules(method=Method.STATIC)))


def test_a_key_that_begins_inside_a_slot_is_refused(village: Village) -> None:
    with pytest.raises(InputError, match=r"key Key: .* lies inside a slot"):
        _enter(village, new_key(*THIRDS, from_s=START_S + 60))


def test_a_key_that_waits_for_estimates_is_refused(village: Village) -> None:
    with pytest.raises(InputError, match="allowed: reserve, exclude, hold"):
        _enter(village, new_key(*THIRDS, rules=Rules(missing=Missing.ESTIMATE)))


def test_a_key_that_begins_inside_a_frozen_month_is_refused(village: Village) -> None:
    frozen = Event("2026-03", Act.FROZEN, None, "", "0", START_S)
    with village.database.writing() as connection:
        add_event(connection, frozen)

    with pytest.raises(
        InputError, match=r"inside a month that is frozen; .*from 2026-04-01T05:00Z"
    ):
        _enter(village, new_key(*THIRDS))


def test_a_new_key_ends_the_one_before_at_a_border(village: Village) -> None:
    _enter(village, new_key(*THIRDS))
    _enter(village, new_key(*THIRDS, from_s=START_S + SLOT_S))

    keys = read(village.database).keys

    assert [key.validity for key in keys] == [
        Validity(START_S, START_S + SLOT_S),
        Validity(START_S + SLOT_S),
    ]


@pytest.mark.parametrize("from_s", [START_S, START_S - SLOT_S])
def test_a_key_can_not_begin_before_another(village: Village, from_s: int) -> None:
    _enter(village, new_key(*THIRDS))

    with pytest.raises(InputError, match="a new key begins after all others"):
        _enter(village, new_key(*THIRDS, from_s=from_s))


def test_a_set_of_entries_with_one_problem_enters_nothing(village: Village) -> None:
    before = read(village.database)

    with pytest.raises(InputError):
        _enter_half(village)

    assert read(village.database) == before


def test_the_example_registers_everything_its_caller_names(database: Database) -> None:
    homes = [ExampleHome(f"h{place:02}", (f"h{place:02}-meter", "energy")) for place in (1, 2)]
    roofs = [
        ExampleRoof("plaza", "Plaza", ("plaza-roof", "energy_total")),
        ExampleRoof("own", "Own", ("own-roof", "energy_total"), home_id="h02"),
    ]

    key = create_example(database, homes, roofs, ExamplePlan(START_S))

    community = read(database)
    assert [home.name for home in community.homes] == list(map(name_of, range(2)))
    assert [meter.device for meter in community.meters] == [
        "h01-meter",
        "h02-meter",
        "plaza-roof",
        "own-roof",
    ]
    assert [(one.id, one.weight) for one in key.homes] == [
        ("h01", Fraction(1, 2)),
        ("h02", Fraction(1, 2)),
    ]


def test_the_example_has_the_prices_of_its_plan_from_its_first_day(database: Database) -> None:
    homes = [ExampleHome("h01", ("h01-meter", "energy"))]

    create_example(database, homes, [], ExamplePlan(START_S, prices=PRICES))

    with database.reading() as connection:
        held = read_tariffs(connection)
    assert [(one.kind, one.from_s, one.centimos_per_kwh) for one in held] == [
        ("utility", START_S, Fraction("68.5")),
        ("surplus", START_S, Fraction(21)),
    ]


def test_forty_homes_have_forty_names() -> None:
    assert len({name_of(place) for place in range(40)}) == 40


def test_live_sources_name_the_community_roofs_only(village: Village) -> None:
    with village.register() as entered:
        entered.add_roof(Roof("own", "Roof of a", home_id="a"))
        entered.add_meter(Meter("a-roof", "energy_total", ALWAYS, roof_id="own"))
        entered.end_meter("c-meter/import_energy_total", START_S + SLOT_S)

    assert village.books.sources(START.replace(hour=6)) == Sources(
        community_roofs=(Source("roof", "energy_total", "School"),),
        own_roofs=(Source("a-roof", "energy_total", None),),
        homes=(
            Source("a-meter", "import_energy_total", None),
            Source("b-meter", "import_energy_total", None),
        ),
    )


def test_weights_are_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("id,weight,tier,reserved_percent\na,1/3,1,\nb,0.25,,12.5\n", encoding="utf-8")

    assert read_weights(path).homes == (
        KeyHome("a", weight=Fraction(1, 3), tier=1),
        KeyHome("b", weight=Fraction(1, 4), reserved_percent=Fraction(25, 2)),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "found columns none"),
        ("id,share\na,1\n", "found columns id, share"),
        ("id,weight\n", "no home in it"),
        ("id\na\n", r"w.csv: line 1: found columns id; missing: weight; allowed: id, weight, tier"),
        (
            "id,weight\na,nan\n",
            r"w.csv: line 2: column 2 \(weight\): found 'nan'; allowed: a number",
        ),
        ("id,weight\na,\n", r"line 2: column 2 \(weight\): found ''"),
        ("id,weight\na,1/0\n", r"line 2: column 2 \(weight\): found '1/0'"),
        ("id,weight\na,-1\n", r"line 2: column 2 \(weight\): found '-1'; allowed: .* 0 or more"),
        ("id,weight,tier\na,1,first\n", r"line 2: column 3 \(tier\): found 'first'"),
        ("id,weight\na,1e9999999\n", r"line 2: column 2 \(weight\)"),
        ("id,weight\na,0,5\n", "line 2: found 'a,0,5', 3 cells; .* a decimal comma is not taken"),
        ("id,weight\na,1\n\na,2\n", "line 4: home a: stands twice, in line 2 too; keep one"),
        ("id,reserved_percent,weight\na,101,1\n", r"column 2 \(reserved_percent\): found '101'"),
    ],
)
def test_odd_weights_are_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "w.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=problem):
        read_weights(path)


def test_a_weights_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"w\.csv: cannot be read \(No such file"):
        read_weights(tmp_path / "w.csv")


def _enter(village: Village, key: NewKey) -> None:
    with village.register() as entered:
        entered.add_key(key)


def _enter_half(village: Village) -> None:
    with village.register() as entered:
        entered.add_member(Member("new", "New", START_S))
        entered.add_home(Home("new", "nobody", "New"))
