"""What a simulated device says is what reading it gives."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from collector.errors import ConfigurationError
from collector.profiles.decode import Decoded, decode_blocks
from collector.profiles.layout import Captured
from collector.profiles.profile import list_profiles, load_profile
from collector.reading import Value
from collector.simulator.registers import Image, Nameplate, encode


def read(profile: str, image: Image) -> dict[str, Decoded]:
    """Decode an image as if every word had been read."""
    blocks = [Captured(code, address, (word,)) for (code, address), word in image.items()]
    return {one.quantity: one for one in decode_blocks(load_profile(profile), blocks)}


@pytest.mark.parametrize(
    ("profile", "values"),
    [
        (
            "huawei_sun2000",
            {"ac_power": 12_345, "energy_total": 98_765_430, "ac_voltage_l1": Decimal("221.3")},
        ),
        ("huawei_sun2000", {"grid_power": -3, "status": "On-grid", "serial_number": "HV123"}),
        ("eastron_sdm", {"grid_power": -421, "import_energy_total": 1_234_567}),
        ("chint_ddsu666", {"import_energy_total": 1_234, "frequency": Decimal("59.98")}),
        ("sunspec_101_103", {"ac_power": 12_345, "energy_total": 4_294_967_295, "status": "MPPT"}),
        ("sunspec_101_103", {"ac_power": Decimal("1389.4"), "frequency": Decimal("49.982")}),
        (
            "sunspec_201_204",
            {"grid_power": -1, "import_energy_total": 1, "export_energy_total": 21_267_458},
        ),
        ("deye_string", {"temperature": Decimal("25.3"), "energy_total": 70_000_100}),
        ("deye_hybrid_1p", {"import_energy_total": 13_107_300}),
        ("sma_modbus", {"energy_total": 33_319_778}),
    ],
)
def test_what_is_encoded_is_read_again(profile: str, values: Mapping[str, Value]) -> None:
    found = read(profile, encode(load_profile(profile), values))

    assert {name: found[name].value for name in values} == values


@pytest.mark.parametrize(("power_w", "shown_w"), [(32_767, 32_767), (41_234, 41_230)])
def test_a_large_power_is_shown_in_coarser_units(power_w: int, shown_w: int) -> None:
    image = encode(load_profile("sunspec_101_103"), {"ac_power": power_w})

    assert read("sunspec_101_103", image)["ac_power"].value == shown_w


def test_what_is_not_told_is_not_available() -> None:
    found = read("sunspec_201_204", encode(load_profile("sunspec_201_204"), {"grid_power": 5}))

    assert str(found["ac_voltage_l1"].quality) == "not_available"
    assert found["grid_power"].value == 5


def test_a_sunspec_device_has_a_nameplate() -> None:
    nameplate = Nameplate("SolarEdge", "SE10K", "7E1234", model=103, base=50_000)

    image = encode(load_profile("sunspec_101_103"), {"ac_power": 5}, nameplate)

    assert [image[3, 50_000 + at] for at in range(5)] == [0x5375, 0x6E53, 1, 66, 0x536F]
    assert [image[3, 50_070 + at] for at in range(2)] == [103, 50]
    assert [image[3, 50_122 + at] for at in range(2)] == [65_535, 0]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"ac_powr": 5}, "has no register for ac_powr"),
        ({"ac_voltage_l1": 70_000}, "ac_voltage_l1 has no room for 70000"),
        ({"status": "dancing"}, "status has no code for 'dancing'"),
        ({"serial_number": "x" * 21}, "serial_number has no room for xxx"),
    ],
)
def test_what_cannot_be_said_is_refused(values: Mapping[str, Value], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        encode(load_profile("huawei_sun2000"), values)


@pytest.mark.parametrize("name", sorted(set(list_profiles()) - {"sunspec_160"}))
def test_every_family_with_a_fixed_layout_can_be_simulated(name: str) -> None:
    profile = load_profile(name)

    assert {code for code, _ in encode(profile, {})} == set(profile.function_codes)


def test_module_blocks_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="module blocks cannot be simulated yet"):
        encode(load_profile("sunspec_160"), {})
