"""The commands `member …`: how a steward enters members, homes, roofs and meters."""

import json
from dataclasses import replace
from typing import Any

import click

from coop.calendar import moment_s
from coop.errors import InputError
from coop.members.community import (
    QUANTITIES,
    Community,
    Counts,
    Home,
    Member,
    Meter,
    Prosumer,
    Roof,
    Validity,
)
from coop.members.documents import validity_document
from coop.members.entering import (
    Front,
    echo_table,
    entering,
    from_option,
    json_option,
    read_all,
    span_text,
)
from coop.slots import moment_of, slot_start_s


@click.group()
def member() -> None:
    """Enter and list members, homes, roofs and their meters.

    Example: minga member add m01 "Familia Quispe Mamani"
    """


@member.command("add")
@click.argument("member_id", metavar="ID")
@click.argument("name")
@click.option("--since", help="When they joined; the present slot if left out.")
@click.pass_obj
def add_member(front: Front, member_id: str, name: str, since: str | None) -> None:
    """Enter a member.

    Example: minga member add m01 "Familia Quispe Mamani" --since 2026-03-01
    """
    settings = front.coop()
    now_s = slot_start_s(front.clock().now(), settings.slot_s)
    joined_s = now_s if since is None else moment_s(since, settings)
    with entering(settings) as entered:
        entered.add_member(Member(member_id, name, joined_s))
    click.echo(f"Member {member_id} ({name}) is entered.")


@member.command("leave")
@click.argument("member_id", metavar="ID")
@click.option("--at", "end", required=True, help="First moment at which they take part no longer.")
@click.pass_obj
def leave(front: Front, member_id: str, end: str) -> None:
    """Let a member leave; until another key holds, what was theirs is left over.

    Example: minga member leave m01 --at 2026-06-01
    """
    settings = front.coop()
    with entering(settings) as entered:
        left = entered.end_membership(member_id, moment_s(end, settings))
        homes = [home.id for home in entered.community.homes if home.member_id == member_id]
    click.echo(
        f"Member {member_id} ({left.name}) takes part until {end}, with homes: "
        f"{', '.join(homes) or 'none'}; next: a key without them, minga key change."
    )


@member.command("prosumer")
@click.argument("home_id", metavar="HOME")
@from_option
@click.option("--decision", required=True, help="Which assembly decided it, and when.")
@click.pass_obj
def prosumer(front: Front, /, home_id: str, start: str, decision: str) -> None:
    """Let what a home feeds in join the pool; of a home that is no prosumer it is refused as wrong.

    Example: minga member prosumer h01 --from 2026-03-01 --decision "Assembly of 2026-02-20"
    """
    settings = front.coop()
    validity = Validity(moment_s(start, settings))
    with entering(settings) as entered:
        entered.add_prosumer(Prosumer(home_id, decision, validity))
    click.echo(
        f"What home {home_id} feeds in joins the pool {span_text(validity)}; its counter: "
        f"minga member add-meter DEVICE --home {home_id} --counts {Counts.EXPORT}."
    )


@member.command("end-prosumer")
@click.argument("home_id", metavar="HOME")
@click.option("--at", "end", required=True, help="First moment at which it joins no longer.")
@click.pass_obj
def end_prosumer(front: Front, home_id: str, end: str) -> None:
    """Let what a home feeds in join the pool no longer.

    Example: minga member end-prosumer h01 --at 2026-06-01
    """
    settings = front.coop()
    with entering(settings) as entered:
        entered.end_prosumer(home_id, moment_s(end, settings))
    click.echo(f"What home {home_id} feeds in joins the pool until {end}.")


@member.command("add-home")
@click.argument("home_id", metavar="ID")
@click.argument("member_id", metavar="MEMBER")
@click.option("--name", help="What people call the house; the member's name if left out.")
@click.pass_obj
def add_home(front: Front, home_id: str, member_id: str, name: str | None) -> None:
    """Enter a member's home.

    Example: minga member add-home h01 m01
    """
    with entering(front.coop()) as entered:
        names = {one.id: one.name for one in entered.community.members}
        entered.add_home(Home(home_id, member_id, name or names.get(member_id, home_id)))
    click.echo(f"Home {home_id} of member {member_id} is entered; next: its meter.")


