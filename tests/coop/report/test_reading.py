"""A month's report says what its books say, however one adds them up."""

import csv
from collections import Counter
from dataclasses import astuple
from fractions import Fraction

import pytest

from coop.errors import RefusedError
from coop.ledger import Draft, Kind, Unit
from coop.ledger.book import Ledger
from coop.ledger.fund import Grant, enter_grant
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward, add_tariff
from coop.month.money import Tariff, TariffKind
from coop.month.states import State
from coop.report import MonthReport, read_report
from coop.report.model import Sums
from tests.coop.month.town import APRIL_SLOTS, SLOTS, BusyTown
from tests.coop.village import ROOF, START_S, Village, at, later, meter_of

MONTHS = ("2026-03", "2026-04")


def read(village: Village, month: str = "2026-03") -> MonthReport:
    with village.database.reading() as connection:
        return read_report(connection, village.settings, month)


def booked(town: BusyTown, month: str) -> Counter[str]:
    """Return what the ledger of a month says, in tenths of a watt-hour, by the kind of account."""
    found: Counter[str] = Counter()
    with town.database.reading() as connection:
        for entry in Ledger(connection, town.settings.id).of_unit(Unit.ENERGY):
            said = entry.document
            if said["month"] == month:
                for account, amount in said["postings"].items():
                    found[account.partition(":")[0]] += amount
    return found


@pytest.mark.parametrize("month", MONTHS)
def test_the_community_is_what_the_ledger_says(busy: BusyTown, month: str) -> None:
    report = read(busy, month)

    held = report.community.booked
    said = booked(busy, month)
    drawn = 10 * sum(roof.plant_wh for roof in report.roofs) + sum(
        amount
        for one in report.corrections
        for account, amount in one.changes.items()
        if account.startswith("plant:")
    )
    assert held.set_aside_wh > 0
    assert drawn > 0
    assert said.pop("roof") + said.pop("export", 0) == -10 * held.produced_wh
    assert said.pop("surplus") + said.pop("unshared", 0) == (
        10 * held.surplus_wh - held.fund_tenths_wh
    )
    assert said == {
        "own": 10 * held.own_use_wh,
        "shared": 10 * held.shared_wh,
        "aside": 10 * held.set_aside_wh,
        "fund": held.fund_tenths_wh,
        "plant": drawn,
        "drawn": -drawn,
    }


def test_what_a_prosumer_fed_in_is_as_the_ledger_says(busy: BusyTown) -> None:
    report = read(busy, "2026-03")

    said = booked(busy, "2026-03")
    assert [one.home for one in report.prosumers] == ["b"]
    assert report.prosumers[0].fed_wh * -10 == said["export"]
    assert report.prosumers[0].unshared_tenths_wh == said["unshared"]


@pytest.mark.parametrize("month", MONTHS)
def test_homes_and_roofs_add_up_to_the_community(busy: BusyTown, month: str) -> None:
    report = read(busy, month)

    slots, late = report.community.slots, report.community.late
    assert sum(home.own_use_wh for home in report.homes) == slots.own_use_wh
    assert sum(home.shared_wh for home in report.homes) == slots.shared_wh
    assert sum(home.set_aside_wh for home in report.homes) == slots.set_aside_wh
    assert sum(home.late_shared_wh for home in report.homes) == late.shared_wh
    assert sum(home.kept_centimos for home in report.homes) == report.community.kept_centimos
    roofs, prosumers = report.roofs, report.prosumers
    assert slots.produced_wh == (
        sum(roof.produced_wh for roof in roofs) + sum(one.fed_wh for one in prosumers)
    )
    assert 10 * slots.surplus_wh - slots.fund_tenths_wh == (
        sum(roof.surplus_tenths_wh for roof in roofs)
        + sum(one.unshared_tenths_wh for one in prosumers)
    )


@pytest.mark.parametrize("month", MONTHS)
def test_each_home_is_as_its_statement_says(busy: BusyTown, month: str) -> None:
    rows = csv.DictReader(busy.months.files(month)["statements.csv"].decode().splitlines())
    stated = [{name: str(value) for name, value in row.items()} for row in rows]

    reported = [
        {name: str(getattr(home, name)) for name in stated[0]} for home in read(busy, month).homes
    ]

    assert reported == stated


def test_every_slot_of_a_month_is_counted(busy: BusyTown) -> None:
    quality = read(busy, "2026-04").quality

    assert (quality.slots, quality.settled + quality.unsettled, quality.missing) == (
        APRIL_SLOTS,
        APRIL_SLOTS,
        0,
    )
    assert {sum(meter.slots.values()) for meter in quality.meters} == {APRIL_SLOTS}
    assert [(one.steward, one.reason) for one in quality.reasons] == [("juan", "Cable")]


