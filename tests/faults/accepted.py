"""The judge's own record of what was accepted, made by SQLite itself.

A trigger inside the outbox notes every reading in the very transaction that accepts it.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collector.sending.outbox import Outbox

_NOTE = """
CREATE TABLE accepted (seq INTEGER PRIMARY KEY, device TEXT, content TEXT);
CREATE TRIGGER note_accepted AFTER INSERT ON kept
BEGIN INSERT INTO accepted VALUES (new.seq, new.device, new.content); END;
"""


def note_accepted(path: Path) -> None:
    """Make an outbox that notes what it accepts."""
    Outbox(path).close()
    with sqlite3.connect(path) as database:
        database.executescript(_NOTE)
    database.close()


def read_accepted(path: Path) -> list[tuple[str, int, str]]:
    """Return everything that was ever accepted: device, number, content; sorted."""
    rows = ask(path, "SELECT device, seq, content FROM accepted ORDER BY device, seq")
    return [(device, seq, content) for device, seq, content in rows]


def count_accepted(path: Path) -> int:
    """Return how many readings were ever accepted."""
    return int(ask(path, "SELECT count(*) FROM accepted")[0][0])


def count_unconfirmed(path: Path) -> int:
    """Return how many readings the outbox still holds."""
    return int(ask(path, "SELECT count(*) FROM kept")[0][0])


def ask(path: Path, question: str) -> Sequence[tuple[Any, ...]]:
    """Ask an outbox."""
    database = sqlite3.connect(path, timeout=10)
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()
