"""The languages there are, and the order in which somebody wants to read them."""

from difflib import get_close_matches
from enum import StrEnum

from coop.errors import InputError


class Language(StrEnum):
    """A language by its code of ISO 639."""

    QUECHUA = "qu"
    AYMARA = "ay"
    SPANISH = "es"
    ENGLISH = "en"


FALLBACK = Language.SPANISH
"""What is read where a language has no words for something."""


def parse_languages(told: str) -> tuple[Language, ...]:
    """Read an order of languages such as `qu,es`; raise InputError."""
    names = [name.strip() for name in told.split(",")]
    unknown = [name for name in names if name not in set(Language)]
    if unknown:
        allowed = ", ".join(Language)
        near = get_close_matches(unknown[0], list(Language), n=1)
        meant = f"; {near[0]}?" if near else ""
        raise InputError(
            f"language {unknown[0]!r} is not spoken here; allowed: {allowed}, "
            f"several as in qu,es{meant}"
        )
    if len(set(names)) < len(names):
        raise InputError(f"languages {told!r}: one stands twice; name each once, as in qu,es")
    return tuple(Language(name) for name in names)