@member.command("add-roof")
@click.argument("roof_id", metavar="ID")
@click.argument("name")
@click.option("--home", "home_id", help="Whose own roof it is; the community's if left out.")
@click.pass_obj
def add_roof(front: Front, roof_id: str, name: str, home_id: str | None) -> None:
    """Enter a roof.

    Example: minga member add-roof school "School roof"
    """
    with entering(front.coop()) as entered:
        entered.add_roof(Roof(roof_id, name, home_id))
    whose = "the community" if home_id is None else f"home {home_id}"
    click.echo(f"Roof {roof_id} ({name}) of {whose} is entered; next: its meter.")


@member.command("add-meter")
@click.argument("device")
@click.option("--home", "home_id", help="The home whose use it counts.")
@click.option("--roof", "roof_id", help="The roof whose production it counts.")
@click.option(
    "--counts",
    type=click.Choice([str(one) for one in Counts]),
    help="What it counts: of a home its use or what it feeds in, of a roof its production or what "
    "the plant itself uses; use and production if left out.",
)
@click.option("--quantity", help="The counter of the device; the usual one if left out.")
@from_option
@click.pass_obj
def add_meter(
    front: Front, /, device: str, start: str, quantity: str | None, **whose: str | None
) -> None:
    """Let a device's counter stand for a home or for a roof.

    Example: minga member add-meter h01-meter --home h01 --from 2026-03-01
    """
    home_id, roof_id = whose["home_id"], whose["roof_id"]
    if (home_id is None) == (roof_id is None):
        raise InputError(f"meter {device}: give either --home or --roof")
    settings = front.coop()
    validity = Validity(moment_s(start, settings))
    told = None if whose["counts"] is None else Counts(whose["counts"])
    meter = Meter(device, "", validity, home_id, roof_id, told)
    meter = replace(meter, quantity=quantity or QUANTITIES[meter.counts])
    with entering(settings) as entered:
        entered.add_meter(meter)
    click.echo(f"Meter {meter.name} counts {meter.purpose} {span_text(validity)}.")


@member.command("end-meter")
@click.argument("meter")
@click.option("--at", "end", required=True, help="First moment at which it counts no longer.")
@click.pass_obj
def end_meter(front: Front, meter: str, end: str) -> None:
    """Let a counter (DEVICE/QUANTITY) count no longer, for instance when it is replaced.

    Example: minga member end-meter h01-meter/import_energy_total --at 2026-06-01T10:15
    """
    settings = front.coop()
    with entering(settings) as entered:
        ended = entered.end_meter(meter, moment_s(end, settings))
    click.echo(f"Meter {ended.name} of {ended.owner} counts {span_text(ended.validity)}.")


@member.command("list")
@json_option
@click.pass_obj
def list_members(front: Front, as_json: bool) -> None:  # noqa: FBT001  click hands options over so
    """List members, homes, roofs and meters.

    Example: minga member list --json
    """
    community = read_all(front.coop())
    if as_json:
        click.echo(json.dumps(_community_document(community), ensure_ascii=False))
        return
    echo_table(
        ("MEMBER", "NAME", "TAKES PART"),
        [
            (one.id, one.name, span_text(Validity(one.joined_s, one.left_s)))
            for one in community.members
        ],
    )
    echo_table(
        ("HOME", "MEMBER", "NAME"), [(one.id, one.member_id, one.name) for one in community.homes]
    )
    echo_table(
        ("ROOF", "WHOSE", "NAME"),
        [(one.id, one.home_id or "community", one.name) for one in community.roofs],
    )
    echo_table(
        ("METER", "COUNTS", "WHEN"),
        [(one.name, one.purpose, span_text(one.validity)) for one in community.meters],
    )
    if community.prosumers:
        echo_table(
            ("PROSUMER", "WHEN", "DECISION"),
            [(one.home_id, span_text(one.validity), one.decision) for one in community.prosumers],
        )


def _community_document(community: Community) -> dict[str, Any]:
    return {
        "members": [
            {
                "id": one.id,
                "name": one.name,
                "joined": f"{moment_of(one.joined_s):%FT%TZ}",
                "left": None if one.left_s is None else f"{moment_of(one.left_s):%FT%TZ}",
            }
            for one in community.members
        ],
        "homes": [
            {"id": one.id, "member": one.member_id, "name": one.name} for one in community.homes
        ],
        "roofs": [{"id": one.id, "home": one.home_id, "name": one.name} for one in community.roofs],
        "meters": [
            {
                "device": one.device,
                "quantity": one.quantity,
                "home": one.home_id,
                "roof": one.roof_id,
                "counts": one.counts,
                **validity_document(one.validity),
            }
            for one in community.meters
        ],
        "prosumers": [
            {
                "home": one.home_id,
                "decision": one.decision,
                **validity_document(one.validity),
            }
            for one in community.prosumers
        ],
    }
