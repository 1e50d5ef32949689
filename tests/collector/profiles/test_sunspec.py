"""SunSpec captures: models are found wherever they start, and read by their own lengths."""

from collections.abc import Sequence

import pytest

from collector.errors import ConfigurationError
from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import load_profile
from collector.profiles.sunspec import ModelStart

MARKER = [0x5375, 0x6E53]
END = [65_535, 0]
INVERTER = load_profile("sunspec_101_103")
METER = load_profile("sunspec_201_204")


def common(manufacturer: str = "Fronius", length: int = 66) -> list[int]:
    """Write a common model."""
    text = manufacturer.encode("ascii").ljust(32, b"\0")
    words = [int.from_bytes(text[at : at + 2], "big") for at in range(0, 32, 2)]
    return [1, length, *words, *[0] * (length - 16)]


def model(number: int, length: int, **points: int) -> list[int]:
    """Write a model whose words are zero but for those at the offsets told as `at_14=500`."""
    words = [number, length, *[0] * length]
    for name, word in points.items():
        words[int(name.removeprefix("at_"))] = word & 0xFFFF
    return words


def meter(**points: int) -> list[int]:
    """Write a meter that imports 500 W in units of ten, at 50 Hz."""
    told = {"at_18": 50, "at_16": 50, "at_22": 1} | points
    return model(203, 105, **told)


def capture(base: int, *parts: Sequence[int]) -> Captured:
    """Lay parts one behind the other."""
    return Captured(3, base, [word for part in parts for word in part])


def by_name(decoded: list[Decoded]) -> dict[str, Decoded]:
    """Return the answers by quantity; the last of a name stays."""
    return {one.quantity: one for one in decoded}


@pytest.mark.parametrize("base", [0, 40_000, 50_000, 1_234])
@pytest.mark.parametrize("length", [65, 66])
def test_models_are_found_wherever_the_map_starts(base: int, length: int) -> None:
    whole = capture(base, MARKER, common(length=length), model(103, 50, at_14=500), END)

    found = by_name(decode_blocks(INVERTER, [whole]))

    assert (found["ac_power"].value, found["ac_power"].address) == (500, base + length + 18)
    assert (found["sunspec_marker"].value, found["sunspec_marker"].address) == ("SunS", base)
    assert (found["model_id"].value, found["model_length"].value) == (103, 50)


def test_an_unknown_model_is_stepped_over_by_its_length() -> None:
    whole = capture(
        40_000, MARKER, common(), model(120, 26), model(64_001, 9), model(101, 50, at_14=7), END
    )

    assert by_name(decode_blocks(INVERTER, [whole]))["ac_power"].value == 7


def test_every_model_of_the_family_is_answered() -> None:
    whole = capture(40_000, MARKER, common(), meter(), common(), meter(at_18=60), END)

    decoded = decode_blocks(METER, [whole])

    assert [one.value for one in decoded if one.quantity == "grid_power"] == [500, 600]


def test_a_capture_that_starts_at_a_model_is_walked_from_there() -> None:
    found = by_name(decode_blocks(INVERTER, [capture(40_069, model(103, 50, at_14=500))]))

    assert (found["ac_power"].value, found["ac_power"].address) == (500, 40_083)


def test_a_map_in_several_blocks_is_walked_across_them() -> None:
    words = capture(40_000, MARKER, common(), model(103, 50, at_14=500), END).words
    blocks = [Captured(3, 40_000 + at, words[at : at + 50]) for at in range(0, len(words), 50)]

    assert by_name(decode_blocks(INVERTER, blocks))["ac_power"].value == 500


def test_a_marker_inside_a_text_starts_no_map() -> None:
    whole = capture(40_000, MARKER, common("xxSunSpec"), model(103, 50, at_14=500), END)

    decoded = decode_blocks(INVERTER, [whole])

    assert [one.address for one in decoded if one.quantity == "sunspec_marker"] == [40_000]


