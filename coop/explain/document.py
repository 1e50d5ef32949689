"""An explanation as one JSON document: the figures, and each line in every language asked for."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from coop.calendar import stamp
from coop.explain.explanation import Explanation, Line
from coop.members.community import SharingKey
from coop.words import Words


def explanation_document(one: Explanation, lines: Iterable[Line], words: Words) -> dict[str, Any]:
    """Return an explanation for JSON; exact parts are fractions in text."""
    figures = (
        "status",
        "reason",
        "is_final",
        "production_wh",
        "pool_wh",
        "surplus_wh",
        "fund_tenths_wh",
    )
    return {
        "home": one.home,
        "slot": stamp(one.slot_start_s),
        "slot_minutes": one.slot_s // 60,
        "key": None if one.key is None else _key(one.key),
        "weight": None if one.weight is None else str(one.weight),
        "need_wh": one.need_wh,
        **{name: getattr(one, name) for name in figures},
        **asdict(one.figures),
        "rounds": [asdict(turn) for turn in one.turns],
        "meters": [asdict(mark) for mark in one.marks],
        "late": [asdict(part) for part in one.late],
        "lines": [
            {
                "step": line.step,
                "text": {told.language: told.text for told in words.tell_all(line.saying)},
            }
            for line in lines
        ],
    }


def _key(key: SharingKey) -> dict[str, Any]:
    rules = key.rules
    return {
        "id": key.id,
        "name": key.name,
        "decision": key.decision,
        "method": rules.method,
        "fund_percent": str(rules.fund_percent),
    }
