"""The demo's plants: complete, written and read back, history equal to live."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import CollectorError, ConfigurationError
from collector.simulator.building import build_plant
from collector.simulator.community import modelled_community, replayed_community
from collector.simulator.description import read_description
from collector.simulator.history import history
from tests.requirements import shared_data

SINCE = datetime(2026, 6, 1, 5, tzinfo=UTC)
DAY = SINCE + timedelta(days=3)


@pytest.mark.parametrize("homes", [5, 12, 31, 60])
def test_a_modelled_community_has_three_roofs_and_its_homes(homes: int) -> None:
    plant = build_plant(modelled_community(homes, 1, SINCE, first_port=15_000))

    kinds = [device.counter for device in plant.devices]

    assert kinds.count("energy_total") == 3
    assert kinds.count("import_energy_total") == homes


@pytest.mark.parametrize("homes", [-1, 0, 4, 61])
def test_too_few_or_too_many_homes_are_refused(homes: int) -> None:
    with pytest.raises(CollectorError, match="5 to 60 homes"):
        modelled_community(homes, 1, SINCE)


def test_a_line_carries_no_more_than_thirty_meters() -> None:
    plant = build_plant(modelled_community(60, 1, SINCE, first_port=15_000))

    assert [len(bus.devices) for bus in plant.buses] == [1, 1, 1, 30, 30]


def test_ports_follow_the_first_one() -> None:
    plant = modelled_community(12, 1, SINCE, first_port=15_000)

    assert [bus.port for bus in plant.bus] == [15_000, 15_001, 15_002, 15_003]


def test_free_ports_are_found_when_none_is_asked_for() -> None:
    ports = [bus.port for bus in modelled_community(12, 1, SINCE).bus]

    assert len(set(ports)) == 4
    assert min(ports) > 1_023


def test_a_plant_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    plant = modelled_community(12, 1, SINCE)
    plant.save(tmp_path / "plant.json")

    assert read_description(tmp_path / "plant.json") == plant


def test_a_replayed_community_has_two_meters_a_home() -> None:
    plant = replayed_community(shared_data() / "fontana", first_port=15_000)

    assert len(plant.bus) == 12
    assert [device.id for device in plant.device[:3]] == ["h01-use", "h01-roof", "h02-use"]
    assert {device.counter for device in plant.device} == {
        "import_energy_total",
        "export_energy_total",
    }


def test_history_says_what_live_devices_say_at_that_moment() -> None:
    description = modelled_community(5, 1, SINCE, first_port=15_000)
    live = {device.id: device for device in build_plant(description).devices}
    past = history(build_plant(description).devices, DAY, DAY + timedelta(days=1))

    differing = [one for one in past if one.quantities != live[one.device].quantities(one.taken_at)]

    assert differing == []


def test_history_has_one_reading_of_each_device_at_each_border() -> None:
    devices = build_plant(modelled_community(5, 1, SINCE, first_port=15_000)).devices

    readings = list(history(devices, DAY, DAY + timedelta(hours=1)))

    assert len(readings) == 4 * 8
    assert {reading.taken_at.minute for reading in readings} == {0, 15, 30, 45}


def test_counters_never_fall_over_days_and_go_on_after_a_restart() -> None:
    description = modelled_community(12, 1, SINCE, first_port=15_000)
    before = history(build_plant(description).devices, DAY, DAY + timedelta(days=2))
    after = history(
        build_plant(description).devices, DAY + timedelta(days=2), DAY + timedelta(days=4)
    )
    counters: dict[str, list[int]] = {}

    for reading in [*before, *after]:  # collects one list a device
        values = reading.quantities
        shown = values.get("energy_total", values.get("import_energy_total"))
        counters.setdefault(reading.device, []).append(int(shown or 0))

    assert len(counters) == 15
    assert all(shown == sorted(shown) and shown[0] < shown[-1] for shown in counters.values())


def test_another_seed_gives_other_counters() -> None:
    first, second = (
        build_plant(modelled_community(5, seed, SINCE, first_port=15_000)) for seed in (1, 2)
    )

    assert [one.counter_wh(DAY) for one in first.devices] != [
        one.counter_wh(DAY) for one in second.devices
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('"unit": 1, "x": 2', "x"),
        ('"unit": 300', "unit"),
        ('"profile": "toaster"', "no home of 'toaster'"),
        ('"bus": "other"', "on bus other, which is not in the file"),
        ('"kind": "roof"', "no roof of 'eastron_sdm'"),
    ],
)
def test_a_wrong_description_is_refused_with_its_reason(
    tmp_path: Path, change: str, message: str
) -> None:
    device = (
        '{"id": "h", "kind": "home", "bus": "b", "profile": "eastron_sdm",'
        ' "flow": {"source": "habit", "pattern": "family"}, ' + change + "}"
    )
    path = tmp_path / "plant.json"
    path.write_text(
        f'{{"since": "2026-06-01T05:00:00Z", "bus": [{{"id": "b"}}], "device": [{device}]}}'
    )

    with pytest.raises(ConfigurationError) as raised:
        read_description(path)

    assert message in str(raised.value)
