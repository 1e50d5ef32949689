"""Gives the points of a SunSpec device's models fixed addresses; decodes none of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from collector.errors import ConfigurationError
from collector.profiles.layout import Captured, Frame, Layout, Memory, Placed, place, remember
from collector.profiles.profile import Profile, SunSpec
from collector.profiles.register import Kind, Register
from collector.profiles.sunspec import (
    END,
    HEADER,
    Model,
    ModelStart,
    Read,
    either,
    find_models,
    reading,
    start_at,
    start_model,
    sunspec_of,
)
from collector.profiles.sunspec_models import At, frame_model, place_model

REACH = 1_000
"""So far behind the last word of a capture a model is laid out; only repeating ones go farther."""


def lay_out_models(
    profile: Profile,
    blocks: Sequence[Captured],
    memory: Memory,
    start: ModelStart | None = None,
) -> Layout:
    """Place the points of every model of the profile that a capture holds."""
    sunspec = sunspec_of(profile)
    read = reading(memory, profile.function_codes[0])
    markers, models = find_models(sunspec, profile.function_codes[0], blocks, read)
    if start is not None:
        models = start_at(start_model(profile, memory, start), models, read)
    models = _cut(models, memory)
    mine = [model for model in models if model.id in sunspec.models]
    if not models and not markers:
        problem = (
            f"no SunSpec marker and no model {either(sunspec)} starts a block; name the address "
            "of the ID register of the model that it begins in with --model-at"
        )
        raise ConfigurationError("capture", [problem])
    layout = _with_others(profile, lay_out(profile, mine, read), models, read)
    marked = tuple(_placed_marker(profile, address) for address in markers)
    return replace(layout, placed=marked + layout.placed)


def list_models(profile: Profile, blocks: Sequence[Captured]) -> str:
    """Name the models of a device, and the one of them that a cycle reads."""
    sunspec, code = sunspec_of(profile), profile.function_codes[0]
    _, models = find_models(sunspec, code, blocks, reading(remember(blocks), code))
    polled = next((model for model in models if model.id in sunspec.models), None)
    told = ", ".join(f"{model.id} at {model.address}" for model in models)
    which = f"{polled.id} at {polled.address}" if polled else "none"
    return f"models: {told}; each cycle reads {which}"


def lay_out(profile: Profile, models: Iterable[Model], read: Read) -> Layout:
    """Place the points of the given models."""
    models = list(models)
    sunspec = sunspec_of(profile)
    return Layout(
        tuple(one for model in models for one in _place_points(profile, model, read)),
        tuple(_frame(profile, sunspec, model) for model in models),
    )


def _with_others(profile: Profile, layout: Layout, models: Iterable[Model], read: Read) -> Layout:
    """Add the points that the profile does not name, as the Alliance's files say."""
    code, mine = profile.function_codes[0], sunspec_of(profile).models
    placed, frames = list(layout.placed), list(layout.frames)
    named = {one.words[0] for one in placed}
    turns: Counter[int] = Counter()
    for model in models:
        turns[model.id] += 1
        at = At(model.address, model.end, turns[model.id])
        points = place_model(model.id, at, profile.function_codes, read)
        points = points or list(_place_header(profile, model))
        placed += [one for one in points if one.words[0] not in named]
        frame = None if model.id in mine else frame_model(model.id, at, code)
        frames += [frame] if frame else []
    return Layout(tuple(placed), tuple(frames))


def _cut(models: Iterable[Model], memory: Memory) -> list[Model]:
    """Shorten the models that claim thousands of registers of which nobody read any."""
    last = max((address for _, address in memory), default=0)
    return [
        replace(one, length=min(one.length, max(last - one.address, 0) + REACH)) for one in models
    ]


def _frame(profile: Profile, sunspec: SunSpec, model: Model) -> Frame:
    may_hold = {
        model.address + one.start: sunspec.zero_frame_may_hold[one.point]
        for one in profile.registers
        if one.point and one.point in sunspec.zero_frame_may_hold
    }
    return Frame(profile.function_codes[0], model.address + HEADER, model.end, may_hold)


def _place_points(profile: Profile, model: Model, read: Read) -> Iterator[Placed]:
    scales = {
        one.point: model.address + one.start for one in profile.registers if one.type is Kind.SUNSSF
    }
    factors = _vendor_factors(sunspec_of(profile), model)
    for register, number in _name_points(profile, model, read):
        offset = model.address + _module_offset(profile, number)
        words = tuple(offset + one for one in register.words)
        scale_at = scales[register.scale_factor] if register.scale_factor else None
        # Behind a model that is shorter than its file stands the next one.
        if max(words[-1], scale_at or 0) < model.end:
            placed = place(profile, register)
            yield replace(
                placed,
                quantity=register.quantity.replace("{n}", str(number)),
                words=words,
                multiplier=placed.multiplier * factors.get(register.quantity, 1),
                scale_at=scale_at,
            )


def _place_header(profile: Profile, model: Model) -> Iterator[Placed]:
    for register in _HEADER_POINTS:
        words = (model.address + register.start,)
        yield replace(place(profile, register), words=words)


def _name_points(profile: Profile, model: Model, read: Read) -> Iterator[tuple[Register, int]]:
    """Yield each register with the number of its module; 0 outside the modules."""
    modules = range(1, _count_modules(profile, model, read) + 1)
    for register in (*_HEADER_POINTS, *profile.registers):
        for number in modules if register.repeat else (0,):
            yield register, number


def _module_offset(profile: Profile, number: int) -> int:
    module = sunspec_of(profile).module
    return module.first_offset + (number - 1) * module.length if module and number else 0


def _count_modules(profile: Profile, model: Model, read: Read) -> int:
    module = sunspec_of(profile).module
    if module is None:
        return 0
    fitting = (model.length + HEADER - module.first_offset) // module.length
    at = next(one.start for one in profile.registers if one.point == module.count_point)
    told = read(model.address + at, 1)[0]
    # A frame of zeros says none, and its length says how many.
    return min(told, fitting) if told and told != END else fitting


def _vendor_factors(sunspec: SunSpec, model: Model) -> dict[str, Decimal]:
    return {
        quantity: vendor.multiplier
        for vendor in sunspec.vendor
        if vendor.manufacturer.casefold() == model.manufacturer.casefold()
        for quantity in vendor.quantities
    }


def _placed_marker(profile: Profile, address: int) -> Placed:
    return replace(place(profile, _MARKER_POINT), words=(address, address + 1))


def _header_point(quantity: str, offset: int) -> Register:
    return Register(
        quantity=quantity,
        point_offset=offset,
        type=Kind.U16,
        unit="1",
        confidence="high",
        sources=("walk",),
    )


_HEADER_POINTS = (_header_point("model_id", 0), _header_point("model_length", 1))
_MARKER_POINT = Register(
    quantity="sunspec_marker",
    point_offset=0,
    count=2,
    type=Kind.STRING,
    unit="text",
    confidence="high",
    sources=("walk",),
)
