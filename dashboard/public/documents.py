"""What programs get of the public screen: its figures as JSON and CSV, field by field."""

import json
from hashlib import sha256

from dashboard.documents import AMOUNTS, Cell, Document, amounts, csv_text, utc
from dashboard.public.figures import Board, Day, Row, State
from dashboard.public.live import Live


def board_document(board: Board) -> Document:
    """Return the public screen's figures, and its day slot by slot."""
    return {
        **now_document(board),
        "slots": [] if board.state is State.WITHHELD else slots(board.today),
    }


def now_document(board: Board) -> Document:
    """Return the live figures; nothing in it moves while nothing was measured or settled."""
    is_withheld = board.state is State.WITHHELD
    return {
        "state": board.state.value,
        "producing_now": _live(Live(board.live.state) if is_withheld else board.live),
        "today": {"date": board.today.date.isoformat()}
        if is_withheld
        else day_document(board.today),
        "fund_tenths_wh": None if is_withheld else board.fund_tenths_wh,
        "light": board.light.value,
        "as_of": None if is_withheld else utc(board.today.counted_until),
    }


def now_tag(board: Board) -> str:
    """Return the ETag of the live figures; weak, for their age moves on while they stay."""
    digest = sha256(json.dumps(now_document(board), separators=(",", ":")).encode()).hexdigest()
    return f'W/"{digest[:20]}"'


def age_s(board: Board) -> int | None:
    """Return how old the live figure is, in whole seconds."""
    taken_at = board.live.taken_at
    return None if taken_at is None else max(int((board.now - taken_at).total_seconds()), 0)


def board_csv(board: Board) -> str:
    """Return the public screen's figures, one a line."""
    total, shows = board.today.total, board.state is not State.WITHHELD
    day: list[tuple[str, Cell]] = [
        (name.removesuffix("_wh"), getattr(total, name) if total and shows else None)
        for name in AMOUNTS
    ]
    return csv_text(
        ("figure", "value", "unit"),
        [
            ("producing_now", board.live.power_w if shows else None, "W"),
            *((f"{name}_today", value, "Wh") for name, value in day),
            ("fund", board.fund_tenths_wh if shows else None, "tenths of Wh"),
            ("as_of", (utc(board.today.counted_until) or "") if shows else "", "UTC"),
        ],
    )


def day_document(day: Day) -> Document:
    """Return a day's sums, and how complete it is."""
    return {
        "date": day.date.isoformat(),
        **(amounts(day.total) if day.total else dict.fromkeys(AMOUNTS)),
        "own_use_in_shared": day.is_merged,
        "counted_until": utc(day.counted_until),
        "provisional_slots": day.provisional,
        "missing_slots": day.missing,
    }


def slots(day: Day) -> list[Document]:
    """Return the slots of a day that are over."""
    return [slot_document(row) for row in day.passed]


def slot_document(row: Row) -> Document:
    """Return one slot."""
    return {"start": utc(row.start), **amounts(row), "standing": row.standing.value}


def _live(live: Live) -> Document:
    return {
        "state": live.state.value,
        "stale": live.power_w is None,
        "power_w": live.power_w,
        "taken_at": utc(live.taken_at),
        "roofs": live.roofs,
        "roofs_reporting": live.reporting,
    }
