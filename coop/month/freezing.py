"""Freezes one month inside one transaction: the last sharing, the money, and the files of it."""

import importlib.metadata
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from orjson import loads
from sqlalchemy import Connection, func, select

from coop.calendar import Calendar
from coop.database.schema import ledger_entry, slot_allocation, slot_reason
from coop.errors import LedgerError
from coop.garbage import uncollected
from coop.ledger import Entry, Kind, Unit, find_broken_link, first_hash
from coop.ledger.book import Ledger
from coop.ledger.hledger import journal_text
from coop.members.by_hand.entries import read_entries
from coop.members.community import SharingKey, Validity
from coop.members.registry import read_community
from coop.members.stewards import read_tariffs
from coop.metering.readings import CounterReadings
from coop.month import files
from coop.month.booked import BookedSlot, read_slots
from coop.month.events import read_events
from coop.month.kept import MANIFEST, keep_files
from coop.month.late import LateSlot, late_text, read_late
from coop.month.money import FUND_OWED, FUND_SOLES, FundSoles, Prices
from coop.month.statements import LateChange, MonthSums
from coop.month.states import Act, Event, standing_of
from coop.settings import CoopSettings
from coop.settling.lines import Edges, Metering
from coop.settling.slot_book import Months, SlotBook

Progress = Callable[[int, int], None]
"""Told how many of how many slots are looked at."""

VERIFIER = Path(__file__).with_name("verify.py")
CHUNK_SLOTS = 500


