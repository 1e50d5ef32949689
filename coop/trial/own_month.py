"""A month of the books as a question to other keys: what was measured, and what came of it."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from coop.allocation import Home
from coop.calendar import Calendar
from coop.errors import RefusedError
from coop.members.registry import read_community
from coop.month.booked import read_slots
from coop.month.events import read_months
from coop.settings import CoopSettings
from coop.settling.segment import finally_held
from coop.trial.measured import Measured
from coop.trial.trial import HomeSum, OwnMonth


def read_own_month(connection: Connection, settings: CoopSettings, month: str) -> OwnMonth:
    """Read a month of the books; raise RefusedError where there is nothing to share again."""
    span = range(*Calendar(settings.zone).span(month), settings.slot_s)
    lines = {one.slot_start_s: json.loads(one.allocation) for one in read_slots(connection, span)}
    if not lines:
        raise RefusedError(f"{month}: the books have no slot of this month; name another month")
    starts_s = range(min(lines), max(lines) + span.step, span.step)
    key = read_community(connection).key_at(starts_s[-1])
    if key is None:
        raise RefusedError(
            f"{month}: no key holds at its end; give weights to a key: minga key add"
        )
    ids = sorted({home.id for home in key.homes}.union(*(line["homes"] for line in lines.values())))
    if read_months(connection, Calendar(settings.zone)).is_frozen(starts_s[0]):
        key = finally_held(key)
    listed = {home.id: home for home in key.homes}
    homes = tuple(listed.get(home) or Home(home, weight=Fraction(0)) for home in ids)
    return OwnMonth(
        _measured(lines, starts_s, ids),
        key.rules,
        homes,
        _booked(lines, ids),
    )


Lines = Mapping[int, Mapping[str, Any]]
"""Allocation lines by the starts of their slots; a home's is [used, made, own use, shared, ...]."""

_TAKES_NO_PART = (0, 0)


def _measured(lines: Lines, starts_s: range, ids: list[str]) -> Measured:
    nothing: Mapping[str, Any] = {"community_wh": None, "homes": {}}
    slots = [lines.get(at_s, nothing) for at_s in starts_s]
    energy = [[slot["homes"].get(home, _TAKES_NO_PART) for home in ids] for slot in slots]
    return Measured(
        starts_s.step,
        starts_s,
        tuple(ids),
        [slot["community_wh"] if slot["homes"] else None for slot in slots],
        [[home[1] for home in slot] for slot in energy],
        [[home[0] for home in slot] for slot in energy],
    )


def _booked(lines: Lines, ids: list[str]) -> Mapping[str, HomeSum]:
    sums = {home: HomeSum() for home in ids}
    for line in lines.values():
        if "pool_wh" in line:
            for home, (used, _made, own, given, _aside, grid) in line["homes"].items():
                held = sums[home]
                held.consumption_wh += used or 0
                held.own_use_wh += own or 0
                held.allocated_wh += given or 0
                held.residual_grid_wh += grid or 0
    return sums
