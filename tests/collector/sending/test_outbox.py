"""The outbox: accepted means durable, numbers are never reused, only a watermark removes."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.errors import StateError, UnreachableError
from collector.sending.outbox import Outbox
from tests.collector.fakes import make_reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    made = Outbox(path)
    yield made
    made.close()


def test_numbers_are_given_in_order_from_one(outbox: Outbox) -> None:
    first = outbox.accept([make_reading(), make_reading("roof-2")])
    second = outbox.accept([make_reading()])

    assert (list(first), list(second), outbox.last_seq) == ([1, 2], [3], 3)


def test_accepted_readings_are_there_after_a_restart(path: Path, outbox: Outbox) -> None:
    outbox.accept([make_reading(energy_wh=77)])
    epoch = outbox.epoch

    again = Outbox(path)

    assert again.epoch == epoch
    assert [(one.seq, one.device) for one in again.kept(0, 10, 10)] == [(1, "roof-1")]
    assert '"energy_total":77' in again.kept(0, 10, 10)[0].content
    again.close()


def test_numbers_are_not_reused_after_pruning_and_a_restart(path: Path, outbox: Outbox) -> None:
    outbox.accept([make_reading(), make_reading()])
    outbox.prune(2)

    again = Outbox(path)

    assert list(again.accept([make_reading()])) == [3]
    again.close()


def test_only_what_the_watermark_covers_is_pruned(outbox: Outbox) -> None:
    outbox.accept([make_reading(), make_reading(), make_reading()])

    removed = outbox.prune(2)

    assert removed == 2
    assert [one.seq for one in outbox.kept(0, 10, 10)] == [3]
    assert outbox.pruned_seq == 2


def test_an_older_watermark_does_not_move_the_mark_back(outbox: Outbox) -> None:
    outbox.accept([make_reading(), make_reading()])
    outbox.prune(2)
    outbox.prune(1)

    assert outbox.pruned_seq == 2


def test_each_file_has_its_own_epoch(tmp_path: Path, outbox: Outbox) -> None:
    other = Outbox(tmp_path / "other.sqlite")

    assert other.epoch != outbox.epoch
    other.close()


def test_commits_reach_the_disk_before_they_count(path: Path, outbox: Outbox) -> None:
    with outbox._file.writing() as database:
        (journal_mode,) = database.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = database.execute("PRAGMA synchronous").fetchone()

    assert (journal_mode, synchronous, path.exists()) == ("wal", 2, True)


def test_a_full_disk_refuses_the_cycle_and_the_next_good_one_goes_on(outbox: Outbox) -> None:
    with outbox._file.writing() as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count={pages}")
    many = [make_reading(f"roof-{number}") for number in range(200)]

    with pytest.raises(UnreachableError, match="nothing was stored"):
        outbox.accept(many)

    assert list(outbox.accept(many)) == list(range(1, 201))


def test_an_outbox_of_a_newer_program_is_left_alone(path: Path, outbox: Outbox) -> None:
    outbox.close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=99")
    database.close()

    with pytest.raises(StateError, match="version 99, this program knows up to 1"):
        Outbox(path)


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StateError, match="cannot be used"):
        Outbox(tmp_path / "file" / "outbox.sqlite")