@pytest.mark.parametrize(
    ("manufacturer", "power"), [("SolarEdge", -500), ("SolarEdge ", -500), ("Fronius", 500)]
)
def test_a_meter_that_counts_export_positive_is_turned_round(manufacturer: str, power: int) -> None:
    whole = capture(40_000, MARKER, common(manufacturer), meter(), END)

    found = by_name(decode_blocks(METER, [whole]))

    assert (found["grid_power"].value, found["frequency"].value) == (power, 50)


def test_the_override_is_of_the_common_model_before_the_meter() -> None:
    whole = capture(40_000, MARKER, common("Other"), meter(), common("SolarEdge", 65), meter(), END)

    decoded = decode_blocks(METER, [whole])

    assert [one.value for one in decoded if one.quantity == "grid_power"] == [500, -500]


@pytest.mark.parametrize("factor", [-32_768, -11, 11, 32_767])
def test_a_bad_scale_factor_makes_its_whole_group_not_available(factor: int) -> None:
    block = capture(40_069, model(103, 50, at_2=5, at_3=5, at_6=factor, at_14=500))

    found = by_name(decode_blocks(INVERTER, [block]))

    assert {str(found[name].quality) for name in ("ac_current", "ac_current_l1", "a_sf")} == {
        "not_available"
    }
    assert found["ac_power"].value == 500


@pytest.mark.parametrize(("factor", "power"), [(-10, "3E-9"), (0, "30"), (4, "300000")])
def test_a_scale_factor_is_a_power_of_ten(factor: int, power: str) -> None:
    block = capture(40_069, model(103, 50, at_14=30, at_15=factor))

    assert str(by_name(decode_blocks(INVERTER, [block]))["ac_power"].value) == power


def test_a_point_without_its_scale_factor_is_unread() -> None:
    block = Captured(3, 40_083, (500,))

    (one,) = decode_blocks(INVERTER, [block], ModelStart(40_069))

    assert (one.quantity, str(one.quality), one.raw) == ("ac_power", "unread", (500,))


def test_a_counter_of_zero_is_not_available() -> None:
    block = capture(40_069, model(103, 50, at_14=500))

    assert str(by_name(decode_blocks(INVERTER, [block]))["energy_total"].quality) == (
        "not_available"
    )


@pytest.mark.parametrize("state", [0, 7])
def test_a_frame_of_zeros_is_implausible_throughout(state: int) -> None:
    whole = capture(40_000, MARKER, common(), model(103, 50, at_38=state), END)

    decoded = [one for one in decode_blocks(INVERTER, [whole]) if one.address > 40_071]

    assert {str(one.quality) for one in decoded} == {"implausible"}
    assert {one.value for one in decoded} == {None}


def test_a_frame_of_zeros_with_another_state_is_a_night() -> None:
    block = capture(40_069, model(103, 50, at_38=2))

    found = by_name(decode_blocks(INVERTER, [block]))

    assert (found["ac_power"].value, found["status"].value) == (0, "sleeping")


def test_modules_are_numbered_from_one() -> None:
    block = capture(40_122, model(160, 48, at_8=2, at_21=300, at_41=400))

    found = by_name(decode_blocks(load_profile("sunspec_160"), [block]))

    assert (found["dc_power_1"].value, found["dc_power_2"].value) == (300, 400)
    assert "dc_power_3" not in found


def test_the_modules_of_a_frame_of_zeros_are_implausible_too() -> None:
    block = capture(40_122, model(160, 48))

    found = by_name(decode_blocks(load_profile("sunspec_160"), [block]))

    assert {str(found[f"dc_power_{number}"].quality) for number in (1, 2)} == {"implausible"}


@pytest.mark.parametrize("modules", [2, None])
def test_a_module_that_is_cut_off_is_answered_as_far_as_it_came(modules: int | None) -> None:
    words = model(160, 48, at_21=300, at_41=400)[2:42]
    block = Captured(3, 40_124, [*words[:6], modules, *words[7:]])

    found = by_name(decode_blocks(load_profile("sunspec_160"), [block], ModelStart(40_122)))

    assert found["dc_power_2"].value == 400
    assert "dc_energy_total_2" not in found


