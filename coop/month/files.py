"""A month as text files that somebody else can check: canonical, sorted, whole numbers only.

Pure: values in, texts out; the same month always gives the same bytes. docs/month.md describes each
file. No names of people are in them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from coop.allocation import Rules
from coop.calendar import stamp
from coop.ledger import Entry
from coop.members.by_hand.entries import ManualEntry
from coop.members.community import (
    Community,
    Home,
    Meter,
    Prosumer,
    Roof,
    SharingKey,
    Validity,
)
from coop.metering.intervals import Limits
from coop.month.booked import BookedSlot
from coop.month.money import Tariff
from coop.month.statements import Statement
from coop.month.states import Standing
from coop.settling.lines import Edges

FORMAT = 1
READINGS_FILE = "readings.csv"
SIGNATURES_FILE = "signatures.txt"
STATEMENT_COLUMNS = (
    "home",
    "slots",
    "slots_missing",
    "consumption_wh",
    "own_use_wh",
    "shared_wh",
    "set_aside_wh",
    "grid_wh",
    "late_own_use_wh",
    "late_shared_wh",
    "kept_centimos",
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the figures of a month were made with."""

    coop: str
    month: str
    timezone: str
    slot_s: int
    from_s: int
    to_s: int
    limits: Limits
    software: str


def frame_text(frame: Frame) -> str:
    """Write what the figures were made with."""
    limits = frame.limits
    return _document(
        {
            "coop": frame.coop,
            "format": FORMAT,
            "from_s": frame.from_s,
            "limits": {name: getattr(limits, name) for name in limits.__slots__},
            "month": frame.month,
            "slot_s": frame.slot_s,
            "software": frame.software,
            "timezone": frame.timezone,
            "to_s": frame.to_s,
        }
    )


def registry_text(community: Community, from_s: int, to_s: int) -> str:
    """Write whose each meter is, of all that count in a span."""
    meters = [
        one
        for one in community.meters
        if _touches(one.validity.from_s, one.validity.to_s, from_s, to_s)
    ]
    return _document(
        {
            "homes": sorted((_home(one, community) for one in community.homes), key=_by_text),
            "meters": sorted((_meter(one) for one in meters), key=_by_text),
            "prosumers": sorted((_prosumer(one) for one in community.prosumers), key=_by_text),
            "roofs": sorted((_roof(one) for one in community.roofs), key=_by_text),
        }
    )


def keys_text(keys: Iterable[SharingKey]) -> str:
    """Write keys with the decisions that set them, one a line."""
    return "".join(_line(_key(one)) for one in sorted(keys, key=lambda key: key.id))


def tariffs_text(tariffs: Iterable[Tariff]) -> str:
    """Write prices, one a line."""
    said = [
        {
            "centimos_per_kwh": str(one.centimos_per_kwh),
            "decision": one.decision,
            "from_s": one.from_s,
            "kind": one.kind,
        }
        for one in tariffs
    ]
    return "".join(sorted(_line(one) for one in said))


def readings_text(edges: Edges) -> str:
    """Write the first and last sample of each counter in each slot of the store."""
    lines = ["counter,slot_start_s,first_ms,first_wh,last_ms,last_wh,falls\n"]
    for (device, quantity), held in sorted(edges.items()):
        name = f"{device}/{quantity}"
        lines += [
            f"{name},{start_s},{first_ms},{first_wh},{last_ms},{last_wh},{int(falls)}\n"
            for start_s, first_ms, first_wh, last_ms, last_wh, falls in held
        ]
    return "".join(lines)


def manual_text(entries: Iterable[ManualEntry]) -> str:
    """Write all that stewards ever read by hand, also what counts no longer, one a line."""
    return "".join(_line({**asdict(one), "counter": "/".join(one.counter)}) for one in entries)


def slots_text(slots: Iterable[BookedSlot]) -> str:
    """Write the energy and the sharing of each slot, one a line."""
    return "".join(
        f'{{"allocation":{one.allocation},"energy":{one.energy},"slot":"{stamp(one.slot_start_s)}",'
        f'"version":{one.version}}}\n'
        for one in slots
    )


def ledger_text(entries: Iterable[Entry], before: str) -> str:
    """Write entries behind the hash of the one before: a hash and a line each."""
    return f"{before}\n" + "".join(f"{one.hash} {one.line}\n" for one in entries)


