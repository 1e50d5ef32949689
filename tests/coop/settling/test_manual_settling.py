"""Manual readings in the books: entered with name and reason, settled, superseded, on record."""

from datetime import timedelta

import pytest

from coop.errors import InputError
from coop.members.by_hand.book import HandBook
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.metering.manual import ManualReading
from tests.coop.village import START, START_S, Village, at, every_border, meter_of

A = meter_of("a")


def read(minutes: float, wh: int, anew_wh: int | None = None) -> ManualReading:
    return ManualReading(A, START_S + round(minutes * 60), wh, anew_wh)


@pytest.fixture
def changed(village: Village) -> Village:
    """Return a village where the meter of a was changed in its second slot."""
    village.agree()
    village.measure(slots=4)
    village.readings.samples[A] = {at(0, 1000), at(15, 1060), at(25, 3), at(30, 13), at(45, 73)}
    village.readings.add(A, at(60, 133))
    with village.database.writing() as connection:
        add_steward(connection, Steward("rosa", "Rosa", Validity(START_S)))
    village.settle(60)
    return village


def hand(village: Village, minutes: float = 61) -> HandBook:
    now = START + timedelta(minutes=minutes)
    return HandBook(village.database, village.readings, village.settings, now)


def energies(village: Village) -> list[str]:
    """Return what the books say of the meter of a in each slot."""
    return [line.split('"a-meter/import_energy_total":')[1][:25] for line in village.latest()]


def test_a_slot_in_which_a_meter_was_changed_waits_for_the_steward(changed: Village) -> None:
    assert changed.standings() == ["settled", "provisional", "settled", "settled"]
    assert energies(changed)[1].startswith('[null,"missing","register')


def test_change_over_readings_settle_the_slot_and_the_earlier_line_stays(changed: Village) -> None:
    earlier = changed.rows()
    hand(changed).enter(read(20, 1090, 1), "rosa", "New meter, photo 12")

    result = changed.settle(60)

    assert (result.written, result.superseded) == (1, 1)
    assert changed.standings() == ["settled"] * 4
    assert energies(changed)[1].startswith('[42,"manual"],')
    assert [row for row in changed.rows() if row[1] == 1] == earlier
    assert [slot.quality for slot in changed.books.day(START.date()).slots[:4]] == [
        *("measured", "manual", "measured", "measured")
    ]


def test_a_later_reading_of_a_moment_counts_and_the_earlier_one_stays_on_record(
    changed: Village,
) -> None:
    hand(changed).enter(read(20, 1090, 1), "rosa", "New meter, photo 12")
    changed.settle(60)

    hand(changed).enter(read(20, 1080, 1), "rosa", "The photo says 1.080")
    changed.settle(60)

    assert energies(changed)[1].startswith('[32,"manual"],')
    assert [(one.wh, one.begins_anew, one.reason) for one in hand(changed).entries()] == [
        (1090, False, "New meter, photo 12"),
        (1, True, "New meter, photo 12"),
        (1080, False, "The photo says 1.080"),
        (1, True, "The photo says 1.080"),
    ]


def test_a_reading_that_is_withdrawn_counts_no_longer_and_stays_on_record(changed: Village) -> None:
    hand(changed).enter(read(20, 1090, 1), "rosa", "Photo 12")
    changed.settle(60)

    hand(changed).withdraw(A, START_S + 1200, "rosa", "It was another house")
    changed.settle(60)

    assert changed.standings() == ["settled", "provisional", "settled", "settled"]
    assert [one.withdrawn for one in hand(changed).entries()] == [False, False, True, True]


def test_a_reading_ends_a_gap_at_its_border(village: Village) -> None:
    village.agree()
    village.measure(slots=8)
    village.readings.samples[A] = set(every_border(8, 100)) - set(every_border(7, 100)[3:6])
    with village.database.writing() as connection:
        add_steward(connection, Steward("rosa", "Rosa", Validity(START_S)))
    village.settle(120)

    hand(village, 121).enter(read(45, 1300), "rosa", "At the meter")
    village.settle(120)

    assert village.standings() == [*["settled"] * 3, *["provisional"] * 3, *["settled"] * 2]
    assert energies(village)[2].startswith('[100,"manual"],')


def test_settling_after_a_reading_twice_writes_nothing_new(changed: Village) -> None:
    hand(changed).enter(read(20, 1090, 1), "rosa", "Photo 12")
    changed.settle(60)

    assert changed.settle(60).looked_at == 0


def test_step_by_step_or_at_once_a_reading_gives_the_same_books(changed: Village) -> None:
    hand(changed).enter(read(20, 1090, 1), "rosa", "Photo 12")
    changed.settle(60)
    by_steps = changed.latest()

    changed.agree(minutes=60)
    with changed.register() as entered:
        entered._changed_from(START_S)
    changed.settle(60)

    assert changed.latest() == by_steps


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (read(10, 900), r"found 0\.900 kWh, but the counter said 1\.000 kWh at .* and 1\.060 kWh"),
        (read(20, 1090), r"said 1\.060 kWh at 2026-03-01T05:15:00Z and 0\.003 kWh at .*changeover"),
        (read(20, 1050, 1), r"found 1\.050 kWh and anew 0\.001 kWh, but the counter said 1\.060"),
        (read(20, 1090, 5), r"but the counter said 1\.060 kWh at .* and 0\.003 kWh"),
        (read(70, 1400), r"2026-03-01T06:10:00Z is not over yet; allowed: up to 2026-03-01T06:01"),
        (
            ManualReading(("a-metre", "import_energy_total"), START_S, 5),
            r"a-metre/import_energy_total is no meter .*; did you mean a-meter/import_energy_total",
        ),
    ],
)
def test_a_reading_that_the_counter_contradicts_is_refused(
    changed: Village, new: ManualReading, problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        hand(changed).enter(new, "rosa", "Photo 12")

    assert hand(changed).entries() == []


def test_only_a_steward_in_office_enters_readings(changed: Village) -> None:
    with pytest.raises(InputError, match=r"steward ana: no steward .*stewards: rosa"):
        hand(changed).enter(read(20, 1090, 1), "ana", "Photo 12")


def test_a_reading_needs_a_reason(changed: Village) -> None:
    with pytest.raises(InputError, match="--reason: found an empty text"):
        hand(changed).enter(read(20, 1090, 1), "rosa", " ")


def test_what_was_never_entered_can_not_be_withdrawn(changed: Village) -> None:
    with pytest.raises(InputError, match=r"nothing of a-meter/.* counts at .*; entered: none"):
        hand(changed).withdraw(A, START_S, "rosa", "Mistake")
