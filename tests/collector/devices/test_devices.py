"""One device in each cycle: what it is asked, and what its reading holds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from collector.devices.device import Device, Guards, Place, open_devices
from collector.devices.device_state import ForgetfulState
from collector.devices.identity import IdentityCheck
from collector.devices.modbus import Bus
from collector.devices.plausibility import Rating, Screen
from collector.errors import ConfigurationError, DeviceError
from collector.moments import Moments
from collector.profiles.profile import load_profile
from collector.reading import Value
from collector.settings import Installation
from collector.simulator.modbus_server import ModbusServer, serve_memory, serve_units
from collector.simulator.registers import Image, Nameplate, encode
from tests.collector.devices.fake_bus import FakeBus
from tests.collector.fakes import NOON, FakeClock

HUAWEI: Mapping[str, Value] = {
    "ac_power": 1_835,
    "dc_power": 1_900,
    "energy_total": 13_350_200,
    "energy_today": 6_000,
    "ac_voltage_l1": Decimal("225.6"),
    "frequency": Decimal("59.98"),
    "temperature": Decimal("41.3"),
    "status": "On-grid",
    "fault_code": 0,
}
METER: Mapping[str, Value] = {
    "grid_power": -420,
    "import_energy_total": 18_090_016,
    "export_energy_total": 21_267_458,
    "ac_voltage_l1": Decimal("234.48"),
    "frequency": Decimal("49.99"),
}


def make(profile: str, bus: FakeBus) -> Device:
    """Make a device on a fake bus."""
    state = ForgetfulState()
    loaded = load_profile(profile)
    screen = Screen("roof-1", loaded, Rating(ZoneInfo("America/Lima")), state, [])
    guards = Guards(IdentityCheck("roof-1", None, state), screen)
    return Device("roof-1", loaded, Place(bus, 1), Moments(FakeClock(), "boot-1"), guards)


def huawei(**told: Value) -> Image:
    """Return the registers of an inverter."""
    identity: Mapping[str, Value] = {"serial_number": "HV1"}
    return encode(load_profile("huawei_sun2000"), {**HUAWEI, **identity, **told})


def meter(serial: str = "M1", base: int = 40_000, **told: Value) -> Image:
    """Return the registers of a SunSpec meter."""
    nameplate = Nameplate("Fronius", "Smart Meter", serial, 203, base)
    return encode(load_profile("sunspec_201_204"), {**METER, **told}, nameplate)


def test_a_reading_holds_what_was_measured_at_the_start_of_the_poll() -> None:
    reading = make("huawei_sun2000", FakeBus(huawei())).poll()

    assert dict(reading.quantities) == HUAWEI
    assert dict(reading.bad) == {}
    assert (reading.device, reading.taken_at, reading.boot) == ("roof-1", NOON, "boot-1")
    assert reading.mono_ms == 0


def test_a_cycle_asks_for_the_polled_registers_only() -> None:
    bus = FakeBus(huawei())
    device = make("huawei_sun2000", bus)
    device.poll()
    bus.asked.clear()

    device.poll()

    assert bus.asked == [(3, 32_064, 27), (3, 32_106, 10)]


@pytest.mark.parametrize(("word", "reason"), [(0x7FFF, "not_available"), (20_000, "implausible")])
def test_a_withheld_value_stands_with_its_reason(word: int, reason: str) -> None:
    image = huawei()
    image[3, 32_087] = word

    reading = make("huawei_sun2000", FakeBus(image)).poll()

    assert dict(reading.bad) == {"temperature": reason}
    assert "temperature" not in reading.quantities


def test_a_refused_block_leaves_the_rest() -> None:
    bus = FakeBus(huawei(), refused=frozenset({32_106}))

    reading = make("huawei_sun2000", bus).poll()

    assert dict(reading.bad) == {"energy_total": "refused"}
    assert reading.quantities["energy_today"] == 6_000


def test_a_refused_gap_is_left_out_of_the_next_poll() -> None:
    bus = FakeBus(huawei(), refused=frozenset({32_110}))
    device = make("huawei_sun2000", bus)

    first = device.poll()
    bus.asked.clear()
    second = device.poll()

    assert dict(first.quantities) == dict(second.quantities) == HUAWEI
    assert bus.asked == [(3, 32_064, 27), (3, 32_106, 2), (3, 32_114, 2)]


def test_a_block_that_is_not_answered_is_unread() -> None:
    bus = FakeBus(huawei(), silent=frozenset({32_106}))

    reading = make("huawei_sun2000", bus).poll()

    assert dict(reading.bad) == {"energy_total": "unread", "energy_today": "unread"}


@pytest.mark.parametrize(
    "bus",
    [
        FakeBus(huawei(), silent=frozenset({32_064})),
        FakeBus(huawei(), refused=frozenset(range(32_064, 32_120))),
        FakeBus({}),
    ],
    ids=["silent", "refusing", "empty"],
)
def test_a_device_that_answers_nothing_gives_no_reading(bus: FakeBus) -> None:
    with pytest.raises(DeviceError):
        make("huawei_sun2000", bus).poll()


def test_a_sunspec_device_is_walked_once_and_then_read_in_one_block() -> None:
    bus = FakeBus(meter())
    device = make("sunspec_201_204", bus)
    device.poll()
    bus.asked.clear()

    reading = device.poll()

    assert bus.asked == [(3, 40_070, 107)]
    assert dict(reading.quantities) == METER


@pytest.mark.parametrize("base", [0, 50_000])
def test_the_other_bases_are_tried(base: int) -> None:
    reading = make("sunspec_201_204", FakeBus(meter(base=base))).poll()

    assert dict(reading.quantities) == METER


def test_after_a_reconnect_the_models_are_walked_again() -> None:
    bus = FakeBus(meter())
    device = make("sunspec_201_204", bus)
    device.poll()
    bus.image = meter(base=50_000)
    bus.session += 1

    reading = device.poll()

    assert dict(reading.quantities) == METER


def test_a_model_that_moved_gives_no_value_and_is_found_again() -> None:
    bus = FakeBus(meter())
    device = make("sunspec_201_204", bus)
    device.poll()
    bus.image = {(code, at + 1): word for (code, at), word in meter().items()} | {(3, 40_000): 0}

    with pytest.raises(DeviceError, match="model 203 is not at 40070 any more"):
        device.poll()
    bus.image = meter()

    assert dict(device.poll().quantities) == METER


def test_a_frame_of_zeros_gives_no_value() -> None:
    image = {key: word if not 40_072 <= key[1] < 40_177 else 0 for key, word in meter().items()}

    reading = make("sunspec_201_204", FakeBus(image)).poll()

    assert set(reading.quantities) == {"withheld"}
    assert set(reading.bad.values()) == {"implausible"}


@pytest.mark.parametrize(
    ("profile", "one", "other"),
    [
        ("sunspec_201_204", meter("M1"), meter("M2")),
        ("huawei_sun2000", huawei(), huawei(serial_number="HV2")),
    ],
)
def test_another_device_behind_the_unit_id_is_refused_after_a_reconnect(
    profile: str, one: Image, other: Image
) -> None:
    bus = FakeBus(one)
    device = make(profile, bus)
    device.poll()
    bus.image = other
    bus.session += 1

    with pytest.raises(DeviceError, match=r"serial number [MH]V?2 answers, [MH]V?1 was here"):
        device.poll()


def test_a_device_without_sunspec_says_so() -> None:
    with pytest.raises(DeviceError, match="no SunSpec marker at 40000, 50000, 0; switch SunSpec"):
        make("sunspec_101_103", FakeBus(huawei())).poll()


def test_a_sunspec_device_of_another_family_says_what_it_has() -> None:
    with pytest.raises(DeviceError, match=r"needs a SunSpec model of 101, 102, 103, found 1, 203"):
        make("sunspec_101_103", FakeBus(meter())).poll()


def installation(port: int, profile: str = "eastron_sdm") -> Installation:
    """Describe two devices behind one gateway."""
    return Installation.model_validate(
        {
            "bus": [{"id": "school", "url": f"tcp://127.0.0.1:{port}"}],
            "device": [
                {"id": "home-1", "bus": "school", "unit": 1, "profile": profile},
                {"id": "home-2", "bus": "school", "unit": 2, "profile": "huawei_sun2000"},
            ],
        }
    )


@pytest.fixture
def gateway() -> Iterator[ModbusServer]:
    """Serve a meter and an inverter behind one port."""
    values: Mapping[str, Value] = {"grid_power": 421, "import_energy_total": 123_456}
    sdm = encode(load_profile("eastron_sdm"), values)
    units = {1: serve_memory(sdm), 2: serve_memory(huawei())}
    with ModbusServer(serve_units(units)) as server:
        yield server


def test_devices_of_one_gateway_share_its_connection(gateway: ModbusServer) -> None:
    devices = open_devices(installation(gateway.port), Moments(FakeClock(), "boot-1"))

    readings = [device.poll() for device in devices]
    devices[0].close()

    assert [reading.device for reading in readings] == ["home-1", "home-2"]
    assert readings[0].quantities == {"grid_power": 421, "import_energy_total": 123_456}
    assert set(readings[0].bad.values()) == {"not_available"}
    assert dict(readings[1].quantities) == HUAWEI


def test_an_unknown_profile_is_known_before_anything_starts() -> None:
    with pytest.raises(ConfigurationError, match="device home-1: profile 'eastrom_sdm': is not kn"):
        open_devices(installation(1, "eastrom_sdm"), Moments(FakeClock(), "boot-1"))


def test_a_serial_number_that_no_device_of_the_family_tells_is_known_before() -> None:
    told = installation(1).model_dump()
    told["device"][0]["serial"] = "M1"

    with pytest.raises(
        ConfigurationError, match="serial is pinned, but eastron_sdm tells no serial"
    ):
        open_devices(Installation.model_validate(told), Moments(FakeClock(), "boot-1"))


def test_a_bus_url_is_checked_before_anything_starts() -> None:
    assert Bus("tcp://127.0.0.1:1").session == 0
