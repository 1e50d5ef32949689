"""The words of sharing: homes, rules, and what came out. Values only; nothing is computed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class Method(StrEnum):
    """By which rule the pool is shared."""

    REDISTRIBUTE = "redistribute"
    STATIC = "static"
    EQUAL = "equal"
    PRO_RATA = "pro_rata"
    HYBRID = "hybrid"
    PRIORITY = "priority"
    RESERVED = "reserved"
    LIFELINE = "lifeline"


class Tie(StrEnum):
    """Who gets the unit when remainders are equal."""

    ROTATE = "rotate"
    BY_ID = "by_id"


class OwnUse(StrEnum):
    """Whether a home uses its own roof before the pool gets the rest."""

    FIRST = "own_use_first"
    POOL_ALL = "pool_all"


class Missing(StrEnum):
    """What happens when a home's consumption is missing."""

    RESERVE = "reserve"
    EXCLUDE = "exclude"
    ESTIMATE = "estimate"
    HOLD = "hold"


class Status(StrEnum):
    """How far a slot's figures can be relied on."""

    SETTLED = "settled"
    PROVISIONAL = "provisional"
    UNSETTLED = "unsettled"


THEN = (Method.STATIC, Method.EQUAL, Method.PRO_RATA, Method.REDISTRIBUTE, Method.HYBRID)
"""Methods that can follow `reserved` and `lifeline`."""

WITHIN_TIER = (Method.PRO_RATA, Method.REDISTRIBUTE)
"""Methods that can share inside a tier."""

SUM_TO_ONE = frozenset({Method.STATIC, Method.HYBRID})
"""Methods whose weights, the unassigned part included, are parts of one."""

WEIGHTED = SUM_TO_ONE | {Method.REDISTRIBUTE}


@dataclass(frozen=True, slots=True)
class Home:
    """One home of a key, and its energy in one slot; None is missing, never zero."""

    id: str
    consumption_wh: int | None = None
    production_wh: int | None = 0
    weight: Fraction = Fraction(1)
    tier: int | None = None
    reserved_percent: Fraction = Fraction(0)
    estimate_wh: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Half-open, named by its start in UTC."""

    start: datetime
    minutes: int = 15

    @property
    def number(self) -> int:
        """Return how many slots of this length fit between 1970 and the start."""
        return int(self.start.timestamp()) // (self.minutes * 60)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything of a key but its homes."""

    method: Method = Method.REDISTRIBUTE
    tie: Tie = Tie.ROTATE
    own_use: OwnUse = OwnUse.FIRST
    missing: Missing = Missing.RESERVE
    fund_percent: Fraction = Fraction(10)
    lifeline_wh: int = 0
    then: Method | None = None
    within_tier: Method = Method.PRO_RATA
    unassigned_weight: Fraction = Fraction(0)
    renormalise: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One slot to share; `production_wh` is the community's roofs, None is missing."""

    rules: Rules
    slot: Slot
    production_wh: int | None
    homes: tuple[Home, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one slot, by home; None where nothing could be computed.

    Own use + allocated + set aside + surplus = production, exactly. Homes whose consumption is
    missing stand in `missing` and `set_aside_wh` only.
    """

    status: Status
    missing: tuple[str, ...]
    pool_wh: int | None = None
    own_use_wh: Mapping[str, int] | None = None
    allocated_wh: Mapping[str, int] | None = None
    reserved_wh: Mapping[str, int] | None = None
    set_aside_wh: Mapping[str, int] | None = None
    residual_grid_wh: Mapping[str, int] | None = None
    surplus_wh: int | None = None
    fund_tenths_wh: int | None = None


class Step(StrEnum):
    """What one round of sharing does."""

    BY_WEIGHT = "by_weight"
    BY_NEED = "by_need"
    ALL_NEEDED = "all_needed"
    """Who needs no more than a part by weight gets all; the rest goes round again."""
    TIER = "tier"
    RESERVED = "reserved"
    LIFELINE = "lifeline"


class Round(NamedTuple):
    """One round in figures, each sequence in the order of `Trace.names`.

    Who takes no part has weight 0; behind the homes may stand the unassigned part.
    """

    step: Step
    there_wh: int
    weights: Sequence[int]
    parts: Sequence[int]
    """What the weights come to, spare units included; empty where nothing is divided."""
    given: Sequence[int]
    """What homes get of it, at most their need."""


@dataclass(slots=True)
class Trace:
    """What happened round by round, noted only where somebody wants it explained."""

    steps: list[tuple[str, str]] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    names: Sequence[str] = ()
    """Who takes part, in the order of all figures."""

    def note(self, step: str, text: str) -> None:
        """Add one step."""
        self.steps.append((step, text))

    def note_rounding(
        self, floors: Sequence[int], parts: Sequence[int], who: Sequence[int]
    ) -> None:
        """Add who got one of the watt-hours that could not be split; `who` are places in names."""
        raised = [
            self.names[place] if place < len(self.names) else "the unassigned part"
            for place, floor, part in zip(who, floors, parts, strict=True)
            if part > floor
        ]
        if raised:
            self.note("rounding", f"1 Wh more, for the largest remainder: {', '.join(raised)}")

    def told(self, parts: Sequence[int]) -> str:
        """Return figures with the names of their homes."""
        named = zip(self.names, parts, strict=False)
        return ", ".join(f"{name} {part} Wh" for name, part in named) or "nobody"


def uses_weights(rules: Rules) -> bool:
    """Say whether any step of a key looks at weights."""
    used = {rules.method}
    if rules.method in {Method.RESERVED, Method.LIFELINE} and rules.then:
        used.add(rules.then)
    if rules.method in {Method.PRIORITY, Method.LIFELINE}:
        used.add(rules.within_tier)
    return bool(used & WEIGHTED)
