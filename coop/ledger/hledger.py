"""The books as hledger reads them. Pure; amounts keep their units, `dWh` and `PEN`."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from coop.ledger.entry import Entry, Unit
from coop.slots import parse_local

CENTIMOS_A_SOL = 100


def journal_text(entries: Iterable[Entry], zone: ZoneInfo) -> str:
    """Write entries as a journal; dates are local."""
    heads = "commodity 1000. dWh\ncommodity 1000.00 PEN\n"
    return heads + "".join(_transaction(entry, zone) for entry in entries)


def _transaction(entry: Entry, zone: ZoneInfo) -> str:
    said = entry.document
    at = parse_local(said.get("slot", said["written"]), zone).astimezone(zone)
    lines = [f"\n{at:%Y-%m-%d} * ({said['number']}) {said['kind']} {at:%H:%M}"]
    for account, amount in said["postings"].items():
        lines.append(f"    {account}  {_amount(amount, said['unit'])}")
    return "\n".join(lines) + "\n"


def _amount(amount: int, unit: str) -> str:
    if unit == Unit.ENERGY:
        return f"{amount} dWh"
    sign = "-" if amount < 0 else ""
    soles, centimos = divmod(abs(amount), CENTIMOS_A_SOL)
    return f"{sign}{soles}.{centimos:02} PEN"
