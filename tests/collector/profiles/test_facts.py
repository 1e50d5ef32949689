"""Each profile against the facts, word for word: nothing is left out, nothing is added."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from collector.profiles.profile import Profile, load_profile
from collector.profiles.register import Register
from tests.collector.profiles.encoder import Fact, facts
from tests.collector.profiles.families import FAMILIES

ENERGY_AND_POWER = (
    "ac_power",
    "grid_power",
    "import_power",
    "export_power",
    "battery_power",
    "battery_soc",
    "energy_total",
    "energy_today",
    "import_energy_total",
    "export_energy_total",
)
# Where a Huawei has no meter and no battery they would stand as not available in each reading; on a
# Victron they are of another unit id than the rest.
NOT_POLLED = {
    "victron_gx": {"ac_power", "import_energy_total", "export_energy_total"},
    "huawei_sun2000": {
        "battery_power",
        "battery_soc",
        "export_energy_total",
        "grid_power",
        "import_energy_total",
    },
}


def stated(fact: Fact, family: Fact) -> dict[str, Any]:
    """Return a register of the facts in the words of a profile."""
    start = "point_offset" if "point_offset" in fact else "addr"
    plausible = fact.get("plausible")
    return {
        "quantity": fact["canonical"],
        "point": fact.get("point"),
        "start": fact[start],
        "words": len(fact.get("addresses", range(fact["count"]))),
        "addresses": tuple(fact.get("addresses", ())),
        "function_codes": fact["fc"] if isinstance(fact["fc"], list) else [fact["fc"]],
        "type": fact["type"],
        "is_little": fact.get("word_order", family["word_order_32"]) == "little",
        "multiplier": Decimal(fact["multiplier"]),
        "offset": fact.get("offset", 0),
        "mask": fact.get("mask"),
        "scale_factor": fact.get("scale_factor_point"),
        "repeat": "repeat" in fact,
        "unit": fact["base_unit"],
        "sign": fact.get("sign"),
        "sentinels": sorted(fact["sentinels"]),
        "plausible": plausible and tuple(Decimal(str(end)) for end in plausible),
        "codes": {int(number): text for number, text in fact.get("codes", {}).items()},
        "bits": {int(number): text for number, text in fact.get("bits", {}).items()},
        "note": fact.get("note", ""),
        "confidence": fact["confidence"],
        "sources": [_bare(source) for source in fact["sources"]],
    }


def said(register: Register, profile: Profile) -> dict[str, Any]:
    """Return a register of a profile in the same words."""
    own = register.function_code
    return {
        "quantity": register.quantity,
        "point": register.point,
        "start": register.start,
        "words": len(register.words),
        "addresses": register.addresses,
        "function_codes": [own] if own else list(profile.function_codes),
        "type": str(register.type),
        "is_little": (register.word_order or profile.word_order) == "little",
        "multiplier": register.multiplier,
        "offset": register.offset,
        "mask": register.mask,
        "scale_factor": register.scale_factor,
        "repeat": register.repeat,
        "unit": register.unit,
        "sign": register.sign,
        "sentinels": sorted(register.sentinels),
        "plausible": register.plausible,
        "codes": dict(profile.codes[register.codes]) if register.codes else {},
        "bits": dict(profile.bits[register.bits]) if register.bits else {},
        "note": register.note,
        "confidence": register.confidence,
        "sources": [_bare(profile.sources[name]) for name in register.sources],
    }


def _bare(source: str) -> str:
    """Leave out the file and what stands in brackets behind a source."""
    return source.partition(" (")[0].removesuffix("/MeterChintDdsu666Impl.java")


def differences(family: str) -> Iterator[str]:
    """Yield each key in which a register is not as the facts state it."""
    profile, known = load_profile(family), facts()[family]
    for register, fact in zip(profile.registers, known["registers"], strict=True):
        ours, theirs = said(register, profile), stated(fact, known)
        for key, value in theirs.items():
            if ours[key] != value:
                yield f"{register.quantity}.{key}: {ours[key]!r}, the facts say {value!r}"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_register_is_as_the_facts_state_it(family: str) -> None:
    assert list(differences(family)) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_says_what_a_person_at_the_inverter_must_know(family: str) -> None:
    profile, known = load_profile(family), facts()[family]

    assert profile.transport == known["transport"]
    assert profile.default_unit == known["default_unit_id"]
    assert profile.night
    assert len(profile.notes) == len(known["notes"])


@pytest.mark.parametrize("family", FAMILIES)
def test_power_and_counters_are_read_in_every_cycle(family: str) -> None:
    profile = load_profile(family)
    known = {*ENERGY_AND_POWER} & {*profile.by_quantity}

    assert known - {*profile.poll} - NOT_POLLED.get(family, set()) == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_with_a_serial_number_is_known_by_it(family: str) -> None:
    profile = load_profile(family)

    assert {"serial_number"} & {*profile.by_quantity} == {*profile.identity}
