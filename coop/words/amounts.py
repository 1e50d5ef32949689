"""Writes amounts as people read them on pages and on paper; exact integers in, text out.

Groups of three, a decimal comma. Months keep their Spanish names in every language.
"""

MISSING = "\N{EM DASH}"
"""Stands where nothing is known; never a zero."""
GAP = "\N{NO-BREAK SPACE}"
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def whole(amount: int | None) -> str:
    """Write a whole number in groups of three."""
    if amount is None:
        return MISSING
    return sign_of(amount) + f"{abs(amount):,}".replace(",", GAP)


def kilo(amount: int | None) -> str:
    """Write thousandths with one decimal, half rounded up: Wh as kWh, W as kW."""
    if amount is None:
        return MISSING
    tenths = (abs(amount) + 50) // 100
    return f"{sign_of(amount) if tenths else ''}{whole(tenths // 10)},{tenths % 10}"


def soles(centimos: int | None) -> str:
    """Write céntimos as soles, without their sign `S/`."""
    if centimos is None:
        return MISSING
    return f"{sign_of(centimos)}{whole(abs(centimos) // 100)},{abs(centimos) % 100:02}"


def sign_of(amount: int) -> str:
    """Return the sign to write before a negative amount."""
    return "\N{MINUS SIGN}" if amount < 0 else ""
