"""Joins the words that are wanted into the fewest reads; knows neither quantities nor a bus."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

MAX_WORDS = 125
MAX_GAP = 10


class Block(NamedTuple):
    """One read."""

    function_code: int
    address: int
    count: int

    @property
    def end(self) -> int:
        """Return the first address behind it."""
        return self.address + self.count


@dataclass(frozen=True, slots=True)
class Limits:
    """What a device allows in one read; `forbidden` lists first and last addresses."""

    max_words: int = MAX_WORDS
    max_gap: int = MAX_GAP
    forbidden: Sequence[tuple[int, int]] = ()

    def allow(self, left: Block, right: Block) -> bool:
        """Return whether one read may hold both; `right` does not start before `left`."""
        return (
            left.function_code == right.function_code
            and max(left.end, right.end) - left.address <= self.max_words
            and right.address - left.end <= self.max_gap
            and not any(
                first < right.address and last >= left.end for first, last in self.forbidden
            )
        )


def plan_blocks(wanted: Iterable[Block], limits: Limits | None = None) -> tuple[Block, ...]:
    """Return the fewest reads that hold every wanted stretch whole.

    A read skips at most `max_gap` unwanted words at once and none that is forbidden. A stretch
    longer than `max_words` is cut, because no read can hold it.
    """
    limits = limits or Limits()
    blocks: list[Block] = []
    for stretch in sorted(_cut(wanted, limits.max_words)):
        # A read starts at the first stretch that none holds yet and takes all that still fit;
        # to start earlier or to take less never saves a read.
        if blocks and limits.allow(blocks[-1], stretch):
            blocks[-1] = _join(blocks[-1], stretch)
        else:
            blocks.append(stretch)
    return tuple(blocks)


def _cut(wanted: Iterable[Block], max_words: int) -> Iterator[Block]:
    for function_code, address, count in wanted:
        for start in range(address, address + count, max_words):
            yield Block(function_code, start, min(max_words, address + count - start))


def _join(left: Block, right: Block) -> Block:
    return left._replace(count=max(left.end, right.end) - left.address)
