"""Short ways to write one slot to share."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from coop.allocation import Home, Outcome, Request, Rules, Slot, allocate

START = datetime(1970, 1, 1, tzinfo=UTC)
"""Slot number 0: the first home in order comes first in a tie."""


def homes(
    needs: Sequence[int | None], weights: str = "", **columns: Sequence[object]
) -> list[Home]:
    """Return homes A, B, C … with these needs; weights are written `1/2 1/4 1/4`."""
    parts = weights.split() or [f"1/{len(needs)}"] * len(needs)
    return [
        Home(
            chr(ord("A") + place),
            need,
            weight=Fraction(part),
            **{name: values[place] for name, values in columns.items()},  # type: ignore[arg-type]  # columns are named by the test
        )
        for place, (need, part) in enumerate(zip(needs, parts, strict=True))
    ]


def ask(rules: Rules, pool_wh: int | None, listed: Sequence[Home], slot_number: int = 0) -> Outcome:
    """Share the community's roof among homes in the slot of this number."""
    start = datetime.fromtimestamp(slot_number * 900, UTC)
    return allocate(Request(rules, Slot(start), pool_wh, tuple(listed)))


def parts_of(figures: Mapping[str, int] | None) -> list[int]:
    """Return figures in the order of the homes' ids."""
    return [figures[home] for home in sorted(figures)] if figures is not None else []
