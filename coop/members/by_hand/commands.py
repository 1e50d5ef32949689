"""The commands `reading …`: what a steward reads off a meter by hand, with name and reason."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from coop.calendar import moment_s
from coop.errors import InputError
from coop.members.by_hand.listed import WH_A_KWH, exact_wh
from coop.members.documents import entry_document
from coop.members.entering import Front as EnteringFront
from coop.members.entering import echo_table, json_option
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter, CounterReadings
from coop.slots import moment_of

if TYPE_CHECKING:
    from coop.members.by_hand.book import HandBook
    from coop.members.by_hand.entries import ManualEntry


class Readings(CounterReadings, Protocol):
    """Counters that were opened and must be closed."""

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Front(EnteringFront, Protocol):
    """What these commands need of the front door."""

    def open_store(self) -> Readings:
        """Open the store of readings."""
        ...


_Command = TypeVar("_Command", bound=Callable[..., Any])


def telling_options(command: _Command) -> _Command:
    """Ask for the moment, the steward and the reason."""
    for option in (
        click.option("--reason", required=True, help="Why a person tells it: how it was seen."),
        click.option("--steward", required=True, help="The steward who tells it."),
        click.option("--at", "at", required=True, help="When, as in minga member; to the minute."),
    ):
        command = option(command)
    return command


@click.group()
def reading() -> None:
    """Enter what was read off a meter by hand; nothing entered is ever changed.

    Example: minga reading list
    """


@reading.command()
@click.argument("counter", metavar="DEVICE/QUANTITY")
@click.option("--kwh", required=True, help="What the meter showed, as it shows it: 1234.567.")
@telling_options
@click.pass_obj
def add(front: Front, /, counter: str, kwh: str, at: str, **told: str) -> None:
    """Enter what a meter showed at a moment; it stands among the readings, marked manual.

    Example: minga reading add h01-meter/import_energy_total --kwh 1234.567
    --at 2026-03-04T10:00 --steward rosa --reason "Cable cut, read at the meter"
    """
    wh, at_s = exact_wh("--kwh", kwh), moment_s(at, front.coop())
    with _book(front) as book:
        book.enter(ManualReading(_counter(counter), at_s, wh), told["steward"], told["reason"])
    click.echo(f"{counter} showed {kwh} kWh at {moment_of(at_s):%FT%TZ}; next: minga settle.")


@reading.command()
@click.argument("counter", metavar="DEVICE/QUANTITY")
@click.option("--old-kwh", required=True, help="The last that the old meter showed.")
@click.option("--new-kwh", required=True, help="The first that the new meter showed.")
@telling_options
@click.pass_obj
def changeover(
    front: Front, /, counter: str, old_kwh: str, new_kwh: str, at: str, **told: str
) -> None:
    """Enter both values of the moment at which a meter was changed or began anew.

    The slot of the change, missing with the flag `register_reset` until then, gets its energy.

    Example: minga reading changeover h01-meter/import_energy_total --old-kwh 9060.1
    --new-kwh 0.003 --at 2026-03-04T10:07 --steward rosa --reason "New meter, photo 12"
    """
    old_wh, new_wh = exact_wh("--old-kwh", old_kwh), exact_wh("--new-kwh", new_kwh)
    at_s = moment_s(at, front.coop())
    new = ManualReading(_counter(counter), at_s, old_wh, new_wh)
    with _book(front) as book:
        book.enter(new, told["steward"], told["reason"])
    click.echo(
        f"{counter} went from {old_kwh} to {new_kwh} kWh at {moment_of(at_s):%FT%TZ}; "
        "next: minga settle."
    )


@reading.command()
@click.argument("counter", metavar="DEVICE/QUANTITY")
@telling_options
@click.pass_obj
def withdraw(front: Front, /, counter: str, at: str, **told: str) -> None:
    """Take back what was entered for a moment; it stays on record.

    Example: minga reading withdraw h01-meter/import_energy_total --at 2026-03-04T10:00
    --steward rosa --reason "Read off the wrong meter"
    """
    at_s = moment_s(at, front.coop())
    with _book(front) as book:
        book.withdraw(_counter(counter), at_s, told["steward"], told["reason"])
    click.echo(f"{counter} at {moment_of(at_s):%FT%TZ} is withdrawn; next: minga settle.")


@reading.command("list")
@json_option
@click.pass_obj
def list_readings(front: Front, *, as_json: bool) -> None:
    """List everything that was entered by hand, what counts and what was superseded.

    Example: minga reading list --json
    """
    from coop.members.by_hand.entries import standing  # noqa: PLC0415  only who asks pays

    with _book(front) as book:
        entries = book.entries()
    counting = {one.id for one in standing(entries)}
    if as_json:
        rows = [entry_document(one, counts=one.id in counting) for one in entries]
        click.echo(json.dumps({"readings": rows}, ensure_ascii=False))
        return
    echo_table(
        ("NUMBER", "COUNTER", "AT", "KWH", "SAYS", "COUNTS", "STEWARD", "REASON"),
        [
            (
                str(one.id),
                "/".join(one.counter),
                f"{moment_of(one.at_s):%FT%TZ}",
                f"{Decimal(one.wh) / WH_A_KWH}",
                _says(one),
                "yes" if one.id in counting else "no",
                one.steward,
                one.reason,
            )
            for one in entries
        ],
    )


@contextmanager
def _book(front: Front) -> "Iterator[HandBook]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.members.by_hand.book import HandBook  # noqa: PLC0415  as above

    settings = front.coop()
    with open_database(settings) as database, closing(front.open_store()) as readings:
        yield HandBook(database, readings, settings, front.clock().now())


def _counter(text: str) -> Counter:
    device, slash, quantity = text.partition("/")
    if not slash:
        raise InputError(f"{text}: allowed: DEVICE/QUANTITY, as `minga member list` shows them")
    return device, quantity


def _says(one: "ManualEntry") -> str:
    if one.withdrawn:
        return "withdrawn"
    return "new meter" if one.begins_anew else "meter"
