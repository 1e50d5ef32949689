"""Turns what a simulated device says into register words; the inverse of reading a profile.

A quantity that is not told stands as the family's own "not available".
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from collector.errors import ConfigurationError
from collector.profiles.layout import Layout, Placed, lay_out_fixed
from collector.profiles.profile import Profile
from collector.profiles.register import Kind
from collector.profiles.sunspec import COMMON, END, HEADER, MARKER, Model
from collector.profiles.sunspec_points import lay_out
from collector.reading import Value

Image = dict[tuple[int, int], int]
"""Words by function code and address."""

COMMON_LENGTH = 66
NAN = 0x7FC00000
LOWEST_POWER, HIGHEST_POWER = -10, 10

_THREE_PHASE = 2
"""Families list their models as one phase, two phases, three phases."""


@dataclass(frozen=True, slots=True)
class Nameplate:
    """What a SunSpec device says of itself, and which model it serves from which base."""

    manufacturer: str = "Minga"
    model_name: str = "Simulated"
    serial: str = "0"
    model: int | None = None
    base: int = 40_000


class RegisterImage:
    """The registers of one simulated device."""

    def __init__(self, profile: Profile, nameplate: Nameplate | None = None) -> None:
        """Lay out the registers, all of them not available."""
        self._profile = profile
        self._blank: Image = {}
        self._layout = self._lay_out(nameplate or Nameplate())
        self._placed = {one.quantity: one for one in self._layout.placed}
        for one in self._layout.placed:
            self._put(self._blank, one, _unavailable(one))
        self._fill_gaps()

    def encode(self, values: Mapping[str, Value]) -> Image:
        """Return all words of the device while it measures these values."""
        image = dict(self._blank)
        told = [(self._find(quantity), value) for quantity, value in values.items()]
        powers = _choose_powers(told)
        for at, power in powers.items():
            self._store(image, (at,), [power & 0xFFFF])
        for one, value in told:
            power = powers[one.scale_at] if one.scale_at is not None else 0
            self._put(image, one, _as_raw(one, value, power))
        return image

    def _lay_out(self, nameplate: Nameplate) -> Layout:
        sunspec = self._profile.sunspec
        if sunspec is None:
            return lay_out_fixed(self._profile)
        if sunspec.model_length is None:
            raise ConfigurationError(
                f"profile {self._profile.name}", ["module blocks cannot be simulated yet"]
            )
        number = nameplate.model or sunspec.models[min(_THREE_PHASE, len(sunspec.models) - 1)]
        common = Model(COMMON, nameplate.base + len(MARKER), COMMON_LENGTH)
        model = Model(number, common.end, sunspec.model_length, nameplate.manufacturer)
        self._store(self._blank, range(nameplate.base, common.address), MARKER)
        self._store(self._blank, range(common.address, common.end), _common_words(nameplate))
        self._store(self._blank, range(model.address + HEADER, model.end), [0] * model.length)
        self._store(self._blank, range(model.end, model.end + HEADER), (END, 0))
        layout = lay_out(self._profile, [model], lambda _address, count: [None] * count)
        header = {"model_id": number, "model_length": model.length}
        for one in layout.placed:
            if one.quantity in header:
                self._store(self._blank, one.words, [header[one.quantity]])
        return Layout(tuple(one for one in layout.placed if one.quantity not in header))

    def _fill_gaps(self) -> None:
        """Answer unused words between used ones with zero, as most devices do."""
        for code in self._profile.function_codes:
            used = sorted(address for table, address in self._blank if table == code)
            for left, right in pairwise(used):
                if right - left <= self._profile.max_gap + 1:
                    self._store(self._blank, range(left + 1, right), [0] * (right - left - 1))

    def _find(self, quantity: str) -> Placed:
        if quantity not in self._placed:
            raise ConfigurationError(
                f"profile {self._profile.name}", [f"has no register for {quantity}"]
            )
        return self._placed[quantity]

    def _put(self, image: Image, one: Placed, raw: int | bytes) -> None:
        size = 2 * len(one.words)
        if isinstance(raw, int):
            raw = (raw & (1 << 8 * size) - 1).to_bytes(size, "big")
        words = [word for (word,) in struct.iter_unpack(">H", raw.ljust(size, b"\0")[:size])]
        flip = one.is_little and one.register.type is not Kind.STRING
        self._store(image, one.words, words[::-1] if flip else words)

    def _store(self, image: Image, addresses: Iterable[int], words: Iterable[int]) -> None:
        for address, word in zip(addresses, words, strict=True):
            for code in self._profile.function_codes:
                image[code, address] = word


def encode(
    profile: Profile, values: Mapping[str, Value], nameplate: Nameplate | None = None
) -> Image:
    """Return all words of a device that measures these values; for many times keep an image."""
    return RegisterImage(profile, nameplate).encode(values)


def _common_words(nameplate: Nameplate) -> list[int]:
    texts = (
        (nameplate.manufacturer, 32),
        (nameplate.model_name, 32),
        ("", 16),
        ("1", 16),
        (nameplate.serial, 32),
    )
    raw = b"".join(text.encode("ascii")[:size].ljust(size, b"\0") for text, size in texts)
    words = [word for (word,) in struct.iter_unpack(">H", raw)]
    return [COMMON, COMMON_LENGTH, *words, 1, 0]


def _unavailable(one: Placed) -> int:
    if one.register.type is Kind.F32:
        return NAN
    return one.register.sentinels[0] if one.register.sentinels else 0


def _choose_powers(told: Sequence[tuple[Placed, Value]]) -> dict[int, int]:
    """Choose for each scale factor the finest power of ten that its values need and fit in."""
    powers: dict[int, int] = {}
    for one, value in told:
        if one.scale_at is not None and not isinstance(value, str):
            exact = min(int(_unscaled(one, value).normalize().as_tuple().exponent), 0)
            powers[one.scale_at] = min(powers.get(one.scale_at, 0), max(exact, LOWEST_POWER))
    for one, value in told:
        while not _fits(one, value, powers.get(one.scale_at or -1, 0)):
            if one.scale_at is None or powers[one.scale_at] == HIGHEST_POWER:
                raise ConfigurationError("simulator", [f"{one.quantity} has no room for {value}"])
            powers[one.scale_at] += 1
    return powers


def _fits(one: Placed, value: Value, power: int) -> bool:
    raw = _as_raw(one, value, power)
    if isinstance(raw, bytes):
        return len(raw) <= 2 * len(one.words)
    lowest, highest = one.register.type.raw_range()
    return lowest <= raw <= highest and (raw == 0 or raw not in one.register.sentinels)


def _as_raw(one: Placed, value: Value, power: int) -> int | bytes:
    if isinstance(value, str):
        return _text_raw(one, value)
    unscaled = _unscaled(one, value).scaleb(-power)
    if one.register.type is Kind.F32:
        return struct.pack(">f", unscaled)
    return int(unscaled.quantize(Decimal(1), ROUND_HALF_EVEN)) - one.register.offset


def _text_raw(one: Placed, value: str) -> int | bytes:
    if one.codes is None:
        return value.encode("ascii")
    number = next((number for number, text in one.codes.items() if text == value), None)
    if number is None:
        raise ConfigurationError("simulator", [f"{one.quantity} has no code for {value!r}"])
    return number


def _unscaled(one: Placed, value: Decimal | int) -> Decimal:
    return Decimal(value) / one.multiplier
