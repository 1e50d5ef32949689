"""The commands `member link`, `links`, `unlink` and `steward password`: who may come in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coop.errors import InputError
from coop.members.entering import Front, echo_table, json_option
from coop.slots import moment_of, unix_s

if TYPE_CHECKING:
    from coop.doors.cards.links import Link
    from coop.doors.upkeep import Upkeep


@click.command()
@click.argument("home_id", metavar="HOME")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the QR code.")
@click.option("--address", help="Where households reach the pages; [coop] address if left out.")
@json_option
@click.pass_obj
def link(
    front: Front, home_id: str, svg: Path | None, address: str | None, *, as_json: bool
) -> None:
    """Make a card's link for a home; whoever opens it sees that home.

    It is shown once: the database keeps only its hash. A home may have several.

    Example: minga member link h01 --svg h01.svg
    """
    from coop.doors.qr import qr_svg, qr_text  # noqa: PLC0415  only who makes a card pays

    settings = front.coop()
    with _upkeep(front) as doors:
        token = doors.make_card(home_id)
    told = f"{(address or settings.address).rstrip('/')}/q/{token}"
    if svg is not None:
        _write(svg, qr_svg(told, f"{settings.name}: {home_id}"))
    if as_json:
        click.echo(json.dumps({"home": home_id, "link": told}))
        return
    click.echo(f"{qr_text(told)}\n{told}")
    click.echo(f"It opens home {home_id}; `minga member unlink {home_id}` ends it.")


@click.command()
@json_option
@click.pass_obj
def links(front: Front, *, as_json: bool) -> None:
    """List the links of all homes, without the links themselves.

    Example: minga member links --json
    """
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.doors.cards.links import read_links  # noqa: PLC0415  as above

    with open_database(front.coop()) as database, database.reading() as connection:
        found = read_links(connection)
    if as_json:
        click.echo(json.dumps({"links": [_document(one) for one in found]}))
        return
    rows = [
        (one.home_id, f"{moment_of(one.made_s):%FT%RZ}", _standing(one), str(one.visits))
        for one in found
    ]
    echo_table(("HOME", "MADE", "STATE", "VISITS"), rows)


@click.command()
@click.argument("home_id", metavar="HOME")
@click.pass_obj
def unlink(front: Front, home_id: str) -> None:
    """End all links of a home, its visits and its PIN.

    Example: minga member unlink h01
    """
    with _upkeep(front) as doors:
        ended = doors.revoke_cards(home_id)
    click.echo(f"{ended} links of home {home_id} are ended, and with them its visits and its PIN.")


@click.command()
@click.argument("steward_id", metavar="ID")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked.")
@click.pass_obj
def password(front: Front, steward_id: str, password: str) -> None:
    """Give a steward a password to sign in with; their visits end.

    It is asked for and not shown. Whoever lost their phone's codes is asked for none any more.

    Example: minga steward password rosa
    """
    from coop.doors.credentials.passwords import weakness  # noqa: PLC0415  only who sets one pays
    from coop.problems.passwords import weak_password  # noqa: PLC0415  as above

    _refuse_stranger(front, steward_id)
    if weak := weakness(password, steward_id):
        raise InputError(weak_password(weak))
    with _upkeep(front) as doors:
        doors.give_password(steward_id, password)
    click.echo(f"Steward {steward_id} has a new password; their visits have ended.")


@contextmanager
def _upkeep(front: Front) -> "Iterator[Upkeep]":
    from coop.database.opening import open_database  # noqa: PLC0415  --help needs no SQLAlchemy
    from coop.doors.upkeep import Upkeep  # noqa: PLC0415  as above

    with open_database(front.coop()) as database:
        yield Upkeep(database, front.machine())


def _refuse_stranger(front: Front, steward_id: str) -> None:
    from coop.database.opening import open_database  # noqa: PLC0415  as above
    from coop.members.stewards import refuse_strangers  # noqa: PLC0415  as above

    with open_database(front.coop()) as database, database.reading() as connection:
        refuse_strangers(connection, [steward_id], unix_s(front.clock().now()))


def _standing(one: "Link") -> str:
    if one.revoked_s is not None:
        return f"ended {moment_of(one.revoked_s):%FT%RZ}"
    return "open, PIN" if one.has_pin else "open"


def _document(one: "Link") -> dict[str, object]:
    ended = None if one.revoked_s is None else f"{moment_of(one.revoked_s):%FT%TZ}"
    return {
        "home": one.home_id,
        "made": f"{moment_of(one.made_s):%FT%TZ}",
        "ended": ended,
        "visits": one.visits,
        "has_pin": one.has_pin,
    }


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--svg {path}: cannot be written ({error.strerror})") from error
