"""Every model of the Alliance's files, encoded by an account of its own and decoded exactly."""

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import Profile, load_profile
from collector.profiles.sunspec import ModelStart
from tests.collector.profiles.sunspec_device import BASE, NUMBERS, Answer, Device, random_device

INVERTER = load_profile("sunspec_101_103")
STRINGS = load_profile("sunspec_160")
METER = load_profile("sunspec_201_204")
MARKER = [0x5375, 0x6E53]
END = [0xFFFF, 0]


def stranger(number: int) -> Profile:
    """Return a profile that does not name the model."""
    return INVERTER if number == 160 else STRINGS


def decode(number: int, device: Device) -> list[Decoded]:
    """Decode a device; leave out the marker and the common model before the model asked for."""
    words = [device.words[address] for address in range(BASE, device.next)]
    decoded = decode_blocks(stranger(number), [Captured(3, BASE, words)])
    return [one for one in decoded if one.address >= device.points[0].address]


def answers(number: int, device: Device) -> dict[int, Answer]:
    """Return value and quality by address."""
    return {one.address: comparable(one) for one in decode(number, device)}


def comparable(one: Decoded) -> Answer:
    """Return an answer as the expectation writes it."""
    value = Fraction(one.value) if isinstance(one.value, int | Decimal) else one.value
    return value, str(one.quality)


def wrong(found: Mapping[int, Answer], expected: Mapping[int, Answer]) -> list[str]:
    """Name each difference."""
    return [
        f"{address}: {found.get(address)}, expected {expected.get(address)}"
        for address in sorted({*found, *expected})
        if found.get(address) != expected.get(address)
    ]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("seed", range(5))
def test_every_point_of_a_model_is_answered_exactly(number: int, seed: int) -> None:
    device = random_device(number, seed)

    assert wrong(answers(number, device), device.expected()) == []


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("seed", range(3))
def test_a_point_with_a_missing_word_is_unread(number: int, seed: int) -> None:
    device = random_device(number, seed)
    device.lose(0.2)

    assert wrong(answers(number, device), device.expected()) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_no_word_for_nothing_becomes_a_value(number: int) -> None:
    device = random_device(number, 9, is_silent=True)

    assert wrong(answers(number, device), device.expected()) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_every_point_has_a_name_of_its_own(number: int) -> None:
    names = [one.quantity for one in decode(number, random_device(number, 4))]

    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [one for one in names if not re.fullmatch(rf"m{number}(x2)?(_[a-z0-9]+)+", one)] == []
    assert max(len(name) for name in names) <= 64


def test_all_models_are_there() -> None:
    assert len(NUMBERS) == 112


HEAD = [*MARKER, 1, 66, *[0x4142] * 16, *[0] * 50]


def capture(*parts: list[int]) -> Captured:
    """Lay parts one behind the other behind a marker and a common model."""
    return Captured(3, BASE, [*HEAD, *(word for part in parts for word in part), *END])


def by_name(decoded: list[Decoded]) -> dict[str, Decoded]:
    """Return the answers by quantity."""
    return {one.quantity: one for one in decoded}


STRING_MODEL = [160, 48, 0, 0xFFFF, 0, 0, 0, 0, 2, 0]
STRING_1 = [1, *[0] * 8, 55, 400, 22_000, 0, 100, 0, 0, 30, 4, 0, 0]
STRING_2 = [2, *[0] * 8, 44, 300, 13_200, 0, 70, 0, 0, 29, 4, 0, 0]


def test_the_strings_of_an_inverter_are_read_beside_its_own_model() -> None:
    inverter = [103, 50, *[0] * 12, 500, *[0] * 37]
    strings = [*STRING_MODEL, *STRING_1, *STRING_2]

    found = by_name(decode_blocks(INVERTER, [capture(inverter, strings)]))

    assert found["ac_power"].value == 500
    assert (found["m160_n"].value, found["m160_module_1_dca"].value) == (2, 55)
    assert (found["m160_module_2_dcw"].value, found["m160_module_2_dcw"].unit) == (13_200, "W")
    assert found["m160_module_1_dcst"].value == "mppt"
    # 0xFFFF is the scale factor -1 of the voltages.
    assert found["m160_module_2_dcv"].value == 30


def test_a_point_of_a_family_that_the_facts_do_not_name_is_answered_too() -> None:
    strings = [*STRING_MODEL, *STRING_1, *STRING_2]

    found = by_name(decode_blocks(STRINGS, [capture(strings)]))

    assert [found[f"m160_module_{number}_id"].value for number in (1, 2)] == [1, 2]
    assert "m160_module_1_dca" not in found


def test_of_a_model_that_no_file_defines_number_and_length_are_answered() -> None:
    found = by_name(decode_blocks(INVERTER, [capture([64_999, 3, 7, 8, 9])]))

    assert (found["model_id"].value, found["model_length"].value) == (64_999, 3)


def test_a_second_model_of_one_number_has_names_of_its_own() -> None:
    strings = [*STRING_MODEL, *STRING_1, *STRING_2]

    found = by_name(decode_blocks(INVERTER, [capture(strings, strings)]))

    assert (found["m160_n"].address, found["m160x2_n"].address) == (40_078, 40_128)


