"""What late readings changed of earlier months, booked in this one, so that it can be checked."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from coop.calendar import stamp
from coop.database.schema import slot_late
from coop.ledger import Entry
from coop.ledger.book import Ledger
from coop.ledger.drafts import add
from coop.settling.lines import Edges
from coop.slots import parse_utc_s


@dataclass(frozen=True, slots=True)
class LateSlot:
    """One slot of an earlier month: what came late, and what the books said of it before."""

    slot_start_s: int
    change: Mapping[str, int]
    energy: str
    allocation: str
    earlier: tuple[tuple[str, Entry], ...]
    """Each entry of the slot that an earlier month holds, behind the hash before it."""


def read_late(
    connection: Connection, ledger: Ledger, adjustments: Iterable[Mapping[str, Any]]
) -> list[LateSlot]:
    """Return the slots that the adjustments of a month speak of, in order."""
    changes: dict[int, dict[str, int]] = {}
    months = set()
    for said in adjustments:
        at_s = parse_utc_s(said["slot"])
        months.add(said["month"])
        changes[at_s] = add(changes.get(at_s, {}), said["postings"])
    return [
        LateSlot(
            at_s,
            changes[at_s],
            *_newest(connection, at_s),
            tuple(
                (ledger.hash_before(entry.number), entry)
                for entry in ledger.of_slot(at_s)
                if entry.document["month"] not in months
            ),
        )
        for at_s in sorted(changes)
    ]


def late_text(late: Iterable[LateSlot], edges: Mapping[int, Edges]) -> str:
    """Write what came late, one slot a line, with the readings it rests on."""
    return "".join(_line(one, edges[one.slot_start_s]) for one in late)


def _line(one: LateSlot, edges: Edges) -> str:
    earlier = [f"{before} {entry.hash} {entry.line}" for before, entry in one.earlier]
    told = {"earlier": earlier, "readings": sorted(_rows(edges)), "slot": stamp(one.slot_start_s)}
    rest = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f'{{"allocation":{one.allocation},"energy":{one.energy},{rest[1:]}\n'


def _rows(edges: Edges) -> Iterator[list[str | int]]:
    for (device, quantity), held in edges.items():
        for *at, falls in held:
            yield [f"{device}/{quantity}", *at, int(falls)]


def _newest(connection: Connection, slot_start_s: int) -> tuple[str, str]:
    table = slot_late.c
    wanted = (
        select(table.energy_line, table.line)
        .where(table.slot_start_s == slot_start_s)
        .order_by(table.version.desc())
        .limit(1)
    )
    energy, allocation = connection.execute(wanted).one()
    return energy, allocation
