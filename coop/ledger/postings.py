"""What a settled slot means for every account: where its energy came from, where it went.

Pure: a slot's lines in, whole tenths of a watt-hour out; they sum to zero.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coop.allocation import Status
from coop.allocation.rounding import Ties, largest_remainder
from coop.ledger.entry import Postings
from coop.members.community import Community

TENTHS = 10

__all__ = ["Postings", "SlotPostings"]


_OWN = 2
_Figures = Sequence[Any]
_Homes = Mapping[str, _Figures]


@dataclass(frozen=True, slots=True)
class _Roof:
    id: str
    owner: str | None
    meters: tuple[str, ...]


class SlotPostings:
    """Postings of slots in which the same meters count."""

    def __init__(self, community: Community, slot_start_s: int, slot_s: int) -> None:
        """Look up whose each meter is in the slot that starts then."""
        held = community.meters_at(slot_start_s)
        self._slot_s = slot_s
        self._roofs = [
            _Roof(
                roof.id,
                roof.home_id,
                tuple(meter.name for meter in held if meter.roof_id == roof.id),
            )
            for roof in sorted(community.roofs, key=lambda roof: roof.id)
        ]

    def of(self, slot_start_s: int, energy_line: str, allocation_line: str) -> Postings | None:
        """Return the postings of a slot; None unless it is settled."""
        shared = json.loads(allocation_line)
        if shared["status"] != Status.SETTLED:
            return None
        homes, turn = shared["homes"], slot_start_s // self._slot_s
        made = self._production(json.loads(energy_line), homes)
        postings = self._homes(homes)
        postings["fund:energy"] = shared["fund_tenths_wh"]
        left = TENTHS * shared["surplus_wh"] - shared["fund_tenths_wh"]
        offered = self._offered(made, homes, turn)
        parts = largest_remainder(left, offered, _ties(len(made), turn))
        for roof, made_wh, part in zip(self._roofs, made, parts, strict=True):
            postings[f"roof:{roof.id}"] = -TENTHS * made_wh
            postings[f"surplus:{roof.id}"] = part
        return {name: amount for name, amount in postings.items() if amount}

    def _production(self, energy: Mapping[str, _Figures], homes: _Homes) -> list[int]:
        """Return what each roof made; a home outside the key takes no part, nor does its roof."""
        # A settled slot has the production of every roof that takes part.
        return [
            sum(energy[name][0] for name in roof.meters)
            if roof.owner is None or roof.owner in homes
            else 0
            for roof in self._roofs
        ]

    def _homes(self, homes: _Homes) -> dict[str, int]:
        postings = {}
        for home, (_, _, own, given, aside, _) in homes.items():
            postings[f"own:{home}"] = TENTHS * (own or 0)
            postings[f"shared:{home}"] = TENTHS * (given or 0)
            postings[f"aside:{home}"] = TENTHS * (aside or 0)
        return postings

    def _offered(self, made: Sequence[int], homes: _Homes, turn: int) -> list[int]:
        """Return what each roof offered to the pool: its production less its home's own use."""
        offered = list(made)
        for home in {roof.owner for roof in self._roofs if roof.owner in homes}:
            mine = [place for place, roof in enumerate(self._roofs) if roof.owner == home]
            used = homes[str(home)][_OWN]
            for place, part in zip(mine, self._used(made, mine, used, turn), strict=True):
                offered[place] -= part
        return offered

    def _used(
        self, made: Sequence[int], mine: Sequence[int], used: int | None, turn: int
    ) -> Sequence[int]:
        production = [made[place] for place in mine]
        if used is None:
            return production  # its use is unknown: all of its production is set aside
        return largest_remainder(used, production, _ties(len(mine), turn))


def _ties(count: int, turn: int) -> Ties:
    return Ties(range(count), max(count, 1), turn % max(count, 1))
