"""The commands `key …`: how a steward enters a decision on sharing and shows it again."""

import json
from collections.abc import Sequence
from contextlib import nullcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules, Tie
from coop.allocation.model import THEN, WITHIN_TIER
from coop.errors import InputError
from coop.members.community import Community, SharingKey
from coop.members.entering import (
    Front,
    echo_table,
    entering,
    from_option,
    json_option,
    moment_s,
    read_all,
    span_text,
    validity_document,
)
from coop.members.weights import exact, read_weights


@click.group()
def key() -> None:
    """Enter and show sharing keys.

    Example: minga key list
    """


def _choice(values: Sequence[str]) -> click.Choice[str]:
    return click.Choice([str(value) for value in values])


@key.command("add")
@click.argument("name")
@from_option
@click.option("--decision", required=True, help="Which assembly decided it, and when.")
@click.option("--method", type=_choice(list(Method)), default=str(Method.REDISTRIBUTE))
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="CSV: id,weight[,tier][,reserved_percent]; equal weights of all homes if left out.",
)
@click.option("--tie", type=_choice(list(Tie)), default=str(Tie.ROTATE))
@click.option("--own-use", type=_choice(list(OwnUse)), default=str(OwnUse.FIRST))
@click.option("--missing", type=_choice(list(Missing)), default=str(Missing.RESERVE))
@click.option("--fund-percent", default="10", help="Part of what is left over for the fund.")
@click.option("--then", type=_choice(THEN), help="The second step of reserved and lifeline.")
@click.option("--within-tier", type=_choice(WITHIN_TIER), default=str(Method.PRO_RATA))
@click.option("--lifeline-wh", type=click.IntRange(min=0), default=0)
@click.option("--unassigned-weight", default="0", help="The part of one that belongs to nobody.")
@click.option("--renormalise", is_flag=True, help="Spread the weight of excluded homes.")
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

    Example: minga key add "Equal parts" --from 2026-03-01 --decision "Assembly of 2026-02-20"
    """
    from coop.members.registry import NewKey  # noqa: PLC0415  only who writes pays for SQLAlchemy

    settings = front.coop()
    start_s = moment_s(start, settings)
    rules = _rules(terms)
    told = None if weights is None else read_weights(weights)
    with told.placing() if told else nullcontext(), entering(settings) as entered:
        shares = told.homes if told else _equal_parts(entered.community, start_s)
        added = entered.add_key(NewKey(name, decision, rules, shares, start_s))
    click.echo(
        f"Key {added.id} ({name}), homes: {len(added.homes)}, holds {span_text(added.validity)}."
    )


@key.command("list")
@json_option
@click.pass_obj
def list_keys(front: Front, as_json: bool) -> None:  # noqa: FBT001  click hands options over so
    """List all keys.

    Example: minga key list
    """
    keys = read_all(front.coop()).keys
    if as_json:
        documents = [_key_document(one) for one in keys]
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
    document = _key_document(found)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    homes = document.pop("homes")
    echo_table(("KEY", ""), [(name, str(value)) for name, value in document.items()])
    echo_table(
        ("HOME", "WEIGHT", "TIER", "RESERVED %"),
        [tuple("" if value is None else str(value) for value in one.values()) for one in homes],
    )


def _rules(terms: dict[str, Any]) -> Rules:
    return Rules(
        method=Method(terms["method"]),
        tie=Tie(terms["tie"]),
        own_use=OwnUse(terms["own_use"]),
        missing=Missing(terms["missing"]),
        fund_percent=_exact("fund-percent", terms["fund_percent"]),
        lifeline_wh=terms["lifeline_wh"],
        then=None if terms["then"] is None else Method(terms["then"]),
        within_tier=Method(terms["within_tier"]),
        unassigned_weight=_exact("unassigned-weight", terms["unassigned_weight"]),
        renormalise=terms["renormalise"],
    )


def _exact(option: str, text: str) -> Fraction:
    try:
        return exact(text)
    except ValueError as error:
        raise InputError(f"--{option}: found {text!r}; allowed: 10, 12.5 or 1/3") from error


def _equal_parts(community: Community, start_s: int) -> tuple[KeyHome, ...]:
    metered = {one.home_id for one in community.meters_at(start_s) if one.home_id is not None}
    if not metered:
        raise InputError(
            "no home has a meter when the key begins; enter them first: minga member add-meter"
        )
    return tuple(KeyHome(one, weight=Fraction(1, len(metered))) for one in sorted(metered))


def _key_document(one: SharingKey) -> dict[str, Any]:
    rules = one.rules
    return {
        "id": one.id,
        "name": one.name,
        "decision": one.decision,
        **validity_document(one.validity),
        "method": rules.method,
        "tie": rules.tie,
        "own_use": rules.own_use,
        "missing": rules.missing,
        "fund_percent": str(rules.fund_percent),
        "then": rules.then,
        "within_tier": rules.within_tier,
        "lifeline_wh": rules.lifeline_wh,
        "unassigned_weight": str(rules.unassigned_weight),
        "renormalise": rules.renormalise,
        "homes": [
            {
                "id": home.id,
                "weight": str(home.weight),
                "tier": home.tier,
                "reserved_percent": str(home.reserved_percent),
            }
            for home in one.homes
        ],
    }
