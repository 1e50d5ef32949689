"""The books: which energy came from where and went to whom; entries are only added."""

from coop.ledger.entry import Draft, Entry, Kind, Unit, find_broken_link, first_hash, seal
from coop.ledger.postings import Postings, SlotPostings

__all__ = [
    "Draft",
    "Entry",
    "Kind",
    "Postings",
    "SlotPostings",
    "Unit",
    "find_broken_link",
    "first_hash",
    "seal",
]
