"""The commands `token …`: let programs read, see which may, and end it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from coop.errors import InputError
from coop.members.entering import Front, echo_table, json_option
from coop.slots import local_day, moment_of, unix_s

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from coop.tokens.program import Program


@click.group()
def token() -> None:
    """Let programs read one home, or what every member sees of the community.

    Example: minga token add "Radio Ollantay" --until 2026-12-31
    """


@token.command("add")
@click.argument("name")
@click.option("--home", metavar="ID", help="Read this home only; else the community.")
@click.option("--until", required=True, metavar="DATE", help="The last day on which it holds.")
@json_option
@click.pass_obj
def add(front: Front, /, name: str, home: str | None, until: str, *, as_json: bool) -> None:
    """Give a program a token; it is shown once and kept as a hash.

    Example: minga token add "Panel of h01" --home h01 --until 2026-12-31
    """
    from coop.tokens.program import Wanted, add_program  # noqa: PLC0415  only who writes pays

    end = local_day(_day(until), front.coop().zone)[1]
    with _writing(front) as connection:
        wanted = Wanted(name, home, unix_s(end))
        made = add_program(connection, wanted, unix_s(front.machine().now()))
    if as_json:
        click.echo(json.dumps({"name": name, "token": made, "until": until}, ensure_ascii=False))
        return
    click.echo(f"{made}\nIt is shown only now. {name} sends it as: Authorization: Bearer {made}")


@token.command("list")
@json_option
@click.pass_obj
def list_tokens(front: Front, *, as_json: bool) -> None:
    """List the programs that have or had a token.

    Example: minga token list --json
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.tokens.program import read_programs  # noqa: PLC0415  as above

    with open_database(front.coop()) as database, database.reading() as connection:
        found = read_programs(connection)
    rows = [_row(one, front.machine().now()) for one in found]
    if as_json:
        click.echo(json.dumps({"tokens": rows}, ensure_ascii=False))
        return
    heads = ("NAME", "READS", "UNTIL", "LAST USED", "STATE")
    echo_table(heads, [tuple(cell or "-" for cell in row.values()) for row in rows])


@token.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(front: Front, name: str) -> None:
    """End the token of a program at once.

    Example: minga token revoke "Radio Ollantay"
    """
    from coop.tokens.program import revoke_program  # noqa: PLC0415  only who writes pays

    with _writing(front) as connection:
        revoke_program(connection, name, unix_s(front.machine().now()))
    click.echo(f"The token of {name} holds no longer.")


def _row(one: "Program", now: datetime) -> dict[str, str | None]:
    used = None if one.used_s is None else f"{moment_of(one.used_s):%Y-%m-%d}"
    is_over = "ended" if one.revoked_s is None else "revoked"
    return {
        "name": one.name,
        "reads": "community" if one.home_id is None else f"home {one.home_id}",
        "until": f"{moment_of(one.ends_s):%Y-%m-%dT%H:%MZ}",
        "last_used": used,
        "state": "holds" if one.holds(unix_s(now.astimezone(UTC))) else is_over,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--until: found {text!r}; allowed: a day such as 2026-12-31") from None


@contextmanager
def _writing(front: Front) -> "Iterator[Connection]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy

    with open_database(front.coop()) as database, database.writing() as connection:
        yield connection
