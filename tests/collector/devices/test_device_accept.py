"""Who a device is: remembered across restarts, pinned by the settings, accepted by a steward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collector.devices.commands import device
from collector.devices.device_state import DeviceState
from collector.devices.poller import Listeners, Poller
from collector.devices.rounds import BusDevices
from collector.errors import CollectorError, DeviceError
from collector.profiles.profile import load_profile
from collector.reading import Reading
from collector.settings import Installation
from tests.collector.devices.played import Rig
from tests.collector.fakes import NOON, FakeClock

MINUTE = timedelta(minutes=1)
HV1 = {"serial_number": "HV1", "energy_total": 8_000_000}
HV2 = {"serial_number": "HV2", "energy_total": 120}


@dataclass
class Front:
    """A front door with one inverter."""

    folder: Path

    def collector(self) -> Installation:
        return Installation.model_validate(
            {
                "collector": {"state": self.folder},
                "bus": [{"id": "roof", "url": "tcp://127.0.0.1:1"}],
                "device": [{"id": "roof-1", "bus": "roof", "profile": "huawei_sun2000"}],
            }
        )


@dataclass
class Accepted:
    """Remembers what a poller commits."""

    readings: list[Reading] = field(default_factory=list)

    def accept(self, readings: Sequence[Reading]) -> range:
        self.readings += readings
        return range(len(readings))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[DeviceState]:
    """Keep what is known in the file that the command looks at."""
    one = DeviceState(tmp_path / "devices.sqlite")
    yield one
    one.close()


def rig(state: DeviceState, serial: str | None = None) -> Rig:
    return Rig(load_profile("huawei_sun2000"), state=state, serial=serial)


def accept(folder: Path, name: str = "roof-1") -> Result:
    return CliRunner().invoke(device, ["accept", name], obj=Front(folder))


def test_another_serial_number_after_a_restart_is_refused(state: DeviceState) -> None:
    rig(state).poll(NOON, HV1)

    with pytest.raises(DeviceError) as refused:
        rig(state).poll(NOON + MINUTE, HV2)

    assert str(refused.value) == (
        "device roof-1: serial number HV2 answers, HV1 was here; check the unit ids behind the"
        " gateway; if the device was replaced, run: minga device accept roof-1"
    )


def test_the_right_device_goes_on_after_a_stranger(state: DeviceState) -> None:
    one = rig(state)
    one.poll(NOON, HV1)
    one.bus.close()
    with pytest.raises(DeviceError):
        one.poll(NOON + MINUTE, HV2)

    reading = one.poll(NOON + 2 * MINUTE, HV1)

    assert reading.quantities["energy_total"] == 8_000_000


def test_a_stranger_does_not_stop_the_other_devices_of_its_bus(state: DeviceState) -> None:
    clock = FakeClock()
    one = Rig(load_profile("huawei_sun2000"), state=state, clock=clock)
    other = Rig(load_profile("huawei_sun2000"), state=state, clock=clock, id="roof-2")
    one.poll(NOON, HV1)
    one.bus.image = one.image.encode(HV2)
    one.bus.close()
    other.bus.image = other.image.encode({"serial_number": "HV3", "energy_total": 500})
    outbox = Accepted()
    listeners = Listeners(lambda _: None, lambda _, __: None)

    poller = Poller(
        {"roof": BusDevices([one.device, other.device], 10.0)}, outbox, clock, 10, listeners
    )
    poller.cycle()

    assert [reading.device for reading in outbox.readings] == ["roof-2"]


def test_a_steward_accepts_a_replacement_while_collect_runs(
    state: DeviceState, tmp_path: Path
) -> None:
    one = rig(state)
    one.poll(NOON, HV1)
    one.bus.close()
    with pytest.raises(DeviceError):
        one.poll(NOON + MINUTE, HV2)

    result = accept(tmp_path)
    reading = one.poll(NOON + 2 * MINUTE, HV2)

    assert result.exit_code == 0
    assert "serial number HV2 is accepted instead of HV1" in result.output
    assert reading.quantities["event"] == "serial_number replaced HV1 by HV2"
    assert reading.bad["energy_total"] == "falling"


def test_an_accepted_replacement_is_told_once(state: DeviceState, tmp_path: Path) -> None:
    one = rig(state)
    one.poll(NOON, HV1)
    one.bus.close()
    with pytest.raises(DeviceError):
        one.poll(NOON + MINUTE, HV2)
    accept(tmp_path)
    one.poll(NOON + 2 * MINUTE, HV2)
    one.bus.close()

    reading = one.poll(NOON + 3 * MINUTE, HV2)

    assert "event" not in reading.quantities


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("roof-1", "no other serial number answers, it is HV1; nothing was changed"),
        ("roof-2", "is not in the settings, did you mean 'roof-1'?"),
    ],
)
def test_there_must_be_something_to_accept(
    state: DeviceState, tmp_path: Path, name: str, message: str
) -> None:
    rig(state).poll(NOON, HV1)

    result = accept(tmp_path, name)

    assert isinstance(result.exception, CollectorError)
    assert result.exception.exit_code == 2
    assert message in str(result.exception)


def test_a_device_that_said_who_it_is_must_go_on_saying_it(state: DeviceState) -> None:
    one = rig(state)
    one.poll(NOON, HV1)
    one.bus.close()

    with pytest.raises(DeviceError, match="no serial number comes, HV1 was here"):
        one.poll(NOON + MINUTE, {"energy_total": 8_000_000, "serial_number": ""})


def test_a_pinned_serial_number_is_the_only_one(state: DeviceState) -> None:
    with pytest.raises(DeviceError, match="serial number HV2 answers, the settings say HV1"):
        rig(state, "HV1").poll(NOON, HV2)


def test_a_new_pin_is_an_event(state: DeviceState) -> None:
    rig(state).poll(NOON, HV1)

    reading = rig(state, "HV2").poll(NOON + MINUTE, HV2)

    assert reading.quantities["event"] == "serial_number replaced HV1 by HV2"
