"""What programs get of keys: JSON and CSV, field by field."""

from collections.abc import Sequence

from coop.members.community import SharingKey
from coop.members.documents import key_document
from dashboard.documents import Document, csv_text

_HEAD = ("id", "name", "method", "from", "to", "decision", "home", "weight", "tier", "reserved")


def keys_document(keys: Sequence[SharingKey]) -> Document:
    """Return every key, as the command line does."""
    return {"keys": [key_document(one) for one in keys]}


def keys_csv(keys: Sequence[SharingKey]) -> str:
    """Return every key, one of its homes a line."""
    rows = []
    for one in map(key_document, keys):
        head = [str(one[name] or "") for name in _HEAD[:6]]
        for home in one["homes"]:
            tier = "" if home["tier"] is None else str(home["tier"])
            rows.append([*head, home["id"], home["weight"], tier, home["reserved_percent"]])
    return csv_text(_HEAD, rows)
