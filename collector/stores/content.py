"""From stored text back to readings, digit for digit; nothing here knows where texts are kept."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from collector.reading import AcceptedReading, Identity, Reading, milliseconds


def parse_content(identity: Identity, text: str) -> AcceptedReading:
    """Return the reading that `dump_content` wrote."""
    return _make_reading(identity, _decode(text))


def parse_message(collector: str, device: str, text: str) -> AcceptedReading:
    """Return the reading that `dump_reading` wrote; its epoch and number stand in the message."""
    message = _decode(text)
    identity = Identity(collector, message["epoch"], device, message["seq"])
    return _make_reading(identity, message)


def first_millisecond(moment: datetime) -> int:
    """Return the first whole millisecond that is not before a moment."""
    return milliseconds(moment) + bool(moment.microsecond % 1000)


_decode: Callable[[str], dict[str, Any]] = json.JSONDecoder(parse_float=Decimal).decode


def _make_reading(identity: Identity, content: dict[str, Any]) -> AcceptedReading:
    reading = Reading(
        device=identity.device,
        taken_at=datetime.fromisoformat(content["taken_at"]),
        quantities=content["q"],
        bad=content["bad"],
        boot=content["boot"],
        mono_ms=content["mono_ms"],
        trusted=content["trusted"],
    )
    return AcceptedReading(identity, reading)
