"""The outbox: accepted means durable, numbers are never reused, only a watermark removes."""

import bz2
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from collector.errors import StateError, UnreachableError
from collector.reading import Reading, dump_content
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
    many = [make_reading(Random(number).randbytes(16).hex()) for number in range(200)]  # noqa: S311  no secret

    with pytest.raises(UnreachableError, match="nothing was stored"):
        outbox.accept(many)

    assert list(outbox.accept(many)) == list(range(1, 201))


def test_an_outbox_of_a_newer_program_is_left_alone(path: Path, outbox: Outbox) -> None:
    outbox.close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=99")
    database.close()

    with pytest.raises(StateError, match="version 99, this program knows up to 3"):
        Outbox(path)


def test_what_the_version_before_accepted_is_still_there_and_can_be_released(
    path: Path, outbox: Outbox
) -> None:
    readings = [make_reading("roof-1"), held(1, "boot-1")]
    lines = "\n".join(f"{one.device}\t{dump_content(one)}" for one in readings)
    with outbox._file.writing() as database:
        body = bz2.compress(lines.encode())
        database.execute("INSERT INTO groups VALUES (2, 1, 2, 'boot-1', ?)", (body,))
        database.execute("UPDATE meta SET value=2 WHERE name='last_seq'")
        database.execute("PRAGMA user_version=2")
    outbox.close()

    again = Outbox(path)
    again.release("boot-1", 0)

    kept = again.kept(0, 10, 10)
    assert [(one.seq, one.device) for one in kept] == [(1, "roof-1"), (2, "roof-1")]
    assert kept[0].content == dump_content(readings[0])
    assert '"taken_at":"1970-01-01T00:01:01.000Z"' in kept[1].content
    again.close()


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StateError, match="cannot be used"):
        Outbox(tmp_path / "file" / "outbox.sqlite")


def held(number: int, boot: str = "boot-1") -> Reading:
    """Make a reading of a clock that stands in 1970."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    values = {"energy_total": 1000 + number}
    return Reading("roof-1", at, values, {}, boot, 60_000 + 1_000 * number, trusted=False)


def test_readings_of_a_clock_that_nobody_set_are_accepted_and_held(outbox: Outbox) -> None:
    outbox.accept([make_reading()])
    outbox.accept([held(1), held(2)])

    assert outbox.holds()
    assert [one.seq for one in outbox.kept(0, 10, 10)] == [1]


def test_held_readings_get_their_true_time_from_the_monotonic_clock(outbox: Outbox) -> None:
    outbox.accept([held(1), held(2)])
    outbox.accept([held(3)])
    true_ms = 1_772_384_400_000

    restored = outbox.release("boot-1", true_ms - 60_000)

    taken = [json.loads(one.content) for one in outbox.kept(0, 10, 10)]
    assert (restored, outbox.holds()) == (3, False)
    assert [(one["taken_at"], one["trusted"]) for one in taken] == [
        ("2026-03-01T17:00:01.000Z", True),
        ("2026-03-01T17:00:02.000Z", True),
        ("2026-03-01T17:00:03.000Z", True),
    ]


def test_readings_of_an_earlier_boot_stay_untrusted_and_keep_their_time(outbox: Outbox) -> None:
    outbox.accept([held(1, "boot-0")])
    outbox.accept([held(2, "boot-1")])

    assert outbox.release("boot-1", 0) == 1
    first, second = (json.loads(one.content) for one in outbox.kept(0, 10, 10))
    assert (first["taken_at"], first["trusted"]) == ("1970-01-01T00:00:01.000Z", False)
    assert second["trusted"]


def test_nothing_behind_a_held_reading_is_given_out(outbox: Outbox) -> None:
    outbox.accept([held(1)])
    outbox.accept([make_reading()])

    assert outbox.kept(0, 10, 10) == []


def test_what_is_held_is_known_after_a_restart(path: Path, outbox: Outbox) -> None:
    outbox.accept([make_reading(), held(1)])

    again = Outbox(path)

    assert again.holds()
    assert again.release("boot-1", 0) == 1
    assert [one.seq for one in again.kept(0, 10, 10)] == [1, 2]
    again.close()


def test_what_is_accepted_right_after_the_release_is_held_again(outbox: Outbox) -> None:
    outbox.accept([held(1)])
    writing = outbox._file.writing

    @contextmanager
    def another_thread_is_quick() -> Iterator[sqlite3.Connection]:
        with writing() as database:
            yield database
        outbox._file.writing = writing  # type: ignore[method-assign]  # only once
        outbox.accept([held(2)])

    outbox._file.writing = another_thread_is_quick  # type: ignore[method-assign]  # a race, played
    outbox.release("boot-1", 0)

    assert outbox.holds()
    assert [one.seq for one in outbox.kept(0, 10, 10)] == [1]


def test_what_could_not_be_released_stays_held(outbox: Outbox) -> None:
    outbox.accept([held(1)])
    with outbox._file.writing() as database:
        database.execute("CREATE TRIGGER full BEFORE UPDATE ON groups BEGIN SELECT no; END")

    with pytest.raises(UnreachableError):
        outbox.release("boot-1", 0)

    assert outbox.holds()
    assert outbox.kept(0, 10, 10) == []


def test_what_is_confirmed_goes_with_the_next_commit(path: Path, outbox: Outbox) -> None:
    outbox.accept([make_reading(), make_reading()])
    outbox.confirm(2)
    outbox.accept([make_reading()])

    assert groups(path) == [(3, 3)]


def test_a_confirmation_that_did_not_reach_the_disk_costs_a_repetition_only(
    path: Path, outbox: Outbox
) -> None:
    outbox.accept([make_reading(), make_reading()])
    outbox.confirm(2)

    again = Outbox(path)

    assert [one.seq for one in again.kept(0, 10, 10)] == [1, 2]
    again.close()


def test_a_large_cycle_is_kept_in_several_rows_of_one_commit(path: Path, outbox: Outbox) -> None:
    numbers = outbox.accept([make_reading(energy_wh=number) for number in range(1_200)])

    assert groups(path) == [(1, 500), (501, 1000), (1001, 1200)]
    assert [one.seq for one in outbox.kept(0, 2_000, 2_000)] == list(numbers)


def test_the_newest_true_time_is_not_one_of_an_unset_clock(outbox: Outbox) -> None:
    outbox.accept([make_reading(second=5), held(6, "boot-0"), held(7, "boot-0")])
    outbox.accept([held(8, "boot-0")])
    outbox.release("boot-1", 0)

    assert outbox.newest_at() == datetime(2026, 3, 1, 17, 0, 5, tzinfo=UTC)


def groups(path: Path) -> list[tuple[int, int]]:
    """Return the rows of an outbox."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT first_seq, last_seq FROM groups").fetchall()
