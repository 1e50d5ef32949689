"""The commands `key …`: how a steward enters a decision on sharing and shows it again."""

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules, Tie
from coop.allocation.model import THEN, WITHIN_TIER
from coop.calendar import moment_s
from coop.errors import InputError
from coop.members.community import Community, Counts, SharingKey
from coop.members.documents import key_document
from coop.members.entering import (
    Front,
    echo_table,
    entering,
    from_option,
    json_option,
    read_all,
    span_text,
)
from coop.members.weights import exact, read_weights


@click.group()
def key() -> None:
    """Enter and show sharing keys.

    Example: minga key list
    """


_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)


def _usual(value: object) -> str:
    return f"{value} in a first key."


def _choice(values: Sequence[str]) -> click.Choice[str]:
    return click.Choice([str(value) for value in values])


_USUAL = Rules()


def rules_options(command: _Command) -> _Command:
    """Ask for the rules of a key; None where nothing is said."""
    for option in (
        click.option("--method", type=_choice(list(Method)), help=_usual(_USUAL.method)),
        click.option(
            "--weights", type=_FILE, help="CSV: id,weight[,tier][,reserved_percent], every home."
        ),
        click.option("--tie", type=_choice(list(Tie)), help=_usual(_USUAL.tie)),
        click.option("--own-use", type=_choice(list(OwnUse)), help=_usual(_USUAL.own_use)),
        click.option("--missing", type=_choice(list(Missing)), help=_usual(_USUAL.missing)),
        click.option("--fund-percent", help=f"Of what is left over, to the fund. {_usual(10)}"),
        click.option("--then", type=_choice(THEN), help="Second step of reserved and lifeline."),
        click.option("--within-tier", type=_choice(WITHIN_TIER), help=_usual(_USUAL.within_tier)),
        click.option("--lifeline-wh", type=click.IntRange(min=0), help=_usual(0)),
        click.option("--unassigned-weight", help="The part of one that belongs to nobody."),
        click.option(
            "--renormalise/--no-renormalise",
            default=None,
            help="Spread the weight of homes that are excluded or left, rather than leave it over.",
        ),
    ):
        command = option(command)
    return command


@key.command("add")
@click.argument("name")
@from_option
@click.option("--decision", required=True, help="Which assembly decided it, and when.")
@rules_options
@click.pass_obj
def add_key(
    front: Front,
    /,
    name: str,
    start: str,
    decision: str,
    weights: Path | None,
    **terms: Any,  # noqa: ANN401  the options that `_rules` reads
) -> None:
    """Enter a key; the one in force until then ends where it begins.

    Without --weights all homes with a meter get the same weight.

    Example: minga key add "Equal parts" --from 2026-03-01 --decision "Assembly of 2026-02-20"
    """
    from coop.members.registry import NewKey  # noqa: PLC0415  only who writes pays for SQLAlchemy

    settings = front.coop()
    start_s = moment_s(start, settings)
    rules = _rules(terms, _USUAL)
    told = None if weights is None else read_weights(weights)
    with told.placing() if told else nullcontext(), entering(settings) as entered:
        shares = told.homes if told else _equal_parts(entered.community, start_s)
        added = entered.add_key(NewKey(name, decision, rules, shares, start_s))
        waiting = _waiting(entered.community, added)
    _echo_added(added, waiting)


@key.command("change")
@from_option
@click.option("--decision", required=True, help="Which assembly decided it, and when.")
@click.option("--name", help="The new key's name; the old one's if left out.")
@click.option("--equal", is_flag=True, help="The same weight for all homes with a meter.")
@rules_options
@click.pass_obj
def change_key(
    front: Front,
    /,
    start: str,
    decision: str,
    name: str | None,
    weights: Path | None,
    **terms: Any,  # noqa: ANN401  the options that `_rules` reads
) -> None:
    """Enter a key like the newest one but for what is said; homes of members who left drop out.

    Example: minga key change --from 2026-05-01 --fund-percent 12.5 --decision "Assembly 2026/4"
    """
    from coop.members.registry import NewKey  # noqa: PLC0415  only who writes pays for SQLAlchemy

    settings = front.coop()
    start_s = moment_s(start, settings)
    is_equal = terms.pop("equal")
    if is_equal and weights is not None:
        raise InputError("--equal: --weights is given too; say one of them")
    told = None if weights is None else read_weights(weights)
    with told.placing() if told else nullcontext(), entering(settings) as entered:
        held = entered.community.entitled(_newest(entered.community.keys), start_s)
        shares = told.homes if told else held.homes
        shares = _equal_parts(entered.community, start_s) if is_equal else shares
        rules = _rules(terms, held.rules)
        added = entered.add_key(NewKey(name or held.name, decision, rules, shares, start_s))
        waiting = _waiting(entered.community, added)
    _echo_added(added, waiting)


