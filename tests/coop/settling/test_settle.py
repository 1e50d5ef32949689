"""Slots are settled once they are due, again when they change, and never otherwise."""

from datetime import timedelta
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Connection

from coop.allocation import Method, Missing, Rules
from coop.books import Figures
from coop.database.opening import open_database
from coop.errors import StateError
from coop.members.community import Meter, Roof, Validity
from coop.settings import CoopSettings
from coop.settling.settle import Settler, SettleResult
from tests.coop.fakes import FakeCounterReadings, Sample
from tests.coop.village import (
    ALWAYS,
    HOMES,
    ROOF,
    SLOT_S,
    START,
    START_S,
    Village,
    at,
    every_border,
    later,
    meter_of,
    missing_between,
)

USUAL = Figures(300, 0, 180, 0, 120, 120, 180)


def test_a_slot_is_shared_by_the_key_and_nothing_is_lost(village: Village) -> None:
    village.agree()
    village.measure(slots=2)

    village.settle(30)

    assert village.figures() == [USUAL, USUAL]


def test_the_line_of_a_slot_says_what_each_home_got(village: Village) -> None:
    village.agree()
    village.measure(slots=1)

    village.settle(15)

    assert village.latest()[0] == (
        '{"a-meter/import_energy_total":[60,"measured"],'
        '"b-meter/import_energy_total":[60,"measured"],'
        '"c-meter/import_energy_total":[60,"measured"],"roof/energy_total":[300,"measured"]}'
        '{"community_wh":300,"fund_tenths_wh":120,"homes":{"a":[60,0,0,60,0,0],'
        '"b":[60,0,0,60,0,0],"c":[60,0,0,60,0,0]},"key":1,"pool_wh":300,'
        '"status":"settled","surplus_wh":120}'
    )


def test_a_slot_is_not_settled_before_its_end_and_the_delay(village: Village) -> None:
    village.agree()
    village.measure(slots=1)
    settler = Settler(village.database, village.readings, village.settings)

    early = settler.settle(START + timedelta(minutes=15, seconds=59))
    due = settler.settle(START + timedelta(minutes=16))

    assert (early.written, due.written) == (0, 1)


