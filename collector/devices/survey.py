"""Reads a device as it is: where its registers lie, and all their words at one time.

Decides what to ask for; a device that refuses a stretch is asked for the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from collector.devices.planner import Block, plan_blocks
from collector.errors import DeviceError, RefusedError
from collector.profiles.layout import Captured, Layout, lay_out_fixed
from collector.profiles.profile import Profile
from collector.profiles.sunspec import COMMON, HEADER, MARKER, Model, walk
from collector.profiles.sunspec_models import has_model
from collector.profiles.sunspec_points import lay_out


class Reads(Protocol):
    """A bus, as far as reading goes."""

    def read(self, unit: int, function_code: int, address: int, count: int) -> list[int]:
        """Return exactly `count` words; raise DeviceError."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on a bus."""

    bus: Reads
    unit: int

    def read(self, block: Block) -> list[int]:
        """Return the words of one block."""
        return self.bus.read(self.unit, block.function_code, block.address, block.count)


@dataclass(frozen=True, slots=True)
class Found:
    """The models of a SunSpec device and the base of its map."""

    base: int
    models: tuple[Model, ...]


def walk_device(profile: Profile, line: Line) -> Found:
    """Find the models of a device; raise DeviceError when it does not speak SunSpec."""
    code = profile.function_codes[0]
    bases = profile.sunspec.bases if profile.sunspec else ()

    def read(address: int, count: int) -> Sequence[int]:
        return line.read(Block(code, address, count))

    for base in bases:
        try:
            is_here = tuple(read(base, len(MARKER))) == MARKER
        except RefusedError:
            continue
        if is_here:
            return Found(base, tuple(walk(read, base + len(MARKER))))
    places = ", ".join(str(base) for base in bases)
    raise DeviceError(
        f"unit {line.unit}: no SunSpec marker at {places}; "
        "switch SunSpec on in the device or choose another profile"
    )


def lay_out_device(profile: Profile, line: Line) -> tuple[Layout, Model | None]:
    """Place a device's registers; of a SunSpec device those of its first fitting model."""
    if profile.sunspec is None:
        return lay_out_fixed(profile), None
    models = walk_device(profile, line).models
    fitting = [model for model in models if model.id in profile.sunspec.models]
    if not fitting:
        found = ", ".join(str(model.id) for model in models) or "none"
        allowed = ", ".join(str(model) for model in profile.sunspec.models)
        raise DeviceError(
            f"unit {line.unit}: profile {profile.name} needs a SunSpec model of {allowed}, "
            f"found {found}; choose another profile"
        )
    code = profile.function_codes[0]
    layout = lay_out(
        profile, fitting[:1], lambda address, count: line.read(Block(code, address, count))
    )
    return layout, fitting[0]


def plan_all(profile: Profile, layout: Layout, max_gap: int | None = None) -> tuple[Block, ...]:
    """Plan the reads of everything in a layout."""
    gap = profile.max_gap if max_gap is None else max_gap
    return plan_blocks(list_stretches(layout), profile.max_words, gap, profile.forbidden)


def list_stretches(layout: Layout) -> tuple[Block, ...]:
    """Return what must be read for a layout; the models of a SunSpec device come whole."""
    if layout.frames:
        return tuple(
            Block(one.function_code, one.start - HEADER, one.end - one.start + HEADER)
            for one in layout.frames
        )
    return tuple(sorted({stretch for one in layout.placed for stretch in one.stretches()}))


def capture(profile: Profile, line: Line) -> list[Captured]:
    """Read all that a profile knows once.

    A stretch that the device refuses is asked for register by register; what it refuses even so
    stands as words that did not come.
    """
    layout = lay_out_fixed(profile) if profile.sunspec is None else Layout(())
    single = sorted({stretch for one in layout.placed for stretch in one.stretches()})
    captured: list[Captured] = []
    for block in _plan_capture(profile, line):
        try:
            captured.append(_as_captured(block, line.read(block)))
        except RefusedError:
            inside = [one for one in single if _is_inside(one, block)] or [block]
            captured += [_read_or_leave(one, line) for one in inside]
    if not any(word is not None for block in captured for word in block.words):
        raise DeviceError(f"unit {line.unit} refuses every register of {profile.name}")
    return captured


def _read_or_leave(block: Block, line: Line) -> Captured:
    try:
        return _as_captured(block, line.read(block))
    except RefusedError:
        return _as_captured(block, [None] * block.count)


def _as_captured(block: Block, words: Sequence[int | None]) -> Captured:
    return Captured(block.function_code, block.address, words)


def _is_inside(stretch: Block, block: Block) -> bool:
    same = stretch.function_code == block.function_code
    return same and block.address <= stretch.address and stretch.end <= block.end


def _plan_capture(profile: Profile, line: Line) -> tuple[Block, ...]:
    if profile.sunspec is None:
        return plan_all(profile, lay_out_fixed(profile))
    code = profile.function_codes[0]
    found = walk_device(profile, line)
    known = {COMMON, *profile.sunspec.models}
    end = found.models[-1].end if found.models else found.base + len(MARKER)
    wanted = [Block(code, found.base, len(MARKER)), Block(code, end, HEADER)]
    for model in found.models:
        length = model.length if model.id in known or has_model(model.id) else 0
        wanted.append(Block(code, model.address, HEADER + length))
    return plan_blocks(wanted, profile.max_words, 0)
