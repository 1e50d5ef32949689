"""What the settled lines say of each meter's days, and where the gaps are."""

import json
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from coop.members.community import Counts, Validity
from coop.watch.coverage import NOT_IN_BOOKS, Cell, Coverage, Days, Level, cover
from coop.watch.records import EnergyLine
from coop.watch.watched import Watched
from coop.watch.yields import roof_days

SLOT_S = 900
DAY_SLOTS = 4
"""Short days are easy to count."""
A = Watched("a-meter", "import_energy_total", Counts.USE, "House A", "a", Validity(0))
B = Watched("b-meter", "import_energy_total", Counts.USE, "House B", "b", Validity(0))
ROOF = Watched("roof", "energy_total", Counts.PRODUCTION, "School", "school", Validity(0))

GOOD = [60, "measured"]
FILLED = [60, "interpolated"]
GONE = [None, "missing", "gap"]
RESET = [None, "missing", "register_reset"]


def days(count: int, due: int | None = None, first: int = 0) -> Days:
    borders = tuple(day * DAY_SLOTS * SLOT_S for day in range(count + 1))
    due_s = borders[-1] if due is None else due * SLOT_S
    dates = tuple(date(2026, 3, 1 + day) for day in range(count))
    return Days(dates, borders, SLOT_S, first * SLOT_S, due_s)


def lines(*slots: dict[Watched, list[object]] | None) -> list[EnergyLine]:
    return [
        EnergyLine(
            place * SLOT_S,
            json.dumps({one.name: said for one, said in slot.items()}, separators=(",", ":")),
        )
        for place, slot in enumerate(slots)
        if slot is not None
    ]


def cells(coverage: Coverage) -> dict[str, tuple[Cell, ...]]:
    return {row.meter.owner: row.cells for row in coverage.rows}


def test_each_day_of_each_meter_is_counted_by_quality() -> None:
    good, half = {A: GOOD, B: GOOD}, {A: FILLED, B: GONE}

    found = cover(lines(good, half, good, good, good, half, half, half), [A, B], days(2))

    assert cells(found) == {
        "House A": (Cell(4, 3, 0), Cell(4, 1, 0)),
        "House B": (Cell(4, 3, 1), Cell(4, 1, 3)),
    }
    assert [cell.level for cell in cells(found)["House B"]] == [Level.SOME, Level.MOST]
    assert found.total == Cell(16, 8, 4)


def test_gaps_have_a_beginning_an_end_and_a_reason_and_the_longest_comes_first() -> None:
    slots = [{A: GONE}, {A: GOOD}, {A: RESET}, {A: GONE}, {A: GOOD}, {A: GOOD}, {A: GOOD}]

    gaps = cover(lines(*slots, {A: GONE}), [A], days(2)).gaps

    assert [(gap.from_s, gap.to_s, gap.reason, gap.lasts) for gap in gaps] == [
        (1_800, 3_600, "register_reset", False),
        (0, 900, "gap", False),
        (6_300, 7_200, "gap", True),
    ]


def test_a_slot_that_is_over_and_not_in_the_books_is_a_gap() -> None:
    found = cover(lines({A: GOOD}, None, {A: GOOD}, {A: GOOD}), [A], days(1))

    assert cells(found) == {"House A": (Cell(4, 3, 1),)}
    assert [gap.reason for gap in found.gaps] == [NOT_IN_BOOKS]


def test_what_is_not_due_and_what_was_before_the_books_is_not_expected() -> None:
    found = cover(lines(None, None, {A: GOOD}, {A: GOOD}), [A], days(2, due=4, first=2))

    assert cells(found) == {"House A": (Cell(2, 2, 0), Cell())}
    assert cells(found)["House A"][1].level is Level.NOT_DUE
    assert found.gaps == ()


def test_a_meter_is_expected_only_while_it_counts() -> None:
    late = replace(B, validity=Validity(3 * SLOT_S, 5 * SLOT_S))
    both = {A: GOOD, B: GOOD}

    slots = [{A: GOOD}, {A: GOOD}, {A: GOOD}, both, both, {A: GOOD}, {A: GOOD}, {A: GOOD}]
    found = cover(lines(*slots), [A, late], days(2))

    assert cells(found)["House B"] == (Cell(1, 1, 0), Cell(1, 1, 0))


def test_a_counter_that_moved_stands_once_under_its_newest_owner() -> None:
    before = replace(A, owner="House Z", owner_id="z", validity=Validity(0, 2 * SLOT_S))
    after = replace(A, validity=Validity(2 * SLOT_S))

    found = cover(lines(*[{A: GOOD}] * 4), [after, before], days(1))

    assert cells(found) == {"House A": (Cell(4, 4, 0),)}


def test_a_name_that_looks_like_a_line_is_counted_right() -> None:
    odd = replace(A, device='x":[1,"measured"]')

    found = cover(lines({odd: GOOD}, {odd: GONE}, {odd: GOOD}, {odd: GOOD}), [odd], days(1))

    assert cells(found) == {"House A": (Cell(4, 3, 1),)}


@given(st.lists(st.sampled_from([GOOD, FILLED, GONE, RESET, None]), min_size=8, max_size=8))
def test_cells_and_gaps_always_tell_the_same(said: list[list[object] | None]) -> None:
    told = [None if one is None else {A: one, B: GOOD} for one in said]

    found = cover(lines(*told), [A, B], days(2))

    missing = found.rows[0].total.missing
    assert missing == sum(one is None or one[0] is None for one in said)
    assert missing * SLOT_S == sum(gap.to_s - gap.from_s for gap in found.gaps if gap.meter == A)
    assert found.rows[0].total.expected == 8


def test_a_roofs_day_is_known_only_if_every_slot_is() -> None:
    slots = [{ROOF: GOOD}] * 3 + [{ROOF: FILLED}] + [{ROOF: GOOD}] * 3 + [{ROOF: GONE}]

    [found] = roof_days(lines(*slots), [ROOF, A], days(2), {"roof": 5_000})

    assert (found.id, found.name, found.rated_w) == ("school", "School", 5_000)
    assert found.made_wh == {date(2026, 3, 1): 240}


def test_a_roof_of_two_inverters_needs_both_and_both_ratings() -> None:
    second = replace(ROOF, device="roof-2")
    slots = [{ROOF: GOOD, second: GOOD}] * 4 + [{ROOF: GOOD}] * 4

    [found] = roof_days(lines(*slots), [ROOF, second], days(2), {"roof": 5_000})

    assert found.made_wh == {date(2026, 3, 1): 480}
    assert found.rated_w is None


def test_what_a_steward_told_by_hand_is_no_day_to_judge_a_roof_by() -> None:
    slots = [{ROOF: GOOD}] * 3 + [{ROOF: [60, "manual"]}]

    [found] = roof_days(lines(*slots), [ROOF], days(1), {})

    assert found.made_wh == {}


def test_an_inverter_that_was_replaced_in_a_day_leaves_that_day_out() -> None:
    old = replace(ROOF, validity=Validity(0, 2 * SLOT_S))
    new = replace(ROOF, device="roof-2", validity=Validity(2 * SLOT_S))
    slots = [{old: GOOD}] * 2 + [{new: GOOD}] * 6

    [found] = roof_days(lines(*slots), [old, new], days(2), {"roof-2": 6_000})

    assert found.made_wh == {date(2026, 3, 2): 240}
    assert found.rated_w == 6_000
