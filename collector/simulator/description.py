"""A plant as a small file: gateways, devices and what flows through each; JSON or TOML.

Decides what may stand in it; builds and serves nothing.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from collector.errors import ConfigurationError
from collector.problems import describe
from collector.simulator.families import Direction, find_family
from collector.simulator.households import Pattern
from collector.simulator.replay import TIMEZONE
from collector.simulator.town import OLLANTAYTAMBO
from collector.topics import ID_PATTERN

Id = Annotated[str, StringConstraints(pattern=f"^{ID_PATTERN}$")]
Port = Annotated[int, Field(ge=0, le=65_535)]


class Part(BaseModel):
    """A part of the file that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TownPart(Part):
    """Where the sun shines on the modelled roofs; Ollantaytambo if left out."""

    name: str = OLLANTAYTAMBO.name
    latitude: Annotated[float, Field(ge=-90, le=90)] = OLLANTAYTAMBO.latitude
    longitude: Annotated[float, Field(ge=-180, le=180)] = OLLANTAYTAMBO.longitude
    altitude_m: Annotated[int, Field(ge=-430, le=8_848)] = OLLANTAYTAMBO.altitude_m
    timezone: str = OLLANTAYTAMBO.timezone

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, name: str) -> str:
        return _known_timezone(name)


class SunFlow(Part):
    """Production of a roof under the town's sky."""

    source: Literal["sun"] = "sun"
    panels_w: Annotated[int, Field(gt=0, le=1_000_000)]
    inverter_w: Annotated[int, Field(gt=0, le=1_000_000)]
    tilt_deg: Annotated[int, Field(ge=0, le=90)] = 12
    azimuth_deg: Annotated[int, Field(ge=0, lt=360)] = 0


class HabitFlow(Part):
    """Use of a home by a pattern of the day."""

    source: Literal["habit"] = "habit"
    pattern: Pattern
    size_percent: Annotated[int, Field(ge=1, le=1_000)] = 100


class MeasuredFlow(Part):
    """One column of the measured folder: use for a home, production for a roof."""

    source: Literal["measured"] = "measured"
    column: str


class BusPart(Part):
    """One gateway; port 0 lets the system choose when it is served."""

    id: Id
    port: Port = 0


class DevicePart(Part):
    """One meter or inverter: `kind` says whether it counts a home's use or a roof's production."""

    id: Id
    kind: Literal["home", "roof"]
    name: str = ""
    bus: Id
    unit: Annotated[int, Field(ge=1, le=247)] = 1
    profile: str
    base_wh: Annotated[int, Field(ge=0)] = 0
    flow: Annotated[SunFlow | HabitFlow | MeasuredFlow, Field(discriminator="source")]

    @property
    def direction(self) -> Direction:
        """Return which way energy flows through it."""
        return Direction.USE if self.kind == "home" else Direction.PRODUCTION

    @property
    def counter(self) -> str:
        """Return the quantity that counts its energy."""
        family = find_family(self.profile, self.direction)
        return family.counter if family else ""


class PlantDescription(Part):
    """A whole plant; `since` is when modelled counters stood at their `base_wh`."""

    seed: int = 1
    since: AwareDatetime | None = None
    town: TownPart = TownPart()
    measured: Path | None = None
    measured_timezone: str = TIMEZONE
    bus: tuple[BusPart, ...]
    device: tuple[DevicePart, ...]

    def save(self, path: Path) -> None:
        """Write the plant as JSON."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @field_validator("measured_timezone")
    @classmethod
    def _check_timezone(cls, name: str) -> str:
        return _known_timezone(name)

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        problems = [
            *_repeated("bus", (bus.id for bus in self.bus)),
            *_repeated("port", (bus.port for bus in self.bus if bus.port)),
            *_repeated("device", (device.id for device in self.device)),
            *_repeated("unit", (f"{one.unit} on bus {one.bus}" for one in self.device)),
            *(problem for device in self.device for problem in self._device_problems(device)),
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _device_problems(self, device: DevicePart) -> Iterable[str]:
        if device.bus not in {bus.id for bus in self.bus}:
            yield f"device {device.id} is on bus {device.bus}, which is not in the file"
        if not device.counter:
            yield f"device {device.id}: the simulator has no {device.kind} of {device.profile!r}"
        yield from _flow_problems(self, device)


def read_description(path: Path) -> PlantDescription:
    """Read a plant; raise ConfigurationError with every problem at once."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise ConfigurationError(str(path), [f"cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(str(path), [f"is neither TOML nor JSON: {error}"]) from error
    try:
        return PlantDescription.model_validate(document)
    except ValidationError as error:
        problems = describe(error, PlantDescription, "")
        raise ConfigurationError(str(path), problems) from error


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; use one like America/Lima") from None
    return name


def _repeated(what: str, names: Iterable[object]) -> list[str]:
    return [
        f"{what} {name} stands {times} times, each may stand once"
        for name, times in Counter(names).items()
        if times > 1
    ]


def _flow_problems(plant: PlantDescription, device: DevicePart) -> Iterable[str]:
    if device.flow.source == "measured":
        if plant.measured is None:
            yield f"device {device.id} replays a column, so the file needs `measured`: a folder"
        return
    if plant.since is None:
        yield f"device {device.id} is modelled, so the file needs `since`: when its counter began"
    fitting = "habit" if device.kind == "home" else "sun"
    if device.flow.source != fitting:
        yield f"device {device.id}: a modelled {device.kind} needs a flow with source {fitting!r}"
