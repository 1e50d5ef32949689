"""The collector's own devices read from served ones exactly what history says of that moment."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from collector.devices.device import Device, open_devices
from collector.moments import Moments
from collector.reading import Reading
from collector.settings import BusSection, DeviceSection, Installation
from collector.simulator.building import build_plant
from collector.simulator.community import modelled_community, replayed_community
from collector.simulator.description import PlantDescription
from collector.simulator.history import history
from collector.simulator.served import ServedLog
from collector.simulator.service import serve_plant
from tests.collector.fakes import FakeClock
from tests.requirements import shared_data

HOST = "127.0.0.1"
SINCE = datetime(2026, 6, 1, 5, tzinfo=UTC)
MOMENTS = [SINCE + timedelta(days=2, hours=hours) for hours in (0, 7, 12, 18)]
FIRST_ROWS = datetime(2016, 8, 1, 8, tzinfo=UTC)
MAY_DAY = datetime(2017, 5, 1, 8, tzinfo=UTC)


def installation_of(plant: PlantDescription) -> Installation:
    return Installation(
        bus=tuple(BusSection(id=bus.id, url=f"tcp://{HOST}:{bus.port}") for bus in plant.bus),
        device=tuple(
            DeviceSection(id=one.id, bus=one.bus, unit=one.unit, profile=one.profile)
            for one in plant.device
        ),
    )


def close_all(devices: Sequence[Device]) -> None:
    for device in devices:
        device.close()


class Rig:
    """Served devices of one plant, and the collector's devices that poll them."""

    def __init__(self, plant: PlantDescription, clock: FakeClock) -> None:
        self.simulated = build_plant(plant)
        self.clock = clock
        self.installation = installation_of(plant)
        self.polling: list[Device] = []

    def poll_all(self, at: datetime) -> list[Reading]:
        # New ones each time: a counter that is polled back in time would be withheld.
        close_all(self.polling)
        self.polling = open_devices(self.installation, Moments(self.clock, "boot-1"))
        self.clock.at = at
        return [device.poll() for device in self.polling]

    def said(self, at: datetime) -> list[Reading]:
        by_id = {one.device: one for one in history(self.simulated.devices, at, at + SECOND)}
        return [by_id[device.id] for device in self.polling]


SECOND = timedelta(seconds=1)


def serve(plant: PlantDescription) -> Iterator[Rig]:
    rig = Rig(plant, FakeClock(MOMENTS[0]))
    with ServedLog(None) as log, serve_plant(rig.simulated, HOST, rig.clock, log):
        yield rig
        close_all(rig.polling)


@pytest.fixture(scope="module")
def modelled() -> Iterator[Rig]:
    yield from serve(modelled_community(12, 1, SINCE))


@pytest.fixture(scope="module")
def replayed() -> Iterator[Rig]:
    yield from serve(replayed_community(shared_data() / "fontana"))


@pytest.mark.parametrize("at", MOMENTS)
def test_a_poll_of_every_family_gives_what_history_gives(modelled: Rig, at: datetime) -> None:
    polled = modelled.poll_all(at)

    assert [one.quantities for one in polled] == [one.quantities for one in modelled.said(at)]


def test_a_poll_of_the_modelled_devices_withholds_nothing(modelled: Rig) -> None:
    polled = modelled.poll_all(MOMENTS[2])

    assert [one.bad for one in polled] == [{}] * 15


@pytest.mark.parametrize("at", [FIRST_ROWS, MAY_DAY, MAY_DAY + timedelta(hours=20, seconds=7)])
def test_a_poll_of_measured_homes_gives_what_history_gives(replayed: Rig, at: datetime) -> None:
    polled = replayed.poll_all(at)

    assert [one.quantities for one in polled] == [one.quantities for one in replayed.said(at)]


def test_a_sunspec_counter_at_zero_is_withheld_live_as_in_history(replayed: Rig) -> None:
    polled, said = replayed.poll_all(FIRST_ROWS)[4], replayed.said(FIRST_ROWS)[4]

    assert (polled.device, said.device) == ("h03-use", "h03-use")
    assert polled.bad["import_energy_total"] == "not_available"
    assert said.bad == {"import_energy_total": "not_available"}


def test_the_reference_day_polled_at_its_two_borders_is_exact(replayed: Rig) -> None:
    first, last = replayed.poll_all(MAY_DAY), replayed.poll_all(MAY_DAY + timedelta(days=1))

    counted = {
        quantity: sum(
            int(after.quantities[quantity]) - int(before.quantities[quantity])
            for before, after in zip(first, last, strict=True)
            if quantity in after.quantities
        )
        for quantity in ("export_energy_total", "import_energy_total")
    }

    assert counted == {"export_energy_total": 317_963, "import_energy_total": 274_047}
