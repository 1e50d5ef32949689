"""How a device is, from its newest reading: a silence is never a zero, and night is no fault."""

from datetime import UTC, datetime, timedelta

import pytest

from collector.reading import Identity, Reading, Value
from collector.stores.protocol import LastReading
from coop.members.community import Counts, Validity
from coop.watch.watched import Watched
from dashboard.steward.front.health import DeviceHealth, Freshness, read_health

NOW = datetime(2026, 3, 1, 17, tzinfo=UTC)
METER = Watched("m1", "import_energy_total", Counts.USE, "House A", "a", Validity(0))
ROOF = Watched("r1", "energy_total", Counts.PRODUCTION, "School", "s", Validity(0))


def last(
    ago: timedelta, *, trusted: bool = True, bad: dict[str, str] | None = None, **said: Value
) -> LastReading:
    reading = Reading("x", NOW - ago, said, bad or {}, "boot", 0, trusted)
    return LastReading(Identity("pi", "e", "x", 1), reading)


def health_of(meter: Watched, found: LastReading | None) -> DeviceHealth:
    held = {} if found is None else {meter.device: found}
    [one] = read_health([meter], [], held, NOW, 300)
    return one


@pytest.mark.parametrize(
    ("ago", "freshness"),
    [
        (timedelta(seconds=300), Freshness.FRESH),
        (timedelta(seconds=301), Freshness.LATE),
        (timedelta(hours=1), Freshness.LATE),
        (timedelta(hours=1, seconds=1), Freshness.SILENT),
        (timedelta(seconds=-301), Freshness.CLOCK),
    ],
)
def test_a_meter_is_as_fresh_as_its_newest_reading(ago: timedelta, freshness: Freshness) -> None:
    assert health_of(METER, last(ago)).freshness is freshness


def test_a_device_without_a_reading_never_reported() -> None:
    one = health_of(METER, None)

    assert (one.freshness, one.age, one.name) == (Freshness.NEVER, None, "House A")


def test_a_reading_of_an_unset_clock_tells_of_the_clock() -> None:
    assert health_of(METER, last(timedelta(), trusted=False)).freshness is Freshness.CLOCK


@pytest.mark.parametrize(
    ("hours", "power_w", "freshness"),
    [
        (11, 20, Freshness.RESTING),
        (11, 2_000, Freshness.SILENT),
        (17, 0, Freshness.SILENT),
    ],
)
def test_an_inverter_that_went_to_sleep_rests_but_not_for_ever(
    hours: int, power_w: int, freshness: Freshness
) -> None:
    found = last(timedelta(hours=hours), ac_power=power_w)

    assert health_of(ROOF, found).freshness is freshness


def test_a_meter_never_rests() -> None:
    assert health_of(METER, last(timedelta(hours=8), ac_power=0)).freshness is Freshness.SILENT


def test_a_counter_in_doubt_is_told_and_other_quantities_are_not() -> None:
    bad = {"import_energy_total": "foreign", "temperature": "not_available"}

    assert health_of(METER, last(timedelta(), bad=bad)).withheld == (
        ("import_energy_total", "foreign"),
    )


def test_a_store_that_is_away_is_a_state() -> None:
    [one] = read_health([METER], [], None, NOW, 300)

    assert one.freshness is Freshness.AWAY


def test_the_worst_comes_first_then_roofs_then_by_name() -> None:
    second = Watched("m2", "import_energy_total", Counts.USE, "House B", "b", Validity(0))
    held = {"r1": last(timedelta()), "m1": last(timedelta()), "m2": last(timedelta(days=1))}

    found = read_health([METER, second, ROOF], ["spare", "m1"], held, NOW, 300)

    assert [one.name for one in found] == ["spare", "House B", "School", "House A"]