def statements_text(statements: Mapping[str, Statement]) -> str:
    """Write what the month came to for each home."""
    rows = [",".join(STATEMENT_COLUMNS)]
    for home in sorted(statements):
        held = statements[home]
        rows.append(",".join(str(getattr(held, column)) for column in STATEMENT_COLUMNS))
    return "".join(f"{row}\n" for row in rows)


def manifest_text(facts: Mapping[str, str | int], files: Mapping[str, str]) -> str:
    """Write what the month rests on: facts, and the digest of each file; sorted lines."""
    lines = [f"{name} {value}\n" for name, value in facts.items()]
    for name, text in files.items():
        lines += [f"sha256 {name} {digest(text)}\n", f"lines {name} {text.count(chr(10))}\n"]
    lines += [
        f"sha256 {READINGS_FILE} {counter} {digest(rows)}\n"
        for counter, rows in _by_counter(files[READINGS_FILE]).items()
    ]
    return "".join(sorted(lines))


def _by_counter(readings: str) -> dict[str, str]:
    """Return the rows of each counter, so that a changed one can be named."""
    rows: dict[str, list[str]] = {}
    for row in readings.splitlines(keepends=True)[1:]:
        rows.setdefault(row.partition(",")[0], []).append(row)
    return {counter: "".join(held) for counter, held in rows.items()}


def signatures_text(standing: Standing) -> str:
    """Write what happened to a month after it was frozen, each line with its own digest."""
    lines = []
    for event in standing.events:
        text = json.dumps(event.text, ensure_ascii=False)
        line = f"{event.act} {event.steward or '-'} {stamp(event.written_s)} {event.manifest_hash}"
        lines.append(f"{digest(f'{line} {text}')} {line} {text}\n")
    return "".join(lines)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def minutes_line(coop: str, month: str, entries: int, manifest_hash: str) -> str:
    """Return the line for the minutes of the assembly."""
    groups = " ".join(manifest_hash[at : at + 8] for at in range(0, len(manifest_hash), 8))
    return f"{coop} / {month} / entries {entries} / {groups}"


def _meter(meter: Meter) -> dict[str, Any]:
    owner = {"home": meter.home_id} if meter.home_id else {"roof": meter.roof_id}
    said = {"counter": meter.name, "counts": meter.counts}
    return {**said, **owner, **_validity(meter.validity)}


def _home(home: Home, community: Community) -> dict[str, Any]:
    """Tell since when and until when a home's member takes part."""
    member = next(one for one in community.members if one.id == home.member_id)
    return {"id": home.id, **_validity(Validity(member.joined_s, member.left_s))}


def _prosumer(one: Prosumer) -> dict[str, Any]:
    return {"decision": one.decision, "home": one.home_id, **_validity(one.validity)}


def _validity(validity: Validity) -> dict[str, int | None]:
    return {"from_s": validity.from_s, "to_s": validity.to_s}


def _roof(roof: Roof) -> dict[str, Any]:
    return {"home": roof.home_id, "id": roof.id}


def _key(key: SharingKey) -> dict[str, Any]:
    homes = [
        {
            "id": home.id,
            "reserved_percent": str(home.reserved_percent),
            "tier": home.tier,
            "weight": str(home.weight),
        }
        for home in sorted(key.homes, key=lambda home: home.id)
    ]
    return {
        "decision": key.decision,
        "from_s": key.validity.from_s,
        "homes": homes,
        "id": key.id,
        "name": key.name,
        "rules": _rules(key.rules),
        "to_s": key.validity.to_s,
    }


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "fund_percent": str(rules.fund_percent),
        "lifeline_wh": rules.lifeline_wh,
        "method": rules.method,
        "missing": rules.missing,
        "own_use": rules.own_use,
        "renormalise": rules.renormalise,
        "then": rules.then,
        "tie": rules.tie,
        "unassigned_weight": str(rules.unassigned_weight),
        "within_tier": rules.within_tier,
    }


def _touches(start_s: int, end_s: int | None, from_s: int, to_s: int) -> bool:
    return start_s < to_s and (end_s is None or end_s > from_s)


def _by_text(one: Mapping[str, Any]) -> str:
    return json.dumps(one, sort_keys=True)


def _document(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _line(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
