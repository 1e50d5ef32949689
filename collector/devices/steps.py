"""How much of a quantity one counting step of its register is, and where it begins again."""

from decimal import Decimal

from collector.profiles.layout import Memory, Placed
from collector.profiles.register import Kind

_ROLLING = {Kind.U16, Kind.U32, Kind.ACC32}


def step_of(one: Placed, raw: tuple[int | None, ...], memory: Memory) -> Decimal:
    """Return the step in the quantity's unit: of an integer its last digit, of a float its own."""
    words = [word for word in raw if word is not None]
    step = abs(one.multiplier)
    if one.register.type is Kind.F32:
        high = words[-1] if one.is_little else words[0]
        # Its neighbour is one step away, and the shortest decimals of both up to half a step more.
        return step * 2 * Decimal(2) ** (max(high >> 7 & 0xFF, 1) - 150)
    return step.scaleb(_power(one, memory))


def raw_values_of(one: Placed) -> int | None:
    """Return how many values the register has if it rolls over to zero, else None."""
    register = one.register
    if register.type not in _ROLLING or register.mask is not None or register.offset:
        return None
    return register.type.raw_range()[1] + 1


def _power(one: Placed, memory: Memory) -> int:
    for code in one.function_codes:
        scale = None if one.scale_at is None else memory.get((code, one.scale_at))
        if scale is not None:
            return scale - 0x10000 if scale & 0x8000 else scale
    return 0
