"""Passwords and PINs: what is refused as one, and the argon2id hash under which they are kept.

The only user of argon2.
"""

import re
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 256
_PIN = re.compile(r"[0-9]{4,12}")
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1_024, parallelism=1)

NOBODYS = (
    "$argon2id$v=19$m=32768,t=3,p=1$oBNi2+U8OeDH6jLBpWP/Xw"
    "$le9FPDZxA2zppQEJlkAjJIZRyNCFIfUNwg3wQqQo42I"
)
"""A hash that no password has: checked where there is none, so that the answer takes as long."""


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAMED = "named"


def weakness(password: str, *names: str) -> Weakness | None:
    """Say why a password is refused; `names` are what everybody would try with this person."""
    told = _fold(password)
    if len(told) < SHORTEST:
        return Weakness.SHORT
    if len(told) > LONGEST:
        return Weakness.LONG
    folded = told.casefold()
    if folded in _common() or len(set(folded)) <= 2:  # noqa: PLR2004  one or two signs again and again
        return Weakness.COMMON
    return Weakness.NAMED if _letters(told) in {_letters(name) for name in names} else None


def is_pin(text: str) -> bool:
    """Say whether a text can be a PIN: 4 to 12 digits, not all the same, none of the commonest."""
    return bool(_PIN.fullmatch(text)) and len(set(text)) > 1 and text not in _COMMON_PINS


def make_hash(secret: str) -> str:
    """Return the argon2id hash of a password or PIN."""
    return _HASHER.hash(_fold(secret))


def fits(kept: str | None, secret: str) -> bool:
    """Say whether a secret has this hash; without a hash it takes as long and says no."""
    try:
        _HASHER.verify(NOBODYS if kept is None else kept, _fold(secret)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


_COMMON_PINS = frozenset({"1234", "12345", "123456", "12345678", "4321", "0123", "1212", "2580"})


def _fold(text: str) -> str:
    """Return the one way in which a text is written, whatever keyboard wrote it."""
    return unicodedata.normalize("NFKC", text.encode(errors="replace").decode())


def _letters(text: str) -> str:
    """Return what is left of a name however somebody writes it."""
    return "".join(one for one in _fold(text).casefold() if one.isalpha())


@cache
def _common() -> frozenset[str]:
    held = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(held.split())
