"""What a month came to for every home: sums of its slots, and of what came late. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coop.ledger import Draft, Kind, Unit
from coop.ledger.drafts import add
from coop.month.money import FundSoles, Prices, Tariff, TariffKind, fund_centimos, kept_centimos

TENTHS = 10

_ASIDE = 4

Shared = Mapping[str, Any]
"""What `slot_allocation.line` says."""


@dataclass(frozen=True, slots=True)
class LateChange:
    """What late readings changed of an earlier month, booked in this one."""

    slot_start_s: int
    postings: Mapping[str, int]


@dataclass(slots=True)
class Statement:
    """One home's month; the figures of its slots, then what came late for earlier months."""

    home: str
    slots: int = 0
    slots_missing: int = 0
    consumption_wh: int = 0
    own_use_wh: int = 0
    shared_wh: int = 0
    set_aside_wh: int = 0
    grid_wh: int = 0
    late_own_use_wh: int = 0
    late_shared_wh: int = 0
    kept_centimos: int = 0

    @property
    def from_sun_wh(self) -> int:
        """Return what the sun gave, late changes included."""
        return self.own_use_wh + self.shared_wh + self.late_own_use_wh + self.late_shared_wh


@dataclass(slots=True)
class MonthSums:
    """A month as a whole, and by home."""

    statements: dict[str, Statement] = field(default_factory=dict)
    produced_wh: int = 0
    set_aside_wh: int = 0
    surplus_wh: int = 0
    fund_tenths_wh: int = 0
    slots: int = 0
    unsettled: int = 0
    _by_tariff: dict[int, dict[str, int]] = field(default_factory=dict)
    _fund_by_tariff: dict[int, int] = field(default_factory=dict)
    _tariffs: dict[int, Tariff] = field(default_factory=dict)

    def money(self, month: str, fund: FundSoles = FundSoles()) -> Iterator[Draft]:  # noqa: B008  frozen
        """Yield the month's entries in céntimos, and note in the statements what homes kept.

        `fund` is what the fund holds before; it is never taken below zero.
        """
        turn = month_number(month)
        kept: dict[str, int] = {}
        for key, by_home in sorted(self._by_tariff.items()):
            kept = add(kept, kept_centimos(by_home, self._tariffs[key], turn))
        for home, centimos in kept.items():
            self.statements[home].kept_centimos = centimos
        worth = sum(
            fund_centimos(tenths, self._tariffs[key])
            for key, tenths in sorted(self._fund_by_tariff.items())
        )
        postings = {f"kept:{home}": centimos for home, centimos in kept.items()}
        postings |= {"utility": -sum(kept.values()), "buyer": -worth, **fund.change(worth)}
        used = [self._tariffs[key] for key in sorted(self._by_tariff | self._fund_by_tariff)]
        if used:
            told = {"tariffs": [_told(tariff) for tariff in used]}
            yield Draft(Kind.MONEY, month, postings, Unit.MONEY, told=told)

    def count(self, slot_start_s: int, shared: Shared, prices: Prices) -> None:
        """Add one slot, from what its line says."""
        self.slots += 1
        used = {home: self._count_home(home, one) for home, one in shared["homes"].items()}
        self._price(used, slot_start_s, prices)
        if "surplus_wh" not in shared:
            self.unsettled += 1
            return
        aside_wh = sum([figures[_ASIDE] for figures in shared["homes"].values()])
        self.produced_wh += sum(used.values()) + aside_wh + shared["surplus_wh"]
        self.set_aside_wh += aside_wh
        self.surplus_wh += shared["surplus_wh"]
        self._count_fund(shared["fund_tenths_wh"], slot_start_s, prices)

    def count_late(self, change: LateChange, prices: Prices) -> None:
        """Add what came late."""
        used: dict[str, int] = {}
        for account, tenths in change.postings.items():
            kind, _, home = account.partition(":")
            if kind in {"own", "shared"}:
                held = self._statement(home)
                wh = tenths // TENTHS
                used[home] = used.get(home, 0) + wh
                if kind == "own":
                    held.late_own_use_wh += wh
                else:
                    held.late_shared_wh += wh
        self._price(used, change.slot_start_s, prices)
        self._count_fund(change.postings.get("fund:energy", 0), change.slot_start_s, prices)

    def _count_home(self, home: str, figures: Sequence[int | None]) -> int:
        """Add a home's figures; return what it got of the sun."""
        used, _, own, given, aside, grid = figures
        held = self._statement(home)
        held.slots += 1
        held.slots_missing += used is None
        held.consumption_wh += used or 0
        held.own_use_wh += own or 0
        held.shared_wh += given or 0
        held.set_aside_wh += aside or 0
        held.grid_wh += grid or 0
        return (own or 0) + (given or 0)

    def _statement(self, home: str) -> Statement:
        if home not in self.statements:
            self.statements[home] = Statement(home)
        return self.statements[home]

    def _price(self, used: Mapping[str, int], slot_start_s: int, prices: Prices) -> None:
        tariff = prices.at(TariffKind.UTILITY, slot_start_s)
        if tariff is None or not any(used.values()):
            return
        by_home = self._by_tariff.setdefault(self._remember(tariff), {})
        for home, wh in used.items():
            if wh:
                by_home[home] = by_home.get(home, 0) + wh

    def _count_fund(self, tenths: int, slot_start_s: int, prices: Prices) -> None:
        self.fund_tenths_wh += tenths
        tariff = prices.at(TariffKind.SURPLUS, slot_start_s)
        if tariff is not None and tenths:
            key = self._remember(tariff)
            self._fund_by_tariff[key] = self._fund_by_tariff.get(key, 0) + tenths

    def _remember(self, tariff: Tariff) -> int:
        # Two kinds may begin at one moment: even keys are the utility's.
        key = 2 * tariff.from_s + (tariff.kind is TariffKind.SURPLUS)
        self._tariffs[key] = tariff
        return key


def month_number(month: str) -> int:
    """Return a number that rises by one each month."""
    year, number = map(int, month.split("-"))
    return year * 12 + number


def _told(tariff: Tariff) -> dict[str, str | int]:
    return {
        "kind": tariff.kind,
        "from_s": tariff.from_s,
        "centimos_per_kwh": str(tariff.centimos_per_kwh),
        "decision": tariff.decision,
    }
