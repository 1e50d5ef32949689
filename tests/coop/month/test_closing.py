"""A month ends: frozen once, signed by two, reviewed; what comes late goes to the month after."""

from datetime import timedelta
from fractions import Fraction

import pytest

from coop.errors import InputError, RefusedError
from coop.ledger import Unit
from coop.ledger.book import Ledger
from coop.members.prices import enter_price
from coop.members.stewards import add_tariff
from coop.month.money import Tariff, TariffKind
from coop.month.states import Act, State
from tests.coop.month.town import END, LATER, SLOTS, Town
from tests.coop.village import ROOF, SLOT_S, START_S, every_border, meter_of


def test_a_month_that_lasts_can_not_be_frozen(town: Town) -> None:
    with pytest.raises(RefusedError, match="lasts until 2026-04-01T05:00:00Z"):
        town.months.freeze("2026-03", END - timedelta(minutes=1))


def test_a_full_month_is_frozen_signed_by_two_and_approved(town: Town) -> None:
    states = [
        town.months.freeze("2026-03", END).state,
        town.months.sign("2026-03", "rosa", END).state,
        town.months.sign("2026-03", "juan", END).state,
        town.months.review("2026-03", Act.APPROVED, "", END).state,
    ]

    assert states == [State.FROZEN, State.FROZEN, State.CLOSED, State.REVIEWED]


def test_a_step_that_is_done_again_changes_nothing(town: Town) -> None:
    town.months.freeze("2026-03", END)
    town.months.freeze("2026-03", END)
    town.months.sign("2026-03", "rosa", END)
    with pytest.raises(InputError, match="rosa signed it already"):
        town.months.sign("2026-03", "rosa", END)
    town.months.sign("2026-03", "juan", END)
    with pytest.raises(InputError, match="2026-03 is closed already, signed by rosa and juan"):
        town.months.sign("2026-03", "juan", END)
    with pytest.raises(InputError, match="2026-03 is closed already"):
        town.months.freeze("2026-03", END)
    town.months.review("2026-03", Act.OBSERVED, "Cable", END)
    standing = town.months.review("2026-03", Act.OBSERVED, "Cable", END)

    assert [event.act for event in standing.events] == ["frozen", "signed", "signed", "observed"]


def test_one_steward_alone_closes_nothing(town: Town) -> None:
    town.months.freeze("2026-03", END)

    town.months.sign("2026-03", "rosa", END)
    with pytest.raises(InputError, match="let another one sign"):
        town.months.sign("2026-03", "rosa", END)

    assert town.months.status("2026-03", END).standing.state is State.FROZEN


def test_a_stranger_can_not_sign(town: Town) -> None:
    town.months.freeze("2026-03", END)

    with pytest.raises(InputError, match=r"steward ana: no steward.*stewards: juan, rosa"):
        town.months.sign("2026-03", "ana", END)


def test_an_open_month_can_not_be_signed(town: Town) -> None:
    with pytest.raises(RefusedError, match="minga month freeze 2026-03"):
        town.months.sign("2026-03", "rosa", END)


@pytest.mark.parametrize("text", ["", " "])
def test_a_remark_says_something(town: Town, text: str) -> None:
    town.months.freeze("2026-03", END)
    town.months.sign("2026-03", "rosa", END)
    town.months.sign("2026-03", "juan", END)

    with pytest.raises(InputError, match="say what it observed"):
        town.months.review("2026-03", Act.OBSERVED, text, END)


def test_an_unclosed_month_can_not_be_reviewed(town: Town) -> None:
    town.months.freeze("2026-03", END)

    with pytest.raises(RefusedError, match=r"2026-03 is frozen.*minga month sign"):
        town.months.review("2026-03", Act.APPROVED, "", END)


def test_the_month_before_must_be_frozen_first(town: Town) -> None:
    with pytest.raises(RefusedError, match="2026-03, is open"):
        town.months.freeze("2026-04", END + timedelta(days=40))


