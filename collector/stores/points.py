"""How one reading looks as a point of InfluxDB: line protocol out, nothing back but the message.

Fields are for charts. What the store gives back is parsed from the field `message` alone, because a
float keeps 15 digits and a reading keeps all of them.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from collector.reading import AcceptedReading, Value, dump_reading, milliseconds

MEASUREMENT = "reading"
SEQS_PER_MS = 1_000_000
"""Two readings of one device and one millisecond stay apart while their numbers differ by less."""


def make_line(accepted: AcceptedReading, content: str) -> str:
    """Write one reading as a point; `content` is what `dump_content` wrote of it.

    The same reading always gives the same point, so writing it again changes nothing.
    """
    identity, reading = accepted.identity, accepted.reading
    tags = ",".join(
        f"{name}={_escape_tag(value)}"
        for name, value in (
            ("collector", identity.collector),
            ("device", identity.device),
            ("epoch", identity.epoch),
        )
    )
    message = dump_reading(identity.epoch, identity.seq, content)
    fields = [
        *_quantity_fields(accepted),
        f"seq={identity.seq}i",
        f"message={_quote(message)}",
    ]
    time_ns = milliseconds(reading.taken_at) * 1_000_000 + identity.seq % SEQS_PER_MS
    return f"{MEASUREMENT},{tags} {','.join(fields)} {time_ns}"


def _quantity_fields(accepted: AcceptedReading) -> Iterator[str]:
    for name, value in accepted.reading.quantities.items():
        if _may_be_field(name):
            yield from _quantity_field(name, value)
    for name, reason in accepted.reading.bad.items():
        yield f"bad_{name}={_quote(reason)}"


def _quantity_field(name: str, value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield f"text_{name}={_quote(value)}"
    elif math.isfinite(number := float(value)):
        yield f"{name}={number!r}"


@lru_cache(maxsize=4096)
def _may_be_field(name: str) -> bool:
    # One field of two types would make InfluxDB refuse whole batches for ever.
    return _FIELD.fullmatch(name) is not None


_FIELD = re.compile(
    r"(?!(?:collector|device|epoch|message|seq|time)$|text_|bad_)[a-z][a-z0-9_]{0,63}"
)
_TAG_SPECIALS = re.compile(r"([,= ])")


@lru_cache(maxsize=4096)
def _escape_tag(value: str) -> str:
    return _TAG_SPECIALS.sub(r"\\\1", value)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
