"""Sharing the energy of a slot, exactly: the methods, the missing homes, the fund's part."""

from coop.allocation.answer import allocate, explain, outcome_as_json
from coop.allocation.model import (
    Home,
    Method,
    Missing,
    Outcome,
    OwnUse,
    Request,
    Round,
    Rules,
    Slot,
    Status,
    Step,
    Tie,
    Trace,
    uses_weights,
)
from coop.allocation.sharing import Energy, Shared, Sharing

__all__ = [
    "Energy",
    "Home",
    "Method",
    "Missing",
    "Outcome",
    "OwnUse",
    "Request",
    "Round",
    "Rules",
    "Shared",
    "Sharing",
    "Slot",
    "Status",
    "Step",
    "Tie",
    "Trace",
    "allocate",
    "explain",
    "outcome_as_json",
    "uses_weights",
]
