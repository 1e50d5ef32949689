"""Finds the models of a SunSpec device and gives their points fixed addresses.

Walks by each model's own length, never by a known address; decodes no point of a family.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from collector.errors import ConfigurationError
from collector.profiles.layout import (
    Captured,
    Frame,
    Layout,
    Memory,
    Placed,
    place,
    remember,
)
from collector.profiles.profile import Profile, SunSpec
from collector.profiles.register import Kind, Register
from collector.profiles.sunspec_models import (
    At,
    fixed_length,
    frame_model,
    has_model,
    place_model,
)

MARKER = (0x5375, 0x6E53)
"""`SunS` in two words."""
END, COMMON = 65_535, 1
COMMON_LENGTHS = (65, 66)
MAX_MODELS = 200
HEADER = 2
REACH = 1_000
"""So far behind the last word of a capture a model is laid out; only repeating ones go farther."""
LOWEST_TELLING = 100
"""Smaller model numbers look too much like a measured value to start a walk at."""

Read = Callable[[int, int], Sequence[int | None]]
"""Give so many words from an address on; None for a word that cannot be had."""


@dataclass(frozen=True, slots=True)
class ModelStart:
    """Where a capture's first model begins: the address of its ID register, and its number."""

    address: int
    model: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One model: number, address of its ID register, registers behind L, and whose it is."""

    id: int
    address: int
    length: int
    manufacturer: str = ""
    serial: str = ""

    @property
    def end(self) -> int:
        """Return the address of the next model's ID register."""
        return self.address + HEADER + self.length


def walk(read: Read, address: int, owner: Model | None = None) -> Iterator[Model]:
    """Yield the models from the ID register at `address` on, up to the end model.

    Each carries manufacturer and serial number of the common model before it.
    """
    for _ in range(MAX_MODELS):
        number, length = read(address, HEADER)
        if length is None:
            length = _guess_length(read, address, number)
        if number in {0, END} or length is None:
            return
        if number is not None:
            model = _owned(read, Model(number, address, length), owner)
            owner = model if number == COMMON else owner
            yield model
        address += HEADER + length
        if address + HEADER > END + 1:
            return


def lay_out_models(
    profile: Profile,
    blocks: Sequence[Captured],
    memory: Memory,
    start: ModelStart | None = None,
) -> Layout:
    """Place the points of every model of the profile that a capture holds."""
    sunspec = _sunspec(profile)
    read = _reading(memory, profile.function_codes[0])
    markers, models = _find_models(sunspec, profile.function_codes[0], blocks, read)
    if start is not None:
        models = _start_at(_start_model(profile, memory, start), models, read)
    models = _cut(models, memory)
    mine = [model for model in models if model.id in sunspec.models]
    if not models and not markers:
        problem = (
            f"no SunSpec marker and no model {_either(sunspec)} starts a block; name the address "
            "of the ID register of the model that it begins in with --model-at"
        )
        raise ConfigurationError("capture", [problem])
    layout = _with_others(profile, lay_out(profile, mine, read), models, read)
    marked = tuple(_placed_marker(profile, address) for address in markers)
    return replace(layout, placed=marked + layout.placed)


def list_models(profile: Profile, blocks: Sequence[Captured]) -> str:
    """Name the models of a device, and the one of them that a cycle reads."""
    sunspec, code = _sunspec(profile), profile.function_codes[0]
    _, models = _find_models(sunspec, code, blocks, _reading(remember(blocks), code))
    polled = next((model for model in models if model.id in sunspec.models), None)
    told = ", ".join(f"{model.id} at {model.address}" for model in models)
    which = f"{polled.id} at {polled.address}" if polled else "none"
    return f"models: {told}; each cycle reads {which}"


def lay_out(profile: Profile, models: Iterable[Model], read: Read) -> Layout:
    """Place the points of the given models."""
    models = list(models)
    sunspec = _sunspec(profile)
    return Layout(
        tuple(one for model in models for one in _place_points(profile, model, read)),
        tuple(_frame(profile, sunspec, model) for model in models),
    )


def _with_others(profile: Profile, layout: Layout, models: Iterable[Model], read: Read) -> Layout:
    """Add the points of models that the profile does not name, as the Alliance's files say."""
    code, mine = profile.function_codes[0], _sunspec(profile).models
    placed, frames = list(layout.placed), list(layout.frames)
    turns: Counter[int] = Counter()
    for model in models:
        if model.id in mine:
            continue
        turns[model.id] += 1
        at = At(model.address, model.end, turns[model.id])
        placed += place_model(model.id, at, profile.function_codes, read)
        frame = frame_model(model.id, at, code)
        frames += [frame] if frame else []
    return Layout(tuple(placed), tuple(frames))


def _sunspec(profile: Profile) -> SunSpec:
    if profile.sunspec is None:
        raise ConfigurationError(f"profile {profile.name}", ["is not a SunSpec profile"])
    return profile.sunspec


def _either(sunspec: SunSpec) -> str:
    return " or ".join(str(one) for one in sunspec.models)


def _reading(memory: Memory, function_code: int) -> Read:
    def read(address: int, count: int) -> Sequence[int | None]:
        return [memory.get((function_code, one)) for one in range(address, address + count)]

    return read


