"""Chooses which sums may be told, so that none gives away fewer than five homes.

A sum is made of kinds of amounts, such as what homes used of their own roofs. Together, sums give
away every combination of them. One is told only if no combination with those told before it is
left with kinds that cover one to four homes. Pure; it knows no energy.
"""

from collections.abc import Iterator, Mapping, Sequence

FEWEST_HOMES = 5

Parts = Mapping[str, int]
"""How often each kind stands in a sum."""
Covered = Mapping[str, frozenset[str]]
"""Whose amount of a kind is not zero."""


def choose(wanted: Mapping[str, Parts], covered: Covered) -> frozenset[str]:
    """Return the names of those of the wanted sums that may be told, first come first."""
    kinds = [kind for kind, homes in covered.items() if homes]
    too_few = list(_too_few(kinds, covered))
    told: list[str] = []
    rows: list[list[int]] = []
    for name, parts in wanted.items():
        row = [parts.get(kind, 0) for kind in kinds]
        if not any(_gives_away([*rows, row], kinds, few) for few in too_few):
            told.append(name)
            rows.append(row)
    return frozenset(told)


def _too_few(kinds: Sequence[str], covered: Covered) -> Iterator[frozenset[str]]:
    """Yield the largest sets of kinds that cover too few homes in all."""
    few = [kind for kind in kinds if len(covered[kind]) < FEWEST_HOMES]
    together: set[frozenset[str]] = set()
    for kind in few:
        together |= {homes | covered[kind] for homes in together} | {covered[kind]}
        together = {homes for homes in together if len(homes) < FEWEST_HOMES}
    sets = {frozenset(kind for kind in few if covered[kind] <= homes) for homes in together}
    return (one for one in sets if not any(one < other for other in sets))


def _gives_away(rows: Sequence[Sequence[int]], kinds: Sequence[str], few: frozenset[str]) -> bool:
    """Say whether some combination of the rows is left with nothing but some of these kinds."""
    others = [place for place, kind in enumerate(kinds) if kind not in few]
    return _rank([[row[place] for place in others] for row in rows]) < _rank(rows)


def _rank(rows: Sequence[Sequence[int]]) -> int:
    left = [list(row) for row in rows]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            rank += 1
            left = [_without(row, pivot, column) for row in left if row is not pivot]
    return rank


def _without(row: list[int], pivot: Sequence[int], column: int) -> list[int]:
    """Return a row times a number, less the pivot times another, so that the column is zero."""
    if not row[column]:
        return row
    return [
        part * pivot[column] - row[column] * above for part, above in zip(row, pivot, strict=True)
    ]
