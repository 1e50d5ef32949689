from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coop.books import Figures, Source, Standing
from coop.books import Sources as PowerSources
from dashboard.community.reading import CommunityReader
from dashboard.public.figures import Light, Reader, State
from tests.dashboard.fakes import (
    DAY,
    HOMES,
    LIMA,
    ROOFS,
    SLOT_FIGURES,
    Village,
    a_full_village,
)

OWN = tuple(Source(f"own-{n}", "energy_total", None) for n in range(5))


def test_a_day_adds_up_and_closes_to_zero() -> None:
    today = Reader(a_full_village().sources()).board().today

    assert today.total is not None
    assert today.total.produced_wh == 48_000
    assert today.total.shared_wh == 28_800
    assert today.total.difference_wh == 0
    assert {row.difference_wh for row in today.passed} == {0}


def test_the_day_is_that_of_the_cooperative_not_of_utc() -> None:
    village = a_full_village()
    village.clock.at = datetime(2026, 3, 1, 23, 30, tzinfo=LIMA)

    assert Reader(village.sources()).board().today.date == date(2026, 3, 1)


def test_a_slot_without_figures_is_counted_as_missing_not_as_zero() -> None:
    village = a_full_village()
    slots: dict[int, Figures | Standing] = {**dict.fromkeys(range(48), SLOT_FIGURES)}
    village.books.fill(DAY, {**slots, 40: Standing.UNSETTLED})

    today = Reader(village.sources()).board().today

    assert today.rows[40].produced_wh is None
    assert today.rows[40].difference_wh is None
    assert today.missing == 1
    assert today.total is not None
    assert today.total.produced_wh == 47_000


@pytest.mark.parametrize(
    ("own_roofs", "own_use_wh", "shared_wh"),
    [(1, None, 33_600), (4, None, 33_600), (5, 4_800, 28_800), (0, 4_800, 28_800)],
)
def test_own_use_of_fewer_than_five_homes_is_told_inside_shared(
    own_roofs: int, own_use_wh: int | None, shared_wh: int
) -> None:
    village = a_full_village()
    village.books.devices = PowerSources(ROOFS, OWN[:own_roofs], HOMES)

    total = Reader(village.sources()).board().today.total

    assert total is not None
    assert (total.own_use_wh, total.shared_wh) == (own_use_wh, shared_wh)
    assert total.difference_wh == 0


def test_fewer_than_five_homes_withhold_the_page() -> None:
    village = a_full_village()
    village.books.devices = PowerSources(ROOFS, (), HOMES[:4])

    assert Reader(village.sources()).board().state is State.WITHHELD
    assert CommunityReader(village.sources()).day(DAY).state is State.WITHHELD


def test_a_new_cooperative_is_empty() -> None:
    village = Village()

    assert Reader(village.sources()).board().state is State.EMPTY
    assert CommunityReader(village.sources()).day(DAY).state is State.EMPTY


def test_without_a_fresh_reading_the_page_is_stale() -> None:
    village = a_full_village()
    village.clock.at += timedelta(minutes=6)

    assert Reader(village.sources()).board().state is State.STALE


@pytest.mark.parametrize(
    ("changes", "light"),
    [
        ({}, Light.PLENTY),
        ({"surplus_wh": 119, "shared_wh": 731}, Light.TIGHT),
        ({"surplus_wh": 0, "shared_wh": 850}, Light.TIGHT),
        ({"produced_wh": 0}, Light.DARK),
    ],
)
def test_the_light_follows_what_the_last_slot_left_over(
    changes: dict[str, int], light: Light
) -> None:
    village = a_full_village()
    last = SLOT_FIGURES._replace(**changes)
    village.books.fill(DAY, {46: SLOT_FIGURES, 47: last})

    assert Reader(village.sources()).board().light is light


def test_the_light_is_out_when_the_books_are_late() -> None:
    village = a_full_village()
    village.clock.at += timedelta(hours=1)

    assert Reader(village.sources()).board().light is Light.UNKNOWN


def test_just_after_midnight_the_light_looks_at_yesterday() -> None:
    village = a_full_village()
    village.clock.at = datetime(2026, 3, 1, 0, 5, tzinfo=LIMA)
    village.books.fill(DAY, {})

    assert Reader(village.sources()).board().light is Light.PLENTY


@pytest.mark.parametrize(("day", "slots"), [(date(2026, 3, 29), 92), (date(2025, 10, 26), 100)])
def test_a_day_of_clock_change_has_its_own_length(day: date, slots: int) -> None:
    rome = ZoneInfo("Europe/Rome")
    village = Village()
    village.books.zone = rome
    village.settings = replace(village.settings, zone=rome)
    village.clock.at = datetime(2026, 6, 1, 12, tzinfo=rome)
    village.books.fill(day, dict.fromkeys(range(slots), SLOT_FIGURES))

    rows = CommunityReader(village.sources()).day(day).day.rows

    assert len(rows) == slots
    assert f"{rows[-1].start:%H:%M}" == "23:45"
