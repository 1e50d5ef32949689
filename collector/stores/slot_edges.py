"""First and last sample of each counter in each slot, and which slots changed, as SQLite tables.

Both stores keep these beside the readings, in the transaction that makes the readings theirs. All
updates are minima and maxima, so the order of arrival changes nothing.
"""

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from collector.reading import AcceptedReading, milliseconds
from collector.stores.content import first_millisecond
from collector.stores.numbering import Numbering, number_names
from collector.stores.protocol import SLOT_S, Counter, EdgeRow, SlotChanges

TABLES = (
    """CREATE TABLE counters (
         id INTEGER PRIMARY KEY, device TEXT NOT NULL, quantity TEXT NOT NULL,
         first_slot_s INTEGER, last_slot_s INTEGER, UNIQUE (device, quantity))""",
    """CREATE TABLE slot_edges (
         slot_start_s INTEGER NOT NULL, counter INTEGER NOT NULL,
         first_ms INTEGER NOT NULL, first_seq INTEGER NOT NULL, first_wh INTEGER NOT NULL,
         last_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_wh INTEGER NOT NULL,
         PRIMARY KEY (slot_start_s, counter)) WITHOUT ROWID""",
    """CREATE TABLE slot_changes (
         slot_start_s INTEGER PRIMARY KEY, version INTEGER NOT NULL)""",
)


class Sample(NamedTuple):
    """What a counter said; samples are ordered by time, then number, then value."""

    taken_ms: int
    seq: int
    energy_wh: int


Folded = dict[tuple[Counter, int], tuple[Sample, Sample]]
"""First and last sample by counter and start of the slot."""


def update_edges(database: sqlite3.Connection, readings: Iterable[AcceptedReading]) -> None:
    """Take new readings into the edges and mark the slots of their samples as changed."""
    folded = fold_samples(readings)
    numbers = number_names(database, _COUNTERS, {counter for counter, _ in folded})
    rows = [
        (slot_start_s, numbers[counter], *first, *last)
        for (counter, slot_start_s), (first, last) in folded.items()
    ]
    database.executemany(_WIDEN_FIRST, rows)
    database.executemany(_WIDEN_LAST, [(*row[5:], row[0], row[1], *row[5:]) for row in rows])
    database.executemany(_REACH, [_reach(slots, number) for number, slots in _spans(rows).items()])
    _mark_changed(database, sorted({slot_start_s for _, slot_start_s in folded}))


def fold_samples(readings: Iterable[AcceptedReading]) -> Folded:
    """Return first and last sample of each counter and slot; readings of untrusted time have none.

    Whole Wh, floored. Values withheld are not among a reading's quantities.
    """
    folded: Folded = {}
    for identity, reading in ((one.identity, one.reading) for one in readings):
        if not reading.trusted:
            continue
        taken_ms = milliseconds(reading.taken_at)
        slot_start_s = taken_ms // _SLOT_MS * SLOT_S
        for quantity, value in reading.quantities.items():
            if not counts_wh(quantity) or isinstance(value, str) or quantity in reading.bad:
                continue
            sample = Sample(taken_ms, identity.seq, math.floor(value))
            key = ((reading.device, quantity), slot_start_s)
            first, last = folded.get(key, (sample, sample))
            folded[key] = (min(first, sample), max(last, sample))
    return folded


@lru_cache(maxsize=4096)
def counts_wh(quantity: str) -> bool:
    """Say whether a quantity's name means a running total of Wh."""
    words = quantity.split("_")
    return words[-1] == "total" and "energy" in words and not _OTHER_ENERGY.intersection(words)


