"""Sorts the reasons of refusals into a few kinds, each of which has one thing to do about it."""

import re
from enum import StrEnum


class RefusalKind(StrEnum):
    """What was wrong with a message."""

    CONFLICT = "conflict"
    """It came again with other values."""
    TIME = "time"
    """Its time cannot be."""
    VALUE = "value"
    """A quantity, a value or its reason is none."""
    FIELDS = "fields"
    """A field is missing, unknown or of another form."""
    FORM = "form"
    """It is no JSON of ours."""
    SIZE = "size"
    """It is too large."""
    TOPIC = "topic"
    """It came on a topic that is none of ours."""
    RETAINED = "retained"
    """It was kept by the broker, as no reading is."""
    OTHER = "other"
    """A reason that this program does not know."""


_KINDS = (
    (re.compile(r"conflict:"), RefusalKind.CONFLICT),
    (re.compile(r"taken_at:"), RefusalKind.TIME),
    (re.compile(r"(q|bad)[.:]"), RefusalKind.VALUE),
    (re.compile(r"(missing|unknown|v|epoch|seq|boot|mono_ms|trusted|device):"), RefusalKind.FIELDS),
    (re.compile(r"larger than "), RefusalKind.SIZE),
    (re.compile(r"topic is "), RefusalKind.TOPIC),
    (re.compile(r"retained:"), RefusalKind.RETAINED),
    (
        re.compile(
            r"not UTF-8|not JSON|nested too deep|neither object nor array|a name stands twice"
            r"|a backlog is an array|a reading is an object|\S+ is not a number"
        ),
        RefusalKind.FORM,
    ),
)


def kind_of(reason: str) -> RefusalKind:
    """Return what kind of refusal a reason tells of."""
    return next((kind for begin, kind in _KINDS if begin.match(reason)), RefusalKind.OTHER)
