import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from collector.errors import ConfigurationError
from collector.profiles.profile import (
    SHIPPED,
    ModuleBlock,
    Profile,
    Saying,
    SunSpec,
    VendorOverride,
    check_profiles,
    list_profiles,
    load_profile,
    load_profiles,
    profile_folders,
    read_profile,
)
from collector.profiles.register import Register
from collector.settings import Installation
from tests.requirements import ROOT

HEAD = """
title = "A meter"
function_codes = [3]
poll = ["ac_power"]
registers = [
"""
TAIL = """]
[sources]
manual = "the manual"
[codes.status]
1 = "on"
"""
POWER = (
    '{ quantity = "ac_power", address = 10, type = "u16", unit = "W", confidence = "high", '
    'sources = ["manual"] },\n'
)
VOLTAGE = (
    '{ quantity = "ac_voltage", address = 11, type = "u16", unit = "V", confidence = "high", '
    'sources = ["manual"] },\n'
)


def write(folder: Path, text: str, name: str = "own_meter") -> Path:
    """Write a profile; return its path."""
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, registers: str, head: str = HEAD) -> list[str]:
    """Return the problems of a profile with these registers."""
    with pytest.raises(ConfigurationError) as caught:
        read_profile(write(folder, head + registers + TAIL))
    return list(caught.value.problems)


@pytest.mark.parametrize("name", list_profiles())
def test_every_shipped_profile_is_right(name: str) -> None:
    assert load_profile(name, [SHIPPED]).name == name


def test_a_profile_may_be_as_small_as_one_register(tmp_path: Path) -> None:
    profile = read_profile(write(tmp_path, HEAD + POWER + TAIL))

    assert profile.name == "own_meter"
    assert [one.quantity for one in profile.registers] == ["ac_power"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('type = "u16"', 'type = "u17"'), "registers #1.type: found 'u17', allowed: 'u16'"),
        (("unit =", "unti ="), "registers #1.unti: unknown key, did you mean 'unit'?"),
        (("address = 10", "address = 70000"), "registers #1.address: found 70000, allowed: 65535"),
        (("address = 10", 'address = "10"'), "registers #1.address: found '10', allowed: a whole"),
        (('"manual"', '"manul"'), "ac_power: source 'manul' is not in [sources], did you mean 'ma"),
        (('unit = "W"', 'unit = "W", count = 2'), "registers #1: ac_power: count 2, but u16 takes"),
        (("address = 10, ", ""), "registers #1: ac_power: needs either an address or a point_off"),
        (
            ('unit = "W"', 'unit = "W", scale_factor = "W_SF"'),
            "ac_power: scale_factor W_SF is no point of type sunssf",
        ),
        (
            ('unit = "W"', 'unit = "W", multiplier = 0.1'),
            "registers #1.multiplier: found 0.1, allowed: a decimal in quotes",
        ),
        (('unit = "W"', 'unit = "W", multiplier = "0"'), "registers #1: ac_power: multiplier 0"),
        (
            ('unit = "W"', 'unit = "W", sentinels = [65536]'),
            "registers #1: ac_power: sentinel 65536 cannot be a u16: 0..65535",
        ),
        (
            ('unit = "W"', 'unit = "W", plausible = [9, 1]'),
            "registers #1: ac_power: plausible 9..1 is empty",
        ),
        (
            ('unit = "W"', 'unit = "W", codes = "status"'),
            "registers #1: ac_power: codes belong to enum16 and enum32",
        ),
        (
            ('"u16"', '"enum16", codes = "sttus"'),
            "ac_power: codes 'sttus' has no table [codes.sttus], did you mean 'status'?",
        ),
        (
            ('address = 10, type = "u16"', 'address = 65535, type = "u32"'),
            "registers #1: ac_power: ends at 65536, the last address is 65535",
        ),
        (('type = "u16"', 'type = "string"'), "registers #1: ac_power: a string needs its count"),
        (('type = "u16"', 'type = "f32", mask = 3'), "registers #1: ac_power: sentinels, mask and"),
    ],
)
def test_a_wrong_register_is_named_with_what_is_allowed(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    problems = problems_of(tmp_path, POWER.replace(*change))

    assert [one for one in problems if one.startswith(problem)] == problems[-1:]


@pytest.mark.parametrize(
    ("registers", "problem"),
    [
        (POWER + POWER.replace("10", "12"), "quantity ac_power stands 2 times; each may stand"),
        (
            POWER + VOLTAGE.replace("11", "10"),
            "ac_voltage and ac_power both hold register 10",
        ),
        (
            POWER.replace('"u16"', '"u32"') + VOLTAGE,
            "ac_voltage and ac_power both hold register 11",
        ),
        (VOLTAGE, "poll: quantity 'ac_power' is not in registers"),
    ],
)
def test_what_cannot_be_true_together_is_named(
    tmp_path: Path, registers: str, problem: str
) -> None:
    problems = problems_of(tmp_path, registers)

    assert [one for one in problems if one.startswith(problem)] == problems


def test_two_masks_may_share_a_register(tmp_path: Path) -> None:
    registers = POWER.replace('unit = "W"', 'unit = "W", mask = 255') + VOLTAGE.replace(
        "11", "10"
    ).replace('unit = "V"', 'unit = "V", mask = 65280')

    profile = read_profile(write(tmp_path, HEAD + registers + TAIL))

    assert [one.mask for one in profile.registers] == [255, 65_280]


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    registers = POWER.replace("unit =", "unti =") + VOLTAGE.replace("u16", "u61")

    problems = problems_of(tmp_path, registers, HEAD.replace("title", "titel"))

    assert [one.split(":")[0] for one in problems] == [
        "title",
        "registers #1.unit",
        "registers #1.unti",
        "registers #2.type",
        "titel",
    ]


@pytest.mark.parametrize("text", ["title = ", "\x00", "title = 1\ntitle = 2"])
def test_a_file_that_is_not_toml_says_where(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"own_meter\.toml: is not TOML"):
        read_profile(write(tmp_path, text))


def test_an_unknown_profile_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="is not known, did you mean 'huawei_sun2000'"):
        load_profile("huawei_sun200")


