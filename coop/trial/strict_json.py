"""Reads a JSON document strictly and its fields by type; every problem is noted with its place.

Knows no document in particular. A number with a decimal point is never taken: it is not exact.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from coop.errors import InputError

_Choice = TypeVar("_Choice", bound=StrEnum)

EXACT = r"(?:[0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+)"
LONGEST = 60
"""Longer findings are cut: the place says where to look."""


def parse_strictly(text: str, source: str) -> object:
    """Return the document; raise InputError for what is not JSON or says a key twice."""
    twice: list[str] = []

    def take_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for name, value in pairs:
            if name in seen:
                twice.append(f"{source}: key {shown(name)} stands twice in one object; keep one")
            seen[name] = value
        return seen

    try:
        document: object = json.loads(
            text, object_pairs_hook=take_once, parse_float=_Inexact, parse_constant=_Inexact
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"{source}: line {error.lineno}, column {error.colno}: not JSON ({error.msg})"
        ) from error
    except RecursionError as error:
        raise InputError(f"{source}: nested too deeply; see docs/sharing.md") from error
    except ValueError as error:  # whole numbers of thousands of digits
        raise InputError(f"{source}: a number in it is too long") from error
    if twice:
        raise InputError(*twice)
    return document


def shown(value: object) -> str:
    """Return a found value as it would stand in JSON, cut where it is long."""
    if isinstance(value, _Inexact):
        return value.text[:LONGEST]
    try:
        text = json.dumps(value, ensure_ascii=False, default=lambda one: one.text)
    except (RecursionError, ValueError):
        return "something too long to show"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean x?` for the nearest known name, or nothing."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


@dataclass(frozen=True, slots=True)
class _Inexact:
    """A number that JSON writes with a point, an exponent or a name such as NaN."""

    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a document, read field by field."""

    values: dict[str, object]
    where: str
    """File and place, the beginning of each problem."""
    problems: list[str]

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Note every field that nobody reads."""
        for name in self.values:
            if name not in known:
                near = suggestion(name, known) or f"; known: {', '.join(known)}"
                self._note(f"unknown field {shown(name)}{near}")

    def require(self, *names: str) -> None:
        """Note every field that is not there."""
        for name in names:
            if name not in self.values:
                self._note(f"{name} is missing; it is needed here")

    def has(self, name: str) -> bool:
        """Say whether a field is there and not null."""
        return self.values.get(name) is not None

    def whole(self, name: str, default: int | None, *, can_be_null: bool = False) -> int | None:
        """Return a whole number of 0 or more."""
        value = self.values.get(name, default)
        if value is None and (can_be_null or name not in self.values):
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        null = " or null" if can_be_null else ""
        self._refuse(name, f"a whole number of 0 or more{null}")
        return default

    def exact(self, name: str, default: Fraction) -> Fraction:
        """Return a decimal or a fraction from a string."""
        value = self.values.get(name)
        if name not in self.values:
            return default
        if isinstance(value, str) and re.fullmatch(EXACT, value, re.ASCII):
            try:
                return Fraction(value)
            except (ZeroDivisionError, ValueError):
                pass
        self._refuse(name, 'a decimal or fraction of 0 or more in quotes, such as "0.25" or "1/4"')
        return default

    def choice(self, name: str, allowed: Iterable[_Choice], default: _Choice) -> _Choice:
        """Return one of some words."""
        words = {str(one): one for one in allowed}
        value = self.values.get(name)
        if name not in self.values:
            return default
        if isinstance(value, str) and value in words:
            return words[value]
        near = suggestion(value, words) if isinstance(value, str) else ""
        self._refuse(name, f"{', '.join(words)}{near}")
        return default

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self.values.get(name, "")
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value
        if name in self.values:
            self._refuse(name, "a text")
        return ""

    def _refuse(self, name: str, allowed: str) -> None:
        self._note(f"{name}: found {shown(self.values.get(name))}; allowed: {allowed}")

    def _note(self, problem: str) -> None:
        self.problems.append(f"{self.where}: {problem}")
