"""Sharing once more: slow, in exact fractions, from the written rules alone; imports none of ours.

Takes the request of `minga share allocate` as a dict and answers as the command does.
"""

from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Any

Parts = dict[str, int]
LAST = "~unassigned"


class Oracle:
    """One slot, kept as it was asked."""

    def __init__(self, request: dict[str, Any]) -> None:
        """Take a request in which every field stands."""
        self.request = request
        self.homes = {home["id"]: home for home in request["homes"]}
        self.weights = {name: Fraction(home["weight"]) for name, home in self.homes.items()}
        self.unassigned = Fraction(request["unassigned_weight"])
        start = datetime.fromisoformat(request["slot"])
        self.slot_number = round(start.timestamp()) // (60 * request["slot_minutes"])
        self.circle = sorted(self.homes)

    def answer(self) -> dict[str, Any]:
        """Return the figures."""
        homes, policy = self.homes, self.request["missing"]
        used = {name: home["consumption_wh"] for name, home in homes.items()}
        missing = sorted(name for name in homes if used[name] is None)
        unknown = [name for name in sorted(homes) if homes[name]["production_wh"] is None]
        if self.request["production_wh"] is None or unknown or (missing and policy == "hold"):
            return {"status": "unsettled"}
        if policy == "estimate":
            used.update({name: homes[name]["estimate_wh"] for name in missing})
        gone = [name for name in sorted(homes) if used[name] is None]
        aside = {name: homes[name]["production_wh"] for name in gone}
        known = [name for name in sorted(homes) if name not in gone]
        pools_all = self.request["own_use"] == "pool_all"
        own = {n: 0 if pools_all else min(used[n], homes[n]["production_wh"]) for n in known}
        pool = self.request["production_wh"] + sum(
            homes[n]["production_wh"] - own[n] for n in known
        )
        rest = pool
        if policy == "reserve":
            kept = self.kept(pool)
            for name in gone:
                aside[name] += kept[name]
                rest -= kept[name]
        if policy == "exclude":
            self.unassigned += sum(self.weights[name] for name in gone)
            self.circle = known
        needs = {name: used[name] - own[name] for name in known}
        given = self.by(self.request["method"], rest, needs)
        surplus = rest - sum(given.values())
        return {
            "status": "provisional" if missing else "settled",
            "missing": missing,
            "pool_wh": pool,
            "own_use_wh": own,
            "allocated_wh": given,
            "reserved_wh": self.named(rest, needs) if self.request["method"] == "reserved" else {},
            "set_aside_wh": aside,
            "residual_grid_wh": {name: needs[name] - given[name] for name in known},
            "surplus_wh": surplus,
            "fund_tenths_wh": floor(Fraction(self.request["fund_percent"]) * surplus / 10),
        }

    def kept(self, pool: int) -> Parts:
        """Return what everybody would get of the pool by weight alone."""
        steps = {self.request["method"]}
        if steps & {"reserved", "lifeline"}:
            steps.add(self.request["then"])
        if steps & {"priority", "lifeline"}:
            steps.add(self.request["within_tier"])
        if steps & {"static", "hybrid", "redistribute"}:
            return self.largest_remainder(pool, {**self.weights, LAST: self.unassigned})
        return self.largest_remainder(pool, dict.fromkeys(self.homes, Fraction(1)))

    def by(self, method: str, pool: int, needs: Parts) -> Parts:
        """Share by the method of this name."""
        shared: Parts = getattr(self, method)(pool, needs)
        return shared

    def static(self, pool: int, needs: Parts) -> Parts:
        """Weights as they stand."""
        weights = {**{name: self.weights[name] for name in needs}, LAST: self.unassigned}
        parts = self.largest_remainder(pool, weights)
        return {name: min(parts[name], need) for name, need in needs.items()}

    def equal(self, pool: int, needs: Parts) -> Parts:
        """All the same weight."""
        parts = self.largest_remainder(pool, dict.fromkeys(needs, Fraction(1)))
        return {name: min(parts[name], need) for name, need in needs.items()}

    def pro_rata(self, pool: int, needs: Parts) -> Parts:
        """By need."""
        if sum(needs.values()) <= pool:
            return dict(needs)
        return self.largest_remainder(pool, {n: Fraction(need) for n, need in needs.items()})

    def redistribute(self, pool: int, needs: Parts) -> Parts:
        """Find the level at which everybody has `weight * level`, at most the need."""
        able = {n: self.weights[n] for n, need in needs.items() if need and self.weights[n]}
        if pool >= sum(needs[name] for name in able):
            return {name: need if name in able else 0 for name, need in needs.items()}
        # Levels at which somebody is full cut the line; the level lies in the first that suffices.
        levels = sorted({needs[name] / weight for name, weight in able.items()})
        full: set[str] = set()
        for level in levels:
            if sum(min(Fraction(needs[n]), w * level) for n, w in able.items()) > pool:
                break
            full = {n for n, w in able.items() if needs[n] <= w * level}
        rest = pool - sum(needs[name] for name in full)
        last = self.largest_remainder(rest, {n: w for n, w in able.items() if n not in full})
        return {n: need if n in full else last.get(n, 0) for n, need in needs.items()}

    def hybrid(self, pool: int, needs: Parts) -> Parts:
        """Weights first, need second."""
        return self.then("pro_rata", pool, needs, self.static(pool, needs))

    def priority(self, pool: int, needs: Parts) -> Parts:
        """Tier by tier."""
        given, rest = dict.fromkeys(needs, 0), pool
        tiers = {name: self.homes[name]["tier"] for name in needs}
        for tier in sorted(set(tiers.values()), key=lambda one: (one is None, one or 0)):
            here = {name: need for name, need in needs.items() if tiers[name] == tier}
            parts = self.by(self.request["within_tier"], rest, here)
            given.update(parts)
            rest -= sum(parts.values())
        return given

    def reserved(self, pool: int, needs: Parts) -> Parts:
        """Named members first."""
        first = {name: self.named(pool, needs).get(name, 0) for name in needs}
        return self.then(self.request["then"], pool, needs, first)

    def named(self, pool: int, needs: Parts) -> Parts:
        """Return the first round of `reserved`, without those who got nothing."""
        percents = {name: Fraction(self.homes[name]["reserved_percent"]) for name in needs}
        parts = {n: min(need, floor(pool * percents[n] / 100)) for n, need in needs.items()}
        return {name: part for name, part in parts.items() if part}

    def lifeline(self, pool: int, needs: Parts) -> Parts:
        """Serve the first watt-hours of all first."""
        basic = {name: min(need, self.request["lifeline_wh"]) for name, need in needs.items()}
        first = self.by(self.request["within_tier"], pool, basic)
        return self.then(self.request["then"], pool, needs, first)

    def then(self, method: str, pool: int, needs: Parts, first: Parts) -> Parts:
        """Share what a first step left."""
        left = {name: need - first[name] for name, need in needs.items()}
        second = self.by(method, pool - sum(first.values()), left)
        return {name: first[name] + second[name] for name in needs}

    def largest_remainder(self, total: int, weights: dict[str, Fraction]) -> Parts:
        """Hand out unit by unit to whoever misses most of its quota."""
        whole = sum(weights.values())
        if not whole:
            return dict.fromkeys(weights, 0)
        quotas = {name: total * weight / whole for name, weight in weights.items()}
        parts = {name: floor(quota) for name, quota in quotas.items()}
        for _ in range(total - sum(parts.values())):
            best = min(parts, key=lambda one: (parts[one] - quotas[one], self.turn(one)))
            parts[best] += 1
        return parts

    def turn(self, name: str) -> int:
        """Return how late somebody comes in a tie."""
        count = len(self.circle)
        if name == LAST:
            return count
        first = self.slot_number % count if self.request["tie"] == "rotate" else 0
        return (self.circle.index(name) - first) % count
