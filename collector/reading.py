"""What was measured: one reading of one device, and the JSON that carries it.

Numbers are exact decimals from the decoder to the store; JSON is read with `parse_float=Decimal`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

VERSION = 1

Value = int | Decimal | str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one device said at one moment.

    `quantities` holds what was measured, in the base unit of the quantity's name; `bad` holds the
    reason for each quantity whose value is withheld. A quantity in neither was not asked for.
    """

    device: str
    taken_at: datetime
    quantities: Mapping[str, Value]
    bad: Mapping[str, str]
    boot: str
    mono_ms: int
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an accepted reading itself, whatever its time: never reused, never reassigned."""

    collector: str
    epoch: str
    device: str
    seq: int


@dataclass(frozen=True, slots=True)
class AcceptedReading:
    """A reading with the identity that the outbox gave it."""

    identity: Identity
    reading: Reading


def format_time(moment: datetime) -> str:
    """Write a moment as the wire does: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(moment: datetime) -> int:
    """Return whole milliseconds since 1970, exactly."""
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000 + delta.microseconds // 1_000


class Form(NamedTuple):
    """What the texts of many readings have in common: all but the numbers.

    `boot` and `trusted` are JSON; `pattern` has a place for each part that a reading tells.
    """

    boot: str
    trusted: str
    names: tuple[str, ...]
    pattern: str


class Told(NamedTuple):
    """A reading as text: its form, and its own parts as JSON: time, clock, values, `bad`."""

    form: Form
    parts: tuple[str, ...]

    @property
    def content(self) -> str:
        """Return the whole text."""
        return self.form.pattern % self.parts


def make_form(boot: str, trusted: str, names: tuple[str, ...]) -> Form:
    """Make the form of readings of one boot that tell the same quantities; names are sorted."""
    places = ",".join(f'"{name}":\0' for name in names)
    text = (
        f'{{"taken_at":"\0","boot":{boot},"mono_ms":\0,"trusted":{trusted},'
        f'"q":{{{places}}},"bad":\0}}'
    )
    # Whatever else stands there is no place, even if it looks like one.
    return Form(boot, trusted, names, text.replace("%", "%%").replace("\0", "%s"))


def tell(reading: Reading) -> Told:
    """Write what was measured, part by part."""
    values = reading.quantities
    form = _find_form(reading.boot, reading.trusted, tuple(values))
    told = [_dump_value(values[name]) for name in form.names]
    bad = _dump_object(reading.bad) if reading.bad else "{}"
    return Told(form, (format_time(reading.taken_at), str(reading.mono_ms), *told, bad))


def dump_content(reading: Reading) -> str:
    """Write what was measured as JSON, without identity and device: what the digest is taken of.

    The same reading always gives the same text: quantities are sorted, decimals keep their digits.
    """
    return tell(reading).content


def dump_reading(epoch: str, seq: int, content: str, device: str | None = None) -> str:
    """Write the message of one accepted reading; `device` is named inside a backlog only."""
    named = f'"device":{json.dumps(device)},' if device is not None else ""
    return f'{{"v":{VERSION},{named}"epoch":"{epoch}","seq":{seq},{content[1:]}'


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def _find_form(boot: str, trusted: bool, names: tuple[str, ...]) -> Form:  # noqa: FBT001  a key
    return make_form(json.dumps(boot), "true" if trusted else "false", tuple(sorted(names)))


def _dump_object(values: Mapping[str, Value]) -> str:
    return "{" + ",".join(f'"{name}":{_dump_value(values[name])}' for name in sorted(values)) + "}"


def _dump_value(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
