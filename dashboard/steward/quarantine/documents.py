"""What programs get of the quarantine: field by field, nothing by accident."""

from dashboard.documents import Document, csv_text
from dashboard.steward.quarantine.reading import Quarantine, Refusal


def quarantine_document(page: Quarantine) -> Document:
    """Return what was refused by kind, and one page of it."""
    return {
        "state": page.state,
        "kinds": [
            {
                "kind": one.kind.value,
                "messages": one.messages,
                "times": one.times,
                "last_at": one.last_at,
            }
            for one in page.kinds
        ],
        "messages": [_refusal(one) for one in page.refusals],
        "next_before": page.next_before,
    }


def quarantine_csv(page: Quarantine) -> str:
    """Return one message a line, the newest first."""
    head = ("id", "kind", "first_at", "last_at", "times", "reason", "topic", "size", "beginning")
    rows = (
        (
            one.id,
            one.kind.value,
            one.first_at,
            one.last_at,
            one.times,
            one.reason,
            one.topic,
            one.size,
            one.beginning,
        )
        for one in page.refusals
    )
    return csv_text(head, rows)


def _refusal(one: Refusal) -> Document:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "times": one.times,
        "reason": one.reason,
        "topic": one.topic,
        "size": one.size,
        "beginning": one.beginning,
    }