@pytest.mark.parametrize("name", ["../profiles/huawei_sun2000", "/etc/passwd", ""])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(ConfigurationError, match="is not known"):
        load_profile(name)


def test_own_profiles_stand_beside_and_before_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    told.mkdir()
    write(told, HEAD + POWER + TAIL, "told_meter")
    write(tmp_path, HEAD + POWER + TAIL, "eastron_sdm")
    monkeypatch.setenv("MINGA_PROFILES", str(told))

    folders = profile_folders(tmp_path)

    assert load_profile("eastron_sdm", folders).title == "A meter"
    assert {"told_meter", "eastron_sdm", "pzem_004t"} <= set(list_profiles(folders))


def test_every_problem_of_every_profile_is_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, HEAD + VOLTAGE + TAIL, "first")
    write(tmp_path, HEAD + POWER + TAIL, "second")
    write(tmp_path, "title = ", "third")

    with pytest.raises(ConfigurationError) as caught:
        load_profiles([tmp_path])

    assert [one.partition(": ")[2][:22] for one in str(caught.value).splitlines()] == [
        "first.toml: poll: quan",
        f"{tmp_path}/third"[:22],
    ]


def test_a_folder_of_profiles_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGA_PROFILES", str(tmp_path / "profils"))

    with pytest.raises(
        ConfigurationError, match=r"MINGA_PROFILES: .*/profils is no folder of prof"
    ):
        profile_folders()


def test_check_names_wrong_files_and_unknown_choices(tmp_path: Path) -> None:
    write(tmp_path, HEAD + VOLTAGE + TAIL, "own_meter")
    installation = Installation.model_validate(
        {
            "collector": {"profiles": tmp_path},
            "bus": [{"id": "a", "url": "tcp://127.0.0.1:502"}],
            "device": [{"id": "roof", "bus": "a", "profile": "pzem_04t"}],
        }
    )

    assert check_profiles(installation) == [
        "device roof: profile 'pzem_04t' is not known, did you mean 'pzem_004t'?",
        "own_meter.toml: poll: quantity 'ac_power' is not in registers",
    ]


def test_check_names_a_serial_number_that_no_device_of_the_family_tells() -> None:
    meter = {"id": "roof", "bus": "a", "profile": "pzem_004t", "serial": "7"}
    installation = Installation.model_validate(
        {"bus": [{"id": "a", "url": "tcp://127.0.0.1:502"}], "device": [meter]}
    )

    assert check_profiles(installation) == [
        "device roof: serial is pinned, but pzem_004t tells no serial number; leave it out"
    ]


def test_check_finds_nothing_wrong_with_what_is_shipped() -> None:
    assert check_profiles(Installation()) == []


def documented() -> str:
    """Return the page about profiles."""
    return (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_is_a_right_profile(tmp_path: Path) -> None:
    example = documented().partition("```toml\n")[2].partition("```")[0]

    profile = read_profile(write(tmp_path, example, "my_meter"))

    assert profile.poll == ("grid_power", "import_energy_total", "ac_voltage_l1")


def test_the_larger_example_of_the_page_is_a_right_profile(tmp_path: Path) -> None:
    example = documented().split("```toml\n")[2].partition("```")[0]

    profile = read_profile(write(tmp_path, example, "my_inverter"))

    assert profile.identity == ("serial_number",)
    assert profile.fingerprint[0].holds("MYINV-5000")


@pytest.mark.parametrize("model", [Profile, Register, Saying, SunSpec, ModuleBlock, VendorOverride])
def test_every_word_of_a_profile_is_on_the_page(model: type[BaseModel]) -> None:
    page = documented()

    missing = [name for name in model.model_fields if not re.search(rf"\b{name}\b", page)]
    assert missing == []