class Freezing:
    """One month being frozen."""

    def __init__(
        self,
        connection: Connection,
        readings: CounterReadings,
        settings: CoopSettings,
        month: str,
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._month = month
        self._calendar = Calendar(settings.zone)
        self._ledger = Ledger(connection, settings.id)
        self._metering = Metering(readings, settings)
        self._community = read_community(connection)
        self._slots = self._span()

    @uncollected()
    def freeze(self, written_s: int, progress: Progress | None = None) -> Event:
        """Write everything and return the event; raise LedgerError when something is not right."""
        edges = self._metering.edges(self._counters(), self._slots)
        self._share_finally(edges, written_s, progress)
        prices = Prices(read_tariffs(self._connection))
        sums, late = MonthSums(), self._late()
        slots = list(read_slots(self._connection, self._slots))
        sums.count(((one.slot_start_s, loads(one.allocation)) for one in slots), prices)
        for one in late:
            sums.count_late(LateChange(one.slot_start_s, one.change), prices)
        self._ledger.append(sums.money(self._month, self._fund()), written_s)
        entries = self._entries()
        self._check(entries, sums)
        texts = self._texts(slots, edges, late, entries, sums)
        manifest = files.manifest_text(self._facts(sums, entries), texts)
        keep_files(self._connection, self._month, {**texts, MANIFEST: manifest})
        return Event(self._month, Act.FROZEN, None, "", files.digest(manifest), written_s)

    def _span(self) -> range:
        start_s, end_s = self._calendar.span(self._month)
        first = select(func.min(slot_allocation.c.slot_start_s))
        first_s = self._connection.execute(first).scalar_one()
        return range(max(start_s, first_s), end_s, self._settings.slot_s)

    def _counters(self) -> list[tuple[str, str]]:
        span = self._slots
        held = (
            one.counter
            for one in self._community.meters
            if one.validity.from_s < span.stop
            and (one.validity.to_s is None or one.validity.to_s > span.start)
        )
        return sorted(set(held))

    def _share_finally(self, edges: Edges, written_s: int, progress: Progress | None) -> None:
        """Share every slot once more, now that nothing is waited for."""
        done = 0
        for chunk in self._chunks():
            lines = self._metering.lines(chunk, self._community, edges, is_final=True)
            book = SlotBook(self._connection, self._settings, Months())
            fresh = book.find_fresh(lines)
            if fresh:
                book.write(fresh, self._community, written_s)
            done += len(chunk)
            if progress is not None:
                progress(done, len(self._slots))

    def _chunks(self) -> Iterator[range]:
        span = self._slots
        turns = [
            span.start,
            *self._community.turns_between(span.start, span.stop, span.step),
            span.stop,
        ]
        for start_s, end_s in pairwise(turns):
            for first_s in range(start_s, end_s, CHUNK_SLOTS * span.step):
                yield range(first_s, min(first_s + CHUNK_SLOTS * span.step, end_s), span.step)

    def _late(self) -> list[LateSlot]:
        adjustments = [
            one.document
            for one in self._ledger.entries(self._month)
            if one.document["kind"] == Kind.ADJUSTMENT
        ]
        return read_late(self._connection, self._ledger, adjustments)

    def _fund(self, before: int | None = None) -> FundSoles:
        """Return what the fund holds and owes, before an entry or now."""
        held = dict.fromkeys((FUND_SOLES, FUND_OWED), 0)
        for entry in self._ledger.of_unit(Unit.MONEY):
            if before is None or entry.number < before:
                held = {name: held[name] + entry.document["postings"].get(name, 0) for name in held}
        return FundSoles(held[FUND_SOLES], -held[FUND_OWED])

    def _entries(self) -> list[Entry]:
        """Return the month's stretch of the books: from its first entry to the newest of all."""
        first = select(func.min(ledger_entry.c.number)).where(ledger_entry.c.month == self._month)
        first_number = self._connection.execute(first).scalar()
        return list(self._ledger.since(first_number)) if first_number else []

    def _before(self, entries: Sequence[Entry]) -> str:
        if not entries:
            return first_hash(self._settings.id)
        return self._ledger.hash_before(entries[0].number)

    def _check(self, entries: Sequence[Entry], sums: MonthSums) -> None:
        """Refuse when the books of the month do not say what its slots say."""
        number = entries[0].number if entries else 1
        if broken := find_broken_link(entries, self._before(entries), number):
            raise LedgerError(f"{self._month}: {broken}; restore a backup, and report this")
        booked = _booked_production(entries, self._month)
        if booked != sums.produced_wh * 10:
            raise LedgerError(
                f"{self._month}: the ledger says {booked} tenths of a watt-hour were produced, the "
                f"slots say {sums.produced_wh * 10}; nothing was frozen, report this"
            )

    def _texts(
        self,
        slots: Sequence[BookedSlot],
        edges: Edges,
        late: Sequence[LateSlot],
        entries: Sequence[Entry],
        sums: MonthSums,
    ) -> dict[str, str]:
        late_edges = {one.slot_start_s: self._edges_of(one) for one in late}
        return {
            "coop.json": files.frame_text(self._frame()),
            "keys.jsonl": files.keys_text(self._keys(late)),
            "late.jsonl": late_text(late, late_edges),
            "ledger.journal": journal_text(entries, self._settings.zone),
            "ledger.txt": files.ledger_text(entries, self._before(entries)),
            "manual.jsonl": files.manual_text(read_entries(self._connection)),
            "readings.csv": files.readings_text(edges),
            "reasons.csv": self._reasons_text(),
            "registry.json": files.registry_text(
                self._community, self._first_s(late), self._slots.stop
            ),
            "slots.jsonl": files.slots_text(slots),
            "statements.csv": files.statements_text(sums.statements),
            "tariffs.jsonl": files.tariffs_text(read_tariffs(self._connection)),
            "verify.py": VERIFIER.read_text(encoding="utf-8"),
        }

    def _first_s(self, late: Sequence[LateSlot]) -> int:
        return min([self._slots.start, *(one.slot_start_s for one in late)])

    def _edges_of(self, late: LateSlot) -> Edges:
        held = self._community.meters_at(late.slot_start_s)
        slot = range(late.slot_start_s, late.slot_start_s + self._slots.step, self._slots.step)
        return self._metering.edges([one.counter for one in held], slot)

    def _frame(self) -> files.Frame:
        return files.Frame(
            self._settings.id,
            self._month,
            self._settings.timezone,
            self._slots.step,
            self._slots.start,
            self._slots.stop,
            self._metering.limits,
            importlib.metadata.version("minga"),
        )

    def _keys(self, late: Iterable[LateSlot]) -> list[SharingKey]:
        """Return the keys in force in any slot that the files speak of."""
        touched = [self._slots, *(range(one.slot_start_s, one.slot_start_s + 1) for one in late)]
        return [
            key
            for key in self._community.keys
            if any(key.validity.overlaps(Validity(one.start, one.stop)) for one in touched)
        ]

    def _reasons_text(self) -> str:
        table = slot_reason.c
        wanted = (
            select(table.from_s, table.to_s, table.steward_id, table.reason)
            .where(table.from_s < self._slots.stop, table.to_s > self._slots.start)
            .order_by(table.id)
        )
        rows = self._connection.execute(wanted)
        lines = [
            f"{a},{b},{who},{json.dumps(why, ensure_ascii=False)}\n" for a, b, who, why in rows
        ]
        return "from_s,to_s,steward,reason\n" + "".join(lines)

    def _facts(self, sums: MonthSums, entries: Sequence[Entry]) -> Mapping[str, str | int]:
        before = standing_of(self._calendar.before(self._month), read_events(self._connection))
        fund = self._fund(before=entries[0].number if entries else 0)
        return {
            "coop": self._settings.id,
            "entries_first": entries[0].number if entries else 0,
            "entries_last": entries[-1].number if entries else 0,
            "entries_hash": entries[-1].hash if entries else first_hash(self._settings.id),
            "fund_tenths_wh": sums.fund_tenths_wh,
            "fund_centimos_before": fund.held_centimos,
            "fund_owed_before": fund.owed_centimos,
            "month": self._month,
            "previous": before.manifest_hash or "none",
            "produced_wh": sums.produced_wh,
            "set_aside_wh": sums.set_aside_wh,
            "slots": sums.slots,
            "software": importlib.metadata.version("minga"),
            "surplus_wh": sums.surplus_wh,
            "timezone": self._settings.timezone,
            "unsettled": sums.unsettled,
        }


def _booked_production(entries: Iterable[Entry], month: str) -> int:
    """Return what the books of a month say was produced, in tenths of a watt-hour."""
    said = (entry.document for entry in entries)
    taken: int = sum(
        amount
        for one in said
        if one["month"] == month and one["kind"] in {Kind.SLOT, Kind.REVERSAL}
        for account, amount in one["postings"].items()
        if account.startswith(("roof:", "export:"))
    )
    return -taken