def _owned(read: Read, model: Model, owner: Model | None) -> Model:
    if model.id == COMMON:
        manufacturer = _read_text(read, model.address + 2, 16)
        return replace(
            model, manufacturer=manufacturer, serial=_read_text(read, model.address + 50, 16)
        )
    if owner is None:
        return model
    return replace(model, manufacturer=owner.manufacturer, serial=owner.serial)


def _guess_length(read: Read, address: int, number: int | None) -> int | None:
    """Return the length of a model whose own word for it did not come, if what follows fits."""
    told = COMMON_LENGTHS if number == COMMON else (number and fixed_length(number),)
    for length in told:
        if length and _may_follow(*read(address + HEADER + length, HEADER)):
            return length
    return None


def _may_follow(number: int | None, length: int | None) -> bool:
    return number == END or (number is not None and has_model(number) and length != 0)


def _read_text(read: Read, address: int, count: int) -> str:
    words = [word or 0 for word in read(address, count)]
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    return raw.partition(b"\0")[0].decode("latin-1").strip()


def _find_models(
    sunspec: SunSpec, function_code: int, blocks: Sequence[Captured], read: Read
) -> tuple[list[int], list[Model]]:
    """Return the markers' addresses and the models behind them or at the start of a block."""
    markers: list[int] = []
    models: list[Model] = []
    for address in _order_starts(sunspec, function_code, blocks):
        if address in markers or any(one.address <= address < one.end for one in models):
            continue
        if tuple(read(address, 2)) == MARKER:
            markers.append(address)
            models += walk(read, address + 2)
        elif _is_header(sunspec, read(address, HEADER)):
            before = [model for model in models if model.end <= address]
            models += walk(read, address, before[-1] if before else None)
    return markers, models


def _order_starts(
    sunspec: SunSpec, function_code: int, blocks: Sequence[Captured]
) -> Iterator[int]:
    """Yield where models may start: the known bases, any marker, the first word of a block."""
    mine = sorted(
        (block for block in blocks if block.function_code == function_code),
        key=lambda block: block.address,
    )
    yield from sunspec.bases
    for block in mine:
        yield block.address
        for offset, pair in enumerate(zip(block.words, block.words[1:], strict=False)):
            if pair == MARKER:
                yield block.address + offset


def _is_header(sunspec: SunSpec, header: Sequence[int | None]) -> bool:
    number, length = header
    if number == COMMON:
        return length in COMMON_LENGTHS
    if number is None or length is None:
        return False
    if number in sunspec.models:
        return _fits(sunspec, length)
    return number >= LOWEST_TELLING and fixed_length(number) == length


def _fits(sunspec: SunSpec, length: int) -> bool:
    if sunspec.module is None:
        return length == sunspec.model_length
    modules = length - sunspec.module.first_offset + HEADER
    return modules >= 0 and modules % sunspec.module.length == 0


def _cut(models: Iterable[Model], memory: Memory) -> list[Model]:
    """Shorten the models that claim thousands of registers of which nobody read any."""
    last = max((address for _, address in memory), default=0)
    return [
        replace(one, length=min(one.length, max(last - one.address, 0) + REACH)) for one in models
    ]


def _start_at(first: Model, found: Iterable[Model], read: Read) -> list[Model]:
    """Return the models before the first, it, and those that follow it."""
    before = [model for model in found if model.end <= first.address]
    owner = before[-1] if before else None
    first = _owned(read, first, owner)
    return [*before, first, *walk(read, first.end, first)]


def _start_model(profile: Profile, memory: Memory, start: ModelStart) -> Model:
    sunspec = _sunspec(profile)
    code = profile.function_codes[0]
    number, length = (memory.get((code, start.address + one)) for one in range(HEADER))
    wanted = start.model or number or sunspec.models[0]
    if wanted not in sunspec.models and not has_model(wanted):
        problem = (
            f"model {wanted} at {start.address} is not of {profile.name}; "
            f"allowed: {_either(sunspec)}, correct --model-at or --model"
        )
        raise ConfigurationError("capture", [problem])
    own = sunspec.model_length if wanted in sunspec.models else fixed_length(wanted)
    last = max((address for table, address in memory if table == code), default=start.address)
    return Model(wanted, start.address, length or own or max(last - start.address - 1, 0))


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
    factors = _vendor_factors(_sunspec(profile), model)
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


def _name_points(profile: Profile, model: Model, read: Read) -> Iterator[tuple[Register, int]]:
    """Yield each register with the number of its module; 0 outside the modules."""
    modules = range(1, _count_modules(profile, model, read) + 1)
    for register in (*_HEADER_POINTS, *profile.registers):
        for number in modules if register.repeat else (0,):
            yield register, number


def _module_offset(profile: Profile, number: int) -> int:
    module = _sunspec(profile).module
    return module.first_offset + (number - 1) * module.length if module and number else 0


def _count_modules(profile: Profile, model: Model, read: Read) -> int:
    module = _sunspec(profile).module
    if module is None:
        return 0
    fitting = (model.length + HEADER - module.first_offset) // module.length
    at = next(one.start for one in profile.registers if one.point == module.count_point)
    told = read(model.address + at, 1)[0]
    return fitting if told in {None, END} or told is None else min(told, fitting)


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
