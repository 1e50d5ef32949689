"""Ingest: good readings to the store, bad ones aside, and only then the watermark."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.intake.ingest import Ingest, Watermark
from collector.intake.journal import Journal
from collector.mqtt import Message
from collector.reading import dump_content, dump_reading
from tests.collector.fakes import NOON, FakeStore, make_reading


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "ingest" / "journal.sqlite")
    yield made
    made.close()


@pytest.fixture
def ingest(store: FakeStore, journal: Journal) -> Ingest:
    return Ingest(store, journal, lambda: NOON)


def reading(seq: int, *, epoch: str = "e1", energy_wh: int = 1000) -> Message:
    """Make the message of one reading."""
    content = dump_content(make_reading(energy_wh=energy_wh))
    return Message("minga/v1/pi/roof-1/reading", dump_reading(epoch, seq, content).encode())


def hello(first_seq: int, epoch: str = "e1") -> Message:
    """Make the status with which a collector comes."""
    said = {"v": 1, "state": "online", "epoch": epoch, "first_seq": first_seq}
    return Message("minga/v1/pi/status", json.dumps(said).encode(), retained=True)


def test_what_is_stored_is_acknowledged(ingest: Ingest, store: FakeStore) -> None:
    told = ingest.take([reading(1), reading(2)])

    assert told == [Watermark("pi", "e1", 2)]
    assert len(store.held) == 2


def test_the_acknowledgement_has_the_shape_of_the_interface() -> None:
    assert Watermark("pi", "e1", 2).payload() == '{"v":1,"epoch":"e1","seq":2}'


def test_a_gap_holds_the_watermark_back_until_it_is_filled(ingest: Ingest) -> None:
    first = ingest.take([reading(1), reading(3), reading(4)])
    second = ingest.take([reading(2)])

    assert first == [Watermark("pi", "e1", 1)]
    assert second == [Watermark("pi", "e1", 4)]


def test_the_same_reading_twice_moves_nothing(ingest: Ingest, store: FakeStore) -> None:
    ingest.take([reading(1)])

    assert ingest.take([reading(1)]) == []
    assert len(store.held) == 1


def test_nothing_is_acknowledged_while_the_store_is_away(ingest: Ingest, store: FakeStore) -> None:
    store.is_away = True

    assert ingest.take([reading(1)]) == []


def test_when_the_store_is_back_every_watermark_is_said_so_that_all_is_sent_again(
    ingest: Ingest, store: FakeStore
) -> None:
    ingest.take([reading(1)])
    store.is_away = True
    ingest.take([reading(2), reading(3)])
    store.is_away = False

    assert ingest.take([reading(3)]) == [Watermark("pi", "e1", 1)]


def test_poison_is_quarantined_and_good_readings_go_on(
    ingest: Ingest, store: FakeStore, journal: Journal
) -> None:
    poison = Message("minga/v1/pi/roof-1/reading", b"}{")

    told = ingest.take([reading(1), poison, reading(2)])

    assert told == [Watermark("pi", "e1", 2)]
    assert len(store.held) == 2
    assert [(one.reason, one.payload) for one in journal.quarantined()] == [("not JSON", b"}{")]


def test_a_refused_reading_counts_as_handled(ingest: Ingest) -> None:
    bad = reading(2)
    poison = Message(bad.topic, bad.payload.replace(b"1835", b"NaN"))

    assert ingest.take([reading(1), poison, reading(3)]) == [Watermark("pi", "e1", 3)]


def test_the_same_poison_again_only_counts_up(ingest: Ingest, journal: Journal) -> None:
    poison = Message("minga/v1/pi/roof-1/reading", b"}{")
    ingest.take([poison])
    ingest.take([poison, poison])

    assert [one.times for one in journal.quarantined()] == [3]


def test_another_value_under_a_stored_identity_is_kept_aside_and_changes_nothing(
    ingest: Ingest, store: FakeStore, journal: Journal
) -> None:
    ingest.take([reading(1, energy_wh=1000)])
    ingest.take([reading(1, energy_wh=9999)])

    assert [one.quantities["energy_total"] for one in store.held.values()] == [1000]
    assert [one.reason for one in journal.quarantined()] == [
        "conflict: stored already with another value"
    ]


def test_after_a_crash_the_watermark_is_found_again_from_store_and_quarantine(
    ingest: Ingest, store: FakeStore, journal: Journal
) -> None:
    bad = reading(2)
    ingest.take([reading(1), Message(bad.topic, bad.payload.replace(b"1835", b"NaN")), reading(3)])

    again = Ingest(store, journal, lambda: NOON)

    assert again.take([reading(4)]) == [Watermark("pi", "e1", 4)]


def test_after_a_restart_the_watermarks_are_known_at_once(
    ingest: Ingest, store: FakeStore, journal: Journal
) -> None:
    ingest.take([reading(1), reading(2)])
    ingest.remember()

    assert Ingest(store, journal, lambda: NOON).watermarks() == [Watermark("pi", "e1", 2)]


def test_a_new_outbox_of_a_collector_begins_at_one_again(ingest: Ingest) -> None:
    ingest.take([reading(1), reading(2)])

    assert ingest.take([reading(1, epoch="e2")]) == [Watermark("pi", "e2", 1)]


def test_a_straggler_of_the_old_outbox_does_not_replace_the_new_one(
    ingest: Ingest, store: FakeStore, journal: Journal
) -> None:
    ingest.take([reading(1)])
    ingest.remember()
    ingest.take([hello(1, epoch="e2"), reading(1, epoch="e2")])
    ingest.remember()
    again = Ingest(store, journal, lambda: NOON)

    again.take([reading(2, epoch="e1")])

    assert again.watermarks() == [Watermark("pi", "e2", 1)]


def test_a_strange_message_does_not_take_the_watermark_from_the_real_outbox(
    ingest: Ingest,
) -> None:
    ingest.take([hello(1), reading(1)])
    strange = reading(7, epoch="e9")
    ingest.take([Message(strange.topic, strange.payload.replace(b"1835", b"NaN"))])

    assert ingest.take([reading(2)]) == [Watermark("pi", "e1", 2)]
    assert ingest.watermarks() == [Watermark("pi", "e1", 2)]


def test_an_outbox_that_comes_back_is_told_its_own_watermark(ingest: Ingest) -> None:
    ingest.take([hello(1), reading(1)])
    ingest.take([hello(1, epoch="e2")])

    assert ingest.take([hello(1)]) == [Watermark("pi", "e1", 1)]


def test_a_collector_that_did_not_hear_its_watermark_is_told_again(ingest: Ingest) -> None:
    ingest.take([hello(1), reading(1), reading(2)])

    assert ingest.take([reading(1), reading(2)]) == []
    assert ingest.take([hello(1)]) == [Watermark("pi", "e1", 2)]
    assert ingest.take([hello(3)]) == []


def test_a_store_that_is_new_begins_where_the_outbox_begins(
    ingest: Ingest, caplog: pytest.LogCaptureFixture
) -> None:
    told = ingest.take([hello(first_seq=51), reading(51)])

    assert told == [Watermark("pi", "e1", 51)]
    assert "readings 1 to 50 of collector pi are not in this store" in caplog.text


def test_a_live_reading_of_a_long_backlog_acknowledges_nothing_below_it(ingest: Ingest) -> None:
    told = ingest.take([hello(first_seq=1), reading(1000)])

    assert told == []


def test_a_journal_of_a_newer_program_is_left_alone(tmp_path: Path, journal: Journal) -> None:
    with journal._file.writing() as database:
        database.execute("PRAGMA user_version=99")
    journal.close()

    with pytest.raises(Exception, match="version 99, this program knows up to 1"):
        Journal(tmp_path / "ingest" / "journal.sqlite")