def test_missing_production_needs_a_recorded_reason(town: Town) -> None:
    cut = [one for one in town.readings.samples[ROOF] if not _inside(one[0], 10, 20)]
    town.readings.samples[ROOF] = set(cut)
    town.readings.add(ROOF)
    town.readings._changes.extend(range(START_S, START_S + 30 * SLOT_S, SLOT_S))
    town.settle((SLOTS + 4) * 15)

    with pytest.raises(RefusedError, match="slots are unsettled without a recorded reason"):
        town.months.freeze("2026-03", LATER)

    span_s = START_S, START_S + 30 * SLOT_S
    town.months.record_reason("2026-03", span_s, "rosa", "Cable cut", LATER)
    assert town.months.freeze("2026-03", LATER).state is State.FROZEN


def test_a_home_is_waited_for_until_the_cut_off_and_then_left_out(town: Town) -> None:
    town.readings.samples[meter_of("c")] = {
        one for one in town.readings.samples[meter_of("c")] if not _inside(one[0], 10, 20)
    }
    town.readings.add(meter_of("c"))
    town.readings._changes.extend(range(START_S, START_S + 30 * SLOT_S, SLOT_S))
    town.settle((SLOTS + 4) * 15)

    with pytest.raises(RefusedError, match="slots wait for a home's reading until 2026-04-05"):
        town.months.freeze("2026-03", END)

    town.months.freeze("2026-03", LATER)
    assert town.months.status("2026-03", LATER).tally.settled == SLOTS


def test_what_comes_late_is_an_adjustment_in_the_open_month(town: Town) -> None:
    town.months.freeze("2026-03", END)
    before = town.months.files("2026-03")

    town.readings.samples[meter_of("a")] = set(
        every_border(SLOTS + 4, 60)[:5] + every_border(SLOTS + 4, 60)[6:]
    )
    town.readings.add(meter_of("a"), (START_S * 1000 + 5 * 900_000, 1000 + 5 * 60 - 20))
    town.settle((SLOTS + 4) * 15)

    with town.database.reading() as connection:
        entries = list(Ledger(connection, town.settings.id).entries("2026-04"))
    late = [one.document for one in entries if one.document["kind"] == "adjustment"]
    assert [one["slot"] for one in late] == ["2026-03-01T06:00:00Z", "2026-03-01T06:15:00Z"]
    assert [sum(one["postings"].values()) for one in late] == [0, 0]
    assert late[0]["postings"] == {"shared:a": -200, "surplus:school": 180, "fund:energy": 20}
    assert town.months.files("2026-03") == before


def test_soles_kept_are_rounded_once_and_shared_out(town: Town) -> None:
    price = Tariff(TariffKind.UTILITY, START_S, Fraction("68.55"), "Bill")
    with town.database.writing() as connection:
        add_tariff(connection, price)

    town.months.freeze("2026-03", END)

    with town.database.reading() as connection:
        books = Ledger(connection, town.settings.id)
        [entry] = list(books.of_unit(Unit.MONEY))
    # 3 homes x 2,976 slots x 60 Wh = 535,680 Wh at 68.55 céntimos: 36,720.864
    assert entry.document["postings"] == {
        "kept:a": 12_241,
        "kept:b": 12_240,
        "kept:c": 12_240,
        "utility": -36_721,
    }


def test_a_tariff_can_not_begin_in_a_frozen_month(town: Town) -> None:
    town.months.freeze("2026-03", END)
    price = Tariff(TariffKind.UTILITY, START_S, Fraction(70), "Bill")

    with (
        pytest.raises(InputError, match="inside a month that is frozen"),
        town.database.writing() as connection,
    ):
        enter_price(connection, price, town.settings)


def test_two_exports_are_the_same_bytes(town: Town) -> None:
    town.months.freeze("2026-03", END)

    assert town.months.files("2026-03") == town.months.files("2026-03")


def test_the_minutes_line_has_eight_groups(town: Town) -> None:
    town.months.freeze("2026-03", END)

    line = town.months.status("2026-03", END).line
    assert line.startswith("coop / 2026-03 / entries 2980 / ")
    assert [len(group) for group in line.split(" / ")[3].split()] == [8] * 8


def _inside(at_ms: int, first: int, last: int) -> bool:
    return START_S + first * SLOT_S < at_ms // 1000 < START_S + last * SLOT_S