def test_settling_twice_writes_nothing_new(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    village.settle(60)

    again = village.settle(60)

    assert again == SettleResult(through=later(60))


def test_settling_step_by_step_ends_where_settling_at_once_does(village: Village) -> None:
    village.agree()
    samples = [at(minutes, 1000 + minutes * 7) for minutes in range(3, 125, 4)]
    for minutes, sample in zip(range(3, 125, 4), samples, strict=True):
        village.readings.add(ROOF, sample)
        village.settle(minutes)

    assert village.latest() == settled_at_once(village, {ROOF: samples})


def test_before_the_first_sample_of_a_roof_nothing_is_settled(village: Village) -> None:
    village.agree()
    for home in HOMES:
        village.readings.add(meter_of(home), *every_border(4, 60))
    village.readings.add(ROOF, *[at(30, 1000), at(45, 1300), at(60, 1600)])

    village.settle(60)

    assert [slot for slot, _, _ in village.rows()] == [2, 3]


def test_without_any_roof_that_counted_the_books_stay_empty(village: Village) -> None:
    village.agree()

    result = village.settle(600)

    assert (result.looked_at, result.through, village.rows()) == (0, None, [])


def test_production_that_is_missing_leaves_the_slot_unsettled(village: Village) -> None:
    village.agree()
    village.measure(slots=5)
    village.readings.samples[ROOF] = set(missing_between(every_border(5, 300), 15, 60))

    village.settle(75)

    unsettled = ["unsettled"] * 3
    assert village.standings() == ["settled", *unsettled, "settled"]
    assert '"reason":"production_missing"' in village.latest()[1]
    assert village.figures()[1] is None


@pytest.mark.parametrize(
    ("policy", "standing", "figures"),
    [
        (Missing.RESERVE, "provisional", Figures(300, 0, 120, 100, 80, 80, 120)),
        (Missing.EXCLUDE, "provisional", Figures(300, 0, 120, 0, 180, 180, 120)),
        (Missing.HOLD, "unsettled", None),
    ],
)
def test_a_home_that_is_missing_is_treated_as_the_key_says(
    village: Village, policy: Missing, standing: str, figures: Figures | None
) -> None:
    village.agree(Rules(missing=policy))
    village.measure(slots=1)
    del village.readings.samples[meter_of("b")]

    village.settle(15)

    assert (village.standings(), village.figures()) == ([standing], [figures])


def test_without_a_key_in_force_slots_wait_and_say_so(village: Village) -> None:
    village.agree(minutes=30)
    village.measure(slots=3)

    village.settle(45)

    assert village.standings() == ["unsettled", "unsettled", "settled"]
    assert '"key":null,"reason":"no_key_in_force","status":"unsettled"' in village.latest()[0]


def test_a_new_key_counts_from_its_first_slot(village: Village) -> None:
    first, second = village.agree(), village.agree(Rules(method=Method.STATIC), minutes=15)
    village.measure(slots=2, used=200)
    village.readings.samples[meter_of("a")] = set(every_border(2, 10))

    village.settle(30)

    assert [
        f'"key":{key}' in line for key, line in zip((first, second), village.latest(), strict=True)
    ]
    assert [one and one.surplus_wh for one in village.figures()] == [0, 90]


def test_a_key_entered_afterwards_settles_the_slots_that_waited(village: Village) -> None:
    village.measure(slots=2)
    village.settle(30)

    village.agree(minutes=15)
    result = village.settle(30)

    assert village.standings() == ["unsettled", "settled"]
    assert (result.written, result.superseded) == (1, 1)


def test_late_data_supersedes_and_the_earlier_line_stays(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    late = village.readings.samples.pop(meter_of("c"))
    village.settle(60)
    earlier = village.rows()

    village.readings.add(meter_of("c"), *late)
    result = village.settle(60)

    assert village.standings() == ["settled"] * 4
    assert (result.written, result.superseded) == (4, 4)
    assert [row for row in village.rows() if row[1] == 1] == earlier


def test_a_late_sample_that_changes_nothing_writes_nothing(village: Village) -> None:
    village.agree()
    village.measure(slots=8)
    village.settle(120)

    village.readings.add(ROOF, at(7, 1140))
    result = village.settle(120)

    assert (result.looked_at > 0, result.written) == (True, 0)


def test_late_data_before_the_books_begin_extends_them(village: Village) -> None:
    village.agree()
    village.measure(slots=4)
    village.readings.samples[ROOF] = {at(45, 1900), at(60, 2200)}
    village.settle(60)

    village.readings.add(ROOF, *every_border(3, 300))
    village.settle(60)

    assert village.standings() == ["settled"] * 4


@pytest.mark.parametrize("seed", range(12))
def test_the_order_in_which_samples_arrive_does_not_matter(village: Village, seed: int) -> None:
    village.agree()
    chance = Random(seed)  # noqa: S311  a test that can be repeated
    stories = {ROOF: story(chance), meter_of("a"): story(chance), meter_of("b"): story(chance)}
    arrivals = [(counter, one) for counter, samples in stories.items() for one in samples]
    chance.shuffle(arrivals)

    for place, (counter, sample) in enumerate(arrivals):
        village.readings.add(counter, sample)
        _ = place % 9 or village.settle(chance.randrange(400))
    village.settle(400)

    assert village.latest() == settled_at_once(village, stories)


def test_a_roof_registered_later_counts_from_its_first_day(village: Village) -> None:
    village.agree()
    village.measure(slots=3)
    village.readings.add(("new", "energy_total"), *every_border(3, 50))
    village.settle(45)

    with village.register() as entered:
        entered.add_roof(Roof("new", "New roof"))
        entered.add_meter(Meter("new", "energy_total", Validity(START_S + SLOT_S), roof_id="new"))
    village.settle(45)

    assert [one and one.produced_wh for one in village.figures()] == [300, 350, 350]


def test_a_home_uses_its_own_roof_first(village: Village) -> None:
    village.agree()
    village.measure(slots=1)
    village.readings.add(("a-roof", "energy_total"), *every_border(1, 100))
    with village.register() as entered:
        entered.add_roof(Roof("a-roof", "Roof of a", home_id="a"))
        entered.add_meter(Meter("a-roof", "energy_total", ALWAYS, roof_id="a-roof"))

    village.settle(15)

    assert village.figures() == [Figures(400, 60, 120, 0, 220, 220, 180)]


def test_a_meter_that_was_replaced_goes_on_with_the_new_one(village: Village) -> None:
    village.agree()
    village.measure(slots=2)
    village.readings.samples[meter_of("a")] = {at(0, 1000), at(15, 1060)}
    village.readings.add(("a-new", "import_energy_total"), at(15, 3), at(30, 43))
    with village.register() as entered:
        entered.end_meter("a-meter/import_energy_total", START_S + SLOT_S)
        entered.add_meter(
            Meter("a-new", "import_energy_total", Validity(START_S + SLOT_S), home_id="a")
        )

    village.settle(30)

    assert village.standings() == ["settled", "settled"]
    assert [one and one.consumption_wh for one in village.figures()] == [180, 160]


def test_zeros_of_a_night_are_not_believed_however_late_one_looks(village: Village) -> None:
    village.agree()
    village.measure(slots=40)
    night = [at(minutes, 0) for minutes in range(15, 600, 5)]
    village.readings.samples[ROOF] = set()
    village.readings.add(ROOF, at(0, 5000), at(14, 5280), *night)
    village.settle(500)

    village.readings.add(ROOF, at(600, 5300), at(615, 5600))
    village.settle(600)

    assert village.standings() == ["settled"] * 40
    assert [one.produced_wh for one in village.figures() if one] == [280, *[0] * 38, 20]


class Cut(Exception):  # noqa: N818  a power cut, not an error
    """The process ends here."""


class CutSettler(Settler):
    """Dies inside the transaction of a chunk, after its lines were written."""

    def __init__(self, village: Village, chunks: int) -> None:
        super().__init__(village.database, village.readings, village.settings)
        self._left = chunks

    def _take_turn(self, connection: Connection, books: Any, **values: int) -> None:  # noqa: ANN401  handed through
        super()._take_turn(connection, books, **values)
        self._left -= 1
        if self._left < 0:
            raise Cut


@pytest.mark.parametrize("chunks", range(4))
def test_a_settler_that_is_cut_off_is_taken_up_by_the_next(
    village: Village, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    monkeypatch.setattr("coop.settling.settle.CHUNK_SLOTS", 2)
    village.agree()
    village.measure(slots=6)

    with pytest.raises(Cut):
        CutSettler(village, chunks).settle(later(91))
    written = len(village.rows())
    village.settle(90)

    assert written == 2 * min(chunks, 3)
    assert village.standings() == ["settled"] * 6
    assert [version for _, version, _ in village.rows()] == [1] * 6


class RivalSettler(Settler):
    """Is overtaken by another process between reading and writing."""

    def __init__(self, village: Village) -> None:
        super().__init__(village.database, village.readings, village.settings)
        self._village = village

    def _write(self, *args: Any) -> None:  # noqa: ANN401  handed through
        self._village.readings.add(meter_of("c"), *every_border(2, 60))
        self._village.settle(30)
        super()._write(*args)


def test_a_settler_with_an_older_view_does_not_write_over_a_newer_one(village: Village) -> None:
    village.agree()
    village.measure(slots=2)
    del village.readings.samples[meter_of("c")]

    result = RivalSettler(village).settle(later(31))

    assert (result.is_overtaken, result.written) == (True, 0)
    assert village.standings() == ["settled", "settled"]


def test_books_kept_in_quarters_can_not_go_on_in_hours(village: Village) -> None:
    village.agree()
    village.measure(slots=1)
    village.settle(15)
    hourly = village.settings.model_copy(update={"slot_minutes": 60})

    with pytest.raises(StateError, match=r"found 60, but the books .* in slots of 15 minutes"):
        Settler(village.database, village.readings, hourly).settle(later(120))


def test_progress_is_told_for_long_work(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coop.settling.settle.CHUNK_SLOTS", 2)
    village.agree()
    village.measure(slots=5)
    told: list[tuple[int, int]] = []

    Settler(village.database, village.readings, village.settings).settle(
        later(76), lambda done, of: told.append((done, of))
    )

    assert told == [(2, 5), (4, 5), (5, 5)]


def story(chance: Random) -> list[Sample]:
    """Tell of a counter with gaps, glitches, nights of zeros and resets."""
    minutes, wh, samples = chance.uniform(0, 40), chance.choice([0, 900]), []
    for _ in range(60):
        minutes += chance.choice([1, 5, 9, 14, 15, 40])
        wh += chance.randrange(90)
        wh = chance.randrange(50) if chance.random() < 0.03 else wh
        seen = chance.choice([0, 3, wh + 500]) if chance.random() < 0.06 else wh
        samples.append(at(minutes, seen))
    return samples


def settled_at_once(village: Village, stories: dict[tuple[str, str], list[Sample]]) -> list[str]:
    """Return the lines of a village that had all samples from the beginning, in a file."""
    with TemporaryDirectory() as folder:
        settings = CoopSettings(database=f"{folder}/again.sqlite")
        with open_database(settings) as database:
            fresh = Village(database, settings)
            fresh.agree()
            fresh.readings = FakeCounterReadings()
            for counter, samples in stories.items():
                fresh.readings.add(counter, *samples)
            fresh.settle(400)
            return fresh.latest()[: len(village.latest())]
