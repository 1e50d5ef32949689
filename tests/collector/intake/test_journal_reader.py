"""The quarantine and the watermarks, looked at from another process that never writes."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collector.errors import UnreachableError
from collector.intake.journal import Handled, Journal
from collector.intake.journal_reader import JournalReader
from collector.intake.reasons import RefusalKind, kind_of
from collector.intake.wire import Refused
from tests.requirements import ROOT

NOON = datetime(2026, 3, 1, 17, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def reader(tmp_path: Path) -> JournalReader:
    return JournalReader(tmp_path / "journal.sqlite", shown_bytes=8)


def refuse(journal: Journal, reason: str, payload: bytes = b"{}", minute: int = 0) -> None:
    refused = Refused(reason, "minga/v1/pi/m1/reading", payload)
    journal.quarantine([refused], NOON + timedelta(minutes=minute))


def test_refusals_are_counted_by_kind_the_newest_first(
    journal: Journal, reader: JournalReader
) -> None:
    refuse(journal, "not JSON", b"a")
    refuse(journal, "not JSON", b"a", minute=1)
    refuse(journal, "not UTF-8", b"b")
    refuse(journal, "taken_at: in the future", minute=2)

    assert reader.kinds() == [
        (RefusalKind.TIME, 1, 1, "2026-03-01T17:02:00.000Z"),
        (RefusalKind.FORM, 2, 3, "2026-03-01T17:01:00.000Z"),
    ]


def test_what_was_refused_is_read_page_by_page(journal: Journal, reader: JournalReader) -> None:
    for number in range(5):
        refuse(journal, f"q.power_{number}: beyond any quantity", b"0123456789", minute=number)

    first = reader.kept_aside(None, None, 3)
    rest = reader.kept_aside(None, first[-1].id, 3)

    assert [one.reason[8] for one in (*first, *rest)] == ["4", "3", "2", "1", "0"]
    assert (first[0].size, first[0].payload) == (10, b"01234567")


def test_one_kind_may_be_asked_for(journal: Journal, reader: JournalReader) -> None:
    refuse(journal, "not JSON")
    refuse(journal, "larger than 64000 bytes")

    [found] = reader.kept_aside(RefusalKind.SIZE, None, 10)

    assert found.reason == "larger than 64000 bytes"


def test_watermarks_are_read(journal: Journal, reader: JournalReader) -> None:
    journal.remember([Handled("pi", "old", 90), Handled("pi", "new", 7), Handled("hut", "e", 3)])

    assert sorted(reader.handled()) == [("hut", "e", 3), ("pi", "new", 7)]


def test_without_a_journal_nothing_is_made(tmp_path: Path) -> None:
    reader = JournalReader(tmp_path / "nowhere" / "journal.sqlite")

    assert not reader.is_there()
    with pytest.raises(UnreachableError, match="check that ingest runs"):
        reader.kinds()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_journal_can_be_read(journal: Journal, reader: JournalReader) -> None:
    refuse(journal, "not JSON")
    journal.close()

    assert len(reader.kept_aside(None, None, 10)) == 1


def test_every_reason_of_the_wire_has_a_kind() -> None:
    tree = ast.parse((ROOT / "collector" / "intake" / "wire.py").read_text(encoding="utf-8"))
    said = [
        ast.unparse(call.args[0]).lstrip("f").strip("'\"")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_WrongError"
    ]

    assert len(said) > 20
    assert [one for one in said if kind_of(one) is RefusalKind.OTHER and "{where}" not in one] == []
    assert kind_of("q.status: a long or unprintable text") is RefusalKind.VALUE
    assert kind_of("conflict: stored already with another value") is RefusalKind.CONFLICT
    assert kind_of("topic is none of ours") is RefusalKind.TOPIC
