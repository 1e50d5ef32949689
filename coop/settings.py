"""What the cooperative decides about itself in `minga.toml`: its name, its time and its database.

It knows nothing of members and keys; these stand in the database.
"""

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from coop.errors import InputError
from coop.words.languages import Language, parse_languages

_SECONDS_A_MINUTE = 60


class CoopSettings(BaseModel):
    """The section `[coop]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")] = "coop"
    name: Annotated[str, Field(min_length=1, max_length=120)] = "Our cooperative"
    timezone: str = "America/Lima"
    database: Annotated[str, Field(min_length=1)] = "coop.db"
    """A file, relative to the configuration file, or an SQLAlchemy URL."""
    slot_minutes: Literal[15, 30, 60] = 15
    settle_delay_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    """How long after its end a slot is settled for the first time."""
    max_gap_minutes: Annotated[int, Field(ge=1, le=1_440)] = 30
    """Longest silence of a counter across which a slot's border is interpolated."""
    max_meter_kw: Annotated[int, Field(ge=1, le=1_000_000)] = 1_000
    """A counter that rises faster than this is not believed."""

    languages: tuple[Language, ...] = (Language.QUECHUA, Language.SPANISH)
    """What people read, in their order: `qu`, `ay`, `es`, `en`."""

    address: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")] = "http://127.0.0.1:8080"
    """Where households reach the pages; stands on their cards."""

    cut_off_day: Annotated[int, Field(ge=1, le=28)] = 5
    """Until this day of the next month a slot waits for the readings of a home."""

    @field_validator("languages", mode="before")
    @classmethod
    def _are_spoken(cls, told: object) -> object:
        if not isinstance(told, str):
            return told
        try:
            return parse_languages(told)
        except InputError as error:
            raise ValueError(str(error)) from error

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:  # unknown, a path, a folder of zones
            told = f"{name!r} is not a time zone; allowed: an IANA name such as America/Lima"
            raise ValueError(told) from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone by which the cooperative counts days."""
        return ZoneInfo(self.timezone)

    @property
    def slot_s(self) -> int:
        """Return the length of a slot in seconds."""
        return self.slot_minutes * _SECONDS_A_MINUTE

    def resolved(self, folder: Path) -> Self:
        """Return the same settings with a relative database path placed under `folder`."""
        if "://" in self.database:
            return self
        return self.model_copy(update={"database": str(folder / self.database)})
