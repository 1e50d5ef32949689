"""The embedded store alone: any order gives the same, and what happens when its file is unwell."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import StateError, UnreachableError
from collector.reading import AcceptedReading
from collector.store_settings import SqliteSettings
from collector.stores import Edge
from collector.stores.sqlite import SqliteStore
from tests.collector.stores.samples import EVER, NOON_S, accepted, counted
from tests.requirements import ROOT

ROOF = ("roof", "energy_total")
QUARTER_MS = 900_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "readings.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(SqliteSettings(path=path))) as opened:
        yield opened


def noise(seq: int) -> dict[str, str]:
    """Return a text that no compression makes small."""
    return {"note": Random(seq).randbytes(200).hex()}  # noqa: S311  chance for a test


SAMPLES = st.lists(
    st.builds(
        lambda at_ms, wh, epoch: accepted(0, at_ms, {"energy_total": wh}, outbox=("hill", epoch)),
        st.integers(-QUARTER_MS, 2 * QUARTER_MS) | st.sampled_from([0, QUARTER_MS]),
        st.integers(0, 50),
        st.sampled_from(["aa", "bb"]),
    ),
    max_size=8,
)


@given(samples=SAMPLES, data=st.data())
def test_any_order_and_repetition_of_arrival_gives_the_same_store(
    samples: Sequence[AcceptedReading], data: st.DataObject
) -> None:
    readings = [
        accepted(seq // 2, _at_ms(one), one.reading.quantities, outbox=("hill", "ab"[seq % 2]))
        for seq, one in enumerate(samples, 2)
    ]
    shuffled = data.draw(st.permutations(readings))
    repeated = data.draw(st.lists(st.sampled_from(readings), max_size=5)) if readings else []
    size = data.draw(st.integers(1, 4))

    assert _contents([*shuffled, *repeated], size) == _contents(readings, 100)


@given(samples=SAMPLES)
def test_edges_are_those_of_a_plain_walk_over_all_samples(
    samples: Sequence[AcceptedReading],
) -> None:
    readings = [
        accepted(seq, _at_ms(one), one.reading.quantities) for seq, one in enumerate(samples, 1)
    ]

    edges, *_ = _contents(readings, 3)

    assert edges == _walk(readings)


def test_an_older_version_is_refused_with_advice_and_left_alone(
    path: Path, store: SqliteStore
) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=1")

    with pytest.raises(StateError, match="version 1, this program writes version 2; move the file"):
        SqliteStore(SqliteSettings(path=path))


def test_a_newer_version_is_refused_with_advice(path: Path, store: SqliteStore) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=7")

    with pytest.raises(
        StateError, match="version 7, this program knows up to 2; install the newer"
    ):
        SqliteStore(SqliteSettings(path=path))


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE theirs (id)")
    before = other.read_bytes()

    with pytest.raises(StateError, match="database of something else"):
        SqliteStore(SqliteSettings(path=other))

    assert other.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readings.db").write_bytes(b"not a database at all " * 100)

    with pytest.raises(StateError, match="cannot be used"):
        SqliteStore(SqliteSettings(path=tmp_path / "readings.db"))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    with pytest.raises(StateError, match="make its folder writable"):
        SqliteStore(SqliteSettings(path=tmp_path / "state" / "readings.db"))


def test_a_full_disk_stores_nothing_and_writing_goes_on_when_there_is_space(
    store: SqliteStore,
) -> None:
    store.write([counted(1, 0, 100)])
    batch = [accepted(seq, seq, {"energy_total": seq, **noise(seq)}) for seq in range(2, 400)]
    _limit_size(store, pages=60)

    with pytest.raises(UnreachableError, match=r"disk is full.*nothing was stored"):
        store.write(batch)

    assert [one.identity.seq for one in store.readings("roof", *EVER)] == [1]
    assert len(store.edges([ROOF], *EVER)[ROOF]) == 1
    assert store.write(batch).new == 398


def test_a_database_held_by_another_process_is_waited_for_and_then_named(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.sqlite_file.BUSY_TIMEOUT_S", 0.05)
    with (
        closing(SqliteStore(SqliteSettings(path=path))) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(UnreachableError, match=r"cannot write now \(database is locked\)"):
            store.write([counted(1, 0, 100)])

        other.execute("ROLLBACK")
        assert store.write([counted(1, 0, 100)]).new == 1


def test_a_damaged_page_is_named_when_it_is_met(path: Path, store: SqliteStore) -> None:
    store.write([accepted(seq, seq, noise(seq)) for seq in range(500)])
    store.close()
    content = bytearray(path.read_bytes())
    content[32_768:] = b"\x00" * (len(content) - 32_768)
    path.write_bytes(content)

    with (
        closing(SqliteStore(SqliteSettings(path=path))) as damaged,
        pytest.raises(StateError, match="restore a backup"),
    ):
        list(damaged.readings("roof", *EVER))


def test_a_commit_waits_for_the_disk(store: SqliteStore) -> None:
    with store._file.writing() as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


def test_processes_that_open_a_new_file_at_once_do_not_disturb_each_other(path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from collector.store_settings import SqliteSettings;"
        " from collector.stores.sqlite import SqliteStore; os.read(0, 1);"
        f" SqliteStore(SqliteSettings(path=Path({str(path)!r}))).close()"
    )
    gate, start = os.pipe()
    openers = [
        subprocess.Popen([sys.executable, "-c", code], stdin=gate, cwd=ROOT) for _ in range(4)
    ]
    os.close(gate)

    os.close(start)

    assert [opener.wait(timeout=30) for opener in openers] == [0, 0, 0, 0]


def test_a_walk_given_up_half_way_leaves_nothing_open(store: SqliteStore) -> None:
    store.write([accepted(1), accepted(2)])
    walking = store.readings("roof", *EVER)
    next(walking)

    store.close()
    del walking

    assert store._file._readers == []


def _at_ms(one: AcceptedReading) -> int:
    return one.reading.mono_ms


def _contents(readings: Sequence[AcceptedReading], size: int) -> tuple[object, ...]:
    with (
        TemporaryDirectory() as folder,
        closing(SqliteStore(SqliteSettings(path=Path(folder) / "readings.db"))) as store,
    ):
        for start in range(0, len(readings), size):
            store.write(readings[start : start + size])
        return (
            store.edges([ROOF], *EVER).get(ROOF, []),
            list(store.readings("roof", *EVER)),
            store.last(["roof"]),
            sorted(store.changed_slots(0).slot_starts_s),
            [list(store.stored_seqs("hill", epoch, 0)) for epoch in "ab"],
        )


def _walk(readings: Sequence[AcceptedReading]) -> list[Edge]:
    slots: dict[int, list[tuple[int, int, int]]] = {}
    for one in readings:
        slot_start_s = NOON_S + _at_ms(one) // QUARTER_MS * 900
        energy_wh = int(one.reading.quantities["energy_total"])
        sample = (NOON_S * 1000 + _at_ms(one), one.identity.seq, energy_wh)
        slots.setdefault(slot_start_s, []).append(sample)
    ordered = [(start, sorted(samples)) for start, samples in sorted(slots.items())]
    return [
        Edge(start, of[0][0], of[0][2], of[-1][0], of[-1][2], of[-1][2] < of[0][2])
        for start, of in ordered
    ]


def _limit_size(store: SqliteStore, pages: int) -> None:
    with store._file.writing():
        pass
    assert store._file._writer is not None
    store._file._writer.execute(f"PRAGMA max_page_count={pages}")
