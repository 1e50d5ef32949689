"""Check a message and make accepted readings of it, or say why not.

Whatever comes, this never raises: a message is good, or it is refused with a reason, and a refused
message names the number of the reading where it can be read, so that it counts as handled.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NoReturn

from collector.mqtt import Message
from collector.reading import VERSION, AcceptedReading, Identity, Reading, Value
from collector.topics import Address, Kind, is_id, read_topic

MAX_BYTES = 64_000
MAX_QUANTITIES = 500
MAX_TEXT = 2_000
MAX_SEQ = 2**53
FUTURE = timedelta(hours=24)
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST = Decimal(10) ** 18
MAX_DIGITS = 40

_FIELDS = frozenset({"v", "epoch", "seq", "taken_at", "boot", "mono_ms", "trusted", "q", "bad"})
_REQUIRED = _FIELDS - {"bad"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EPOCH = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Refused:
    """A message, or one reading of a backlog, that is not stored; it is kept aside as it came."""

    reason: str
    topic: str
    payload: bytes
    collector: str | None = None
    epoch: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """A collector says which outbox it has and where that begins."""

    collector: str
    epoch: str
    first_seq: int


Checked = AcceptedReading | Refused | Hello


class _WrongError(Exception):
    """Carry the reason why a message is refused."""


def check_message(message: Message, now: datetime) -> Iterator[Checked]:
    """Yield what a message holds, one by one."""
    address = read_topic(message.topic) if message.topic is not None else None
    if address is None:
        reason = "topic is not UTF-8" if message.topic is None else "topic is none of ours"
        yield Refused(reason, message.topic or "?", message.payload[:MAX_BYTES])
    elif address.kind is Kind.STATUS:
        yield from _check_status(address, message)
    else:
        yield from _check_readings(address, message, now)


def _check_status(address: Address, message: Message) -> Iterator[Checked]:
    try:
        status = _parse(message.payload)
    except _WrongError as wrong:
        yield _refuse(str(wrong), address, message)
        return
    epoch, first_seq = _number_of(status, "first_seq") or (None, 0)
    if epoch is not None:
        yield Hello(address.collector, epoch, first_seq)


def _check_readings(address: Address, message: Message, now: datetime) -> Iterator[Checked]:
    try:
        items = _split(address, message)
    except _WrongError as wrong:
        yield _refuse(str(wrong), address, message, _find_number(message.payload))
        return
    for item in items:
        yield _check_reading(item, address, message, now)


def _split(address: Address, message: Message) -> Sequence[object]:
    if message.retained:
        raise _WrongError("retained: a reading is never retained")
    parsed = _parse(message.payload)
    is_backlog = address.kind is Kind.BACKLOG
    if isinstance(parsed, list) is not is_backlog:
        raise _WrongError("a backlog is an array, a reading is an object")
    return parsed if isinstance(parsed, list) else [parsed]


def _check_reading(item: object, address: Address, message: Message, now: datetime) -> Checked:
    try:
        return _make_reading(item, address, now)
    except _WrongError as wrong:
        number = _number_of(item)
        return _refuse(str(wrong), address, message, number, item)


def _make_reading(item: object, address: Address, now: datetime) -> AcceptedReading:
    if not isinstance(item, dict):
        raise _WrongError("a reading is an object")
    device = address.device if address.device is not None else item.pop("device", None)
    _check_fields(item)
    if not isinstance(device, str) or not is_id(device):
        raise _WrongError("device: not an id")
    identity = Identity(address.collector, item["epoch"], device, item["seq"])
    reading = Reading(
        device=device,
        taken_at=_read_time(item["taken_at"], now),
        quantities=_read_quantities(item["q"]),
        bad=_read_bad(item.get("bad", {})),
        boot=item["boot"],
        mono_ms=item["mono_ms"],
        trusted=item["trusted"],
    )
    return AcceptedReading(identity, reading)


def _check_fields(item: Mapping[str, object]) -> None:
    names = item.keys()
    if not names >= _REQUIRED:
        raise _WrongError(f"missing: {', '.join(sorted(_REQUIRED - names))}")
    if not names <= _FIELDS:
        raise _WrongError(f"unknown: {', '.join(sorted(names - _FIELDS))[:MAX_TEXT]!a}")
    if item["v"] != VERSION or isinstance(item["v"], bool):
        raise _WrongError("v: unknown version")
    epoch, boot = item["epoch"], item["boot"]
    if not isinstance(epoch, str) or not _EPOCH.fullmatch(epoch):
        raise _WrongError("epoch: not an id")
    if not _is_number(item["seq"]) or item["seq"] == 0:
        raise _WrongError("seq: not a number from 1")
    if not isinstance(boot, str) or len(boot) > MAX_TEXT:
        raise _WrongError("boot: not a text")
    if not _is_number(item["mono_ms"]):
        raise _WrongError("mono_ms: not a number of milliseconds")
    if not isinstance(item["trusted"], bool):
        raise _WrongError("trusted: neither true nor false")


def _read_time(text: object, now: datetime) -> datetime:
    try:
        taken_at = datetime.fromisoformat(text)  # type: ignore[arg-type]  # checked by the except
    except (TypeError, ValueError):
        raise _WrongError("taken_at: not a time") from None
    if taken_at.utcoffset() != timedelta(0):
        raise _WrongError("taken_at: not in UTC")
    if taken_at.microsecond % 1000:
        raise _WrongError("taken_at: finer than a millisecond")
    if taken_at < OLDEST:
        raise _WrongError("taken_at: before 1970")
    if taken_at > now + FUTURE:
        raise _WrongError("taken_at: in the future")
    return taken_at


def _read_quantities(found: object) -> dict[str, Value]:
    if not isinstance(found, dict) or len(found) > MAX_QUANTITIES:
        raise _WrongError("q: not an object of quantities")
    for name, value in found.items():
        if not _NAME.fullmatch(name):
            raise _WrongError(f"q: {name[:40]!a} is not a quantity's name")
        if isinstance(value, str):
            _check_text(value, f"q.{name}")
        elif isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise _WrongError(f"q.{name}: neither number nor text")
        elif not -LARGEST < value < LARGEST or _is_endless(value):
            raise _WrongError(f"q.{name}: beyond any quantity")
    return found


def _is_endless(value: int | Decimal) -> bool:
    if isinstance(value, int):
        return False
    digits = value.as_tuple()
    return len(digits.digits) > MAX_DIGITS or value.adjusted() < -MAX_DIGITS


def _read_bad(found: object) -> dict[str, str]:
    if not isinstance(found, dict) or len(found) > MAX_QUANTITIES:
        raise _WrongError("bad: not an object of reasons")
    for name, reason in found.items():
        if not _NAME.fullmatch(name) or not isinstance(reason, str):
            raise _WrongError("bad: not a quantity's name with a reason")
        _check_text(reason, f"bad.{name}")
    return found


def _check_text(text: str, where: str) -> None:
    if len(text) > MAX_TEXT or not text.isprintable():
        raise _WrongError(f"{where}: a long or unprintable text")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQ


def _parse(payload: bytes) -> "dict[str, object] | list[object]":
    if len(payload) > MAX_BYTES:
        raise _WrongError(f"larger than {MAX_BYTES} bytes")
    try:
        parsed = json.loads(
            payload.decode(),
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeats,
        )
    except UnicodeDecodeError:
        raise _WrongError("not UTF-8") from None
    except RecursionError:
        raise _WrongError("nested too deep") from None
    except ValueError:
        raise _WrongError("not JSON") from None
    if not isinstance(parsed, (dict, list)):
        raise _WrongError("neither object nor array")
    return parsed


def _no_constant(name: str) -> NoReturn:
    raise _WrongError(f"{name} is not a number")


def _no_repeats(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _WrongError("a name stands twice")
    return made


def _find_number(payload: bytes) -> tuple[str, int] | None:
    """Read the number of a single reading whose JSON is wrong in some other place."""
    epochs = set(re.findall(rb'"epoch"\s*:\s*"([A-Za-z0-9-]{1,64})"', payload[:MAX_BYTES]))
    seqs = set(re.findall(rb'"seq"\s*:\s*([0-9]{1,15})\b', payload[:MAX_BYTES]))
    if len(epochs) != 1 or len(seqs) != 1:
        return None
    return epochs.pop().decode(), int(seqs.pop())


def _number_of(item: object, name: str = "seq") -> tuple[str, int] | None:
    if not isinstance(item, dict):
        return None
    epoch, seq = item.get("epoch"), item.get(name)
    if isinstance(epoch, str) and _EPOCH.fullmatch(epoch) and _is_number(seq) and seq:
        return epoch, seq
    return None


def _refuse(
    reason: str,
    address: Address,
    message: Message,
    number: tuple[str, int] | None = None,
    item: object = None,
) -> Refused:
    payload = message.payload[:MAX_BYTES]
    if item is not None and address.kind is Kind.BACKLOG:
        payload = json.dumps(item, default=str).encode()[:MAX_BYTES]
    epoch, seq = number or (None, None)
    return Refused(reason, message.topic or "?", payload, address.collector, epoch, seq)
