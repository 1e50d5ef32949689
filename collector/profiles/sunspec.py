"""Finds the models of a SunSpec device.

Walks by each model's own length, never by a known address; decodes no point of a family.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from collector.errors import ConfigurationError
from collector.profiles.layout import Captured, Memory
from collector.profiles.profile import Profile, SunSpec
from collector.profiles.sunspec_models import fixed_length, has_model

MARKER = (0x5375, 0x6E53)
"""`SunS` in two words."""
END, COMMON = 65_535, 1
COMMON_LENGTHS = (65, 66)
MAX_MODELS = 200
HEADER = 2
NAMELESS = 0
"""Stands for a number that did not come; no model has it."""
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
    return (model for model in _step(read, address, owner) if model.id != NAMELESS)


def find_models(
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
            models += _step(read, address + 2, None, sunspec.model_length)
        elif _is_header(sunspec, read(address, HEADER)):
            before = [model for model in models if model.end <= address]
            models += _step(read, address, before[-1] if before else None, sunspec.model_length)
    return markers, list(_name(sunspec, models))


def start_model(profile: Profile, memory: Memory, start: ModelStart) -> Model:
    """Return the model that is told to begin at an address."""
    sunspec = sunspec_of(profile)
    code = profile.function_codes[0]
    number, length = (memory.get((code, start.address + one)) for one in range(HEADER))
    wanted = start.model or number or sunspec.models[0]
    if wanted not in sunspec.models and not has_model(wanted):
        problem = (
            f"model {wanted} at {start.address} is not of {profile.name}; "
            f"allowed: {either(sunspec)}, correct --model-at or --model"
        )
        raise ConfigurationError("capture", [problem])
    own = sunspec.model_length if wanted in sunspec.models else fixed_length(wanted)
    length = length or own or _guess_told_length(sunspec, memory, code, start.address)
    return Model(wanted, start.address, length)


def start_at(first: Model, found: Iterable[Model], read: Read) -> list[Model]:
    """Return the models before the first, it, and those behind it."""
    found = list(found)
    before = [model for model in found if model.end <= first.address]
    first = _owned(read, first, before[-1] if before else None)
    following = [first, *walk(read, first.end, first)]
    return [*before, *following, *(one for one in found if one.address >= following[-1].end)]


def sunspec_of(profile: Profile) -> SunSpec:
    """Return how the models of a profile are found; raise ConfigurationError if it has none."""
    if profile.sunspec is None:
        raise ConfigurationError(f"profile {profile.name}", ["is not a SunSpec profile"])
    return profile.sunspec


def either(sunspec: SunSpec) -> str:
    """Name the models of a family."""
    return " or ".join(str(one) for one in sunspec.models)


def reading(memory: Memory, function_code: int) -> Read:
    """Return how to read what was captured."""

    def read(address: int, count: int) -> Sequence[int | None]:
        return [memory.get((function_code, one)) for one in range(address, address + count)]

    return read


def read_text(read: Read, address: int, count: int) -> str:
    """Read a text; a word that cannot be had counts as its end."""
    words = [word or 0 for word in read(address, count)]
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    return raw.partition(b"\0")[0].decode("latin-1").strip()


def _step(
    read: Read, address: int, owner: Model | None, hoped: int | None = None
) -> Iterator[Model]:
    """Walk; a model whose number did not come is `NAMELESS`, perhaps of the length hoped for."""
    for turn in range(MAX_MODELS):
        number, length = read(address, HEADER)
        if number is None and turn == 0:
            number = COMMON
        if length is None:
            length = _guess_length(read, address, number, hoped)
        if number in {0, END} or length is None:
            return
        model = _owned(read, Model(number or NAMELESS, address, length), owner)
        owner = model if number == COMMON else owner
        yield model
        address += HEADER + length
        if address + HEADER > END + 1:
            return


def _owned(read: Read, model: Model, owner: Model | None) -> Model:
    if model.id == COMMON:
        manufacturer = read_text(read, model.address + 2, 16)
        return replace(
            model, manufacturer=manufacturer, serial=read_text(read, model.address + 50, 16)
        )
    if owner is None:
        return model
    return replace(model, manufacturer=owner.manufacturer, serial=owner.serial)


def _name(sunspec: SunSpec, models: Sequence[Model]) -> Iterator[Model]:
    """Leave out the nameless, but for the first that may be the only one of the family."""
    is_named = any(one.id in sunspec.models for one in models)
    for one in models:
        if one.id != NAMELESS:
            yield one
        elif not is_named and _fits(sunspec, one.length):
            is_named = True
            yield replace(one, id=sunspec.models[0])


def _guess_length(read: Read, address: int, number: int | None, hoped: int | None) -> int | None:
    """Return the length of a model whose own word for it did not come, if what follows fits."""
    own = hoped if number is None else fixed_length(number)
    for length in COMMON_LENGTHS if number == COMMON else (own,):
        if length is None:
            continue
        behind = read(address + HEADER + length, HEADER)
        is_open = number not in {COMMON, None} and set(behind) == {None}
        if is_open or _may_follow(*behind):
            return length
    return None


def _may_follow(number: int | None, length: int | None) -> bool:
    return number == END or (number is not None and has_model(number) and length != 0)


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


def _guess_told_length(sunspec: SunSpec, memory: Memory, code: int, start: int) -> int:
    """Return a length that reaches to the end of the capture, and of a module that is cut off."""
    last = max((address for table, address in memory if table == code), default=start)
    length = max(last - start - 1, 0)
    if sunspec.module is None:
        return length
    fixed = sunspec.module.first_offset - HEADER
    return length + (fixed - length) % sunspec.module.length
