import pytest

from collector.errors import ConfigurationError
from collector.scanning.unit_ids import delivered_units, name_units, parse_units, usual_units


def test_units_are_told_in_numbers_and_ranges() -> None:
    assert parse_units("15, 1-3,2", "rtu") == (1, 2, 3, 15)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "found '', allowed: numbers and ranges such as 1-10,15"),
        ("1,,2", "found '', allowed: numbers and ranges"),
        ("a", "found 'a', allowed: numbers and ranges"),
        ("1-", "found '1-', allowed: numbers and ranges"),
        ("-3", "found '-3', allowed: numbers and ranges"),
        ("10-1", "found '10-1', allowed: 1 to 247 on rtu://, smaller one first"),
        ("0", "found '0', allowed: 1 to 247 on rtu://"),
        ("240-248", "found '240-248', allowed: 1 to 247 on rtu://"),
        ("9" * 5_000, "allowed: numbers and ranges"),
    ],
)
def test_units_that_make_no_sense_are_refused(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_units(text, "rtu")

    assert problem in str(caught.value)
    assert len(str(caught.value)) < 200


def test_a_network_address_may_be_asked_for_unit_0_and_255() -> None:
    assert parse_units("0,255", "tcp") == (0, 255)


def test_a_network_is_asked_for_a_few_and_for_the_units_at_delivery() -> None:
    assert usual_units("tcp") == range(1, 11)
    assert delivered_units("tcp", [1, 3, 247, 100]) == (100, 247)


def test_a_line_is_asked_for_as_many_as_it_carries() -> None:
    assert usual_units("rtu") == range(1, 33)
    assert delivered_units("rtu", [1, 0, 127]) == (127,)


def test_units_are_named_as_people_do() -> None:
    assert name_units([15, 1, 2, 3, 5, 6]) == "1 to 3, 5, 6, 15"
