"""The fund month by month: what comes in and goes out closes to what it holds."""

from zoneinfo import ZoneInfo

from coop.assembly.fund import FundBook
from coop.assembly.model import Assembly, FundMonth, GrantMade
from coop.calendar import Calendar

CALENDAR = Calendar(ZoneInfo("America/Lima"))
WRITTEN = "2026-04-06T05:00:00Z"


def money(month: str, soles: int, owed: int = 0) -> dict[str, object]:
    postings = {"fund:soles": soles, "fund:owed": owed, "buyer": -soles - owed}
    return {"kind": "money", "month": month, "postings": postings, "written": WRITTEN}


def grant(month: str, centimos: int) -> dict[str, object]:
    return {
        "kind": "grant",
        "month": month,
        "postings": {"fund:soles": -centimos, "grant:Acta 7": centimos},
        "decision": "Acta 7",
        "text": "Posta",
        "stewards": ["juan", "rosa"],
        "written": WRITTEN,
    }


def late(month: str, tenths: int) -> dict[str, object]:
    return {"kind": "adjustment", "month": month, "postings": {"fund:energy": tenths}}


def book(*entries: dict[str, object]) -> FundBook:
    made = FundBook(CALENDAR)
    for entry in entries:
        made.add(entry)
    return made


def test_a_month_opens_with_what_the_one_before_left() -> None:
    held = book(money("2026-03", 500), grant("2026-04", 120), money("2026-04", 40))

    march, april = held.months({"2026-03": 9_000, "2026-04": 700}, ["2026-03", "2026-04"], {})

    assert march == FundMonth("2026-03", 0, 9_000, 9_000, 0, 500, 0, 500)
    assert april == FundMonth("2026-04", 0, 700, 9_700, 500, 40, 120, 420)
    assert april.opening_tenths_wh == 9_000


def test_what_an_open_month_is_worth_is_not_known_yet() -> None:
    [month] = book().months({"2026-03": 9_000}, [], {})

    assert (month.worth_centimos, month.balance_centimos) == (None, 0)


def test_late_readings_are_received_in_the_month_that_books_them() -> None:
    held = book(late("2026-04", -40), late("2026-04", 15))

    march, april = held.months({"2026-03": 100, "2026-04": 60}, [], {})

    assert (march.received_tenths_wh, april.received_tenths_wh) == (100, 35)
    assert april.total_tenths_wh == 135


def test_what_late_readings_took_beyond_what_the_fund_held_is_below_zero() -> None:
    held = book(money("2026-03", 50), money("2026-04", -50, -20), money("2026-05", 10, 20))

    months = held.months({}, ["2026-03", "2026-04", "2026-05"], {})

    assert [one.balance_centimos for one in months] == [50, -20, 10]


def test_a_month_of_which_the_books_know_nothing_stands_between_its_neighbours() -> None:
    months = book(grant("2026-05", 0)).months({"2026-02": 8}, [], {})

    assert [one.month for one in months] == ["2026-02", "2026-03", "2026-04", "2026-05"]
    assert [one.received_tenths_wh for one in months] == [8, None, None, None]


def test_nothing_in_the_books_is_no_month() -> None:
    assert book().months({}, [], {}) == ()


def test_a_grant_says_who_decided_it_and_what_for() -> None:
    assert book(grant("2026-04", 120)).grants() == (
        GrantMade("Acta 7", "2026-04", 120, "Posta", ("juan", "rosa"), 1_775_451_600),
    )


def test_households_are_told_no_month_of_fewer_than_five() -> None:
    homes = {"2026-03": 4, "2026-04": 5}
    held = book(money("2026-03", 50), money("2026-04", 10))
    months = held.months({"2026-03": 7, "2026-04": 8}, ["2026-03", "2026-04"], homes)

    march, april = Assembly(months).for_homes().fund

    assert march == FundMonth("2026-03", 4, None, None, None, None, None, None)
    assert march.opening_tenths_wh is None
    # What had come together before is March's.
    assert (april.received_tenths_wh, april.total_tenths_wh) == (8, None)
    assert (april.opening_tenths_wh, april.opening_centimos, april.balance_centimos) == (None,) * 3
