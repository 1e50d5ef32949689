"""What programs get: each page's figures as JSON and CSV, field by field, nothing by accident."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from dashboard.figures import Board, CommunityDay, Day, Row, State
from dashboard.live import Live

Document = dict[str, object]
Cell = str | int | None

_AMOUNTS = (
    "produced_wh",
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "left_over_wh",
    "consumption_wh",
)


def board_document(board: Board) -> Document:
    """Return the public screen's figures, and its day slot by slot."""
    return {
        **now_document(board),
        "slots": [] if board.state is State.WITHHELD else _slots(board.today),
    }


def now_document(board: Board) -> Document:
    """Return the live figures; nothing in it moves while nothing was measured or settled."""
    is_withheld = board.state is State.WITHHELD
    return {
        "state": board.state.value,
        "producing_now": _live(Live(board.live.state) if is_withheld else board.live),
        "today": {"date": board.today.date.isoformat()} if is_withheld else _day(board.today),
        "fund_tenths_wh": None if is_withheld else board.fund_tenths_wh,
        "light": board.light.value,
        "as_of": None if is_withheld else _utc(board.today.counted_until),
    }


def age_s(board: Board) -> int | None:
    """Return how old the live figure is, in whole seconds."""
    taken_at = board.live.taken_at
    return None if taken_at is None else max(int((board.now - taken_at).total_seconds()), 0)


def community_document(page: CommunityDay) -> Document:
    """Return a day of the community: its sums, and the rows of its table."""
    is_withheld = page.state is State.WITHHELD
    return {
        "state": page.state.value,
        **({"date": page.day.date.isoformat()} if is_withheld else _day(page.day)),
        "slots": [] if is_withheld else _slots(page.day),
    }


def board_csv(board: Board) -> str:
    """Return the public screen's figures, one a line."""
    total, shows = board.today.total, board.state is not State.WITHHELD
    day: list[tuple[str, Cell]] = [
        (name.removesuffix("_wh"), getattr(total, name) if total and shows else None)
        for name in _AMOUNTS
    ]
    return _csv(
        ("figure", "value", "unit"),
        [
            ("producing_now", board.live.power_w if shows else None, "W"),
            *((f"{name}_today", value, "Wh") for name, value in day),
            ("fund", board.fund_tenths_wh if shows else None, "tenths of Wh"),
            ("as_of", (_utc(board.today.counted_until) or "") if shows else "", "UTC"),
        ],
    )


def community_csv(page: CommunityDay) -> str:
    """Return the rows of a day's table; an empty cell is missing, not zero."""
    rows = () if page.state is State.WITHHELD else page.day.passed
    return _csv(
        ("slot_start", "local_start", *_AMOUNTS, "difference_wh", "standing"),
        (
            (
                _utc(row.start),
                row.start.isoformat(timespec="minutes"),
                *_amounts(row).values(),
                row.difference_wh,
                row.standing.value,
            )
            for row in rows
        ),
    )


def _day(day: Day) -> Document:
    return {
        "date": day.date.isoformat(),
        **(_amounts(day.total) if day.total else dict.fromkeys(_AMOUNTS)),
        "own_use_in_shared": day.is_merged,
        "counted_until": _utc(day.counted_until),
        "provisional_slots": day.provisional,
        "missing_slots": day.missing,
    }


def _slots(day: Day) -> list[Document]:
    return [
        {"start": _utc(row.start), **_amounts(row), "standing": row.standing.value}
        for row in day.passed
    ]


def _amounts(row: Row) -> dict[str, int | None]:
    return {name: getattr(row, name) for name in _AMOUNTS}


def _live(live: Live) -> Document:
    return {
        "state": live.state.value,
        "stale": live.power_w is None,
        "power_w": live.power_w,
        "taken_at": _utc(live.taken_at),
        "roofs": live.roofs,
        "roofs_reporting": live.reporting,
    }


def _utc(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
