"""Adds up the lines of a month for its report. Pure; streams, and keeps sums only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orjson import loads

from coop.ledger.entry import Postings
from coop.members.community import Community as Registry
from coop.members.community import Counts, Meter
from coop.metering.intervals import Quality
from coop.month.booked import BookedSlot
from coop.month.money import Prices
from coop.month.statements import LateChange, MonthSums, Statement
from coop.report.model import Community, HomeReport, MeterQuality, Sums
from coop.slots import parse_utc_s

TENTHS = 10

_ESTIMATED = f'"{Quality.ESTIMATED}"'


@dataclass(slots=True)
class Gathering:
    """A month on the way to its report."""

    registry: Registry
    prices: Prices
    is_whole: bool = True
    """Whether roofs and the quality of meters are wanted too."""
    sums: MonthSums = field(default_factory=MonthSums)
    made: Counter[str] = field(default_factory=Counter)
    """Production of each roof in the slots that have figures, in Wh."""
    drawn: Counter[str] = field(default_factory=Counter)
    """What each roof's plant drew in these slots, in Wh."""
    fed: Counter[str] = field(default_factory=Counter)
    """What each prosumer fed in in these slots, in Wh."""
    _late: Counter[str] = field(default_factory=Counter)
    _slots: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How many slots had these meters."""
    _less: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Slots of a meter by quality, where it is less than measured."""
    _estimated: Counter[str | None] = field(default_factory=Counter)
    _meters: dict[str, Meter] = field(default_factory=dict)
    _roof_meters: Sequence[Meter] = ()
    _known_to_s: int = 0

    def count(self, slots: Iterable[BookedSlot]) -> None:
        """Add slots; they come in order."""
        self.sums.count(self._pass_through(slots), self.prices)

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
        names = {home.id: home.name for home in self.registry.homes}
        return tuple(self._home(held[home], names[home]) for home in sorted(held))

    def meters(self) -> tuple[MeterQuality, ...]:
        """Return how well each meter is known."""
        slots: Counter[str] = Counter()
        for names, count in self._slots.items():
            slots.update(dict.fromkeys(names, count))
        return tuple(self._meter(name, slots[name]) for name in sorted(slots))

    def _pass_through(self, slots: Iterable[BookedSlot]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for slot in slots:
            shared = loads(slot.allocation)
            if self.is_whole or _ESTIMATED in slot.energy:
                if slot.slot_start_s >= self._known_to_s:
                    self._look_up(slot.slot_start_s)
                self._count_meters(loads(slot.energy), shared)
            yield slot.slot_start_s, shared

    def _look_up(self, slot_start_s: int) -> None:
        held = self.registry.meters_at(slot_start_s)
        self._meters |= {meter.name: meter for meter in held}
        self._roof_meters = [one for one in held if one.roof_id is not None]
        later = self.registry.turns_between(slot_start_s, _NEVER, 1)
        self._known_to_s = min(later, default=_NEVER)

    def _count_meters(self, energy: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        self._slots[tuple(energy)] += 1
        less = [(name, one[1]) for name, one in energy.items() if one[1] != Quality.MEASURED]
        for name, quality in less:
            self._less[name][quality] += 1
        estimated = {name for name, quality in less if quality == Quality.ESTIMATED}
        homes = {self._meters[name].home_id for name in estimated}
        self._estimated.update(homes - {None})
        if "surplus_wh" in shared:
            self._count_roofs(energy, shared)
            self._count_drawn(shared)
            self.fed.update(shared.get("fed_wh", {}))

    def _count_roofs(self, energy: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        net_wh: Counter[str] = Counter()
        for meter in self._roof_meters:
            if meter.name in energy and self._takes_part(meter.roof_id or "", shared):
                wh = energy[meter.name][0]
                net_wh[meter.roof_id or ""] += -wh if meter.counts is Counts.PLANT_USE else wh
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

    def _meter(self, name: str, slots: int) -> MeterQuality:
        less = self._less[name]
        counts = {Quality.MEASURED: slots - less.total(), **less}
        held = {Quality(one): counts[one] for one in sorted(counts) if counts[one]}
        return MeterQuality(name, self._meters[name].owner, held)

    def _home(self, one: Statement, name: str) -> HomeReport:
        return HomeReport(
            home=one.home,
            slots=one.slots,
            slots_missing=one.slots_missing,
            slots_estimated=self._estimated[one.home],
            consumption_wh=one.consumption_wh,
            own_production_wh=one.own_production_wh,
            own_use_wh=one.own_use_wh,
            shared_wh=one.shared_wh,
            set_aside_wh=one.set_aside_wh,
            grid_wh=one.grid_wh,
            late_own_use_wh=one.late_own_use_wh,
            late_shared_wh=one.late_shared_wh,
            late_set_aside_wh=self._late[f"aside:{one.home}"] // TENTHS,
            kept_centimos=one.kept_centimos,
            name=name,
        )


_NEVER = 1 << 62
