from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from collector.errors import UnreachableError
from collector.reading import Reading, Value
from coop.books import Source
from coop.books import Sources as PowerSources
from dashboard.outage import Outage
from dashboard.public.live import Live, LiveState, Patience, power_of, read_live
from tests.dashboard.fakes import COMMUNITY, HOMES, NOON, FakeReadings, FixedClock

PATIENCE = Patience(NOON, 300)
OWN_ROOFS = tuple(Source(f"own-{n}", "export_energy_total", None) for n in range(6))


def ago(seconds: float) -> datetime:
    return NOON - timedelta(seconds=seconds)


def look(readings: FakeReadings, devices: PowerSources = COMMUNITY) -> Live:
    return read_live(readings, devices, PATIENCE, Outage("the store", FixedClock()))


def reading(**quantities: Value) -> Reading:
    return Reading("d", NOON, quantities, {}, "b", 0)


def test_fresh_roofs_are_summed_and_the_oldest_dates_the_sum() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(5), ac_power=1_000)
    readings.say("roof-2", ago(9), ac_power=Decimal("500.4"))

    assert look(readings) == Live(LiveState.FRESH, 1_500, ago(9), roofs=3, reporting=2)


def test_an_old_reading_is_never_part_of_the_sum() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(5), ac_power=1_000)
    readings.say("roof-2", ago(301), ac_power=7_000)

    assert look(readings).power_w == 1_000


def test_only_old_readings_are_stale_since_the_newest() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(400), ac_power=1_000)
    readings.say("roof-2", ago(900), ac_power=1_000)

    assert look(readings) == Live(LiveState.STALE, None, ago(400), roofs=3)


def test_a_reading_of_the_future_is_not_current() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(-400), ac_power=1_000)

    assert look(readings).state is LiveState.STALE


def test_a_reading_of_untrusted_time_is_not_current() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(5), ac_power=1_000)
    held = readings.readings["roof-1"]
    readings.readings["roof-1"] = replace(held, reading=replace(held.reading, trusted=False))

    assert look(readings).state is LiveState.STALE


def test_a_withheld_value_is_not_zero() -> None:
    readings = FakeReadings()
    readings.say("roof-1", ago(5), ac_voltage=230)

    assert look(readings).power_w is None


def test_without_any_reading_nothing_is_said() -> None:
    assert look(FakeReadings()) == Live(LiveState.NEVER, roofs=3)


def test_a_store_that_is_away_does_not_stop_the_page() -> None:
    readings = FakeReadings(away=UnreachableError("gone"))

    assert look(readings) == Live(LiveState.AWAY, roofs=3)


def test_four_own_roofs_are_too_few_for_a_sum() -> None:
    devices = PowerSources((), OWN_ROOFS, HOMES)
    readings = FakeReadings()
    for roof in OWN_ROOFS[:4]:
        readings.say(roof.device, ago(5), grid_power=-100)

    assert look(readings, devices) == Live(LiveState.WITHHELD, None, None, roofs=6, reporting=4)


def test_five_own_roofs_make_a_sum() -> None:
    devices = PowerSources((), OWN_ROOFS, HOMES)
    readings = FakeReadings()
    for roof in OWN_ROOFS[:5]:
        readings.say(roof.device, ago(5), grid_power=-100)

    assert look(readings, devices).power_w == 500


@pytest.mark.parametrize(
    ("counter", "said", "power_w"),
    [
        ("energy_total", reading(ac_power=1_200), 1_200),
        ("energy_total", reading(ac_power=-6), 0),
        ("energy_total", reading(ac_power=0), 0),
        ("energy_total", reading(grid_power=-50), None),
        ("export_energy_total", reading(grid_power=-700), 700),
        ("export_energy_total", reading(export_power=700, grid_power=-1), 700),
        ("import_energy_total", reading(grid_power=300), 300),
        ("energy_total", reading(ac_power="fault"), None),
        ("unknown_total", reading(ac_power=5), None),
    ],
)
def test_the_power_behind_a_counter(counter: str, said: Reading, power_w: int | None) -> None:
    assert power_of(Source("d", counter, None), said) == power_w