def test_a_model_that_is_told_is_decoded_where_it_is_told() -> None:
    block = Captured(3, 40_083, (500, 0))

    found = by_name(decode_blocks(INVERTER, [block], ModelStart(40_069, 101)))

    assert found["ac_power"].value == 500


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        (ModelStart(40_069, 9_999), "model 9999 at 40069 is not of sunspec_101_103"),
        (ModelStart(40_083), "model 500 at 40083 is not of sunspec_101_103"),
        (None, "no SunSpec marker"),
    ],
)
def test_a_capture_without_a_model_is_refused(start: ModelStart | None, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        decode_blocks(INVERTER, [Captured(3, 40_083, (500, 0))], start)


@pytest.mark.parametrize(
    ("length", "names"),
    [
        (3, {"model_id", "model_length"}),
        (
            5,
            {"model_id", "model_length", "a_sf"}
            | {f"ac_current{line}" for line in ("", "_l1", "_l2", "_l3")},
        ),
    ],
)
def test_a_model_that_is_too_short_takes_nothing_from_the_next_one(
    length: int, names: set[str]
) -> None:
    whole = capture(40_000, MARKER, common(), model(103, length, at_2=5), [64_999, 50, *[1] * 50])

    decoded = decode_blocks(INVERTER, [whole])

    assert {one.quantity for one in decoded if one.address >= 40_070} == names


def lost(words: Sequence[int], *addresses: int) -> list[Captured]:
    """Capture a map from 40,000 on without some of its words."""
    return [
        Captured(
            3,
            40_000,
            [None if at in addresses else word for at, word in enumerate(words, 40_000)],
        )
    ]


@pytest.mark.parametrize(
    ("addresses", "behind"),
    [
        ((40_070,), END),
        ((40_070,), []),
        ((40_071,), END),
        ((40_071,), []),
        ((40_070, 40_071), END),
        ((40_070, 40_071), [120, 26]),
        ((40_002, 40_003), END),
        ((40_002, 40_003), []),
    ],
)
def test_a_map_is_walked_without_a_header_that_did_not_come(
    addresses: tuple[int, ...], behind: list[int]
) -> None:
    words = [*MARKER, *common(), *model(103, 50, at_14=500), *behind]

    found = by_name(decode_blocks(INVERTER, lost(words, *addresses)))

    assert (found["ac_power"].value, found["ac_power"].address) == (500, 40_084)


def test_a_model_without_its_number_behind_one_without_a_common_model_is_passed_over() -> None:
    block = capture(40_069, model(103, 50, at_14=500), [64_999, 66], [7] * 66, [120, 26], [5] * 26)
    words = [None if at == 52 else word for at, word in enumerate(block.words)]

    found = by_name(decode_blocks(INVERTER, [Captured(3, 40_069, words)]))

    assert (found["ac_power"].value, found["m120_dertyp"].address) == (500, 40_191)


def test_a_model_without_its_number_is_no_second_one_of_the_family() -> None:
    words = [*MARKER, *common(), *model(103, 50, at_14=500), *model(702, 50, at_14=4_000), *END]

    decoded = decode_blocks(INVERTER, lost(words, 40_122))

    assert [one.value for one in decoded if one.quantity == "ac_power"] == [500]


@pytest.mark.parametrize("cut", [1, 2, 3, 10, 60, 70, 71, 90])
def test_a_map_that_ends_early_answers_what_is_there(cut: int) -> None:
    words = capture(40_000, MARKER, common(), model(103, 50, at_14=500), END).words
    known = by_name(decode_blocks(INVERTER, [Captured(3, 40_000, words[: cut + 20])]))

    assert known["sunspec_marker"].value == "SunS"
