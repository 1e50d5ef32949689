"""A steward enters, corrects and lists manual readings from the command line."""

import json

import pytest
from click.testing import CliRunner, Result

from coop.errors import InputError
from coop.members.by_hand.commands import reading
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.settings import CoopSettings
from tests.coop.desk import Desk
from tests.coop.village import START_S, Village, later, meter_of

COUNTER = "a-meter/import_energy_total"
BY_ROSA = ("--steward", "rosa", "--reason", "Photo 12")


@pytest.fixture
def desk(village: Village, settings: CoopSettings) -> Desk:
    """Return the desk of a village with one steward, an hour after its start."""
    village.measure(slots=4)
    with village.database.writing() as connection:
        add_steward(connection, Steward("rosa", "Rosa", Validity(START_S)))
    held = Desk(settings)
    held.still.moment = later(61)
    held.readings.add(meter_of("a"), *village.readings.samples[meter_of("a")])
    return held


def ask(desk: Desk, *words: str) -> Result:
    return CliRunner().invoke(reading, words, obj=desk)


def test_a_reading_and_a_change_over_are_entered_and_listed(desk: Desk) -> None:
    added = ask(desk, "add", COUNTER, "--kwh", "1.03", "--at", "2026-03-01T00:08", *BY_ROSA)
    changed = ask(
        *(desk, "changeover", COUNTER, "--old-kwh", "1.1", "--new-kwh", "1.1"),
        *("--at", "2026-03-01T00:25", *BY_ROSA),
    )
    listed = json.loads(ask(desk, "list", "--json").stdout)["readings"]

    assert (
        added.stdout == f"{COUNTER} showed 1.03 kWh at 2026-03-01T05:08:00Z; next: minga settle.\n"
    )
    assert changed.stdout == (
        f"{COUNTER} went from 1.1 to 1.1 kWh at 2026-03-01T05:25:00Z; next: minga settle.\n"
    )
    assert listed[0] == {
        "id": 1,
        "counter": COUNTER,
        "at": "2026-03-01T05:08:00Z",
        "wh": 1030,
        "begins_anew": False,
        "withdrawn": False,
        "counts": True,
        "steward": "rosa",
        "reason": "Photo 12",
        "entered": "2026-03-01T06:01:00Z",
    }
    assert [one["begins_anew"] for one in listed] == [False, False, True]


def test_a_withdrawn_reading_stays_in_the_list_and_does_not_count(desk: Desk) -> None:
    ask(desk, "add", COUNTER, "--kwh", "1.03", "--at", "2026-03-01T00:08", *BY_ROSA)

    ask(desk, "withdraw", COUNTER, "--at", "2026-03-01T00:08", *BY_ROSA)

    rows = [line.split() for line in ask(desk, "list").stdout.splitlines()[1:3]]
    assert [row[3:6] for row in rows] == [["1.03", "meter", "no"], ["1.03", "withdrawn", "no"]]


@pytest.mark.parametrize(
    ("kwh", "problem"),
    [
        ("1,03", r"--kwh: found '1,03'; allowed: kilowatt-hours .*; a decimal comma is not taken"),
        ("-1", r"--kwh: found '-1'"),
        ("1.0305", r"--kwh: found '1.0305'; .* up to three decimals"),
        ("nan", r"--kwh: found 'nan'"),
        ("1e999999999", r"--kwh: found '1e999999999'"),
    ],
)
def test_what_no_meter_shows_is_refused(desk: Desk, kwh: str, problem: str) -> None:
    result = ask(desk, "add", COUNTER, "--kwh", kwh, "--at", "2026-03-01T00:08", *BY_ROSA)

    assert isinstance(result.exception, InputError)
    with pytest.raises(InputError, match=problem):
        raise result.exception


@pytest.mark.parametrize("command", ["add", "changeover", "withdraw", "list"])
def test_every_command_has_an_example(command: str) -> None:
    assert "Example: minga reading" in CliRunner().invoke(reading, [command, "--help"]).stdout
