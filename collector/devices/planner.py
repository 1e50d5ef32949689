"""Joins the words that are wanted into the fewest reads; knows neither quantities nor a bus."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

MAX_WORDS = 125
MAX_GAP = 10


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """One read, or one stretch that is wanted whole."""

    function_code: int
    address: int
    count: int

    @property
    def end(self) -> int:
        """Return the first address behind it."""
        return self.address + self.count


def plan_blocks(
    wanted: Iterable[Block],
    max_words: int = MAX_WORDS,
    max_gap: int = MAX_GAP,
    forbidden: Sequence[tuple[int, int]] = (),
    cuts: Collection[int] = (),
) -> tuple[Block, ...]:
    """Return the fewest reads that hold every wanted stretch whole.

    A read skips at most `max_gap` unwanted words at once and none between the first and last
    address of a forbidden stretch; it joins nothing before a cut to anything from there on. What is
    longer than `max_words` is cut: no read can hold it.
    """
    limits = _Limits(max_words, max_gap, forbidden, cuts)
    blocks: list[Block] = []
    for stretch in sorted(_cut(wanted, max_words)):
        # A read starts at the first stretch that none holds yet and takes all that still fit;
        # to start earlier or to take less never saves a read.
        if blocks and limits.allow(blocks[-1], stretch):
            blocks[-1] = _join(blocks[-1], stretch)
        else:
            blocks.append(stretch)
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class _Limits:
    max_words: int
    max_gap: int
    forbidden: Sequence[tuple[int, int]]
    cuts: Collection[int]

    def allow(self, left: Block, right: Block) -> bool:
        return (
            left.function_code == right.function_code
            and max(left.end, right.end) - left.address <= self.max_words
            and right.address - left.end <= self.max_gap
            and not any(
                max(first, left.end) <= min(last, right.address - 1)
                for first, last in self.forbidden
            )
            and not any(left.address < cut <= right.address for cut in self.cuts)
        )


def _cut(wanted: Iterable[Block], max_words: int) -> Iterator[Block]:
    for one in wanted:
        for start in range(one.address, one.end, max_words):
            yield Block(one.function_code, start, min(max_words, one.end - start))


def _join(left: Block, right: Block) -> Block:
    return replace(left, count=max(left.end, right.end) - left.address)