def test_a_model_that_is_longer_than_its_file_is_stepped_over_whole() -> None:
    nameplate = [120, 28, 4, 5_000, *[0] * 24, 7, 7]
    inverter = [103, 50, *[0] * 12, 500, *[0] * 37]

    found = by_name(decode_blocks(INVERTER, [capture(nameplate, inverter)]))

    assert (found["m120_dertyp"].value, found["m120_wrtg"].value) == ("pv", 5_000)
    assert found["ac_power"].value == 500


def test_a_model_that_is_shorter_than_its_file_answers_what_stands_in_it() -> None:
    nameplate = [120, 3, 4, 5_000, 0]
    inverter = [103, 50, *[0] * 12, 500, *[0] * 37]

    found = by_name(decode_blocks(INVERTER, [capture(nameplate, inverter)]))

    assert [name for name in found if name.startswith("m120")] == [
        "m120_id",
        "m120_l",
        "m120_dertyp",
        "m120_wrtg",
        "m120_wrtg_sf",
    ]
    assert found["ac_power"].value == 500


def test_a_value_whose_scale_factor_is_behind_the_model_is_not_answered() -> None:
    nameplate = [120, 2, 4, 5_000]

    found = by_name(decode_blocks(INVERTER, [capture(nameplate, [103, 50, *[1] * 50])]))

    assert "m120_wrtg" not in found


@pytest.mark.parametrize("state", [0, 7])
def test_a_frame_of_zeros_is_implausible_in_a_model_of_another_family(state: int) -> None:
    inverter = [103, 50, *[0] * 36, state, *[0] * 13]

    decoded = decode_blocks(METER, [capture(inverter)])

    found = [one for one in decoded if one.quantity.startswith("m103") and one.address > 40_071]
    assert {str(one.quality) for one in found} == {"implausible"}


@pytest.mark.parametrize("number", [111, 213, 401, 404, 501, 502, 701, 713, 714])
def test_a_model_that_measures_and_is_all_zeros_has_no_value(number: int) -> None:
    decoded = decode_blocks(INVERTER, [capture([number, 40, *[0] * 40])])

    found = [one for one in decoded if one.quantity.startswith(f"m{number}")][2:]
    assert {(one.value, str(one.quality)) for one in found} == {(None, "implausible")}


def test_a_model_of_settings_may_be_all_zeros() -> None:
    found = by_name(decode_blocks(INVERTER, [capture([123, 24, *[0] * 24])]))

    assert (found["m123_conn"].value, str(found["m123_conn"].quality)) == ("disconnect", "measured")


def test_models_behind_the_one_that_is_told_are_answered_too() -> None:
    block = Captured(3, 40_083, [500, 0, *[0] * 36, 120, 26, 4, 5_000, *[0] * 24, *END])

    found = by_name(decode_blocks(INVERTER, [block], ModelStart(40_069)))

    assert (found["ac_power"].value, found["m120_wrtg"].value) == (500, 5_000)


def test_a_model_in_a_later_block_is_answered_beside_the_one_that_is_told() -> None:
    told = Captured(3, 40_083, [500, 0])
    nameplate = Captured(3, 40_200, [120, 26, 4, 5_000, *[0] * 24])

    found = by_name(decode_blocks(INVERTER, [told, nameplate], ModelStart(40_069)))

    assert (found["ac_power"].value, found["m120_wrtg"].value) == (500, 5_000)


def test_a_curve_whose_number_of_points_did_not_come_answers_only_its_head() -> None:
    curve = [1, 0, 1, 1, 10, 20, 30, 40]
    words = [712, 28, 1, 0, 0, None, 2, *[0] * 5, 0, 0, *curve, *curve]

    found = by_name(decode_blocks(INVERTER, [Captured(3, BASE, [*HEAD, *words, *END])]))

    assert found["m712_crv_1_actpt"].value == 1
    assert [name for name in found if "_pt_" in name or "crv_2" in name] == []


def test_a_meter_told_by_its_address_belongs_to_the_common_model_before_it() -> None:
    maker = [int.from_bytes(b"SolarEdge\0"[at : at + 2], "big") for at in range(0, 10, 2)]
    common = Captured(3, BASE, [*MARKER, 1, 65, *maker, *[0] * 60])
    meter = Captured(3, 40_206, [50, 0, 0, 0, 1])

    found = by_name(decode_blocks(METER, [common, meter], ModelStart(40_188, 203)))

    assert found["grid_power"].value == -500


@pytest.mark.parametrize("length", [65, 66])
def test_a_length_that_did_not_come_is_known_by_what_follows(length: int) -> None:
    common = [*MARKER, 1, None, *[0x4142] * 16, *[0] * (length - 16)]
    inverter = [103, None, *[0] * 12, 500, *[0] * 37, *END]

    found = by_name(decode_blocks(INVERTER, [Captured(3, BASE, [*common, *inverter])]))

    assert (found["ac_power"].value, found["ac_power"].address) == (500, BASE + length + 18)


def test_a_model_whose_number_did_not_come_is_stepped_over() -> None:
    nameless = [None, 26, *[0] * 26]
    words = [*HEAD, *nameless, 103, 50, *[0] * 12, 500, *[0] * 37, *END]
    found = by_name(decode_blocks(INVERTER, [Captured(3, BASE, words)]))

    assert found["ac_power"].value == 500


def test_a_capture_may_start_at_a_model_of_another_family() -> None:
    block = Captured(3, 40_121, [120, 26, 4, 5_000, *[0] * 24])

    found = by_name(decode_blocks(INVERTER, [block]))

    assert found["m120_wrtg"].value == 5_000
