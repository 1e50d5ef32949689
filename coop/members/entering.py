"""What the commands of members and keys have in common: asking the database, telling a table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from coop.members.community import Community, Validity
from coop.settings import CoopSettings
from coop.slots import moment_of

if TYPE_CHECKING:
    from coop.members.registry import Registration


class Clock(Protocol):
    """Tells when a member joins who is entered today."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


class Front(Protocol):
    """What these commands need of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...

    def clock(self) -> Clock:
        """Return the clock."""
        ...

    def machine(self) -> Clock:
        """Return the machine's own clock."""
        ...


_Command = TypeVar("_Command", bound=Callable[..., Any])


def from_option(command: _Command) -> _Command:
    """Ask for the first moment of something."""
    return click.option(
        "--from",
        "start",
        required=True,
        help="First moment: 2026-03-01 is local midnight; an hour or an offset may follow.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Offer JSON instead of a table."""
    return click.option(
        "--json", "as_json", is_flag=True, help="One JSON document instead of a table."
    )(command)


@contextmanager
def entering(settings: CoopSettings) -> "Iterator[Registration]":
    """Open the database for one set of entries."""
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.members.registry import registration  # noqa: PLC0415  as above

    with (
        open_database(settings) as database,
        registration(database, settings.slot_s, settings.zone) as entered,
    ):
        yield entered


def read_all(settings: CoopSettings) -> Community:
    """Return all that is registered."""
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.members.registry import read_community  # noqa: PLC0415  as above

    with open_database(settings) as database, database.reading() as connection:
        return read_community(connection)


def span_text(validity: Validity) -> str:
    """Say from when to when."""
    start = f"from {moment_of(validity.from_s):%Y-%m-%dT%H:%MZ}"
    end = "" if validity.to_s is None else f" to {moment_of(validity.to_s):%Y-%m-%dT%H:%MZ}"
    return start + end


def echo_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table for people."""
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
    click.echo()
