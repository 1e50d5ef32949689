"""How a month stands, for programs: the same at the command line and beside its page."""

from typing import Any

from coop.month.closing import Status


def status_document(found: Status) -> dict[str, Any]:
    """Return how a month stands, field by field."""
    standing, tally = found.standing, found.tally
    review = standing.review
    return {
        "month": standing.month,
        "state": standing.state,
        "slots": tally.slots,
        "settled_slots": tally.settled,
        "provisional_slots": tally.provisional,
        "unsettled_slots": tally.unsettled,
        "missing_slots": tally.missing,
        "obstacles": [str(one) for one in found.obstacles],
        "signed_by": standing.signed_by,
        "review": None if review is None else {"said": review.act, "text": review.text},
        "line": found.line or None,
    }
