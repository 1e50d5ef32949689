"""The judge's own record of what was accepted, made by SQLite itself.

A trigger inside the outbox notes every reading in the very transaction that accepts it.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from collector.sending.outbox import Outbox
from tests.outbox_body import read_body

_NOTE = """
CREATE TABLE accepted (last_seq INTEGER PRIMARY KEY, first_seq INTEGER, body BLOB);
CREATE TRIGGER note_accepted AFTER INSERT ON groups
BEGIN INSERT INTO accepted VALUES (new.last_seq, new.first_seq, new.body); END;
CREATE TRIGGER note_released AFTER UPDATE ON groups
BEGIN UPDATE accepted SET body = new.body WHERE last_seq = new.last_seq; END;
"""


def note_accepted(path: Path) -> None:
    """Make an outbox that notes what it accepts."""
    Outbox(path).close()
    with sqlite3.connect(path) as database:
        database.executescript(_NOTE)
    database.close()


def read_accepted(path: Path) -> list[tuple[str, int, str]]:
    """Return everything that was ever accepted: device, number, content; sorted."""
    found = []
    for first_seq, body in ask(path, "SELECT first_seq, body FROM accepted"):
        for seq, (device, content) in enumerate(read_body(body), first_seq):
            found.append((device, seq, content))
    return sorted(found)


def count_accepted(path: Path) -> int:
    """Return how many readings were ever accepted."""
    return int(ask(path, "SELECT value FROM meta WHERE name='last_seq'")[0][0])


def count_unconfirmed(path: Path) -> int:
    """Return how many readings the outbox still holds."""
    return int(ask(path, "SELECT total(count) FROM groups")[0][0])


def ask(path: Path, question: str) -> Sequence[tuple[Any, ...]]:
    """Ask an outbox."""
    database = sqlite3.connect(path, timeout=10)
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()
