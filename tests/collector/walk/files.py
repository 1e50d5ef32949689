"""What a machine finds on its disk after it was stopped without any goodbye."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any


def copy_as_it_is(folder: Path, to: Path) -> Path:
    """Copy files that a process has open, as `kill -9` leaves them."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*-shm"))
    return to


def cut_power_during(folder: Path, to: Path, write: Callable[[], object], part: float) -> Path:
    """Copy files as they are when the power goes while something is written.

    A commit appends to the log; so much of what it appended reached the disk.
    """
    before = {one.name: one.stat().st_size for one in folder.iterdir()}
    write()
    copy_as_it_is(folder, to)
    for log in to.glob("*-wal"):
        grown = log.stat().st_size - before.get(log.name, 0)
        with log.open("rb+") as cut:
            cut.truncate(before.get(log.name, 0) + int(grown * part))
    return to


def ask(path: Path, question: str) -> Sequence[tuple[Any, ...]]:
    """Ask a file of a running process what is committed in it."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(question).fetchall()
