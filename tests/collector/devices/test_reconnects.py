"""A device over real sockets: reconnects in the middle of a poll, refusals, a stolen connection."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from collector.devices.device import Device, open_devices
from collector.devices.rounds import Round
from collector.errors import DeviceError
from collector.moments import Moments
from collector.settings import Installation
from collector.simulator.modbus_server import ModbusServer, Refusal, serve_memory, serve_units
from tests.collector.devices.fake_bus import FakeBus
from tests.collector.devices.test_devices import HUAWEI, huawei, make, meter
from tests.collector.fakes import FakeClock


@dataclass
class Reconnecting(FakeBus):
    """A bus whose connection is a new one from some read on, without an error."""

    silently_at: int = -1

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        if len(self.asked) == self.silently_at:
            self.session += 1
        return super().read(unit, function_code, address, count)


def test_nothing_is_credited_to_a_device_that_was_not_asked_who_it_is() -> None:
    bus = Reconnecting(huawei())
    device = make("huawei_sun2000", bus)
    device.poll()
    bus.silently_at = len(bus.asked)

    with pytest.raises(DeviceError, match="its connection is a new one"):
        device.poll()


def test_it_is_asked_who_it_is_and_read_at_the_next_attempt() -> None:
    bus = Reconnecting(huawei())
    device = make("huawei_sun2000", bus)
    first = device.poll()
    asked = list(bus.asked)
    bus.session += 1
    bus.asked.clear()

    second = device.poll()

    assert second.quantities == first.quantities
    assert bus.asked == asked


@pytest.mark.parametrize("read", range(6))
def test_a_walk_that_goes_on_over_another_connection_names_nobody(read: int) -> None:
    device = make("sunspec_201_204", Reconnecting(meter(), silently_at=read))

    with pytest.raises(DeviceError, match="its connection is a new one"):
        device.poll()

    assert device.poll().quantities["grid_power"] == -420


@pytest.fixture
def holed() -> Iterator[ModbusServer]:
    """Serve an inverter without one of its registers and without the words between others."""
    image = huawei()
    for missing in (32_087, *range(32_108, 32_114)):
        image.pop((3, missing), None)
    with ModbusServer(serve_units({1: serve_memory(image)})) as server:
        yield server


def opened(port: int, *units: int) -> Sequence[Device]:
    """Open inverters of one bus."""
    described = {
        "bus": [{"id": "roof", "url": f"tcp://127.0.0.1:{port}", "timeout_s": 0.3}],
        "device": [
            {"id": f"roof-{unit}", "bus": "roof", "unit": unit, "profile": "huawei_sun2000"}
            for unit in units
        ],
    }
    return open_devices(Installation.model_validate(described), Moments(FakeClock(), "boot-1"))


def test_registers_that_are_not_there_cost_their_own_values_only(holed: ModbusServer) -> None:
    (device,) = opened(holed.port, 1)

    first, second = device.poll(), device.poll()
    device.close()

    expected = {name: value for name, value in HUAWEI.items() if name != "temperature"}
    assert dict(first.quantities) == expected
    assert dict(second.quantities) == expected
    assert dict(first.bad) == dict(second.bad) == {"temperature": "refused"}


def test_a_dead_unit_leaves_the_others_of_its_line_their_values() -> None:
    image = huawei()

    def answer(unit: int, code: int, address: int, count: int) -> Sequence[int] | Refusal:
        if unit == 1:
            return Refusal.SILENCE
        return [image[code, one] for one in range(address, address + count)]

    with ModbusServer(answer) as server:
        devices = opened(server.port, 1, 2, 3)
        one = Round("roof", devices, 5, FakeClock(), lambda *_: None)
        cycles = [[reading.device for reading in one.read_all()] for _ in range(3)]
        devices[0].close()

    assert cycles == [["roof-2", "roof-3"]] * 3
