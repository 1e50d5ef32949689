"""Whether a unit speaks SunSpec: its models, and what its common block says of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from collector.devices.planner import Block
from collector.profiles.profile import Profile
from collector.profiles.sunspec import (
    COMMON,
    COMMON_LENGTHS,
    HEADER,
    MARKER,
    Model,
    Read,
    read_text,
    walk,
)
from collector.profiles.sunspec_points import lay_out
from collector.scanning.fingerprints import Fingerprint
from collector.scanning.questions import Questions
from collector.scanning.recognition import Fit, Sure

MODEL_NAME = (18, 16)
"""Where the common block keeps it: offset from the ID register, and length."""


@dataclass(frozen=True, slots=True)
class SunSpecDevice:
    """What a SunSpec device says of itself."""

    base: int
    models: tuple[Model, ...]
    manufacturer: str
    model_name: str
    serial: str
    nameplate: Block | None = None
    """Where manufacturer, model and serial number stand."""

    def fits(self, profiles: Sequence[Profile]) -> list[Fit]:
        """Return the profiles of its models, in the order in which it has them."""
        found = [
            (one, model)
            for model in self.models
            for one in profiles
            if one.sunspec and model.id in one.sunspec.models
        ]
        first = {one.name: (one, model) for one, model in reversed(found)}
        return [
            Fit(one, Sure.CERTAIN, (self._tell(model),))
            for one, model in sorted(first.values(), key=lambda pair: pair[1].address)
        ]

    def _tell(self, model: Model) -> str:
        marker = f"it says SunS at {self.base} and has model {model.id} at {model.address}"
        return f"{marker} ({', '.join(str(one.id) for one in self.models)} in all)"


def list_bases(profiles: Sequence[Profile]) -> list[Block]:
    """Return where a SunSpec marker may stand."""
    places = {
        Block(one.function_codes[0], base, len(MARKER)): None
        for one in profiles
        if one.sunspec
        for base in one.sunspec.bases
    }
    return list(places)


def find_sunspec(profiles: Sequence[Profile], questions: Questions) -> SunSpecDevice | None:
    """Look for the marker and walk the models behind it."""
    for place in list_bases(profiles):
        if questions.ask(place) and tuple(questions.words(place)) == MARKER:
            return _meet(place, questions)
    return None


def list_headless(profiles: Sequence[Profile]) -> list[Fingerprint]:
    """Return where models would stand on a device that does not give the words before them.

    A cut recording looks so, and a gateway that passes on a part only: behind a marker and a
    common block, or behind an inverter's model and its meter's common block.
    """
    found = []
    lengths = [one.sunspec.model_length for one in profiles if one.sunspec]
    for profile in profiles:
        if profile.sunspec is None or profile.sunspec.model_length is None:
            continue
        base = profile.sunspec.bases[0]
        for start in _list_starts(base, {length for length in lengths if length}):
            model = Model(profile.sunspec.models[0], start, profile.sunspec.model_length)
            layout = lay_out(profile, [model], lambda _, count: [None] * count)
            doubt = (
                f"as model {model.id} at {start}, but the marker SunS is missing at {base}: "
                "it cannot be read before SunSpec is switched on"
            )
            found.append(Fingerprint(profile, layout.placed, doubt))
    return found


def _list_starts(base: int, lengths: Iterable[int]) -> Iterator[int]:
    for common in COMMON_LENGTHS:
        first = base + len(MARKER) + HEADER + common
        yield first
        for length in sorted(lengths):
            yield first + HEADER + length + HEADER + common


def _meet(place: Block, questions: Questions) -> SunSpecDevice:
    start = place.end
    questions.ask(Block(place.function_code, start, HEADER + COMMON_LENGTHS[0]))
    read = _reading(place.function_code, questions)
    models = tuple(walk(read, start))
    common = next((one for one in models if one.id == COMMON), None)
    if common is None:
        return SunSpecDevice(place.address, models, "", "", "")
    offset, count = MODEL_NAME
    name = read_text(read, common.address + offset, count)
    nameplate = Block(place.function_code, common.address + HEADER, COMMON_LENGTHS[0] - 1)
    said = (common.manufacturer, name, common.serial)
    return SunSpecDevice(place.address, models, *said, nameplate if any(said) else None)


def _reading(function_code: int, questions: Questions) -> Read:
    def read(address: int, count: int) -> Sequence[int | None]:
        block = Block(function_code, address, count)
        questions.ask(block)
        return questions.words(block)

    return read
