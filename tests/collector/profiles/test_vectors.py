"""Words that real devices answered, with the values that they showed."""

import json
from decimal import Decimal
from typing import Any

import pytest

from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import load_profile
from collector.profiles.sunspec import ModelStart
from tests.requirements import shared_data

VECTORS = (
    "goodwe_dt_GW6000_DT",
    "goodwe_dt_GW5000D_NS",
    "goodwe_dt_GW10K_MS_30",
    "goodwe_dt_GW20KAU_DT",
    "goodwe_dt_GW50KS_MT",
    "huawei_night_model",
    "huawei_night_rated",
    "huawei_night_power_factor_day_peak",
    "huawei_night_status",
    "huawei_night_today",
    "huawei_meter_absent_meter_power",
    "solaredge_101",
    "solaredge_meter_203",
    "sungrow_winet_scale_trap",
    "rtu_sdm630_l3_import",
    "sdm630_float_000c",
    "sdm630_float_00ea",
    "chint_ddsu666",
    "fronius_zero_frame",
    "victron_grid_negative",
    "solaredge_103_full_frame",
)
MODEL_AT = {"sunspec_101_103": 40_069, "sunspec_201_204": 40_188}
FACTORS = {"kWh": Decimal(1000), "%": Decimal(1)}
# The device shows per cent, the quantity is 1; two displays round to two digits.
PER_CENT = ("PF",)
ROUNDED = {"rtu_sdm630_l3_import": 5, "sdm630_float_000c": "0.005", "sdm630_float_00ea": "0.005"}
WITHHELD = ("sungrow_winet_scale_trap",)


def vectors() -> dict[str, Any]:
    """Return the captures by id, numbers as exact decimals."""
    text = (shared_data() / "register_dumps.json").read_text(encoding="utf-8")
    return {one["id"]: one for one in json.loads(text, parse_float=Decimal)["vectors"]}


def decode(vector: dict[str, Any]) -> dict[int, Decoded]:
    """Decode a vector; return the answers by address."""
    at = MODEL_AT.get(vector["family"])
    block = Captured(vector["function_code"], vector["start_addr"], vector["registers"])
    start = None if at is None else ModelStart(at)
    return {
        one.address: one for one in decode_blocks(load_profile(vector["family"]), [block], start)
    }


def shown(expected: dict[str, Any]) -> object:
    """Return what the device showed, in base units."""
    value = expected["value"]
    if not isinstance(value, int | Decimal) or expected["unit"].startswith(("code", "enum")):
        return value
    factor = Decimal("0.01") if expected["quantity"] in PER_CENT else Decimal(1)
    return value * FACTORS.get(expected["unit"], Decimal(1)) * factor


def agree(one: Decoded, expected: dict[str, Any], rounded: Decimal) -> bool:
    """Say whether an answer is what the device showed; of an enumeration the number counts."""
    value = shown(expected)
    if isinstance(value, int) and isinstance(one.value, str):
        return one.raw == (value,)
    if isinstance(value, int | Decimal) and isinstance(one.value, int | Decimal):
        return abs(one.value - value) <= rounded
    return one.value == value


@pytest.mark.parametrize("name", VECTORS)
def test_a_capture_gives_what_the_device_showed(name: str) -> None:
    vector = vectors()[name]
    expected = [] if name in WITHHELD else vector["expected"]
    rounded = Decimal(ROUNDED.get(name, 0))

    decoded = decode(vector)

    assert [one for one in expected if not agree(decoded[one["addr"]], one, rounded)] == []


def test_no_capture_is_left_out() -> None:
    assert tuple(vectors()) == VECTORS


def test_a_frequency_ten_times_too_large_is_withheld() -> None:
    one = decode(vectors()["sungrow_winet_scale_trap"])[5035]

    assert (one.value, str(one.quality)) == (None, "implausible")


def test_a_frame_of_zeros_is_implausible_throughout() -> None:
    decoded = decode(vectors()["fronius_zero_frame"]).values()

    assert {(str(one.quality), one.value) for one in decoded} == {("implausible", None)}
