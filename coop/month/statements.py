"""What a month came to for every home: sums of its slots, and of what came late. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import groupby, islice
from typing import Any, NamedTuple

from coop.ledger import Draft, Kind, Unit
from coop.ledger.drafts import add
from coop.month.money import FundSoles, Prices, Tariff, TariffKind, fund_centimos, kept_centimos

TENTHS = 10

STRETCH_SLOTS = 96
"""Slots added up at once, one home after the other: much faster than slot by slot."""

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
    own_production_wh: int = 0
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
    by_tariff: dict[int, dict[str, int]] = field(default_factory=dict)
    fund_by_tariff: dict[int, int] = field(default_factory=dict)
    tariffs: dict[int, Tariff] = field(default_factory=dict)

    def money(self, month: str, fund: FundSoles = FundSoles()) -> Iterator[Draft]:  # noqa: B008  frozen
        """Yield the month's entries in céntimos, and note in the statements what homes kept.

        `fund` is what the fund holds before; it is never taken below zero.
        """
        turn = month_number(month)
        kept: dict[str, int] = {}
        for key, by_home in sorted(self.by_tariff.items()):
            kept = add(kept, kept_centimos(by_home, self.tariffs[key], turn))
        for home, centimos in kept.items():
            self.statements[home].kept_centimos = centimos
        worth = sum(
            fund_centimos(tenths, self.tariffs[key])
            for key, tenths in sorted(self.fund_by_tariff.items())
        )
        postings = {f"kept:{home}": centimos for home, centimos in kept.items()}
        postings |= {"utility": -sum(kept.values()), "buyer": -worth, **fund.change(worth)}
        used = [self.tariffs[key] for key in sorted(self.by_tariff | self.fund_by_tariff)]
        if used:
            told = {"tariffs": [_told(tariff) for tariff in used]}
            yield Draft(Kind.MONEY, month, postings, Unit.MONEY, told=told)

    def count(self, slots: Iterable[tuple[int, Shared]], prices: Prices) -> None:
        """Add slots by their starts, from what their lines say."""
        for alike, group in groupby(slots, key=lambda slot: _alike(slot[0], slot[1], prices)):
            while stretch := list(islice(group, STRETCH_SLOTS)):
                self._count_stretch(alike, [shared for _, shared in stretch])

    def include(self, other: "MonthSums") -> None:
        """Add what other slots of the month came to."""
        for home, part in other.statements.items():
            held = self._statement(home)
            for name in _AMOUNTS:
                setattr(held, name, getattr(held, name) + getattr(part, name))
        for name in _WHOLE:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.tariffs |= other.tariffs
        for key, by_home in other.by_tariff.items():
            self.by_tariff[key] = add(self.by_tariff.get(key, {}), by_home)
        for key, tenths in other.fund_by_tariff.items():
            self.fund_by_tariff[key] = self.fund_by_tariff.get(key, 0) + tenths

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
        self._price(used, prices.at(TariffKind.UTILITY, change.slot_start_s))
        surplus = prices.at(TariffKind.SURPLUS, change.slot_start_s)
        self._count_fund(change.postings.get("fund:energy", 0), surplus)

    def _count_stretch(self, alike: "_Alike", lines: Sequence[Shared]) -> None:
        self.slots += len(lines)
        by_home = zip(*(line["homes"].values() for line in lines), strict=True)
        used = {
            home: self._count_home(home, figures, is_settled=alike.is_settled)
            for home, figures in zip(alike.homes, by_home, strict=True)
        }
        self._price(used, alike.utility)
        if not alike.is_settled:
            self.unsettled += len(lines)
            return
        surplus_wh = sum(line["surplus_wh"] for line in lines)
        self.surplus_wh += surplus_wh
        self.produced_wh += sum(used.values()) + surplus_wh
        self._count_fund(sum(line["fund_tenths_wh"] for line in lines), alike.surplus)

    def _count_home(
        self, home: str, figures: Sequence[Sequence[int | None]], *, is_settled: bool
    ) -> int:
        """Add a home's figures of some slots; return what it got of the sun."""
        used, made, own, given, aside, grid = zip(*figures, strict=True)
        own_wh, given_wh, aside_wh = _sum(own), _sum(given), _sum(aside)
        held = self._statement(home)
        held.slots += len(used)
        held.slots_missing += used.count(None)
        held.consumption_wh += _sum(used)
        held.own_production_wh += _sum(made) if is_settled else 0
        held.own_use_wh += own_wh
        held.shared_wh += given_wh
        held.set_aside_wh += aside_wh
        held.grid_wh += _sum(grid)
        self.set_aside_wh += aside_wh
        self.produced_wh += aside_wh
        return own_wh + given_wh

    def _statement(self, home: str) -> Statement:
        if home not in self.statements:
            self.statements[home] = Statement(home)
        return self.statements[home]

    def _price(self, used: Mapping[str, int], tariff: Tariff | None) -> None:
        if tariff is None or not any(used.values()):
            return
        by_home = self.by_tariff.setdefault(self._remember(tariff), {})
        for home, wh in used.items():
            if wh:
                by_home[home] = by_home.get(home, 0) + wh

    def _count_fund(self, tenths: int, tariff: Tariff | None) -> None:
        self.fund_tenths_wh += tenths
        if tariff is not None and tenths:
            key = self._remember(tariff)
            self.fund_by_tariff[key] = self.fund_by_tariff.get(key, 0) + tenths

    def _remember(self, tariff: Tariff) -> int:
        # Two kinds may begin at one moment: even keys are the utility's.
        key = 2 * tariff.from_s + (tariff.kind is TariffKind.SURPLUS)
        self.tariffs[key] = tariff
        return key


_WHOLE = ("produced_wh", "set_aside_wh", "surplus_wh", "fund_tenths_wh", "slots", "unsettled")
_AMOUNTS = tuple(one.name for one in fields(Statement) if one.name not in {"home", "kept_centimos"})


class _Alike(NamedTuple):
    """What slots that are added up at once have in common."""

    homes: tuple[str, ...]
    is_settled: bool
    utility: Tariff | None
    surplus: Tariff | None


def _alike(slot_start_s: int, shared: Shared, prices: Prices) -> _Alike:
    return _Alike(
        tuple(shared["homes"]),
        "surplus_wh" in shared,
        prices.at(TariffKind.UTILITY, slot_start_s),
        prices.at(TariffKind.SURPLUS, slot_start_s),
    )


def month_number(month: str) -> int:
    """Return a number that rises by one each month."""
    year, number = map(int, month.split("-"))
    return year * 12 + number


def _sum(column: Sequence[int | None]) -> int:
    """Add up what is known."""
    return sum(filter(None, column)) if None in column else sum(column)  # type: ignore[arg-type]  # just checked


def _told(tariff: Tariff) -> dict[str, str | int]:
    return {
        "kind": tariff.kind,
        "from_s": tariff.from_s,
        "centimos_per_kwh": str(tariff.centimos_per_kwh),
        "decision": tariff.decision,
    }
