"""Whole parts of a whole: largest remainder, with a tie rule that favours nobody for long."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple


class Ties(NamedTuple):
    """Who comes first among equal remainders: places in the key, counted from this slot's turn.

    `places` ascend; they are positions among all homes of the key, sorted by code point, also of
    those that take no part here. A place of `home_count` or more never gets a unit in a tie.
    """

    places: Sequence[int]
    home_count: int
    turn: int

    def among(self, participants: Sequence[int]) -> "Ties":
        """Return the same for some of the participants."""
        return Ties([self.places[one] for one in participants], self.home_count, self.turn)

    def with_last(self) -> "Ties":
        """Return the same with one more participant, who comes last."""
        return Ties([*self.places, self.home_count], self.home_count, self.turn)

    def in_turn(self) -> list[int]:
        """Return the participants, who comes first in a tie first."""
        inside = bisect_left(self.places, self.home_count)
        first = bisect_left(self.places, self.turn, 0, inside)
        return [*range(first, inside), *range(first), *range(inside, len(self.places))]


def largest_remainder(total: int, weights: Sequence[int], ties: Ties) -> list[int]:
    """Share `total` in whole units by weight; the spare units go to the largest remainders."""
    whole = sum(weights)
    if not total or not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    spare = total - sum(parts)
    if spare:
        remainders = [total * weight % whole for weight in weights]
        # Sorting keeps the order of equals, so who comes first in a tie stays first.
        for index in sorted(ties.in_turn(), key=remainders.__getitem__, reverse=True)[:spare]:
            parts[index] += 1
    return parts
