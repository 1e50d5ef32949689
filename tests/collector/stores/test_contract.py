"""What every store promises, tried on each of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from collector.stores import LastReading, ReadingStore
from tests.collector.stores.samples import EVER, accepted, after_noon, counted

OpenStore = Callable[[], ReadingStore]


def test_a_reading_comes_back_as_it_was_stored(store: ReadingStore) -> None:
    reading = accepted(
        7,
        120,
        {"ac_power": -5, "ac_voltage": Decimal("230.1"), "status": "mppt \"\\' ñ, = x"},
        bad={"frequency": "implausible"},
        trusted=False,
    )

    result = store.write([reading])

    assert (result.new, result.repeated, result.conflicts) == (1, 0, ())
    assert list(store.readings("roof", *EVER)) == [reading]


@pytest.mark.parametrize(
    "value",
    [
        0,
        2**53 + 1,
        999_999_999_999_999_999,
        -999_999_999_999_999_999,
        Decimal("0.1"),
        Decimal("-0.000000000000000000000000000001"),
        Decimal("123456789012345678.123456789012345678"),
        "",
        "null",
    ],
)
def test_every_digit_comes_back(store: ReadingStore, value: int | Decimal | str) -> None:
    store.write([accepted(1, 0, {"energy_total": value})])

    (found,) = store.readings("roof", *EVER)
    assert str(found.reading.quantities["energy_total"]) == format(value, "")


@pytest.mark.parametrize(
    "name",
    ["message", "seq", "time", "device", "epoch", "text_status", "bad_ac_power", "_value"],
)
def test_a_quantity_may_have_any_name(store: ReadingStore, name: str) -> None:
    reading = accepted(1, 0, {name: "text", "ac_power": 1})
    other = accepted(2, 0, {name: 5, "ac_power": "off"}, bad={"status": "unknown_code"})

    store.write([reading])
    store.write([other])

    assert list(store.readings("roof", *EVER)) == [reading, other]


def test_a_reading_without_quantities_is_kept(store: ReadingStore) -> None:
    store.write([accepted(1, 0, {})])

    assert list(store.readings("roof", *EVER)) == [accepted(1, 0, {})]


def test_an_empty_batch_changes_nothing(store: ReadingStore) -> None:
    result = store.write([])

    assert (result.new, result.repeated, result.conflicts) == (0, 0, ())


def test_writing_twice_changes_nothing(store: ReadingStore) -> None:
    batch = [counted(1, 0, 100), counted(2, 10_000, 110)]
    store.write(batch)
    version = store.changed_slots(0).version

    result = store.write(batch)

    assert (result.new, result.repeated, result.conflicts) == (0, 2, ())
    assert list(store.readings("roof", *EVER)) == batch
    assert store.changed_slots(0).version == version


def test_a_reading_that_stands_twice_in_one_batch_is_stored_once(store: ReadingStore) -> None:
    result = store.write([accepted(1), accepted(2), accepted(1)])

    assert (result.new, result.repeated) == (2, 1)
    assert len(list(store.readings("roof", *EVER))) == 2


def test_the_same_value_written_otherwise_is_no_conflict(store: ReadingStore) -> None:
    store.write([accepted(1, 0, {"ac_voltage": Decimal("230.10"), "ac_power": 5})])

    result = store.write([accepted(1, 0, {"ac_power": Decimal(5), "ac_voltage": Decimal("230.1")})])

    assert (result.repeated, result.conflicts) == (1, ())


@pytest.mark.parametrize(
    "newcomer",
    [
        accepted(1, 0, {"energy_total": 101}),
        accepted(1, 1, {"energy_total": 100}),
        accepted(1, 0, {"energy_total": 100}, trusted=False),
        accepted(1, 0, {"energy_total": "100"}),
        accepted(1, 0, {"energy_total": 100}, bad={"ac_power": "implausible"}),
    ],
    ids=["value", "time", "trust", "type", "quality"],
)
def test_a_different_second_value_is_a_conflict_and_the_stored_one_stays(
    store: ReadingStore, newcomer: object
) -> None:
    store.write([counted(1, 0, 100)])
    edges = store.edges([("roof", "energy_total")], *EVER)

    result = store.write([newcomer])  # type: ignore[list-item]  # parametrize knows no types

    assert (result.new, result.repeated, result.conflicts) == (0, 0, (newcomer,))
    assert list(store.readings("roof", *EVER)) == [counted(1, 0, 100)]
    assert store.edges([("roof", "energy_total")], *EVER) == edges


def test_a_batch_with_a_conflict_still_stores_the_rest(store: ReadingStore) -> None:
    store.write([counted(2, 0, 100)])

    result = store.write([counted(1, 0, 99), counted(2, 0, 666), counted(3, 0, 101)])

    assert (result.new, result.repeated, result.conflicts) == (2, 0, (counted(2, 0, 666),))
    assert [one.identity.seq for one in store.readings("roof", *EVER)] == [1, 2, 3]


def test_two_values_under_one_identity_in_one_batch_are_a_conflict(store: ReadingStore) -> None:
    result = store.write([counted(1, 0, 100), counted(1, 0, 666)])

    assert (result.new, result.conflicts) == (1, (counted(1, 0, 666),))
    assert list(store.readings("roof", *EVER)) == [counted(1, 0, 100)]


@pytest.mark.parametrize("years", [-500, 300])
def test_a_time_beyond_all_stores_is_a_conflict_and_does_not_stop_the_rest(
    store: ReadingStore, years: int
) -> None:
    absurd = accepted(2, years * 365 * 86_400_000)

    result = store.write([accepted(1), absurd, accepted(3)])

    assert (result.new, result.conflicts) == (2, (absurd,))
    assert list(store.readings("roof", *EVER)) == [accepted(1), accepted(3)]


def test_two_readings_of_one_millisecond_both_stay(store: ReadingStore) -> None:
    store.write([accepted(1), accepted(2)])

    assert list(store.readings("roof", *EVER)) == [accepted(1), accepted(2)]


def test_two_devices_may_have_the_same_number(store: ReadingStore) -> None:
    result = store.write([accepted(1, device="roof"), accepted(1, device="home")])

    assert result.new == 2
    assert list(store.readings("roof", *EVER)) == [accepted(1, device="roof")]
    assert list(store.readings("home", *EVER)) == [accepted(1, device="home")]


@pytest.mark.parametrize("other", [("hill", "77aa"), ("mill", "9f2c")], ids=["epoch", "collector"])
def test_the_same_number_of_another_outbox_stays_beside(
    store: ReadingStore, other: tuple[str, str]
) -> None:
    mine, theirs = accepted(1), accepted(1, 0, {"ac_power": 2}, outbox=other)

    store.write([mine])
    result = store.write([theirs])

    assert (result.new, result.conflicts) == (1, ())
    assert sorted(store.readings("roof", *EVER), key=lambda one: one.identity.epoch) == sorted(
        [mine, theirs], key=lambda one: one.identity.epoch
    )


def test_a_range_is_half_open(store: ReadingStore) -> None:
    store.write([accepted(1, 999), accepted(2, 1000), accepted(3, 1999), accepted(4, 2000)])

    found = store.readings("roof", after_noon(1000), after_noon(2000))

    assert [one.identity.seq for one in found] == [2, 3]


def test_a_range_that_starts_inside_a_millisecond_leaves_it_out(store: ReadingStore) -> None:
    store.write([accepted(1, 1000), accepted(2, 1001)])

    start = after_noon(1000) + timedelta(microseconds=1)

    assert [one.identity.seq for one in store.readings("roof", start, after_noon(1002))] == [2]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (after_noon(0), after_noon(0)),
        (after_noon(1), after_noon(0)),
        (datetime(1, 1, 1, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_empty_range_has_no_readings(
    store: ReadingStore, start: datetime, end: datetime
) -> None:
    store.write([accepted(1)])

    assert list(store.readings("roof", start, end)) == []


def test_the_widest_range_has_all_readings(store: ReadingStore) -> None:
    store.write([accepted(1)])

    ever = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

    assert list(store.readings("roof", *ever)) == [accepted(1)]


def test_readings_are_ordered_by_time_and_then_by_number(store: ReadingStore) -> None:
    store.write([accepted(5, 0), accepted(1_000_000, 7), accepted(999_999, 7), accepted(3, 9000)])

    found = [one.identity.seq for one in store.readings("roof", *EVER)]

    assert found == [5, 999_999, 1_000_000, 3]


def test_readings_of_several_outboxes_are_ordered_as_those_of_one(store: ReadingStore) -> None:
    new, old = ("hill", "1111"), ("hill", "9999")
    store.write(
        [accepted(1, 5, outbox=old), accepted(2, 5, outbox=new), accepted(3, 5, outbox=old)]
    )
    store.write(
        [accepted(8, 0, outbox=old), accepted(7, 9, outbox=new), accepted(6, 7, outbox=old)]
    )

    found = [one.identity.seq for one in store.readings("roof", *EVER)]

    assert found == [8, 1, 2, 3, 6, 7]


@pytest.mark.parametrize("device", ["nobody", 'a"b', "${x}", "a\\", "a' OR 1"])
def test_an_unknown_device_has_nothing(store: ReadingStore, device: str) -> None:
    store.write([accepted(1)])

    assert list(store.readings(device, *EVER)) == []
    assert store.last([device]) == {}


def test_last_is_the_newest_by_time_and_then_by_number(store: ReadingStore) -> None:
    store.write([accepted(5, 5000), accepted(4, 5000), accepted(9, 0), accepted(1, device="home")])
    store.write([accepted(10, 100)])

    assert store.last(["roof", "home", "nobody"]) == {
        "roof": LastReading(accepted(5).identity, accepted(5, 5000).reading),
        "home": LastReading(
            accepted(1, device="home").identity, accepted(1, device="home").reading
        ),
    }


def test_stored_numbers_are_those_of_one_outbox_above_a_number(store: ReadingStore) -> None:
    store.write([accepted(seq) for seq in (9, 3, 5)])
    store.write([accepted(4, device="home"), accepted(6, outbox=("hill", "77aa"))])

    assert list(store.stored_seqs("hill", "9f2c", 3)) == [4, 5, 9]
    assert list(store.stored_seqs("hill", "77aa", 0)) == [6]
    assert list(store.stored_seqs("mill", "9f2c", 0)) == []


def test_a_restart_keeps_everything(open_again: OpenStore) -> None:
    before = open_again()
    batch = [counted(1, 0, 100), counted(2, 1_000_000, 110)]
    before.write(batch)
    counters = [("roof", "energy_total")]
    kept = before.edges(counters, *EVER), before.last(["roof"]), before.changed_slots(0)
    before.close()

    after = open_again()

    assert list(after.readings("roof", *EVER)) == batch
    assert (after.edges(counters, *EVER), after.last(["roof"]), after.changed_slots(0)) == kept
    assert list(after.stored_seqs("hill", "9f2c", 0)) == [1, 2]
    assert after.write(batch).repeated == 2


def test_a_second_opening_sees_what_the_first_one_writes(open_again: OpenStore) -> None:
    ingest, web = open_again(), open_again()

    ingest.write([counted(1, 0, 100)])

    assert list(web.readings("roof", *EVER)) == [counted(1, 0, 100)]
    assert web.last(["roof"]).keys() == {"roof"}


def test_reading_goes_on_beside_writing(store: ReadingStore) -> None:
    store.write([accepted(1, 0), accepted(2, 1)])
    walking = store.readings("roof", *EVER)
    first = next(walking)

    store.write([accepted(3, 2)])

    assert [first, *walking][:2] == [accepted(1, 0), accepted(2, 1)]


def test_ten_thousand_readings_go_in_one_batch(store: ReadingStore) -> None:
    batch = [counted(seq, seq * 1000, seq) for seq in range(1, 10_001)]

    result = store.write(batch)

    assert result.new == 10_000
    assert list(store.readings("roof", *EVER)) == batch
