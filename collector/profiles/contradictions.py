"""What cannot be true together in one profile: overlaps, dead links, places outside."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from collector.problems import suggest
from collector.profiles.register import Kind, Register

if TYPE_CHECKING:
    from collector.profiles.profile import Profile, SunSpec  # they ask here when they are made

MODEL_HEADER = 2
"""ID and L stand before a model's own registers."""


def find_contradictions(profile: "Profile") -> Iterator[str]:
    """Yield every problem of a profile as a whole."""
    yield from _find_repeated("quantity", (one.quantity for one in profile.registers))
    yield from _find_repeated("point", (_point(one) for one in profile.registers if one.point))
    yield from _find_overlaps(profile)
    for one in profile.registers:
        yield from _find_wrong_links(profile, one)
        yield from _find_unreadable(profile, one)
    for first, last in profile.forbidden:
        if first > last:
            yield f"forbidden {first}..{last} is empty; smaller one first"
    for saying in profile.fingerprint:
        if not saying.starts_with and not saying.values:
            yield f"fingerprint {saying.quantity}: needs starts_with or values"
    yield from _find_unknown(profile)


def _point(register: Register) -> str:
    return f"{register.point} of the module" if register.repeat else str(register.point)


def _find_repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{what} {name} stands {times} times; each may stand once"


def _find_overlaps(profile: "Profile") -> Iterator[str]:
    taken: dict[tuple[bool, int, int], Register] = {}
    for register in profile.registers:
        for place in _places(profile, register):
            other = taken.setdefault(place, register)
            if other is not register and _clash(register, other):
                yield f"{register.quantity} and {other.quantity} both hold register {place[2]}"
                break


def _places(profile: "Profile", register: Register) -> Iterator[tuple[bool, int, int]]:
    codes = [register.function_code] if register.function_code else profile.function_codes
    for word in register.words:
        for code in codes:
            yield register.repeat, code, word


def _clash(one: Register, other: Register) -> bool:
    # Two masks may share a register: its high byte and its low byte.
    return not one.mask or not other.mask or bool(one.mask & other.mask)


def _find_wrong_links(profile: "Profile", register: Register) -> Iterator[str]:
    what = register.quantity
    if (profile.sunspec is None) == (register.point_offset is not None):
        needed = "an address" if profile.sunspec is None else "a point and a point_offset"
        yield f"{what}: needs {needed} in this profile"
    if register.repeat and not (profile.sunspec and profile.sunspec.module):
        yield f"{what}: repeat needs [sunspec.module]"
    if register.repeat != register.quantity.endswith("{n}"):
        yield f"{what}: the name of a repeated register ends with {{n}}, and no other's does"
    scales = {one.point for one in profile.registers if one.type is Kind.SUNSSF}
    if register.scale_factor and register.scale_factor not in scales:
        yield f"{what}: scale_factor {register.scale_factor} is no point of type sunssf"
    for kind, name, tables in (
        ("codes", register.codes, profile.codes),
        ("bits", register.bits, profile.bits),
    ):
        if name and name not in tables:
            yield f"{what}: {kind} {name!r} has no table [{kind}.{name}]{suggest(name, tables)}"
    for source in register.sources:
        if source not in profile.sources:
            yield f"{what}: source {source!r} is not in [sources]{suggest(source, profile.sources)}"


def _find_unreadable(profile: "Profile", register: Register) -> Iterator[str]:
    what, words = register.quantity, register.words
    if len(words) > profile.max_words:
        yield f"{what}: takes {len(words)} registers, max_words allows {profile.max_words} a read"
    for first, last in profile.forbidden:
        if any(first <= word <= last for word in words):
            yield f"{what}: lies in forbidden {first}..{last}"
    end = _model_end(profile, register)
    if end is not None and max(words, default=0) >= end:
        where = "the module" if register.repeat else "the model"
        yield f"{what}: point_offset {max(words)} lies outside {where}, which ends at {end - 1}"


def _model_end(profile: "Profile", register: Register) -> int | None:
    """Return the first offset behind what a point belongs to; None if that has no fixed end."""
    sunspec = profile.sunspec
    if sunspec is None or register.point_offset is None:
        return None
    if register.repeat:
        return sunspec.module.length if sunspec.module else None
    if sunspec.module:
        return sunspec.module.first_offset
    return None if sunspec.model_length is None else sunspec.model_length + MODEL_HEADER


def _find_unknown(profile: "Profile") -> Iterator[str]:
    known = profile.by_quantity
    sayings = tuple(one.quantity for one in profile.fingerprint)
    named = [("poll", profile.poll), ("identity", profile.identity), ("fingerprint", sayings)]
    if profile.sunspec:
        yield from _find_unknown_points(profile, profile.sunspec)
        named += [(f"vendor {one.manufacturer}", one.quantities) for one in profile.sunspec.vendor]
    for kind, names in named:
        for name in names:
            if name not in known:
                yield f"{kind}: quantity {name!r} is not in registers{suggest(name, known)}"


def _find_unknown_points(profile: "Profile", sunspec: "SunSpec") -> Iterator[str]:
    points = {one.point for one in profile.registers}
    for name in sunspec.zero_frame_may_hold:
        if name not in points:
            yield f"sunspec.zero_frame_may_hold: no point {name!r}"
    if sunspec.module and sunspec.module.count_point not in points:
        yield f"sunspec.module: no point {sunspec.module.count_point!r}"
    if (sunspec.model_length is None) == (sunspec.module is None):
        yield "sunspec: needs either a model_length or a [sunspec.module]"
