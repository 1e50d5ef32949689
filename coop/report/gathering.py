"""Adds up the lines of a month for its report. Pure; streams, and keeps sums only."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coop.intervals import Quality
from coop.ledger.entry import Postings
from coop.members.community import Community as Registry
from coop.members.community import Counts, Meter
from coop.month.booked import BookedSlot
from coop.month.money import Prices
from coop.month.statements import LateChange, MonthSums, Statement
from coop.report.model import Community, HomeReport, MeterQuality, Sums
from coop.slots import parse_utc_s

TENTHS = 10
_MADE = 1


@dataclass(slots=True)
class Gathering:
    """A month on the way to its report."""

    registry: Registry
    prices: Prices
    sums: MonthSums = field(default_factory=MonthSums)
    made: Counter[str] = field(default_factory=Counter)
    """Production of each roof in the slots that have figures, in Wh."""
    drawn: Counter[str] = field(default_factory=Counter)
    """What each roof's plant drew in these slots, in Wh."""
    fed: Counter[str] = field(default_factory=Counter)
    """What each prosumer fed in in these slots, in Wh."""
    _own_made: Counter[str] = field(default_factory=Counter)
    _late: Counter[str] = field(default_factory=Counter)
    _qualities: defaultdict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _estimated: Counter[str | None] = field(default_factory=Counter)
    _meters: dict[str, Meter] = field(default_factory=dict)
    _known_to_s: int = 0

    def count(self, slot: BookedSlot) -> None:
        """Add one slot; slots come in order."""
        if slot.slot_start_s >= self._known_to_s:
            self._look_up(slot.slot_start_s)
        shared, energy = json.loads(slot.allocation), json.loads(slot.energy)
        self.sums.count(slot.slot_start_s, shared, self.prices)
        if "surplus_wh" in shared:
            for home, figures in shared["homes"].items():
                self._own_made[home] += figures[_MADE]
            self.fed.update(shared.get("fed_wh", {}))
            self._count_drawn(shared)
        self._count_meters(energy, shared)

    def count_late(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add what the month books for slots of earlier ones."""
        for said in entries:
            change: Postings = said["postings"]
            self.sums.count_late(LateChange(parse_utc_s(said["slot"]), change), self.prices)
            self._late.update(change)

    def community(self) -> Community:
        """Return the month as a whole; what homes kept must be known, see `MonthSums.money`."""
        held = self.sums.statements.values()
        slots = Sums(
            produced_wh=self.sums.produced_wh,
            own_use_wh=sum(one.own_use_wh for one in held),
            shared_wh=sum(one.shared_wh for one in held),
            set_aside_wh=self.sums.set_aside_wh,
            surplus_wh=self.sums.surplus_wh,
            fund_tenths_wh=self.sums.fund_tenths_wh - self._late["fund:energy"],
            consumption_wh=sum(one.consumption_wh for one in held),
            grid_wh=sum(one.grid_wh for one in held),
        )
        return Community(slots, self._late_sums(), sum(one.kept_centimos for one in held))

    def homes(self) -> tuple[HomeReport, ...]:
        """Return each home's month."""
        held = self.sums.statements
        return tuple(self._home(held[home]) for home in sorted(held))

    def meters(self) -> tuple[MeterQuality, ...]:
        """Return how well each meter is known."""
        return tuple(
            MeterQuality(
                name,
                self._meters[name].owner,
                {Quality(held): counts[held] for held in sorted(counts)},
            )
            for name, counts in sorted(self._qualities.items())
        )

    def _look_up(self, slot_start_s: int) -> None:
        held = self.registry.meters_at(slot_start_s)
        self._meters |= {meter.name: meter for meter in held}
        later = self.registry.turns_between(slot_start_s, _NEVER, 1)
        self._known_to_s = min(later, default=_NEVER)

    def _count_meters(self, energy: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        has_figures = "surplus_wh" in shared
        estimated = set()
        net_wh: Counter[str] = Counter()
        for name, (wh, quality, *_) in energy.items():
            counts = self._qualities[name]
            counts[quality] = counts.get(quality, 0) + 1
            meter = self._meters[name]
            if meter.roof_id is not None:
                if has_figures and self._takes_part(meter.roof_id, shared):
                    net_wh[meter.roof_id] += -wh if meter.counts is Counts.PLANT_USE else wh
            elif quality == Quality.ESTIMATED:
                estimated.add(meter.home_id)
        self._estimated.update(estimated)
        self.made.update({roof: wh for roof, wh in net_wh.items() if wh > 0})

    def _count_drawn(self, shared: Mapping[str, Any]) -> None:
        for roof, wh in shared.get("plants_wh", {}).items():
            if self._takes_part(roof, shared):
                self.drawn[roof] += wh

    def _takes_part(self, roof: str, shared: Mapping[str, Any]) -> bool:
        owner = self.registry.owner_of(roof)
        return owner is None or owner in shared["homes"]

    def _late_sums(self) -> Sums:
        def tenths(kind: str) -> int:
            named = (one for one in self._late.items() if one[0].startswith(f"{kind}:"))
            return sum(amount for _, amount in named)

        fund = self._late["fund:energy"]
        return Sums(
            produced_wh=-(tenths("roof") + tenths("export")) // TENTHS,
            own_use_wh=tenths("own") // TENTHS,
            shared_wh=tenths("shared") // TENTHS,
            set_aside_wh=tenths("aside") // TENTHS,
            surplus_wh=(tenths("surplus") + tenths("unshared") + fund) // TENTHS,
            fund_tenths_wh=fund,
        )

    def _home(self, one: Statement) -> HomeReport:
        return HomeReport(
            home=one.home,
            slots=one.slots,
            slots_missing=one.slots_missing,
            slots_estimated=self._estimated[one.home],
            consumption_wh=one.consumption_wh,
            own_production_wh=self._own_made[one.home],
            own_use_wh=one.own_use_wh,
            shared_wh=one.shared_wh,
            set_aside_wh=one.set_aside_wh,
            grid_wh=one.grid_wh,
            late_own_use_wh=one.late_own_use_wh,
            late_shared_wh=one.late_shared_wh,
            late_set_aside_wh=self._late[f"aside:{one.home}"] // TENTHS,
            kept_centimos=one.kept_centimos,
        )


_NEVER = 1 << 62
