"""What is to be entered when a slot came out otherwise than the books say. Pure."""

from collections.abc import Iterator

from coop.ledger.entry import Draft, Kind, Postings


def add(one: Postings, other: Postings, factor: int = 1) -> dict[str, int]:
    """Return the sum of two sets of postings, the second times `factor`, without zeros."""
    total = dict(one)
    for account, amount in other.items():
        total[account] = total.get(account, 0) + factor * amount
    return {account: amount for account, amount in total.items() if amount}


def rebook(slot_start_s: int, before: Postings, after: Postings, month: str) -> Iterator[Draft]:
    """Yield what takes a slot of an open month from what the books say to what is true now."""
    if before == after:
        return
    if before:
        taken_back = add({}, before, -1)
        yield Draft(Kind.REVERSAL, month, taken_back, slot_start_s=slot_start_s)
    if after:
        yield Draft(Kind.SLOT, month, after, slot_start_s=slot_start_s)


def adjust(slot_start_s: int, before: Postings, after: Postings, month: str) -> Iterator[Draft]:
    """Yield the difference for a slot of a frozen month, booked in the open one."""
    difference = add(after, before, -1)
    if difference:
        yield Draft(Kind.ADJUSTMENT, month, difference, slot_start_s=slot_start_s)
