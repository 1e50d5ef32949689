"""Device families as data: which TOML files there are, and what must be true of one as a whole."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StrictInt, StringConstraints, ValidationError, model_validator

from collector.errors import ConfigurationError
from collector.problems import describe, suggest
from collector.profiles.contradictions import find_contradictions
from collector.profiles.register import (
    Address,
    Exact,
    FunctionCode,
    Part,
    Quantity,
    Register,
    WordOrder,
)
from collector.reading import Value

if TYPE_CHECKING:
    from collector.settings import Installation  # it brings the MQTT client along

ENVIRONMENT = "MINGA_PROFILES"
SHIPPED = Path(__file__).resolve().parents[2] / "firmware-configs" / "profiles"

Word = Annotated[str, StringConstraints(min_length=1)]


class ModuleBlock(Part):
    """The repeating part of a SunSpec model; its registers say `repeat = true`."""

    first_offset: Annotated[int, Field(ge=2)]
    length: Annotated[int, Field(ge=1)]
    count_point: str


class VendorOverride(Part):
    """What one manufacturer does otherwise: these quantities times `multiplier`."""

    manufacturer: Word
    quantities: tuple[Quantity, ...]
    multiplier: Exact


class SunSpec(Part):
    """How the models of a SunSpec family are found; all of them share one layout."""

    models: Annotated[tuple[int, ...], Field(min_length=1)]
    model_length: int | None = None
    bases: tuple[Address, ...] = (40_000, 50_000, 0)
    module: ModuleBlock | None = None
    zero_frame_may_hold: Mapping[str, tuple[int, ...]] = {}
    vendor: tuple[VendorOverride, ...] = ()


class Saying(Part):
    """What a device of this family says of itself and others do not; a scan listens for it."""

    quantity: Quantity
    starts_with: tuple[Word, ...] = ()
    values: tuple[StrictInt | str, ...] = ()

    def holds(self, value: Value) -> bool:
        """Return whether a value is what the family says."""
        begins = isinstance(value, str) and value.startswith(self.starts_with)
        return begins or value in self.values


class Profile(Part):
    """All that reading a device family needs to know."""

    name: str
    title: Word
    function_codes: Annotated[tuple[FunctionCode, ...], Field(min_length=1)]
    word_order: WordOrder = "big"
    default_unit: Annotated[int, Field(ge=0, le=255)] = 1
    transport: str = ""
    night: str = ""
    notes: tuple[str, ...] = ()
    poll: Annotated[tuple[str, ...], Field(min_length=1)]
    identity: tuple[str, ...] = ()
    fingerprint: tuple[Saying, ...] = ()
    max_words: Annotated[int, Field(ge=1, le=125)] = 125
    max_gap: Annotated[int, Field(ge=0, le=124)] = 10
    forbidden: tuple[tuple[Address, Address], ...] = ()
    sunspec: SunSpec | None = None
    registers: tuple[Register, ...]
    sources: Mapping[str, Word]
    codes: Mapping[str, Mapping[int, Word]] = {}
    bits: Mapping[str, Mapping[int, Word]] = {}

    @cached_property
    def by_quantity(self) -> Mapping[str, Register]:
        """Return the registers by quantity."""
        return {register.quantity: register for register in self.registers}

    @property
    def says_who_it_is(self) -> bool:
        """Return whether a device of this family tells its serial number."""
        return bool(self.identity) or self.sunspec is not None

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        problems = list(find_contradictions(self))
        if problems:
            raise ValueError("\n".join(problems))
        return self


def profile_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Return where profiles are looked for, the first hit wins: own ones, then the shipped."""
    told = os.environ.get(ENVIRONMENT)
    extra = [Path(told)] if told else []
    if told and not extra[0].is_dir():
        raise ConfigurationError(ENVIRONMENT, [f"{told} is no folder of profiles"])
    return (*extra, *([own] if own else []), SHIPPED)


def list_profiles(folders: Sequence[Path] | None = None) -> list[str]:
    """Return the names of all profiles, in alphabetical order."""
    return sorted(
        {path.stem for folder in folders or profile_folders() for path in folder.glob("*.toml")}
    )


def load_profile(name: str, folders: Sequence[Path] | None = None) -> Profile:
    """Read and check one profile; raise ConfigurationError with every problem of it."""
    folders = folders or profile_folders()
    path = next((one for folder in folders if (one := folder / f"{name}.toml").is_file()), None)
    if path is None or name not in list_profiles(folders):
        known = list_profiles(folders)
        hint = suggest(name, known) or f", known: {', '.join(known) or 'none'}"
        raise ConfigurationError(f"profile {name!r}", [f"is not known{hint}"])
    return read_profile(path)


def load_profiles(folders: Sequence[Path] | None = None) -> list[Profile]:
    """Read and check all profiles; raise ConfigurationError with every problem of every one."""
    folders = folders or profile_folders()
    profiles: list[Profile] = []
    problems: list[str] = []
    for name in list_profiles(folders):
        try:
            profiles.append(load_profile(name, folders))
        except ConfigurationError as error:
            problems += str(error).splitlines()
    if problems:
        raise ConfigurationError("profiles", problems)
    return profiles


def write_schema() -> str:
    """Return the JSON schema of a profile, for editors; the file's name is its `name`."""
    schema = Profile.model_json_schema()
    schema["properties"].pop("name")
    schema["required"].remove("name")
    return json.dumps(schema, ensure_ascii=False, indent=1)


def read_profile(path: Path) -> Profile:
    """Read and check one file; its name without `.toml` is the profile's name."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(str(path), [f"cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(path), [f"is not TOML: {error}"]) from error
    try:
        return Profile.model_validate({"name": path.stem} | document)
    except ValidationError as error:
        raise ConfigurationError(path.name, describe(error, Profile)) from error


def check_profiles(installation: "Installation") -> list[str]:
    """Return every problem of every profile that can be found, and of the devices' choices."""
    own = installation.collector.profiles
    folders = profile_folders(own)
    problems = [] if own is None or own.is_dir() else [f"{own}: is not a folder of profiles"]
    known = list_profiles(folders)
    for device in installation.device:
        if device.profile not in known:
            hint = suggest(device.profile, known) or f", known: {', '.join(known)}"
            problems.append(f"device {device.id}: profile {device.profile!r} is not known{hint}")
        elif device.serial is not None:
            problems += _find_unsayable(device.id, device.profile, folders)
    try:
        load_profiles(folders)
    except ConfigurationError as error:
        problems += error.problems
    return problems


def _find_unsayable(device: str, name: str, folders: Sequence[Path]) -> Iterator[str]:
    try:
        profile = load_profile(name, folders)
    except ConfigurationError:
        return  # its own problems are told anyway
    if not profile.says_who_it_is:
        yield f"device {device}: serial is pinned, but {name} tells no serial number; leave it out"
