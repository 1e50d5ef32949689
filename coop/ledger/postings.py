"""What a settled slot means for every account: where its energy came from, where it went.

Pure: a slot's energy in, whole tenths of a watt-hour out; they sum to zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coop.allocation import Shared
from coop.allocation.rounding import Ties, largest_remainder
from coop.ledger.entry import Postings
from coop.members.community import Community
from coop.metering.flows import SlotFlows

TENTHS = 10

__all__ = ["Postings", "SlotPostings"]


@dataclass(frozen=True, slots=True)
class _Roof:
    id: str
    owner: int | None
    """Place of the home whose own it is; None for the community's."""
    takes_part: bool


class SlotPostings:
    """Postings of slots in which the same meters count and the same key holds."""

    def __init__(self, community: Community, homes: Sequence[str], slot_s: int) -> None:
        """Look up whose each roof is; `homes` share in these slots."""
        self._slot_s = slot_s
        places = {home: place for place, home in enumerate(homes)}
        self._roofs = [
            _Roof(
                roof.id,
                places.get(roof.home_id) if roof.home_id else None,
                # A home outside the key takes no part, nor does its roof.
                roof.home_id is None or roof.home_id in places,
            )
            for roof in sorted(community.roofs, key=lambda roof: roof.id)
        ]
        self._own = [f"own:{home}" for home in homes]
        self._shared = [f"shared:{home}" for home in homes]
        self._aside = [f"aside:{home}" for home in homes]

    def of(self, slot_start_s: int, flows: SlotFlows, shared: Shared) -> dict[str, int]:
        """Return the postings of a settled slot, without zeros."""
        turn = slot_start_s // self._slot_s
        # A settled slot has the production of every roof that takes part.
        made = [
            (wh or 0) if roof.takes_part else 0
            for roof, wh in zip(self._roofs, flows.roofs_wh, strict=True)
        ]
        offered = [*self._offered(made, shared, turn), *flows.fed_wh.values()]
        left = TENTHS * shared.surplus_wh - shared.fund_tenths_wh
        parts = largest_remainder(left, offered, _ties(len(offered), turn))
        postings = {"fund:energy": shared.fund_tenths_wh}
        for roof, made_wh, part in zip(self._roofs, made, parts, strict=False):
            postings[f"roof:{roof.id}"] = -TENTHS * made_wh
            postings[f"surplus:{roof.id}"] = part
        fed = zip(flows.fed_wh.items(), parts[len(made) :], strict=True)
        for (home, fed_wh), part in fed:
            postings[f"export:{home}"] = -TENTHS * fed_wh
            postings[f"unshared:{home}"] = part
        for name, wh in self._drawn(flows):
            postings[f"plant:{name}"] = TENTHS * wh
            postings[f"drawn:{name}"] = -TENTHS * wh
        postings = {name: amount for name, amount in postings.items() if amount}
        for names, amounts in (
            (self._own, shared.own_use_wh),
            (self._shared, shared.allocated_wh),
            (self._aside, shared.set_aside_wh),
        ):
            if any(amounts):
                named = zip(names, amounts, strict=True)
                postings.update({name: TENTHS * wh for name, wh in named if wh})
        return postings

    def _drawn(self, flows: SlotFlows) -> Iterator[tuple[str, int]]:
        if flows.plants_wh:
            part = {roof.id for roof in self._roofs if roof.takes_part}
            yield from ((roof, wh) for roof, wh in flows.plants_wh.items() if roof in part)

    def _offered(self, made: Sequence[int], shared: Shared, turn: int) -> list[int]:
        """Return what each roof offered to the pool: its production less its home's own use."""
        offered = list(made)
        for home in {roof.owner for roof in self._roofs if roof.owner is not None}:
            mine = [place for place, roof in enumerate(self._roofs) if roof.owner == home]
            production = [made[place] for place in mine]
            # Where a home's use is unknown, all of its production is set aside.
            used = (
                largest_remainder(shared.own_use_wh[home], production, _ties(len(mine), turn))
                if shared.present[home]
                else production
            )
            for place, part in zip(mine, used, strict=True):
                offered[place] -= part
        return offered


def _ties(count: int, turn: int) -> Ties:
    return Ties(range(count), max(count, 1), turn % max(count, 1))
