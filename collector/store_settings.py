"""Where readings are kept: the sections [sqlite] and [influxdb] of minga.toml.

Knows neither of the stores, so that checking a file needs none of their libraries.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class SqliteSettings(BaseModel):
    """The embedded store: one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Path = Path("state/readings.sqlite")


class InfluxSettings(BaseModel):
    """An InfluxDB 2, or a 1.8 with its v2 API, and the index beside it.

    For 1.8 the bucket is `database/retention policy` and the token is `user:password`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")]
    org: str = "minga"
    bucket: Text
    token_file: Path
    index: Path = Path("state/influx-index.sqlite")
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 10.0
