"""A home's page says what the statement says, to the watt-hour and the céntimo."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import event

from coop.books import Standing
from coop.database.opening import Database, open_database
from coop.errors import InputError
from coop.household import HomeBook, HomePage, Wanted
from coop.members.stewards import add_tariff
from coop.metering.intervals import Quality
from coop.month.money import Tariff, TariffKind
from coop.settings import CoopSettings
from coop.slots import moment_of
from tests.coop.month.town import APRIL_SLOTS, END, LATER, SLOTS, BusyTown, Town
from tests.coop.village import HOMES, SLOT_S, START_S, Village, later, meter_of, missing_between

MONTHS = ("2026-03", "2026-04")
AFTER = moment_of(START_S + (SLOTS + APRIL_SLOTS) * SLOT_S) + timedelta(days=5)
FIRST_DAY = date(2026, 3, 1)


@pytest.fixture
def settings(tmp_path: Path) -> CoopSettings:
    """Name a file: what is read here is the same on a server."""
    return CoopSettings(database=str(tmp_path / "coop.sqlite"))


@pytest.fixture
def town(march_file: Path, tmp_path: Path) -> Iterator[Town]:
    copied = tmp_path / "town.sqlite"
    copied.write_bytes(march_file.read_bytes())
    settings = CoopSettings(database=str(copied))
    with open_database(settings) as database:
        held = Town(database, settings, is_new=False)
        held.count()
        yield held


@pytest.fixture(scope="module")
def march_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("march") / "coop.sqlite"
    settings = CoopSettings(database=str(path))
    with open_database(settings) as opened:
        Town(opened, settings).live_through_march()
    return path


def page_of(
    village: Village,
    home: str = "a",
    now: datetime = AFTER,
    month: str = "2026-03",
    day: date = FIRST_DAY,
) -> HomePage:
    page = HomeBook(village.database, village.settings).page(Wanted(home, now, month, day))
    assert page is not None
    return page


def statement(town: Town, month: str, home: str) -> dict[str, int]:
    text = town.months.files(month)["statements.csv"].decode()
    row = next(one for one in csv.DictReader(io.StringIO(text)) if one["home"] == home)
    return {name: int(value) for name, value in row.items() if name != "home"}


def set_price(database: Database, centimos: str = "68.55", from_s: int = START_S) -> None:
    with database.writing() as connection:
        price = Tariff(TariffKind.UTILITY, from_s, Fraction(centimos), "Bill")
        add_tariff(connection, price)


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("home", HOMES)
def test_a_frozen_month_says_what_its_statement_says(busy: BusyTown, month: str, home: str) -> None:
    month_of_home = page_of(busy, home, month=month).month
    sums = month_of_home.sums
    assert sums is not None

    told = {
        "consumption_wh": sums.used_wh,
        "own_use_wh": sums.own_use_wh,
        "shared_wh": sums.shared_wh,
        "set_aside_wh": sums.set_aside_wh,
        "grid_wh": sums.grid_wh,
        "late_own_use_wh": month_of_home.late_own_use_wh,
        "late_shared_wh": month_of_home.late_shared_wh,
        "kept_centimos": month_of_home.kept_centimos,
    }

    held = statement(busy, month, home)
    assert told == {name: held[name] for name in told}
    assert month_of_home.is_frozen


@pytest.mark.parametrize("home", HOMES)
def test_the_days_of_a_month_add_up_to_it(busy: BusyTown, home: str) -> None:
    month = page_of(busy, home).month
    held = [day.sums for day in month.days if day.sums is not None]
    assert month.sums is not None

    assert len(month.days) == 31
    assert sum(one.shared_wh for one in held) == month.sums.shared_wh
    assert sum(one.own_use_wh for one in held) == month.sums.own_use_wh
    assert sum(one.grid_wh for one in held) == month.sums.grid_wh


@pytest.mark.parametrize("home", HOMES)
def test_the_slots_of_a_day_add_up_to_it(busy: BusyTown, home: str) -> None:
    page = page_of(busy, home, day=date(2026, 3, 14))
    assert page.day.sums is not None

    assert len(page.slots) == 96
    shared = [slot.figures.shared_wh or 0 for slot in page.slots]
    grid = [slot.figures.grid_wh or 0 for slot in page.slots]
    assert sum(shared) == page.day.sums.shared_wh
    assert sum(grid) == page.day.sums.grid_wh


def test_what_a_home_keeps_is_an_estimate_until_the_freeze_and_comes_out_the_same(
    town: Town,
) -> None:
    set_price(town.database)
    before = {home: page_of(town, home, now=LATER).month for home in HOMES}

    town.months.freeze("2026-03", LATER)
    after = {home: page_of(town, home, now=LATER).month for home in HOMES}

    assert [before[home].is_frozen for home in HOMES] == [False] * 3
    assert [after[home].is_frozen for home in HOMES] == [True] * 3
    kept = [before[home].kept_centimos for home in HOMES]
    assert kept == [after[home].kept_centimos for home in HOMES]
    assert kept == [statement(town, "2026-03", home)["kept_centimos"] for home in HOMES]
    assert all(kept)


def test_without_a_price_nothing_is_said_of_money(town: Town) -> None:
    month = page_of(town, now=LATER).month

    assert month.kept_centimos is None
    assert month.prices == ()


def test_the_prices_of_a_month_are_those_in_force_in_it(town: Town) -> None:
    set_price(town.database, "60", START_S - 90 * 86_400)
    set_price(town.database, "61", START_S - 30 * 86_400)
    set_price(town.database, "68.55", START_S + 9 * 86_400)
    set_price(town.database, "99", START_S + 40 * 86_400)

    prices = page_of(town, now=LATER).month.prices

    assert [str(float(one.centimos_per_kwh)) for one in prices] == ["61.0", "68.55"]


def test_a_price_entered_later_is_seen_at_once(town: Town) -> None:
    book = HomeBook(town.database, town.settings)
    wanted = Wanted("a", LATER, "2026-03", FIRST_DAY)
    without = book.page(wanted)

    set_price(town.database)
    priced = book.page(wanted)

    assert without is not None
    assert priced is not None
    assert without.month.kept_centimos is None
    assert priced.month.kept_centimos


def test_a_slot_settled_again_is_read_again(village: Village) -> None:
    village.agree()
    village.measure(8)
    village.readings.samples[meter_of("b")] = set(
        missing_between(village.readings.samples[meter_of("b")], 0, 120)
    )
    village.settle(120)
    book = HomeBook(village.database, village.settings)
    wanted = Wanted("b", later(130), "2026-03", FIRST_DAY)
    before = book.page(wanted)

    village.measure(8)
    village.settle(120)
    after = book.page(wanted)

    assert before is not None
    assert after is not None
    assert before.today.known < 8
    assert after.today.known == 8
    assert after.today.sums is not None
    assert after.today.sums.used_wh == 480


def test_what_was_not_measured_is_missing_and_not_zero(village: Village) -> None:
    village.agree()
    village.measure(8)
    village.readings.samples[meter_of("b")] = set(
        missing_between(village.readings.samples[meter_of("b")], 0, 120)
    )
    village.settle(120)

    page = page_of(village, "b", now=later(130))

    assert page.today.missing == 8
    assert page.today.quality is Quality.MISSING
    assert page.slots[3].figures.consumption_wh is None
    assert page.slots[3].quality is Quality.MISSING
    assert page_of(village, "a", now=later(130)).today.quality is Quality.MEASURED


def test_a_day_is_missing_only_as_far_as_it_is_over(village: Village) -> None:
    village.agree()
    village.measure(8)
    village.settle(120)

    page = page_of(village, now=later(300))

    assert page.today.due == 19
    assert page.today.missing == 11
    assert [slot.standing for slot in page.slots[7:9]] == [Standing.SETTLED, Standing.MISSING]
    assert page.slots[19].standing is Standing.AHEAD


def test_a_home_that_has_nothing_yet_has_an_empty_page(village: Village) -> None:
    page = page_of(village, now=later(300))

    assert page.month.sums is None
    assert page.today.sums is None
    assert page.counted_until is None
    assert page.first is None
    assert not page.best.is_known


def test_nobody_knows_a_home_that_is_not_registered(village: Village) -> None:
    book = HomeBook(village.database, village.settings)

    assert book.page(Wanted("nobody", later(0), "2026-03", FIRST_DAY)) is None


def test_a_month_that_is_none_is_refused(village: Village) -> None:
    with pytest.raises(InputError, match="2026-13"):
        page_of(village, month="2026-13")


def test_a_page_is_read_in_five_statements_and_without_raw_readings(busy: BusyTown) -> None:
    asked: list[str] = []
    event.listen(
        busy.database._engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )
    book = HomeBook(busy.database, busy.settings)

    book.page(Wanted("a", END, "2026-03", FIRST_DAY))
    cold = [one for one in asked if one.startswith("SELECT")]
    asked.clear()
    book.page(Wanted("b", END, "2026-03", FIRST_DAY))
    warm = [one for one in asked if one.startswith("SELECT")]

    assert len(cold) == 5
    assert len(warm) == 4
    assert not any("batches" in one or "reading" in one.lower() for one in cold + warm)