def read_edges(
    database: sqlite3.Connection, counters: Sequence[Counter], start: datetime, end: datetime
) -> Mapping[Counter, Sequence[EdgeRow]]:
    """Return the edges of [start, end) and the nearest one on either side, oldest first."""
    start_s = -(-first_millisecond(start) // 1000)
    end_s = -(-first_millisecond(end) // 1000)
    asked = set(counters)
    known = {
        number: ((device, quantity), first_s, last_s)
        for number, device, quantity, first_s, last_s in database.execute(_COUNTER_SPANS)
        if (device, quantity) in asked
    }
    inside: dict[int, list[EdgeRow]] = {number: [] for number in known}
    for row in database.execute(_INSIDE, (start_s, end_s)):
        number = row[_COUNTER]
        if number in inside:
            inside[number].append(row[:_COUNTER])
    # The nearest ones mostly lie in the slots beside, which hold those of all counters.
    before = _read_slot(database, (start_s - 1) // SLOT_S * SLOT_S)
    after = _read_slot(database, -(-end_s // SLOT_S) * SLOT_S)
    for number, (_, first_s, last_s) in known.items():
        if number not in before and first_s < start_s:
            before[number] = database.execute(_BEFORE, (start_s, number)).fetchone()[:_COUNTER]
        if number not in after and last_s >= end_s:
            after[number] = database.execute(_AFTER, (end_s, number)).fetchone()[:_COUNTER]
    found = {
        counter: [
            *([before[number]] if number in before else ()),
            *inside[number],
            *([after[number]] if number in after else ()),
        ]
        for number, (counter, *_) in known.items()
    }
    return {counter: edges for counter, edges in found.items() if edges}


def _read_slot(database: sqlite3.Connection, slot_start_s: int) -> dict[int, EdgeRow]:
    rows = database.execute(_SLOT, (slot_start_s,))
    return {row[_COUNTER]: row[:_COUNTER] for row in rows}


def read_changed_slots(database: sqlite3.Connection, after_version: int, limit: int) -> SlotChanges:
    """Return slots changed after a version, oldest change first, at most `limit` of them."""
    rows = database.execute(
        "SELECT slot_start_s, version FROM slot_changes WHERE version > ? ORDER BY version LIMIT ?",
        (after_version, limit),
    ).fetchall()
    version = rows[-1][1] if rows else after_version
    return SlotChanges(tuple(slot_start_s for slot_start_s, _ in rows), version)


_SLOT_MS = SLOT_S * 1000
_OTHER_ENERGY = frozenset({"reactive", "apparent"})

_COUNTERS = Numbering(
    "INSERT INTO counters (device, quantity) VALUES (?, ?)",
    "SELECT id FROM counters WHERE device = ? AND quantity = ?",
)

_WIDEN_FIRST = """
INSERT INTO slot_edges VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (slot_start_s, counter) DO UPDATE
SET first_ms = excluded.first_ms, first_seq = excluded.first_seq, first_wh = excluded.first_wh
WHERE (excluded.first_ms, excluded.first_seq, excluded.first_wh) < (first_ms, first_seq, first_wh)
"""

_WIDEN_LAST = """
UPDATE slot_edges SET last_ms = ?, last_seq = ?, last_wh = ?
WHERE slot_start_s = ? AND counter = ? AND (last_ms, last_seq, last_wh) < (?, ?, ?)
"""

_REACH = """
UPDATE counters SET first_slot_s = min(ifnull(first_slot_s, ?1), ?1),
  last_slot_s = max(ifnull(last_slot_s, ?2), ?2)
WHERE id = ?3 AND (first_slot_s IS NULL OR first_slot_s > ?1 OR last_slot_s < ?2)
"""
_COUNTER_SPANS = "SELECT id, device, quantity, first_slot_s, last_slot_s FROM counters"
_COUNTER = 6
_EDGE = "slot_start_s, first_ms, first_wh, last_ms, last_wh, last_wh < first_wh, counter"
_FROM = f"{_EDGE} FROM slot_edges"
_INSIDE = f"SELECT {_FROM} WHERE slot_start_s >= ? AND slot_start_s < ? ORDER BY slot_start_s"
_SLOT = f"SELECT {_FROM} WHERE slot_start_s = ?"
_BEFORE = f"""
SELECT {_FROM} WHERE slot_start_s < ? AND counter = ? ORDER BY slot_start_s DESC LIMIT 1
"""
_AFTER = f"""
SELECT {_FROM} WHERE slot_start_s >= ? AND counter = ? ORDER BY slot_start_s LIMIT 1
"""


def _spans(rows: Iterable[Sequence[int]]) -> Mapping[int, list[int]]:
    """Return the slots that each counter got samples in."""
    spans: dict[int, list[int]] = {}
    for slot_start_s, number, *_ in rows:
        spans.setdefault(number, []).append(slot_start_s)
    return spans


def _reach(slots: Sequence[int], number: int) -> tuple[int, int, int]:
    return min(slots), max(slots), number


def _mark_changed(database: sqlite3.Connection, slot_starts_s: Sequence[int]) -> None:
    # Every change has a number of its own, so that a limit may cut anywhere and nothing is skipped.
    (newest,) = database.execute("SELECT ifnull(max(version), 0) FROM slot_changes").fetchone()
    database.executemany(
        "INSERT INTO slot_changes VALUES (?, ?)"
        " ON CONFLICT (slot_start_s) DO UPDATE SET version = excluded.version",
        [(slot, version) for version, slot in enumerate(slot_starts_s, newest + 1)],
    )
