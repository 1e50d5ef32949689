"""The commands `steward …` and `tariff …`: who may sign, and the prices that the assembly set."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from coop.calendar import moment_s
from coop.doors.commands import password
from coop.members.community import Validity
from coop.members.documents import validity_document
from coop.members.entering import Front, echo_table, from_option, json_option, span_text
from coop.members.weights import exact_text
from coop.month.money import TariffKind
from coop.settings import CoopSettings
from coop.slots import moment_of, slot_start_s

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.group()
def steward() -> None:
    """Enter and list stewards: two of them close a month.

    Example: minga steward add rosa "Rosa Huamán"
    """


steward.add_command(password)


@steward.command("add")
@click.argument("steward_id", metavar="ID")
@click.argument("name")
@click.option("--since", help="When the term begins; now if left out.")
@click.pass_obj
def add(front: Front, steward_id: str, name: str, since: str | None) -> None:
    """Enter a steward.

    Example: minga steward add rosa "Rosa Huamán" --since 2026-01-01
    """
    from coop.members.stewards import Steward, add_steward  # noqa: PLC0415  only who writes pays

    settings = front.coop()
    now_s = slot_start_s(front.clock().now(), settings.slot_s)
    since_s = now_s if since is None else moment_s(since, settings)
    with _writing(settings) as connection:
        add_steward(connection, Steward(steward_id, name, Validity(since_s)))
    click.echo(f"Steward {steward_id} ({name}) is entered.")


@steward.command("end")
@click.argument("steward_id", metavar="ID")
@click.option("--at", "end", required=True, help="First moment after the term.")
@click.pass_obj
def end_term(front: Front, steward_id: str, end: str) -> None:
    """End a steward's term.

    Example: minga steward end rosa --at 2026-12-31
    """
    from coop.members.stewards import end_steward  # noqa: PLC0415  only who writes pays

    settings = front.coop()
    with _writing(settings) as connection:
        end_steward(connection, steward_id, moment_s(end, settings))
    click.echo(f"The term of steward {steward_id} ends {end}.")


@steward.command("list")
@json_option
@click.pass_obj
def list_stewards(front: Front, *, as_json: bool) -> None:
    """List stewards and their terms.

    Example: minga steward list --json
    """
    from coop.members.stewards import read_stewards  # noqa: PLC0415  only who asks pays

    with _reading(front.coop()) as connection:
        found = read_stewards(connection)
    if as_json:
        rows = [
            {"id": one.id, "name": one.name, **validity_document(one.validity)} for one in found
        ]
        click.echo(json.dumps({"stewards": rows}, ensure_ascii=False))
        return
    echo_table(
        ("STEWARD", "NAME", "TERM"), [(one.id, one.name, span_text(one.validity)) for one in found]
    )


@click.group()
def tariff() -> None:
    """Enter and list prices, each with the decision that set it.

    Example: minga tariff add utility 68.5 --from 2026-03-01 --decision "Bill of March"
    """


@tariff.command("add")
@click.argument("kind", type=click.Choice([str(kind) for kind in TariffKind]))
@click.argument("centimos", metavar="CENTIMOS_PER_KWH")
@from_option
@click.option("--decision", required=True, help="What set the price: a bill, or an assembly.")
@click.pass_obj
def add_price(front: Front, /, kind: str, centimos: str, start: str, decision: str) -> None:
    """Enter a price in céntimos a kilowatt-hour; it holds until the next of its kind.

    `utility` is what a home pays the utility, `surplus` what the fund's energy is worth.

    Example: minga tariff add surplus 21 --from 2026-03-01 --decision "Assembly 2026/3"
    """
    from coop.members.prices import Asked, enter_price, read_price  # noqa: PLC0415  only who writes pays

    settings = front.coop()
    price = read_price(Asked(kind, centimos, start, decision), settings)
    with _writing(settings) as connection:
        enter_price(connection, price, settings)
    click.echo(f"Tariff {kind} is {centimos} céntimos a kWh from {start}.")


@tariff.command("list")
@json_option
@click.pass_obj
def list_tariffs(front: Front, *, as_json: bool) -> None:
    """List prices.

    Example: minga tariff list --json
    """
    from coop.members.stewards import read_tariffs  # noqa: PLC0415  only who asks pays

    with _reading(front.coop()) as connection:
        found = read_tariffs(connection)
    rows = [
        (
            one.kind,
            f"{moment_of(one.from_s):%FT%RZ}",
            exact_text(one.centimos_per_kwh),
            one.decision,
        )
        for one in found
    ]
    names = ("kind", "from", "centimos_per_kwh", "decision")
    if as_json:
        told = [dict(zip(names, row, strict=True)) for row in rows]
        click.echo(json.dumps({"tariffs": told}, ensure_ascii=False))
        return
    echo_table(("TARIFF", "FROM", "CÉNTIMOS/KWH", "DECISION"), rows)


@contextmanager
def _writing(settings: CoopSettings) -> "Iterator[Connection]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy

    with open_database(settings) as database, database.writing() as connection:
        yield connection


@contextmanager
def _reading(settings: CoopSettings) -> "Iterator[Connection]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy

    with open_database(settings) as database, database.reading() as connection:
        yield connection
