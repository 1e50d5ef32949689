"""What is registered as documents: for the command line and for the pages alike."""

from typing import TYPE_CHECKING, Any

from coop.members.community import SharingKey, Validity
from coop.slots import moment_of

if TYPE_CHECKING:
    from coop.members.by_hand.entries import ManualEntry


def validity_document(validity: Validity) -> dict[str, str | None]:
    """Return a validity for JSON."""
    return {
        "from": f"{moment_of(validity.from_s):%Y-%m-%dT%H:%M:%SZ}",
        "to": None if validity.to_s is None else f"{moment_of(validity.to_s):%Y-%m-%dT%H:%M:%SZ}",
    }


def key_document(one: SharingKey) -> dict[str, Any]:
    """Return a key field by field, its exact numbers as text."""
    rules = one.rules
    return {
        "id": one.id,
        "name": one.name,
        "decision": one.decision,
        **validity_document(one.validity),
        "method": rules.method,
        "tie": rules.tie,
        "own_use": rules.own_use,
        "missing": rules.missing,
        "fund_percent": str(rules.fund_percent),
        "then": rules.then,
        "within_tier": rules.within_tier,
        "lifeline_wh": rules.lifeline_wh,
        "unassigned_weight": str(rules.unassigned_weight),
        "renormalise": rules.renormalise,
        "homes": [
            {
                "id": home.id,
                "weight": str(home.weight),
                "tier": home.tier,
                "reserved_percent": str(home.reserved_percent),
            }
            for home in one.homes
        ],
    }


def entry_document(one: "ManualEntry", *, counts: bool) -> dict[str, Any]:
    """Return an entry field by field."""
    return {
        "id": one.id,
        "counter": "/".join(one.counter),
        "at": f"{moment_of(one.at_s):%FT%TZ}",
        "wh": one.wh,
        "begins_anew": one.begins_anew,
        "withdrawn": one.withdrawn,
        "counts": counts,
        "steward": one.steward,
        "reason": one.reason,
        "entered": f"{moment_of(one.written_s):%FT%TZ}",
    }
