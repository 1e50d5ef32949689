"""The base of every answer, and the kinds of figures in it."""

from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields


class Answer(Schema):
    """An answer in which every field is always there, but for those that `may_lack` names."""

    may_lack: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        """Nothing stands in an answer by accident."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Require a field."""
        field_obj.required = field_name not in self.may_lack


def integer(text: str, *, least: int | None = 0) -> fields.Integer:
    """Describe a whole number; null is not known, never zero."""
    bound = {} if least is None else {"minimum": least}
    return fields.Integer(allow_none=True, metadata={"description": text, **bound})


def moment(text: str) -> fields.String:
    """Describe a moment in UTC."""
    return fields.String(allow_none=True, metadata={"description": text, "format": "date-time"})


def local_date(text: str = "A local day.") -> fields.String:
    """Describe a day of the cooperative's time zone."""
    return fields.String(metadata={"description": text, "format": "date"})


def one_of(names: type[StrEnum], text: str) -> fields.String:
    """Describe a word out of some."""
    words = [str(one) for one in names]
    return fields.String(metadata={"description": text, "enum": words})


def text(about: str) -> fields.String:
    """Describe a text."""
    return fields.String(metadata={"description": about})


def perhaps(names: type[StrEnum], about: str) -> fields.String:
    """Describe a word out of some, or null."""
    words = [*(str(one) for one in names), None]
    return fields.String(allow_none=True, metadata={"description": about, "enum": words})


@cache
def span() -> type[Answer]:
    """Return the base of what holds from a moment on, up to another or for good."""
    held = {"from": moment("From when on."), "to": moment("Up to when; null: for good.")}
    return type("Span", (Answer,), {"__doc__": "From when, up to when.", **held})
