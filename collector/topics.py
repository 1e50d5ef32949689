"""The MQTT topics and the ids in them; nothing here knows a broker."""

import re
from enum import StrEnum
from typing import NamedTuple

ROOT = "minga/v1"
RESERVED_IDS = frozenset({"ingest", "ack", "reading", "status", "backlog"})
ID_PATTERN = r"[a-z0-9-]{1,32}"

INGEST_FILTERS = (f"{ROOT}/+/+/reading", f"{ROOT}/+/backlog", f"{ROOT}/+/status")


class Kind(StrEnum):
    """What a message on our topics is."""

    READING = "reading"
    BACKLOG = "backlog"
    STATUS = "status"


class Address(NamedTuple):
    """Who speaks on a topic, and of what."""

    collector: str
    device: str | None
    kind: Kind


def is_id(text: str) -> bool:
    """Say whether a text may name a collector or a device."""
    return re.fullmatch(ID_PATTERN, text) is not None and text not in RESERVED_IDS


def reading_topic(collector: str, device: str) -> str:
    """Return where one reading of a device goes."""
    return f"{ROOT}/{collector}/{device}/reading"


def backlog_topic(collector: str) -> str:
    """Return where readings go that were kept for a while."""
    return f"{ROOT}/{collector}/backlog"


def status_topic(collector: str, device: str | None = None) -> str:
    """Return where the state of a collector, or of one of its devices, is retained."""
    return f"{ROOT}/{collector}/{device}/status" if device else f"{ROOT}/{collector}/status"


def ack_topic(collector: str) -> str:
    """Return where ingest says what the store has."""
    return f"{ROOT}/ingest/ack/{collector}"


def read_topic(topic: str) -> Address | None:
    """Return who speaks on a topic of a collector; None where it is none of ours."""
    parts = topic.split("/")
    match parts:
        case ["minga", "v1", collector, device, "reading"] if is_id(collector) and is_id(device):
            return Address(collector, device, Kind.READING)
        case ["minga", "v1", collector, ("backlog" | "status") as kind] if is_id(collector):
            return Address(collector, None, Kind(kind))
    return None
