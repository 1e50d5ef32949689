"""What `minga.toml` says about the pages: where they listen and how patient they are."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class WebSettings(BaseModel):
    """The section `[web]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """0 lets the machine choose; the chosen port is printed."""
    threads: Annotated[int, Field(ge=1, le=300)] = 8
    streams_max: Annotated[int, Field(ge=0, le=200)] = 30
    """How many screens are told by themselves what is new; each takes a thread more."""
    refresh_s: Annotated[int, Field(ge=5, le=3_600)] = 15
    """How often the public screen loads itself again."""
    stale_after_s: Annotated[int, Field(ge=1, le=86_400)] = 300
    """A reading older than this is not shown as current; never less than three poll cycles."""
    behind_proxy: bool = False
    """Believe the proxy in front of the pages about the address and the https of who asks."""
    settle_every_s: Annotated[int, Field(ge=1, le=3_600)] = 5
