"""Random slots in the shape of the command's request, small enough for many ties."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

THEN = ("static", "equal", "pro_rata", "redistribute", "hybrid")
METHODS = (*THEN, "priority", "reserved", "lifeline")
WH = st.one_of(st.integers(0, 12), st.integers(0, 5_000))


@st.composite
def questions(draw: st.DrawFn, methods: tuple[str, ...] = METHODS) -> dict[str, Any]:
    """Return a request in which every field stands and every key can be used."""
    names = draw(st.lists(st.text("aAbñZ0", min_size=1, max_size=3), max_size=6, unique=True))
    count = len(names) + 1
    most = draw(st.sampled_from([12, 5_000]))
    need = st.one_of(st.just(0), *(st.integers(0, most),) * 4)  # all of one size, so that some fill
    some = st.lists(st.integers(0, 5), min_size=count, max_size=count)
    raw = draw(st.one_of(some, st.just([1] * count)))  # equal weights make ties
    whole = sum(raw) or 1
    spare = 1 - Fraction(sum(raw), whole)
    return {
        "method": draw(st.sampled_from(methods)),
        "slot": datetime.fromtimestamp(900 * draw(st.integers(0, 40)), UTC).isoformat(),
        "slot_minutes": 15,
        "tie": draw(st.sampled_from(["rotate", "by_id"])),
        "own_use": draw(st.sampled_from(["own_use_first", "pool_all"])),
        "missing": draw(st.sampled_from(["reserve", "exclude", "estimate", "hold"])),
        "fund_percent": draw(st.sampled_from(["10", "0", "100", "12.5", "100/3"])),
        "production_wh": draw(st.one_of(*(st.integers(0, most * count // 2),) * 7, st.none())),
        "homes": [
            {
                "id": name,
                "consumption_wh": draw(st.one_of(*(need,) * 7, st.none())),
                "production_wh": draw(st.one_of(st.just(0), need)),
                "weight": str(Fraction(part, whole)),
                "tier": draw(st.sampled_from([None, 1, 2])),
                "reserved_percent": str(Fraction(draw(st.integers(0, 100)), len(names))),
                "estimate_wh": draw(WH),
            }
            for name, part in zip(names, raw, strict=False)
        ],
        "lifeline_wh": draw(st.integers(0, 20)),
        "then": draw(st.sampled_from(THEN)),
        "within_tier": draw(st.sampled_from(["pro_rata", "redistribute"])),
        "unassigned_weight": str(Fraction(raw[-1], whole) + spare),
    }


@st.composite
def complete_questions(draw: st.DrawFn, method: str) -> dict[str, Any]:
    """Return a request of an efficient method: all known, no roofs of homes, positive weights."""
    question = draw(questions((method,)))
    count = max(len(question["homes"]), 1)
    homes = [
        {**home, "consumption_wh": draw(WH), "production_wh": 0, "weight": f"1/{count}"}
        for home in question["homes"]
    ]
    return {
        **question,
        "production_wh": draw(WH),
        "homes": homes,
        "then": draw(st.sampled_from(["pro_rata", "redistribute", "hybrid"])),
        "unassigned_weight": "0" if homes else "1",
    }


@st.composite
def tied_questions(draw: st.DrawFn, method: str) -> dict[str, Any]:
    """Return a request of equal homes and a pool that is short: who has no need, has a turn."""
    question = draw(questions((method,)))
    count = max(len(question["homes"]), 1)
    homes = [
        {
            **home,
            "consumption_wh": draw(st.sampled_from([0, 20, 20])),
            "production_wh": 0,
            "weight": f"1/{count}",
            "reserved_percent": "0",
        }
        for home in question["homes"]
    ]
    return {
        **question,
        "production_wh": draw(st.integers(0, 12)),
        "homes": homes,
        "unassigned_weight": "0" if homes else "1",
    }