@key.command("list")
@json_option
@click.pass_obj
def list_keys(front: Front, as_json: bool) -> None:  # noqa: FBT001  click hands options over so
    """List all keys.

    Example: minga key list
    """
    keys = read_all(front.coop()).keys
    if as_json:
        documents = [key_document(one) for one in keys]
        click.echo(json.dumps({"keys": documents}, ensure_ascii=False))
        return
    echo_table(
        ("KEY", "NAME", "METHOD", "HOMES", "WHEN", "DECISION"),
        [
            (
                str(k.id),
                k.name,
                k.rules.method,
                str(len(k.homes)),
                span_text(k.validity),
                k.decision,
            )
            for k in keys
        ],
    )


@key.command("show")
@click.argument("key_id", metavar="KEY", type=int)
@json_option
@click.pass_obj
def show_key(front: Front, key_id: int, as_json: bool) -> None:  # noqa: FBT001  as above
    """Show one key with its weights.

    Example: minga key show 1
    """
    keys = read_all(front.coop()).keys
    found = next((one for one in keys if one.id == key_id), None)
    if found is None:
        known = ", ".join(str(one.id) for one in keys) or "none yet"
        raise InputError(f"key {key_id}: no such key; there are: {known}")
    document = key_document(found)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    homes = document.pop("homes")
    echo_table(("KEY", ""), [(name, str(value)) for name, value in document.items()])
    echo_table(
        ("HOME", "WEIGHT", "TIER", "RESERVED %"),
        [tuple("" if value is None else str(value) for value in one.values()) for one in homes],
    )


def _rules(terms: dict[str, Any], held: Rules) -> Rules:
    """Return the rules that options tell; what they do not say is as held."""
    said = {name: value for name, value in terms.items() if value is not None}
    for option in ("fund_percent", "unassigned_weight"):
        if option in said:
            said[option] = _exact(option.replace("_", "-"), said[option])
    for option, kind in _KINDS.items():
        if option in said:
            said[option] = kind(said[option])
    return replace(held, **said)


_KINDS = {
    "method": Method,
    "tie": Tie,
    "own_use": OwnUse,
    "missing": Missing,
    "then": Method,
    "within_tier": Method,
}


def _newest(keys: Sequence[SharingKey]) -> SharingKey:
    if not keys:
        raise InputError("key change: there is no key yet; enter one: minga key add")
    return keys[-1]


def _waiting(community: Community, added: SharingKey) -> list[str]:
    """Return the homes of a key whose members join later."""
    now = {home.id for home in community.entitled(added, added.validity.from_s).homes}
    return [home.id for home in added.homes if home.id not in now]


def _echo_added(added: SharingKey, waiting: Sequence[str]) -> None:
    click.echo(
        f"Key {added.id} ({added.name}), homes: {len(added.homes)}, holds "
        f"{span_text(added.validity)}."
    )
    if waiting:
        click.echo(f"Takes part only while its member does: {', '.join(waiting)}.")


def _exact(option: str, text: str) -> Fraction:
    try:
        return exact(text)
    except ValueError as error:
        raise InputError(f"--{option}: found {text!r}; allowed: 10, 12.5 or 1/3") from error


def _equal_parts(community: Community, start_s: int) -> tuple[KeyHome, ...]:
    away = {one.id for one in community.members if not one.is_member_at(start_s)}
    members = {home.id for home in community.homes if home.member_id not in away}
    metered = members & {
        one.home_id for one in community.meters_at(start_s) if one.counts is Counts.USE
    }
    if not metered:
        raise InputError(
            "no home has a meter when the key begins; enter them first: minga member add-meter"
        )
    return tuple(KeyHome(one, weight=Fraction(1, len(metered))) for one in sorted(metered))
