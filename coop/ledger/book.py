"""The ledger in the database: appends entries to the chain and reads them back; edits nothing."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Select, func, insert, select

from coop.database.schema import ledger_entry
from coop.ledger.drafts import add
from coop.ledger.entry import Draft, Entry, Unit, first_hash, seal

_ENTRY = (ledger_entry.c.number, ledger_entry.c.line, ledger_entry.c.hash)


class Ledger:
    """The books of one cooperative, inside one transaction of its database."""

    def __init__(self, connection: Connection, coop_id: str) -> None:
        self._connection = connection
        self._coop_id = coop_id

    def append(self, drafts: Iterable[Draft], written_s: int) -> list[Entry]:
        """Enter drafts behind all others; raise LedgerError when one does not balance."""
        drafts = list(drafts)
        if not drafts:
            return []
        last = self.last()
        number, before = (last.number, last.hash) if last else (0, first_hash(self._coop_id))
        entries = []
        for draft in drafts:
            number += 1
            entries.append(seal(draft, number, before, written_s))
            before = entries[-1].hash
        rows = [_row(draft, entry) for draft, entry in zip(drafts, entries, strict=True)]
        self._connection.execute(insert(ledger_entry), rows)
        return entries

    def last(self) -> Entry | None:
        """Return the newest entry."""
        newest = select(*_ENTRY).order_by(ledger_entry.c.number.desc()).limit(1)
        row = self._connection.execute(newest).first()
        return Entry(*row) if row else None

    def count(self) -> int:
        """Return how many entries there are."""
        counted = select(func.count()).select_from(ledger_entry)
        return int(self._connection.execute(counted).scalar_one())

    def entries(self, month: str | None = None) -> Iterator[Entry]:
        """Yield the entries in order, of one month's books or of all."""
        wanted = select(*_ENTRY).order_by(ledger_entry.c.number)
        if month is not None:
            wanted = wanted.where(ledger_entry.c.month == month)
        return self._read(wanted)

    def since(self, number: int) -> Iterator[Entry]:
        """Yield an entry and all behind it, in order."""
        table = ledger_entry.c
        return self._read(select(*_ENTRY).where(table.number >= number).order_by(table.number))

    def of_slot(self, slot_start_s: int) -> Iterator[Entry]:
        """Yield the entries of one slot, in order."""
        table = ledger_entry.c
        return self._read(
            select(*_ENTRY).where(table.slot_start_s == slot_start_s).order_by(table.number)
        )

    def hash_before(self, number: int) -> str:
        """Return the hash behind which an entry stands."""
        if number == 1:
            return first_hash(self._coop_id)
        held = select(ledger_entry.c.hash).where(ledger_entry.c.number == number - 1)
        found: str = self._connection.execute(held).scalar_one()
        return found

    def of_unit(self, unit: Unit) -> Iterator[Entry]:
        """Yield the entries of one unit, in order."""
        return self._read(
            select(*_ENTRY).where(ledger_entry.c.unit == unit).order_by(ledger_entry.c.number)
        )

    def booked(self, slot_starts_s: Sequence[int]) -> dict[int, dict[str, int]]:
        """Return what the books say of some slots now, by slot and account, without zeros.

        `slot_starts_s` ascend; slots without an entry are left out.
        """
        if not slot_starts_s:
            return {}
        at_s = ledger_entry.c.slot_start_s
        wanted = select(*_ENTRY, at_s).where(at_s >= slot_starts_s[0], at_s <= slot_starts_s[-1])
        asked, found = set(slot_starts_s), dict[int, dict[str, int]]()
        for number, line, digest, slot_start_s in self._connection.execute(wanted):
            if slot_start_s in asked:
                postings = Entry(number, line, digest).document["postings"]
                found[slot_start_s] = add(found.get(slot_start_s, {}), postings)
        return found

    def balance(self, account: str, unit: Unit) -> int:
        """Return what an account holds, by adding up the entries of its unit."""
        said = (entry.document["postings"] for entry in self.of_unit(unit))
        return sum(postings.get(account, 0) for postings in said)

    def _read(self, wanted: "Select[int, str, str]") -> Iterator[Entry]:
        rows = self._connection.execute(wanted.execution_options(yield_per=1_000))
        for number, line, digest in rows:
            yield Entry(number, line, digest)


def _row(draft: Draft, entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "kind": draft.kind,
        "month": draft.month,
        "unit": draft.unit,
        "slot_start_s": draft.slot_start_s,
        "line": entry.line,
        "hash": entry.hash,
    }