def test_corrections_are_listed_with_their_slots_and_sum_to_zero(busy: BusyTown) -> None:
    corrections = read(busy, "2026-04").corrections

    assert len(corrections) > 10
    assert {sum(one.changes.values()) for one in corrections} == {0}
    assert {one.slot[:7] for one in corrections} == {"2026-03"}


def test_a_month_is_compared_with_the_one_before(busy: BusyTown) -> None:
    before = read(busy, "2026-04").before

    assert before is not None
    assert before.community == read(busy, "2026-03").community
    assert (before.month, read(busy, "2026-03").before, read(busy, "2026-04").year_before) == (
        "2026-03",
        None,
        None,
    )


def test_the_same_month_of_last_year_is_found(village: Village) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)
    year_later = 365 * 1440
    village.readings.add(ROOF, at(year_later, 2000), at(year_later + 15, 2100))
    village.settle(year_later + 15)

    report = read(village, "2027-03")

    assert report.year_before is not None
    assert report.year_before.month == "2026-03"
    assert report.year_before.community.slots.produced_wh == 300


def test_the_fund_of_a_month_does_not_know_of_later_ones(busy: BusyTown) -> None:
    funds = [read(busy, month).fund for month in MONTHS]

    march, april = funds
    assert april.total_tenths_wh == march.total_tenths_wh + (
        april.received_tenths_wh + april.late_tenths_wh
    )
    assert april.balance_centimos == march.balance_centimos + april.worth_centimos
    assert march.late_tenths_wh == 0


def test_an_open_month_is_a_draft_with_what_its_energy_would_be_worth(village: Village) -> None:
    village.agree()
    with village.database.writing() as connection:
        add_tariff(connection, Tariff(TariffKind.UTILITY, START_S, Fraction(1000), "Bill"))
        add_tariff(connection, Tariff(TariffKind.SURPLUS, START_S, Fraction(1000), "Vote"))
    village.measure(2)
    village.settle(30)

    report = read(village)

    assert (report.state, report.line, report.quality.missing) == (State.OPEN, "", SLOTS - 2)
    assert report.community.slots == Sums(600, 0, 360, 0, 240, 240, 360, 0)
    assert report.community.kept_centimos == 360
    assert (report.fund.worth_centimos, report.fund.balance_centimos) == (24, 0)


def test_what_was_given_from_the_fund_is_listed(village: Village) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)
    with village.database.writing() as connection:
        for name in ("rosa", "juan"):
            add_steward(connection, Steward(name, name.title(), Validity(0)))
        money = {"fund:soles": 500, "buyer": -500}
        draft = Draft(Kind.MONEY, "2026-02", money, Unit.MONEY)
        Ledger(connection, village.settings.id).append([draft], 0)
        asked = Grant("2026/4", 120, "Roof", ("rosa", "juan"))
        enter_grant(connection, village.settings, asked, later(60))

    fund = read(village).fund

    assert [astuple(grant) for grant in fund.grants] == [("2026/4", 120, "Roof", ("juan", "rosa"))]
    assert fund.balance_centimos == 380


def test_a_home_that_was_not_measured_is_counted_for_the_home(village: Village) -> None:
    village.agree()
    village.measure(2)
    village.readings.samples[meter_of("b")] -= {at(30, 1120)}
    village.settle(30)

    missing = {home.home: home.slots_missing for home in read(village).homes}

    assert missing == {"a": 0, "b": 1, "c": 0}


def test_a_month_outside_the_books_has_no_report(village: Village) -> None:
    village.agree()
    village.measure(1)
    village.settle(15)

    with pytest.raises(RefusedError, match="2025-01: the books have no slot of this month"):
        read(village, "2025-01")


@pytest.mark.parametrize("month", MONTHS)
def test_the_days_add_up_to_the_month(busy: BusyTown, month: str) -> None:
    report = read(busy, month)

    slots, days = report.community.slots, report.days
    assert [day.day for day in days][:: len(days) - 1] == [f"{month}-01", f"{month}-{len(days)}"]
    assert sum(day.produced_wh or 0 for day in days) == slots.produced_wh
    assert sum(day.own_use_wh or 0 for day in days) == slots.own_use_wh
    assert sum(day.shared_wh or 0 for day in days) == slots.shared_wh
    assert sum(day.set_aside_wh or 0 for day in days) == slots.set_aside_wh
    assert sum(day.surplus_wh or 0 for day in days) == slots.surplus_wh
    assert sum(day.slots for day in days) == report.quality.slots
    assert sum(day.counted for day in days) == report.quality.settled + report.quality.provisional


def test_a_day_that_nobody_measured_has_no_figures(village: Village) -> None:
    village.agree()
    village.measure(2)
    village.settle(30)

    first, second, *_ = read(village).days

    assert (first.counted, first.produced_wh, first.slots) == (2, 600, 96)
    assert (second.counted, second.produced_wh, second.surplus_wh) == (0, None, None)


def test_a_day_knows_how_many_own_roofs_made_something(busy: BusyTown) -> None:
    assert {day.makers for day in read(busy).days} == {1}
