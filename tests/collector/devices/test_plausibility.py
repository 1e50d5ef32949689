"""What is withheld of a poll, and how a reading tells of it."""

from datetime import timedelta

import pytest

from collector.intake.wire import check_message
from collector.mqtt import Message
from collector.profiles.profile import load_profile
from collector.reading import AcceptedReading, Identity, Reading, dump_content, dump_reading
from collector.stores.slot_edges import counts_wh
from tests.collector.devices.played import Rig
from tests.collector.fakes import NOON

MINUTE = timedelta(minutes=1)
GOOD = {"ac_power": 1_835, "energy_total": 8_000_000}
ALWAYS = {"serial_number": "HV1", "fault_code": 0}


def as_sent(reading: Reading) -> bytes:
    return dump_reading("9f2c", 1, dump_content(reading)).encode()


def rig(rated_power_w: int | None = 5_000) -> Rig:
    return Rig(load_profile("huawei_sun2000"), rated_power_w)


@pytest.mark.parametrize("power_w", [7_500, -7_500])
def test_power_up_to_half_more_than_rated_passes(power_w: int) -> None:
    reading = rig().poll(NOON, {"ac_power": power_w})

    assert reading.quantities["ac_power"] == power_w


@pytest.mark.parametrize("power_w", [7_501, -7_501])
def test_more_power_is_withheld(power_w: int) -> None:
    reading = rig().poll(NOON, {"ac_power": power_w})

    assert "ac_power" not in reading.quantities
    assert reading.bad["ac_power"] == "implausible"


def test_nothing_is_taken_of_a_reading_whose_counter_is_a_neighbours() -> None:
    one = rig()
    other = Rig(one.profile, clock=one.clock, id="roof-2", screens=one.screens)
    one.poll(NOON, GOOD | {"energy_today": 5_000})
    other.poll(NOON, {"ac_power": 900, "energy_total": 3_000_000, "energy_today": 5_010})
    swapped = {"ac_power": 901, "energy_total": 3_000_010, "energy_today": 5_020}

    reading = one.poll(NOON + MINUTE, swapped)
    after = one.poll(NOON + 2 * MINUTE, GOOD | {"energy_today": 5_000})

    assert {reading.bad[name] for name in swapped} == {"foreign"}
    assert set(reading.quantities) == {"withheld"}
    assert (after.quantities["ac_power"], after.quantities["energy_today"]) == (1_835, 5_000)


def test_without_a_rated_power_the_range_of_the_profile_holds() -> None:
    reading = rig(None).poll(NOON, {"ac_power": 390_000})

    assert reading.quantities["ac_power"] == 390_000


def test_a_withheld_value_is_kept_raw_with_its_reason() -> None:
    one = rig()
    one.poll(NOON, GOOD)

    reading = one.poll(NOON + MINUTE, {"ac_power": 9_000, "energy_total": 0})

    assert reading.quantities["withheld"] == (
        "ac_power implausible 0000 2328; energy_total zero 0000 0000"
    )
    assert reading.bad["energy_total"] == "zero"


def test_a_night_of_the_same_zeros_is_noted_once() -> None:
    one = rig()
    one.poll(NOON, GOOD)
    one.poll(NOON + MINUTE, {"energy_total": 0})

    reading = one.poll(NOON + 2 * MINUTE, {"energy_total": 0})

    assert reading.bad["energy_total"] == "zero"
    assert "withheld" not in reading.quantities


def test_the_same_zeros_are_noted_again_after_a_good_value() -> None:
    one = rig()
    one.poll(NOON, GOOD)
    one.poll(NOON + MINUTE, {"energy_total": 0})
    one.poll(NOON + 2 * MINUTE, GOOD)

    reading = one.poll(NOON + 3 * MINUTE, {"energy_total": 0})

    assert reading.quantities["withheld"] == "energy_total zero 0000 0000"


def test_what_is_not_available_is_not_kept() -> None:
    reading = rig().poll(NOON, ALWAYS)

    assert set(reading.bad.values()) == {"not_available"}
    assert "withheld" not in reading.quantities


def test_a_good_reading_carries_no_notes() -> None:
    reading = rig().poll(NOON, GOOD)

    assert set(reading.quantities) & {"withheld", "event"} == set()


def test_a_replacement_is_told_in_the_reading_that_goes_on_from_it() -> None:
    one = rig()
    one.poll(NOON, GOOD)
    one.poll(NOON + MINUTE, {"energy_total": 100})
    one.poll(NOON + 2 * MINUTE, {"energy_total": 110})

    reading = one.poll(NOON + 3 * MINUTE, {"energy_total": 120})

    assert reading.quantities["event"] == "energy_total replaced 8000000 by 120"
    assert reading.quantities["energy_total"] == 120


def test_a_long_note_ends_with_a_whole_part() -> None:
    one = rig()
    one.screens[0].note("x" * 1_890)
    one.screens[0].note("y" * 100)

    reading = one.poll(NOON, GOOD)

    assert reading.quantities["event"] == "x" * 1_890 + "; and more"


def test_the_longest_note_goes_over_the_wire_and_into_no_counter() -> None:
    one = rig()
    one.screens[0].note("x" * 1_900)
    reading = one.poll(NOON, GOOD)
    message = Message("minga/v1/pi/roof-1/reading", as_sent(reading))

    (arrived,) = check_message(message, NOON)

    assert arrived == AcceptedReading(Identity("pi", "9f2c", "roof-1", 1), reading)
    assert [counts_wh(name) for name in ("withheld", "event")] == [False, False]


def test_an_inverters_rating_says_nothing_of_its_grid_meter() -> None:
    one = Rig(load_profile("goodwe_dt_dns"), 3_000)
    one.poll(NOON, {"import_energy_total": 10_000})

    reading = one.poll(NOON + timedelta(hours=1), {"import_energy_total": 20_000})

    assert reading.quantities["import_energy_total"] == 20_000


def test_a_meters_rating_is_that_of_its_connection() -> None:
    one = Rig(load_profile("pzem_004t"), 3_000)
    one.poll(NOON, {"energy_sum_total": 10_000})

    reading = one.poll(NOON + timedelta(hours=1), {"energy_sum_total": 20_000})

    assert reading.bad["energy_sum_total"] == "too_fast"


def test_a_counter_that_may_fall_is_not_judged() -> None:
    one = Rig(load_profile("deye_hybrid_1p").model_copy(update={"poll": ("energy_total_ac",)}))
    one.poll(NOON, {"energy_total_ac": 10_000})

    reading = one.poll(NOON + MINUTE, {"energy_total_ac": 9_000})

    assert reading.quantities["energy_total_ac"] == 9_000
