"""The commands `fund …`: what the solidarity fund holds, and what the assembly gives from it."""

import json

import click

from coop.members.entering import Front, json_option


@click.group()
def fund() -> None:
    """Show the solidarity fund, and book what the assembly gives from it.

    Example: minga fund status
    """


@fund.command()
@json_option
@click.pass_obj
def status(front: Front, *, as_json: bool) -> None:
    """Say what the fund holds.

    Example: minga fund status --json
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.ledger.fund import read_fund  # noqa: PLC0415  as above
    from coop.words.amounts import soles  # noqa: PLC0415  as above

    settings = front.coop()
    with open_database(settings) as database, database.reading() as connection:
        held = read_fund(connection, settings)
    if as_json:
        said = {"fund_tenths_wh": held.tenths_wh, "centimos": held.centimos}
        click.echo(json.dumps({**said, "owed_centimos": held.owed_centimos}))
        return
    kwh, rest = divmod(held.tenths_wh, 10_000)
    click.echo(
        f"The fund received {kwh}.{rest:04} kWh so far and holds {soles(held.centimos)} soles."
    )
    if held.owed_centimos:
        click.echo(
            f"It owes {soles(held.owed_centimos)} soles: late readings took more than it held; "
            "the next months give that back first."
        )


@fund.command()
@click.argument("amount", metavar="SOLES")
@click.argument("text")
@click.option("--decision", required=True, help="The number of the assembly's decision.")
@click.option("--steward", "stewards", multiple=True, help="Who signs; two different ones.")
@click.pass_obj
def grant(
    front: Front, /, amount: str, text: str, decision: str, stewards: tuple[str, ...]
) -> None:
    """Book what a decision of the assembly gives from the fund; two stewards sign.

    Example: minga fund grant 120.50 "Roof of the school" --decision 2026/4 --steward rosa
    --steward juan
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.ledger.fund import Grant, enter_grant, read_soles  # noqa: PLC0415  as above
    from coop.words.amounts import soles  # noqa: PLC0415  as above

    settings = front.coop()
    asked = Grant(decision, read_soles(amount), text, stewards)
    with open_database(settings) as database, database.writing() as connection:
        entry = enter_grant(connection, settings, asked, front.clock().now())
    click.echo(f"Booked as entry {entry.number}: {soles(asked.centimos)} soles, {decision}.")
