"""One entry of the ledger: balanced, written as one canonical line, chained to the one before.

Pure. docs/ledger.md says what the accounts mean.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from orjson import loads

from coop.calendar import stamp
from coop.errors import LedgerError

Postings = Mapping[str, int]
"""Amount by account; sums to zero."""


class Kind(StrEnum):
    """Why an entry was written."""

    SLOT = "slot"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"
    MONEY = "money"
    GRANT = "grant"


class Unit(StrEnum):
    """What is counted; one entry has one unit."""

    ENERGY = "dWh"
    MONEY = "centimo"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be entered, before it has its number and its hash."""

    kind: Kind
    month: str
    postings: Postings
    unit: Unit = Unit.ENERGY
    slot_start_s: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    """Further names of the line: decision, stewards, text, tariffs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the books."""

    number: int
    line: str
    hash: str

    @property
    def document(self) -> dict[str, Any]:
        """Return what the line says."""
        said: dict[str, Any] = loads(self.line)
        return said


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def first_hash(coop_id: str) -> str:
    """Return what stands before the first entry of a cooperative."""
    return hashlib.sha256(coop_id.encode()).hexdigest()


def seal(draft: Draft, number: int, before: str, written_s: int) -> Entry:
    """Give a draft its number and its hash; raise LedgerError when it does not balance."""
    if total := sum(draft.postings.values()):
        raise LedgerError(
            f"ledger entry {number} ({draft.kind}, {_slot(draft) or draft.month}): its postings "
            f"sum to {total} {draft.unit}, not to zero; nothing was written, report this"
        )
    line = _line(draft, number, written_s)
    return Entry(number, line, link(before, line))


def link(before: str, line: str) -> str:
    """Return the hash of a line that stands behind the entry with hash `before`."""
    return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()


def find_broken_link(entries: Iterable[Entry], before: str, first_number: int = 1) -> str | None:
    """Return what is wrong with the first entry that does not follow from the one before."""
    for number, entry in enumerate(entries, start=first_number):
        if entry.number != number:
            return f"ledger entry {number} is missing: entry {entry.number} stands in its place"
        if link(before, entry.line) != entry.hash:
            return f"ledger entry {number} was changed, or stands behind another one than before"
        said = entry.document
        if said["number"] != number or sum(said["postings"].values()):
            return f"ledger entry {number} does not balance or has another number"
        before = entry.hash
    return None


def _line(draft: Draft, number: int, written_s: int) -> str:
    said = {
        **draft.told,
        "kind": draft.kind,
        "month": draft.month,
        "number": number,
        "postings": {name: amount for name, amount in draft.postings.items() if amount},
        "unit": draft.unit,
        "written": stamp(written_s),
    }
    if draft.slot_start_s is not None:
        said["slot"] = stamp(draft.slot_start_s)
    return _ENCODER.encode(said)


def _slot(draft: Draft) -> str:
    return "" if draft.slot_start_s is None else stamp(draft.slot_start_s)
