"""Every family is recognised by what it answers: captures of real devices, and modelled ones."""

from random import Random

import pytest

from collector.profiles.profile import list_profiles, load_profile
from collector.simulator.modbus_server import ModbusServer, serve_memory
from tests.collector.profiles.sunspec_device import random_device
from tests.collector.scanning.roofs import (
    at_night,
    at_noon,
    captures,
    image_of,
    names_of,
    scan_line,
    scan_url,
    serve_capture,
    serve_zeros,
)

RECOGNISED = {
    "goodwe_dt_GW6000_DT": "likely goodwe_dt_dns",
    "goodwe_dt_GW5000D_NS": "likely goodwe_dt_dns",
    "goodwe_dt_GW10K_MS_30": "likely goodwe_dt_dns",
    "goodwe_dt_GW20KAU_DT": "likely goodwe_dt_dns",
    "goodwe_dt_GW50KS_MT": "likely goodwe_dt_dns",
    "huawei_night_model": "certain huawei_sun2000",
    "huawei_night_rated": "possible huawei_sun2000",
    "huawei_night_power_factor_day_peak": "possible huawei_sun2000",
    "huawei_night_status": "possible huawei_sun2000",
    "huawei_night_today": "possible huawei_sun2000",
    "huawei_meter_absent_meter_power": "possible huawei_sun2000",
    "solaredge_101": "possible sunspec_101_103",
    "solaredge_meter_203": "possible sunspec_201_204",
    "sungrow_winet_scale_trap": "possible sungrow_sg sungrow_sh",
    "rtu_sdm630_l3_import": "possible eastron_sdm",
    "sdm630_float_000c": "possible eastron_sdm growatt_mic_legacy",
    "sdm630_float_00ea": "possible eastron_sdm",
    "chint_ddsu666": "likely chint_ddsu666",
    "fronius_zero_frame": (
        "possible sunspec_101_103 sunspec_111_113 sunspec_201_204 sunspec_211_214"
    ),
    "victron_grid_negative": "possible victron_gx",
    "solaredge_103_full_frame": "possible sunspec_101_103",
}
FAMILIES = [name for name in list_profiles() if not name.startswith("sunspec_")]


@pytest.mark.parametrize(("name", "expected"), RECOGNISED.items(), ids=RECOGNISED)
def test_a_captured_device_is_recognised_over_modbus(name: str, expected: str) -> None:
    with ModbusServer(serve_capture(captures()[name])) as server:
        (found,) = scan_url(f"tcp://127.0.0.1:{server.port}").found

    sure = found.fits[0].sure
    equals = [one.profile.name for one in found.fits if one.sure == sure]
    assert f"{sure} {' '.join(equals)}" == expected


def test_no_capture_is_left_out_and_each_names_its_family_first() -> None:
    families = {name: one["family"] for name, one in captures().items()}

    assert {name: told.split()[1] for name, told in RECOGNISED.items()} == families


def test_one_register_that_two_families_share_names_both() -> None:
    scan = scan_line({1: serve_capture(captures()["sungrow_winet_scale_trap"])})

    assert names_of(scan) == ["sungrow_sg", "sungrow_sh"]
    assert "frequency 499.7 Hz (ten times too large" in scan.found[0].fits[0].why[-1]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_is_likely_at_noon(family: str) -> None:
    image = image_of(family, at_noon(load_profile(family)))

    (found,) = scan_line({1: serve_memory(image)}).found

    assert found.fits[0].profile.name == family
    assert found.fits[0].sure in {"certain", "likely"}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_is_likely_at_night_where_zeros_stand_for_nothing(family: str) -> None:
    image = image_of(family, at_night(load_profile(family)))

    (found,) = scan_line({1: serve_zeros(image)}).found

    assert found.fits[0].profile.name == family
    assert found.fits[0].sure in {"certain", "likely"}


@pytest.mark.parametrize("number", [101, 103, 111, 113, 160, 201, 203, 211, 213])
def test_a_sunspec_device_is_certain_by_its_models(number: int) -> None:
    words = random_device(number, seed=1).words
    memory = {(3, address): word for address, word in words.items()}

    scan = scan_line({1: serve_memory(memory)})

    (fit,) = scan.found[0].fits
    assert fit.sure == "certain"
    assert fit.profile.sunspec is not None
    assert number in fit.profile.sunspec.models
    assert scan.pace.asked < 10


@pytest.mark.parametrize("seed", range(12))
def test_a_device_of_no_family_is_never_called_likely(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  chance for a test, no secret
    memory = {(code, at): chance.randrange(65_536) for code in (3, 4) for at in range(65_536)}

    scan = scan_line({1: serve_memory(memory)})

    assert {str(fit.sure) for fit in scan.found[0].fits} <= {"possible"}
