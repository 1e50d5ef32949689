"""What may be asked: the parameters, checked and documented by the same definitions."""

import re
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from coop.words import Language, Saying
from dashboard.api import phrases
from dashboard.language.wording import unknown_language

MOST = 1_000
"""The most rows of one answer."""


class Asked(Schema):
    """Parameters; one that nobody knows is refused, so that a slip does not go unnoticed."""

    class Meta:
        """As above."""

        unknown = RAISE


class Whole(validate.Validator):
    """A text that matches a pattern from its first to its last sign."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def __call__(self, value: str) -> str:
        """Return the text; raise ValidationError."""
        if not self._pattern.fullmatch(value):
            raise ValidationError("does not match")
        return value


def exists(day: str) -> None:
    """Raise ValidationError for a day that is in no calendar."""
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise ValidationError("no such day") from error


class Number(fields.Integer):
    """A whole number in digits, without the signs and spaces that Python would let pass."""

    def _validated(self, value: Any) -> int:  # noqa: ANN401  whatever was sent
        if not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


def text(pattern: str, allowed: Saying, about: str, **more: Any) -> fields.String:  # noqa: ANN401  marshmallow's way
    """Describe a text of a pattern."""
    return fields.String(
        validate=Whole(pattern),
        metadata={"description": about, "pattern": f"^{pattern}$", "allowed": allowed},
        **more,
    )


class Query(Asked):
    """What every address understands."""

    lang = fields.String(
        validate=validate.OneOf([str(one) for one in Language]),
        metadata={
            "description": "The language of texts; the cooperative's first if left out.",
            "allowed": unknown_language(", ".join(Language)).text,
        },
    )


class Rows(Query):
    """Which rows of a long list."""

    limit = Number(
        load_default=MOST,
        validate=validate.Range(1, MOST),
        metadata={
            "description": "The most rows of one answer.",
            "allowed": phrases.A_NUMBER.put(least=1, most=MOST),
        },
    )
    cursor = text("[0-9a-z]{1,8}", phrases.A_CURSOR, "Where to go on; from `next` of an answer.")


class OfHome(Query):
    """Which home; a household and its programs need not name theirs."""

    home = text("[a-z0-9-]{1,32}", phrases.A_HOME, "The home, for stewards.")


class RowsOfHome(Rows, OfHome):
    """Which rows of a home's long list."""


class YearWanted(Query):
    """Which year, if not all."""

    year = text("2[0-9]{3}", phrases.A_YEAR, "A year; all years if left out.")


class Nothing(Asked):
    """An address without a part to fill in."""


class OneDay(Asked):
    """A day in the address."""

    date = fields.String(
        required=True,
        validate=[Whole("[0-9]{4}-[0-9]{2}-[0-9]{2}"), exists],
        metadata={"description": "A local day.", "format": "date", "allowed": phrases.A_DAY},
    )


class OneMonth(Asked):
    """A month in the address."""

    month = text("2[0-9]{3}-(0[1-9]|1[0-2])", phrases.A_MONTH, "A month.", required=True)


class OneYear(Asked):
    """A year in the address."""

    year = text("2[0-9]{3}", phrases.A_YEAR, "A year.", required=True)


class OneSlot(Asked):
    """The start of a slot in the address."""

    slot = text(
        "2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]Z",
        phrases.A_SLOT,
        "When the slot starts, in UTC.",
        required=True,
    )
