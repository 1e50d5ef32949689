from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.profiles.decode import Decoded, decode_blocks, shortest_decimal
from collector.profiles.layout import Captured
from collector.profiles.profile import load_profile


def decode(profile: str, address: int, *words: int | None, code: int = 3) -> Decoded:
    """Decode one register."""
    (one,) = decode_blocks(load_profile(profile), [Captured(code, address, words)])
    return one


def judged(one: Decoded) -> tuple[object, str]:
    """Return value and quality."""
    return one.value, str(one.quality)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ((0x41FA, 0x177C), "31.261467"),
        ((0x3FE3, 0xC961), "1.7795831"),
        ((0x3DCC, 0xCCCD), "0.1"),
        ((0x4000, 0x0000), "2"),
        ((0x8000, 0x0000), "0"),
    ],
)
def test_a_float_is_the_shortest_decimal(words: tuple[int, int], value: str) -> None:
    one = decode("eastron_sdm", 12, *words, code=4)

    assert judged(one) == (Decimal(value), "measured")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ((0x4BFE, 0x36F1), 33_320_418),
        ((0x4D00, 0x0001), 134_217_744),
        ((0x5090, 0x94B9), 19_405_326_336),
    ],
)
def test_a_float_that_is_a_whole_number_keeps_every_watt_hour(
    words: tuple[int, int], value: int
) -> None:
    one = decode("goodwe_et", 36_015, *words)

    assert judged(one) == (value, "measured")


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
@example(2.0**-96)
@example(2.0**90)
@example(-(2.0**90))
@example(2.0**-149)
def test_no_shorter_decimal_is_this_float(single: float) -> None:
    other = Decimal(np.format_float_scientific(np.float32(single), unique=True))

    assert shortest_decimal(single) == other


def test_a_whole_value_is_an_integer() -> None:
    one = decode("huawei_sun2000", 32_085, 6000)

    assert judged(one) == (60, "measured")
    assert type(one.value) is int


def test_a_value_keeps_its_exact_decimals() -> None:
    assert judged(decode("huawei_sun2000", 32_085, 5998)) == (Decimal("59.98"), "measured")


def test_a_negative_number_is_read_with_its_sign() -> None:
    assert judged(decode("huawei_sun2000", 32_080, 0xFFFF, 0xFFFE)) == (-2, "measured")


def test_grid_power_is_turned_to_positive_from_the_grid() -> None:
    assert judged(decode("huawei_sun2000", 37_113, 0, 500)) == (-500, "measured")


def test_an_offset_is_added_before_the_multiplier() -> None:
    assert judged(decode("deye_string", 91, 1_253)) == (Decimal("25.3"), "measured")


def test_a_mask_is_laid_over_the_raw_number() -> None:
    one = decode("growatt_min_tlx_3000", 3000, 0x0501, code=4)

    assert judged(one) == ("normal", "measured")
    assert one.raw == (0x0501,)


def test_words_that_do_not_lie_side_by_side_are_joined() -> None:
    blocks = [Captured(3, 78, (0x0001, 6000, 0x0002))]

    decoded = decode_blocks(load_profile("deye_hybrid_1p"), blocks)

    assert [(one.quantity, one.value, one.raw) for one in decoded] == [
        ("import_energy_total", 13_107_300, (1, 2)),
        ("frequency", 60, (6000,)),
    ]


def test_a_code_that_is_not_listed_is_unknown() -> None:
    one = decode("huawei_sun2000", 32_089, 0x7777)

    assert judged(one) == (None, "unknown_code")
    assert one.raw == (0x7777,)


@pytest.mark.parametrize("words", [(None, 0), (0, None), (None, None)])
def test_a_missing_word_is_unread(words: Sequence[int | None]) -> None:
    assert judged(decode("huawei_sun2000", 32_080, *words)) == (None, "unread")


def test_a_register_that_is_only_touched_is_unread() -> None:
    one = decode("huawei_sun2000", 32_081, 500)

    assert (one.quantity, one.address, judged(one)) == ("ac_power", 32_080, (None, "unread"))
    assert one.raw == (None, 500)


def test_a_register_outside_the_capture_is_not_answered() -> None:
    assert decode_blocks(load_profile("huawei_sun2000"), [Captured(3, 1, (7,))]) == []


def test_words_of_two_blocks_are_joined() -> None:
    blocks = [Captured(3, 32_081, (500,)), Captured(3, 32_080, (0,))]

    decoded = decode_blocks(load_profile("huawei_sun2000"), blocks)

    assert [one.value for one in decoded] == [500]


def test_a_register_of_two_tables_is_read_from_the_one_that_was_captured() -> None:
    blocks = [Captured(4, 30_775, (0, 1_500))]

    decoded = decode_blocks(load_profile("sma_modbus"), blocks)

    assert [(one.quantity, one.value) for one in decoded] == [("ac_power", 1_500)]


def test_a_word_that_only_the_other_table_holds_is_taken_from_there() -> None:
    blocks = [Captured(3, 30_775, (0,)), Captured(4, 30_776, (1_500,))]

    decoded = decode_blocks(load_profile("sma_modbus"), blocks)

    assert [(one.value, one.raw) for one in decoded] == [(1_500, (0, 1_500))]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ((0x4142, 0x4300, 0, 0, 0, 0, 0, 0, 0, 0), ("ABC", "measured")),
        ((0x4142, 0x2020, 0, 0, 0, 0, 0, 0, 0, 0), ("AB", "measured")),
        ((0xFFFF,) * 10, (None, "implausible")),
    ],
)
def test_a_text_ends_before_its_padding(words: Sequence[int], answer: tuple[object, str]) -> None:
    assert judged(decode("huawei_sun2000", 30_015, *words)) == answer


def test_answers_are_ordered_by_address() -> None:
    blocks = [Captured(3, 32_106, (0, 1)), Captured(3, 32_080, (0, 1))]

    decoded = decode_blocks(load_profile("huawei_sun2000"), blocks)

    assert [one.address for one in decoded] == [32_080, 32_106]
