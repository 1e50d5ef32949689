"""A steward enters the cooperative and settles it from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coop.commands import key, member, settle
from coop.errors import InputError
from coop.settings import CoopSettings
from tests.coop.desk import Desk
from tests.coop.village import every_border, later

COMMANDS = {"member": member, "key": key, "settle": settle}


Ask = Callable[..., Result]


@pytest.fixture
def desk(settings: CoopSettings) -> Desk:
    return Desk(settings)


@pytest.fixture
def ask(desk: Desk) -> Ask:
    def run(command: str, *words: str) -> Result:
        return CliRunner().invoke(COMMANDS[command], words, obj=desk)

    return run


@pytest.fixture
def entered(ask: Ask) -> None:
    """One home, one roof."""
    told = [
        ask("member", "add", "m01", "Familia Quispe", "--since", "2026-03-01"),
        ask("member", "add-home", "h01", "m01"),
        ask("member", "add-meter", "h01-meter", "--home", "h01", "--from", "2026-03-01"),
        ask("member", "add-roof", "school", "Escuela"),
        ask("member", "add-meter", "school", "--roof", "school", "--from", "2026-03-01"),
    ]
    assert [result.exit_code for result in told] == [0] * 5


@pytest.mark.usefixtures("entered")
def test_what_was_entered_is_listed(ask: Ask) -> None:
    listed = json.loads(ask("member", "list", "--json").stdout)

    assert listed == {
        "members": [
            {"id": "m01", "name": "Familia Quispe", "joined": "2026-03-01T05:00:00Z", "left": None}
        ],
        "homes": [{"id": "h01", "member": "m01", "name": "Familia Quispe"}],
        "roofs": [{"id": "school", "home": None, "name": "Escuela"}],
        "meters": [
            {
                "device": "h01-meter",
                "quantity": "import_energy_total",
                "home": "h01",
                "roof": None,
                "counts": "use",
                "from": "2026-03-01T05:00:00Z",
                "to": None,
            },
            {
                "device": "school",
                "quantity": "energy_total",
                "home": None,
                "roof": "school",
                "counts": "production",
                "from": "2026-03-01T05:00:00Z",
                "to": None,
            },
        ],
        "prosumers": [],
    }


@pytest.mark.usefixtures("entered")
def test_a_table_names_members_homes_roofs_and_meters(ask: Ask) -> None:
    table = ask("member", "list").stdout

    assert "h01   m01     Familia Quispe\n" in table
    assert "school  community  Escuela\n" in table
    assert (
        "school/energy_total            production of roof school  from 2026-03-01T05:00Z\n"
        in table
    )


@pytest.mark.usefixtures("entered")
def test_a_meter_is_replaced(ask: Ask) -> None:
    ended = ask("member", "end-meter", "school/energy_total", "--at", "2026-06-01T10:15")

    assert ended.stdout == (
        "Meter school/energy_total of roof school counts "
        "from 2026-03-01T05:00Z to 2026-06-01T15:15Z.\n"
    )


@pytest.mark.usefixtures("entered")
def test_a_key_of_equal_parts_is_entered_and_shown(ask: Ask) -> None:
    added = ask("key", "add", "Equal", "--from", "2026-03-01", "--decision", "Assembly 1")
    shown = json.loads(ask("key", "show", "1", "--json").stdout)

    assert added.stdout == "Key 1 (Equal), homes: 1, holds from 2026-03-01T05:00Z.\n"
    assert shown == {
        "id": 1,
        "name": "Equal",
        "decision": "Assembly 1",
        "from": "2026-03-01T05:00:00Z",
        "to": None,
        "method": "redistribute",
        "tie": "rotate",
        "own_use": "own_use_first",
        "missing": "reserve",
        "fund_percent": "10",
        "then": None,
        "within_tier": "pro_rata",
        "lifeline_wh": 0,
        "unassigned_weight": "0",
        "renormalise": False,
        "homes": [{"id": "h01", "weight": "1", "tier": None, "reserved_percent": "0"}],
    }


@pytest.mark.usefixtures("entered")
def test_a_key_takes_its_weights_from_a_file(ask: Ask, tmp_path: Path) -> None:
    weights = tmp_path / "w.csv"
    weights.write_text("id,weight\nh01,3/4\n", encoding="utf-8")
    terms = ("--method", "static", "--unassigned-weight", "1/4", "--weights", str(weights))

    ask("key", "add", "Static", "--from", "2026-03-01", "--decision", "A", *terms)

    assert "h01   3/4" in ask("key", "show", "1").stdout
    assert "1    Static  static  1" in ask("key", "list").stdout
    assert len(json.loads(ask("key", "list", "--json").stdout)["keys"]) == 1


@pytest.mark.usefixtures("entered")
def test_a_prosumer_its_counter_and_the_use_of_a_plant_are_entered(ask: Ask) -> None:
    fed = ("member", "add-meter", "h01-meter", "--home", "h01", "--counts", "export")
    drawn = ("member", "add-meter", "school", "--roof", "school", "--counts", "plant_use")
    told = [
        ask("member", "prosumer", "h01", "--from", "2026-03-01", "--decision", "A3").stdout,
        ask(*fed, "--from", "2026-03-01").stdout,
        ask(*drawn, "--from", "2026-03-01").stdout,
        ask("member", "end-prosumer", "h01", "--at", "2026-06-01").stdout,
    ]

    assert told == [
        (
            "What home h01 feeds in joins the pool from 2026-03-01T05:00Z; its counter: "
            "minga member add-meter DEVICE --home h01 --counts export.\n"
        ),
        "Meter h01-meter/export_energy_total counts export of home h01 from 2026-03-01T05:00Z.\n",
        (
            "Meter school/import_energy_total counts plant_use of roof school "
            "from 2026-03-01T05:00Z.\n"
        ),
        "What home h01 feeds in joins the pool until 2026-06-01.\n",
    ]
    assert json.loads(ask("member", "list", "--json").stdout)["prosumers"] == [
        {
            "home": "h01",
            "decision": "A3",
            "from": "2026-03-01T05:00:00Z",
            "to": "2026-06-01T05:00:00Z",
        }
    ]
    assert (
        "h01       from 2026-03-01T05:00Z to 2026-06-01T05:00Z  A3" in ask("member", "list").stdout
    )


@pytest.mark.usefixtures("entered")
def test_a_member_leaves(ask: Ask) -> None:
    left = ask("member", "leave", "m01", "--at", "2026-06-01")

    assert left.stdout == (
        "Member m01 (Familia Quispe) takes part until 2026-06-01, with homes: h01; next: a key "
        "without them, minga key change.\n"
    )
    assert "m01     Familia Quispe  from 2026-03-01T05:00Z to 2026-06-01T05:00Z" in (
        ask("member", "list").stdout
    )


def shown_key(ask: Ask, number: int) -> dict[str, object]:
    """Return a key as it is shown, without what differs by its nature."""
    shown: dict[str, object] = json.loads(ask("key", "show", str(number), "--json").stdout)
    return {name: shown[name] for name in shown if name not in {"id", "from", "to", "decision"}}


@pytest.mark.usefixtures("entered")
def test_a_key_is_changed_in_what_is_said_and_in_nothing_else(ask: Ask) -> None:
    terms = ("--method", "lifeline", "--then", "hybrid", "--lifeline-wh", "50", "--renormalise")
    ask("key", "add", "First", "--from", "2026-03-01", "--decision", "A1", *terms)

    changed = ask(
        *("key", "change", "--from", "2026-05-01", "--decision", "A2", "--fund-percent", "12.5")
    )

    assert changed.stdout == "Key 2 (First), homes: 1, holds from 2026-05-01T05:00Z.\n"
    assert shown_key(ask, 2) == {**shown_key(ask, 1), "fund_percent": "25/2"}
    assert json.loads(ask("key", "show", "1", "--json").stdout)["to"] == "2026-05-01T05:00:00Z"


@pytest.mark.usefixtures("entered")
def test_a_changed_key_has_no_home_of_a_member_who_left(ask: Ask) -> None:
    for words in (
        "member add m02 Mamani --since 2026-03-01",
        "member add-home h02 m02",
        "member add-meter h02-meter --home h02 --from 2026-03-01",
        "key add First --from 2026-03-01 --decision A1 --method static",
        "member leave m02 --at 2026-04-15",
    ):
        ask(*words.split())

    ask("key", "change", "--from", "2026-05-01", "--decision", "A2")
    ask(
        "key",
        "change",
        "--from",
        "2026-06-01",
        "--decision",
        "A3",
        "--equal",
        "--unassigned-weight",
        "0",
    )

    homes = [{"id": "h01", "weight": "1/2", "tier": None, "reserved_percent": "0"}]
    assert (shown_key(ask, 2)["homes"], shown_key(ask, 2)["unassigned_weight"]) == (homes, "1/2")
    assert (shown_key(ask, 3)["homes"], shown_key(ask, 3)["unassigned_weight"]) == (
        [{**homes[0], "weight": "1"}],
        "0",
    )


@pytest.mark.usefixtures("entered")
def test_a_key_says_which_homes_wait_for_their_member(ask: Ask, tmp_path: Path) -> None:
    for words in (
        "member add m02 Mamani --since 2026-03-09",
        "member add-home h02 m02",
        "member add-meter h02-meter --home h02 --from 2026-03-01",
    ):
        ask(*words.split())
    (tmp_path / "w.csv").write_text("id,weight\nh01,1\nh02,1\n", encoding="utf-8")

    terms = ("--decision", "A1", "--weights", str(tmp_path / "w.csv"))
    added = ask("key", "add", "First", "--from", "2026-03-01", *terms)

    assert added.stdout.splitlines()[1] == "Takes part only while its member does: h02."


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("member", "add-meter", "x", "--from", "2026-03-01"), "give either --home or --roof"),
        (("member", "add", "m2", "New", "--since", "soon"), "'soon' is not a moment"),
        (("member", "add-home", "h02", "m1"), r"member m1: not registered; did you mean m01\?"),
        (
            ("key", "change", "--from", "2026-03-01", "--decision", "A"),
            "there is no key yet; enter one: minga key add",
        ),
        (("key", "show", "7"), "key 7: no such key; there are: none yet"),
        (
            ("key", "add", "K", "--from", "2026-02-01", "--decision", "A"),
            "no home has a meter when the key begins",
        ),
        (
            ("key", "add", "K", "--from", "2026-03-01", "--decision", "A", "--fund-percent", "x"),
            "--fund-percent: found 'x'; allowed: 10, 12.5 or 1/3",
        ),
    ],
)
@pytest.mark.usefixtures("entered")
def test_odd_input_is_refused_with_what_is_allowed(
    ask: Ask, words: tuple[str, ...], problem: str
) -> None:
    result = ask(*words)

    assert isinstance(result.exception, InputError)
    with pytest.raises(InputError, match=problem):
        raise result.exception


@pytest.mark.usefixtures("entered")
def test_settle_says_what_it_did(ask: Ask, desk: Desk) -> None:
    ask("key", "add", "Equal", "--from", "2026-03-01", "--decision", "A")
    desk.readings.add(("school", "energy_total"), *every_border(4, 300))
    desk.readings.add(("h01-meter", "import_energy_total"), *every_border(4, 60))
    desk.still.moment = later(61)

    first, again = ask("settle"), ask("settle", "--json")

    assert first.stdout == (
        "4 slots written: 4 settled, 0 provisional, 0 unsettled; 0 of them replace an earlier "
        "line. The books reach to 2026-03-01T06:00:00Z.\n"
    )
    assert json.loads(again.stdout) == {
        "looked_at": 0,
        "written": 0,
        "superseded": 0,
        "settled": 0,
        "provisional": 0,
        "unsettled": 0,
        "through": "2026-03-01T06:00:00Z",
        "is_overtaken": False,
    }
    assert desk.readings.is_closed


def test_settle_without_any_reading_says_so(ask: Ask) -> None:
    result = ask("settle")

    assert (result.exit_code, result.stdout) == (
        0,
        "Nothing to settle: no counter of a registered roof has a reading yet.\n",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("settle",),
        *(("member", name) for name in ("add", "add-home", "add-roof", "add-meter", "end-meter")),
        *(("member", name) for name in ("list", "leave", "prosumer", "end-prosumer")),
        *(("key", name) for name in ("add", "change", "list", "show")),
    ],
)
def test_every_command_has_an_example(ask: Ask, words: tuple[str, ...]) -> None:
    assert "Example: minga" in ask(*words, "--help").stdout
