"""How a family with fixed addresses is told apart: what to ask for, and how well the answers fit.

All of it comes from the profile: what it polls, its identity, its sayings, its ranges and codes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2

from collector.devices.planner import Block, plan_blocks
from collector.profiles.decode import decode_layout
from collector.profiles.layout import Layout, Placed, lay_out_fixed
from collector.profiles.profile import Profile
from collector.reading import Value
from collector.scanning.clues import Clue, find_clues, is_usual
from collector.scanning.questions import Questions

SAID, SAID_OTHERWISE = 5.0, -15.0
SAID_BY_NAME = 20.0
RARE, MOST_RARE = 2.0, 8.0
"""An answer counts so much at most where the device refuses nearly everything else."""
MISSING, MOST_MISSING = 0.7, 6.0
ONE_BIT = 1.0
"""Less speaks for nobody."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answers of one unit say of one profile."""

    score: float
    speaks: bool
    """Whether anything at all speaks for the profile."""
    answered: int
    asked: int
    clues: Sequence[Clue] = ()
    name: str = ""
    """What the device calls itself, if only this family does so."""


@dataclass
class Fingerprint:
    """One family, as a scan asks for it, with its registers where they would stand."""

    profile: Profile
    placed: Sequence[Placed]
    doubt: str = ""
    """Why it can be no more than possible, however well the answers fit."""

    @cached_property
    def marks(self) -> tuple[Placed, ...]:
        """Return the registers that tell it apart, the most telling first."""
        profile = self.profile
        said = [one.quantity for one in profile.fingerprint]
        wanted = [*said, *profile.identity, *profile.poll]
        marks = sorted(
            (one for one in self.placed if one.quantity in wanted),
            key=lambda one: wanted.index(one.quantity),
        )
        return tuple(sorted(marks, key=lambda one: self._rank(one, said)))

    def ask(self, questions: Questions) -> None:
        """Ask for the marks, joined; of what is refused only as much as makes sense."""
        for turn in range(len(self.profile.function_codes)):
            if questions.is_quiet or not questions.is_there:
                (first, *_) = _stretches(self.marks[0], turn)
                if not questions.ask(first):
                    continue
            for block in self._plan(self.marks, turn):
                self._ask_block(questions, block, turn)

    def ask_each(self, questions: Questions) -> None:
        """Ask for every register by itself."""
        for turn in range(len(self.profile.function_codes)):
            for one in self.placed:
                for stretch in _stretches(one, turn):
                    questions.ask(stretch)

    def weigh(self, questions: Questions) -> Evidence:
        """Judge what is known of a unit."""
        marks = {one.quantity: one for one in self.marks}
        came = [one for one in self.placed if _has_come(one, questions)]
        clues = find_clues(came, questions.memory)
        name, said = self._hear(questions)
        rare = min(RARE, log2(1 / questions.answer_rate))
        answered = sum(one.quantity in marks for one in came)
        told = sum(clue.bits for clue in clues) + said + min(MOST_RARE, rare * len(came))
        missing = min(MOST_MISSING, MISSING * (len(marks) - answered))
        asked = len(marks) + len(came) - answered
        return Evidence(told - missing, told >= ONE_BIT, len(came), asked, clues, name)

    def read_out(self, questions: Questions, quantities: Sequence[str]) -> dict[str, Value]:
        """Ask for some quantities by name; return what came."""
        wanted = [one for one in self.placed if one.quantity in quantities]
        for one in wanted:
            for stretch in _stretches(one, 0):
                questions.ask(stretch)
        found = decode_layout(Layout(tuple(wanted)), questions.memory)
        return {one.quantity: one.value for one in found if one.value is not None}

    def list_stretches(self, quantities: Sequence[str]) -> list[Block]:
        """Return where some quantities stand."""
        wanted = [one for one in self.placed if one.quantity in quantities]
        return [stretch for one in wanted for stretch in _stretches(one, 0)]

    def _rank(self, one: Placed, said: Sequence[str]) -> int:
        if one.quantity in said:
            return 0
        return 1 if is_usual(one.register) else 2

    def _plan(self, placed: Sequence[Placed], turn: int) -> Sequence[Block]:
        stretches = [block for one in placed for block in _stretches(one, turn)]
        profile = self.profile
        return plan_blocks(stretches, profile.max_words, profile.max_gap, profile.forbidden)

    def _ask_block(self, questions: Questions, block: Block, turn: int) -> None:
        inside = [
            stretch
            for one in self.marks
            for stretch in _stretches(one, turn)
            if _is_inside(stretch, block)
        ]
        if questions.ask(block) or questions.is_quiet:
            return
        if questions.ask(inside[0]):
            for stretch in inside[1:]:
                questions.ask(stretch)

    def _hear(self, questions: Questions) -> tuple[str, float]:
        """Return the name by which the device is known, and what its sayings weigh."""
        name, weight = "", 0.0
        for saying in self.profile.fingerprint:
            placed = [one for one in self.placed if one.quantity == saying.quantity]
            for decoded in decode_layout(Layout(tuple(placed)), questions.memory):
                if decoded.value in {None, "", 0}:
                    continue
                if not saying.holds(decoded.value):
                    weight += SAID_OTHERWISE
                elif saying.starts_with:
                    name, weight = str(decoded.value), weight + SAID_BY_NAME
                else:
                    weight += SAID
        return name, weight


def take_fingerprint(profile: Profile) -> Fingerprint:
    """Return how a family with fixed addresses is asked for."""
    return Fingerprint(profile, lay_out_fixed(profile).placed)


def _stretches(one: Placed, turn: int) -> Iterator[Block]:
    """Yield what must be read for a register; families with two tables have a turn for each."""
    code = one.function_codes[min(turn, len(one.function_codes) - 1)]
    for stretch in one.stretches():
        yield Block(code, stretch.address, stretch.count)


def _has_come(one: Placed, questions: Questions) -> bool:
    return any(
        all((code, word) in questions.memory for word in one.words) for code in one.function_codes
    )


def _is_inside(stretch: Block, block: Block) -> bool:
    same = stretch.function_code == block.function_code
    return same and block.address <= stretch.address and stretch.end <= block.end
