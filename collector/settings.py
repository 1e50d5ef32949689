"""The collector's sections of minga.toml, checked; nothing is opened here.

Paths are relative to the folder of the file. Rules that need two entries at once (two devices with
one unit on one bus) are checked here too, so that every problem is known before anything starts.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from collector.devices.address import parse_url
from collector.errors import ConfigurationError
from collector.mqtt import Broker
from collector.store_settings import InfluxSettings, SqliteSettings
from collector.topics import ID_PATTERN, RESERVED_IDS

GATHER_S = 60.0
GATHER_FROM_POLL_S = 10.0
"""From this interval on cycles are gathered, to spare a memory card."""

Id = Annotated[str, StringConstraints(pattern=f"^{ID_PATTERN}$")]
Port = Annotated[int, Field(ge=1, le=65535)]


def _check_bus_url(url: str) -> str:
    try:
        parse_url(url)
    except ConfigurationError as error:
        raise ValueError(str(error)) from error
    return url


def _place(url: str) -> str:
    """Name the gateway or port, however its URL is written: it carries one bus."""
    address = parse_url(url)
    return address.path or f"{address.host}:{address.port}"


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, a path, a folder of zones
        told = f"{name!r} is not a time zone; allowed: an IANA name such as America/Lima"
        raise ValueError(told) from error
    return name


BusUrl = Annotated[str, AfterValidator(_check_bus_url)]
Zone = Annotated[str, AfterValidator(_check_zone)]


class Section(BaseModel):
    """A section that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CollectorSection(Section):
    """Who collects, where it keeps what it accepted, how often it polls."""

    id: Id = "collector"
    state: Path = Path("state/collector")
    poll_s: Annotated[float, Field(gt=0, le=3600)] = 10
    commit_s: Annotated[float, Field(ge=0, le=900)] | None = None
    clock: Literal["auto", "trusted"] = "auto"
    profiles: Path | None = None
    timezone: Zone = "America/Lima"

    @field_validator("id")
    @classmethod
    def _refuse_reserved(cls, value: str) -> str:
        return _not_reserved(value)

    @property
    def gather_s(self) -> float:
        """Return how long cycles are gathered into one commit; quick polling is not gathered."""
        if self.commit_s is not None:
            return self.commit_s
        return GATHER_S if self.poll_s >= GATHER_FROM_POLL_S else 0.0


class BusSection(Section):
    """One serial line or gateway."""

    id: Id
    url: BusUrl
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 2
    gap_ms: Annotated[float, Field(ge=0, le=1000)] | None = None
    budget_s: Annotated[float, Field(gt=0, le=3600)] | None = None


class DeviceSection(Section):
    """One inverter or meter on a bus."""

    id: Id
    bus: Id
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    profile: str
    rated_power_w: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    serial: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    timezone: Zone | None = None

    @field_validator("id")
    @classmethod
    def _refuse_reserved(cls, value: str) -> str:
        return _not_reserved(value)


class MqttSection(Section):
    """Where the broker is and how the services sign in."""

    host: str = "127.0.0.1"
    port: Port = 1883
    username: str | None = None
    password_file: Path | None = None
    tls_ca: Path | None = None
    home_assistant: bool = True
    home_assistant_prefix: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", max_length=64)
    ] = "homeassistant"

    def broker(self, username: str) -> Broker:
        """Return where to connect, signing in under our own name if there is a password."""
        return Broker(self.host, self.port, *_sign_in(self, username), self.tls_ca)


class IngestSection(Section):
    """Where ingest keeps its journal and quarantine, and its own sign-in at the broker."""

    state: Path = Path("state/ingest")
    username: str | None = None
    password_file: Path | None = None


class Installation(Section):
    """Everything of minga.toml that measuring needs."""

    store: Literal["sqlite", "influxdb"] = "sqlite"
    collector: CollectorSection = CollectorSection()
    bus: tuple[BusSection, ...] = ()
    device: tuple[DeviceSection, ...] = ()
    mqtt: MqttSection = MqttSection()
    ingest: IngestSection = IngestSection()
    sqlite: SqliteSettings = SqliteSettings()
    influxdb: InfluxSettings | None = None

    def ingest_broker(self) -> Broker:
        """Return where ingest connects."""
        sign_in = _sign_in(self.ingest, "ingest")
        return Broker(self.mqtt.host, self.mqtt.port, *sign_in, self.mqtt.tls_ca)

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        problems = [
            *_repeated("bus id", (bus.id for bus in self.bus)),
            *_repeated("device id", (device.id for device in self.device)),
            *_repeated(
                "unit on one bus", (f"unit {one.unit} on bus {one.bus}" for one in self.device)
            ),
            *_repeated("gateway", (_place(bus.url) for bus in self.bus)),
            *_unknown_buses(self),
        ]
        if self.store == "influxdb" and self.influxdb is None:
            problems.append(
                'store = "influxdb" needs a section [influxdb] with url, bucket and token_file'
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self


def _sign_in(section: MqttSection | IngestSection, username: str) -> tuple[str | None, str | None]:
    if section.password_file is None:
        return None, None
    try:
        password = section.password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(
            "minga.toml",
            [f"password_file {section.password_file} cannot be read ({error.strerror})"],
        ) from error
    return section.username or username, password


def _not_reserved(value: str) -> str:
    if value in RESERVED_IDS:
        raise ValueError(f"is reserved; choose another name than {', '.join(sorted(RESERVED_IDS))}")
    return value


def _repeated(what: str, names: Iterable[str]) -> list[str]:
    return [
        f"{what} stands {times} times: {name}; each may stand once"
        for name, times in Counter(names).items()
        if times > 1
    ]


def _unknown_buses(installation: Installation) -> list[str]:
    known = {bus.id for bus in installation.bus}
    return [
        f"device {device.id} is on bus {device.bus!r}, known buses: "
        f"{', '.join(sorted(known)) or 'none'}; add a [[bus]] or correct the name"
        for device in installation.device
        if device.bus not in known
    ]
