"""Writes amounts as people in Peru read them, by Babel; exact integers in, text out.

Spanish, Quechua and English agree in it: 1,234.5. Aymara is not in CLDR and is written alike.
"""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import parse_pattern

PERU = Locale.parse("es_PE")
MISSING = "\N{EM DASH}"
"""Stands where nothing is known; never a zero."""
GAP = "\N{NO-BREAK SPACE}"

_PATTERNS = [parse_pattern(text) for text in ("#,##0", "#,##0.0", "#,##0.00", "#,##0.000")]
_KEPT = 8_192


def whole(amount: int | None) -> str:
    """Write a whole number in groups of three."""
    return _written(amount, 0)


def kilo(amount: int | None) -> str:
    """Write thousandths with one decimal, half away from zero: Wh as kWh, W as kW."""
    if amount is None:
        return MISSING
    tenths = (abs(amount) + 50) // 100
    return _written(tenths if amount > 0 else -tenths, 1)


def tenths(amount: int | None) -> str:
    """Write tenths with their decimal."""
    return _written(amount, 1)


def soles(centimos: int | None) -> str:
    """Write céntimos as soles, without their sign `S/`."""
    return _written(centimos, 2)


def thousandths(amount: int | None) -> str:
    """Write Wh as kWh with every digit, as a meter shows them."""
    return _written(amount, 3)


def signed(amount: int) -> str:
    """Write a whole number that something changes by, with its sign."""
    return f"+{whole(amount)}" if amount >= 0 else whole(amount)


def per_cent(part: int, of: int) -> str:
    """Write a share with one decimal, rounded down so that it never says all too early."""
    return f"{tenths(part * 1_000 // of)}%" if of else MISSING


@lru_cache(_KEPT)
def _written(amount: int | None, decimals: int) -> str:
    if amount is None:
        return MISSING
    text: str = _PATTERNS[decimals].apply(Decimal(amount).scaleb(-decimals), PERU)
    return text
