"""What every store promises of edges and changed slots, tried on each of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest

from collector.reading import AcceptedReading, Value
from collector.stores import Counter, Edge, ReadingStore
from tests.collector.stores.samples import EVER, NOON_S, accepted, after_noon, counted

ROOF = ("roof", "energy_total")
HOME = ("home", "import_energy_total")
NOON_MS = NOON_S * 1000
MINUTE_MS = 60_000


def named(
    store: ReadingStore, counters: Sequence[Counter], start: datetime, end: datetime
) -> dict[Counter, list[Edge]]:
    """Return what a store answers, by the names of its fields."""
    found = store.edges(counters, start, end)
    return {counter: [Edge(*row) for row in rows] for counter, rows in found.items()}


def test_an_edge_is_the_first_and_last_sample_of_a_slot(store: ReadingStore) -> None:
    store.write([counted(1, 0, 100), counted(2, 10_000, 105), counted(3, 899_999, 140)])
    store.write([counted(4, 900_000, 141)])

    assert named(store, [ROOF], *EVER) == {
        ROOF: [
            Edge(NOON_S, NOON_MS, 100, NOON_MS + 899_999, 140, falls=False),
            Edge(NOON_S + 900, NOON_MS + 900_000, 141, NOON_MS + 900_000, 141, falls=False),
        ]
    }


def test_counters_are_kept_apart(store: ReadingStore) -> None:
    store.write([counted(1, 0, 100), accepted(2, 0, {HOME[1]: 7}, device=HOME[0])])

    edges = named(store, [HOME, ROOF, ("roof", "export_energy_total")], *EVER)

    assert {counter: [edge.first_wh for edge in found] for counter, found in edges.items()} == {
        HOME: [7],
        ROOF: [100],
    }


@pytest.mark.parametrize(
    ("start_min", "end_min", "found"),
    [
        (45, 90, [101, 104, 105, 109]),
        (60, 75, [101, 104, 105]),
        (15, 60, [100, 101, 104]),
        (0, 165, [100, 101, 104, 105, 109, 110]),
    ],
)
def test_edges_have_the_nearest_on_either_side(
    store: ReadingStore, start_min: int, end_min: int, found: Sequence[int]
) -> None:
    store.write([counted(n, n * 15 * MINUTE_MS, 100 + n) for n in (0, 1, 4, 5, 9, 10)])

    edges = named(store, [ROOF], after_noon(start_min * MINUTE_MS), after_noon(end_min * MINUTE_MS))

    assert [edge.first_wh for edge in edges[ROOF]] == found


@pytest.mark.parametrize(
    ("start_min", "end_min", "found"),
    [(-60, -30, [100]), (300, 330, [101]), (30, 45, [100, 101]), (15, 15, [100, 101])],
    ids=["before all", "after all", "in a gap", "an instant"],
)
def test_a_span_without_samples_has_its_neighbours(
    store: ReadingStore, start_min: int, end_min: int, found: Sequence[int]
) -> None:
    store.write([counted(1, 0, 100), counted(2, 60 * MINUTE_MS, 101)])

    edges = named(store, [ROOF], after_noon(start_min * MINUTE_MS), after_noon(end_min * MINUTE_MS))

    assert [edge.first_wh for edge in edges[ROOF]] == found


def test_a_slot_belongs_to_a_span_when_it_starts_inside(store: ReadingStore) -> None:
    store.write([counted(n, n * 15 * MINUTE_MS, 100 + n) for n in range(6)])

    edges = named(store, [ROOF], after_noon(MINUTE_MS), after_noon(31 * MINUTE_MS))

    assert [edge.first_wh for edge in edges[ROOF]] == [100, 101, 102, 103]


@pytest.mark.parametrize(
    ("value", "floored"),
    [
        (Decimal("99.999999999999999999999"), 99),
        (Decimal("-0.5"), -1),
        (999_999_999_999_999_999, 999_999_999_999_999_999),
        (0, 0),
    ],
)
def test_counters_are_floored_to_whole_wh(store: ReadingStore, value: Value, floored: int) -> None:
    store.write([counted(1, 0, value)])

    (edge,) = named(store, [ROOF], *EVER)[ROOF]
    assert (edge.first_wh, edge.last_wh) == (floored, floored)


@pytest.mark.parametrize(
    "reading",
    [
        accepted(1, 0, {"energy_total": 5}, trusted=False),
        accepted(1, 0, {}, bad={"energy_total": "implausible"}),
        accepted(1, 0, {"energy_total": "5"}),
        accepted(1, 0, {"energy_today": 5, "hours_total": 5, "import_reactive_energy_total": 5}),
    ],
    ids=["untrusted time", "withheld", "a text", "no counter of Wh"],
)
def test_what_is_no_sample_of_energy_has_no_edge(
    store: ReadingStore, reading: AcceptedReading
) -> None:
    store.write([reading])

    counters = [("roof", name) for name in ("energy_total", "energy_today", "hours_total")]
    assert named(store, [*counters, ("roof", "import_reactive_energy_total")], *EVER) == {}
    assert store.changed_slots(0).slot_starts_s == ()


def test_a_counter_that_goes_backwards_is_marked(store: ReadingStore) -> None:
    store.write([counted(1, 0, 100), counted(2, 1000, 3)])

    assert [edge.falls for edge in named(store, [ROOF], *EVER)[ROOF]] == [True]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)])
def test_the_order_of_arrival_does_not_matter(store: ReadingStore, order: Sequence[int]) -> None:
    readings = [counted(n + 1, n * 5 * MINUTE_MS, 100 + n) for n in range(4)]

    for position in order:
        store.write([readings[position], readings[order[0]]])

    assert named(store, [ROOF], *EVER) == {
        ROOF: [
            Edge(NOON_S, NOON_MS, 100, NOON_MS + 600_000, 102, falls=False),
            Edge(NOON_S + 900, NOON_MS + 900_000, 103, NOON_MS + 900_000, 103, falls=False),
        ]
    }
    assert [one.identity.seq for one in store.readings("roof", *EVER)] == [1, 2, 3, 4]
    assert store.last(["roof"])["roof"].identity.seq == 4
    assert set(store.changed_slots(0).slot_starts_s) == {NOON_S, NOON_S + 900}


def test_of_one_millisecond_the_smaller_number_is_first(store: ReadingStore) -> None:
    store.write([counted(3, 0, 12), counted(2, 0, 11), counted(1, 0, 10)])

    (edge,) = named(store, [ROOF], *EVER)[ROOF]
    assert (edge.first_wh, edge.last_wh) == (10, 12)


def test_changed_slots_are_those_with_new_samples_since(store: ReadingStore) -> None:
    store.write([counted(1, 0, 100), counted(2, 60 * MINUTE_MS, 101)])
    seen = store.changed_slots(0)

    store.write([counted(3, 1000, 100)])

    assert seen.slot_starts_s == (NOON_S, NOON_S + 3600)
    assert store.changed_slots(seen.version).slot_starts_s == (NOON_S,)


def test_nothing_new_leaves_the_version_where_it_is(store: ReadingStore) -> None:
    store.write([counted(1, 0, 100)])
    seen = store.changed_slots(0)

    assert store.changed_slots(seen.version) == ((), seen.version)


def test_a_limit_of_changed_slots_skips_none(store: ReadingStore) -> None:
    store.write([counted(n, n * 15 * MINUTE_MS, 100 + n) for n in range(5)])

    first = store.changed_slots(0, limit=2)
    second = store.changed_slots(first.version, limit=2)
    third = store.changed_slots(second.version, limit=2)

    assert first.slot_starts_s + second.slot_starts_s + third.slot_starts_s == tuple(
        NOON_S + n * 900 for n in range(5)
    )
