"""What the assembly decided, out of real books, in few statements."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import event

from coop.allocation import Method
from coop.assembly import Assembly, AssemblyBook, KeyAdopted, PriceSet
from coop.assembly.register import read_decided
from coop.assembly.years import Years
from coop.calendar import Calendar
from coop.database.opening import Database
from coop.ledger.fund import Grant, enter_grant, read_fund
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward, add_tariff, end_steward
from coop.month.money import Tariff, TariffKind
from coop.month.states import Act, State
from coop.report import read_report
from coop.slots import unix_s
from tests.coop.month.town import LATER, BusyTown, Town
from tests.coop.village import START_S, Village

PRICE = TariffKind.SURPLUS


def read(town: Village) -> Assembly:
    return AssemblyBook(town.database, town.settings).read()


def test_empty_books_tell_nothing(village: Village) -> None:
    assert read(village).is_empty


def test_keys_prices_and_terms_stand_with_their_decisions(village: Village) -> None:
    village.agree()
    town = Town(village.database, village.settings, is_new=False)
    with town.database.writing() as connection:
        for days, price in ((0, "20"), (9, "21.3"), (9, "22.5")):
            from_s = START_S + days * 86_400
            add_tariff(connection, Tariff(PRICE, from_s, Fraction(price), f"Acta {price}"))

    decided = read(town).decided

    assert decided.keys == (
        KeyAdopted("Equal", "Assembly", Method.REDISTRIBUTE, "10", Validity(START_S)),
    )
    turn_s = START_S + 9 * 86_400
    assert decided.prices == (
        PriceSet(PRICE, Fraction("22.5"), "Acta 22.5", Validity(turn_s)),
        PriceSet(PRICE, Fraction(20), "Acta 20", Validity(START_S, turn_s)),
    )


def test_a_month_that_was_reviewed_and_a_grant_from_its_money(village: Village) -> None:
    town = Town(village.database, village.settings, is_new=False)
    town.live_through_march()
    with town.database.writing() as connection:
        add_tariff(connection, Tariff(PRICE, START_S, Fraction(500), "Acta 1"))
    town.months.freeze("2026-03", LATER)
    for who in ("rosa", "juan"):
        town.months.sign("2026-03", who, LATER)
    town.months.review("2026-03", Act.OBSERVED, "Acta 2: falta la casa c", LATER)
    town.months.review("2026-03", Act.APPROVED, "Acta 3", LATER + timedelta(days=9))
    gift = Grant("Acta 4", 100, "Posta", ("rosa", "juan"))
    with town.database.writing() as connection:
        enter_grant(connection, town.settings, gift, LATER)

    told = read(town)

    [march] = told.decided.months
    assert (march.state, march.signed_by) == (State.REVIEWED, ["rosa", "juan"])
    assert [(one.act, one.text) for one in march.events[-2:]] == [
        (Act.OBSERVED, "Acta 2: falta la casa c"),
        (Act.APPROVED, "Acta 3"),
    ]
    assert [(one.decision, one.centimos, one.month) for one in told.grants] == [
        ("Acta 4", 100, "2026-04")
    ]
    with town.database.reading() as connection:
        held = read_fund(connection, town.settings)
    last = told.fund[-1]
    assert (last.given_centimos, last.balance_centimos) == (100, held.centimos)
    assert last.worth_centimos is None
    assert told.fund[0].worth_centimos == held.centimos + 100


def test_the_fund_closes_with_the_ledger_after_late_readings(busy: BusyTown) -> None:
    told = read(busy)

    with busy.database.reading() as connection:
        held = read_fund(connection, busy.settings)
    assert told.fund[-1].balance_centimos == held.centimos - held.owed_centimos
    assert [one.month for one in told.fund] == ["2026-03", "2026-04"]
    assert [one.homes for one in told.fund] == [3, 3]
    assert {one.id for one in told.decided.stewards} == {"rosa", "juan"}


def test_the_energy_of_the_fund_is_that_of_the_reports(busy: BusyTown) -> None:
    with busy.database.reading() as connection:
        reports = [
            read_report(connection, busy.settings, one).fund for one in ("2026-03", "2026-04")
        ]
    months = read(busy).fund

    assert [one.total_tenths_wh for one in months[:2]] == [one.total_tenths_wh for one in reports]
    assert [one.received_tenths_wh for one in months[:2]] == [
        one.received_tenths_wh + one.late_tenths_wh for one in reports
    ]


def test_it_is_read_in_four_statements(busy: BusyTown) -> None:
    asked: list[str] = []
    event.listen(
        busy.database._engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )

    read(busy)

    assert len([one for one in asked if "SELECT" in one]) == 4


def test_a_year_holds_its_months_and_what_was_in_force_in_it(busy: BusyTown) -> None:
    years = Years(Calendar(busy.settings.zone))
    told = read(busy)
    later = replace(
        told.decided,
        stewards=(
            Steward("eva", "Eva", Validity(START_S + 400 * 86_400)),
            *told.decided.stewards,
        ),
    )
    told = replace(told, decided=later)

    assert years.of(told) == (2027, 2026)
    assert years.within(told, 2026).fund == told.fund
    in_2027 = years.within(told, 2027)
    assert in_2027.fund == ()
    assert [one.id for one in in_2027.decided.stewards] == ["eva", "juan", "rosa"]
    assert len(in_2027.decided.keys) == 1


def test_a_term_that_ended_stands_behind_those_that_last(database: Database) -> None:
    with database.writing() as connection:
        for name, from_s in (("ana", 10), ("eva", 20), ("juan", 5)):
            add_steward(connection, Steward(name, name.title(), Validity(from_s)))
        end_steward(connection, "eva", unix_s(LATER))

        told = read_decided(connection).stewards

    assert [one.id for one in told] == ["ana", "juan", "eva"]
