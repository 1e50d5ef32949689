"""Whole parts of a whole: largest remainder, with a tie rule that favours nobody for long."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ties:
    """Who comes first among equal remainders: places in the key, counted from this slot's turn.

    `places` are positions among all `count` homes of the key, sorted by code point, also of those
    that take no part here. A place of `count` or more never gets a unit in a tie.
    """

    places: Sequence[int]
    count: int
    turn: int

    def rank(self, index: int) -> int:
        """Return how late a participant comes."""
        place = self.places[index]
        return (place - self.turn) % self.count if place < self.count else place


def largest_remainder(total: int, weights: Sequence[int], ties: Ties) -> list[int]:
    """Share `total` in whole units by weight; the spare units go to the largest remainders."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    spare = total - sum(parts)
    if spare:
        for index in _first(spare, total, weights, ties):
            parts[index] += 1
    return parts


def _first(spare: int, total: int, weights: Sequence[int], ties: Ties) -> list[int]:
    whole = sum(weights)
    order = sorted(
        range(len(weights)), key=lambda index: (-(total * weights[index] % whole), ties.rank(index))
    )
    return order[:spare]
