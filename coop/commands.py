"""The commands `member`, `key` and `settle`; they only ask, and say what was done."""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Protocol

import click

from coop.doors.commands import link, links, unlink
from coop.members.key_commands import key
from coop.members.member_commands import member
from coop.metering.readings import CounterReadings
from coop.settings import CoopSettings

__all__ = ["key", "member", "settle"]

for command in (link, links, unlink):
    member.add_command(command)


class Clock(Protocol):
    """What settling needs of the clock."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


class Readings(CounterReadings, Protocol):
    """Counters that were opened and must be closed."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Front(Protocol):
    """What `settle` needs of the front door."""

    def coop(self) -> CoopSettings:
        """Return the section of the cooperative."""
        ...

    def clock(self) -> Clock:
        """Return the clock."""
        ...

    def open_store(self) -> Readings:
        """Open the store of readings."""
        ...


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.pass_obj
def settle(front: Front, as_json: bool) -> None:  # noqa: FBT001  click hands options over so
    """Settle what is due, once, and what late readings or new entries changed.

    Example: minga --config minga.toml settle
    """
    from coop.database.opening import open_database  # noqa: PLC0415  only this command pays for SQLAlchemy
    from coop.settling.settle import Settler  # noqa: PLC0415  as above

    settings = front.coop()
    show = _show_progress if sys.stderr.isatty() else None
    with open_database(settings) as database, closing(front.open_store()) as readings:
        result = Settler(database, readings, settings).settle(front.clock().now(), show)
    through = None if result.through is None else f"{result.through.astimezone(UTC):%FT%TZ}"
    if as_json:
        counts = ("looked_at", "written", "superseded", "settled", "provisional", "unsettled")
        said = {name: getattr(result, name) for name in counts}
        click.echo(json.dumps({**said, "through": through, "is_overtaken": result.is_overtaken}))
        return
    if through is None:
        click.echo("Nothing to settle: no counter of a registered roof has a reading yet.")
        return
    click.echo(
        f"{result.written} slots written: {result.settled} settled, {result.provisional} "
        f"provisional, {result.unsettled} unsettled; {result.superseded} of them replace an "
        f"earlier line. The books reach to {through}."
    )
    if result.is_overtaken:
        click.echo("Another process was settling at the same time; it goes on with the rest.")


def _show_progress(done: int, of: int) -> None:
    click.echo(f"\r{done} of {of} slots", nl=done == of, err=True)
