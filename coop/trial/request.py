"""Reads the request of `minga share allocate`: which fields there are and what they may hold.

How energy is shared is not known here, only which method uses which field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

from coop.allocation import Home, Method, Missing, OwnUse, Request, Rules, Slot, Tie
from coop.allocation.checks import find_problems
from coop.allocation.model import THEN, WITHIN_TIER, uses_weights
from coop.errors import InputError
from coop.trial.strict_json import Fields, parse_strictly, shown

FIELDS = (
    "method",
    "slot",
    "slot_minutes",
    "tie",
    "own_use",
    "missing",
    "fund_percent",
    "production_wh",
    "homes",
    "lifeline_wh",
    "then",
    "within_tier",
    "unassigned_weight",
)
HOME_FIELDS = (
    "id",
    "consumption_wh",
    "production_wh",
    "weight",
    "tier",
    "reserved_percent",
    "estimate_wh",
)
MINUTES_A_DAY = 1_440


def read_request(text: str, source: str) -> Request:
    """Return the slot to share; raise InputError with every problem, each with file and place."""
    document = parse_strictly(text, source)
    if not isinstance(document, dict):
        raise InputError(f"{source}: found {shown(document)}; allowed: one object in braces")
    fields = Fields(document, source, [])
    fields.refuse_unknown(FIELDS)
    fields.require("method", "slot", "homes")
    rules = _rules(fields)
    homes = _homes(fields, rules)
    slot = _slot(fields)
    _require_production(fields)
    production_wh = fields.whole("production_wh", 0, can_be_null=True)
    if not fields.problems:
        listed = sorted(homes, key=lambda home: home.id)
        fields.problems.extend(f"{source}: {one}" for one in find_problems(rules, listed))
    if fields.problems:
        raise InputError(*fields.problems)
    return Request(rules, slot, production_wh, tuple(homes))


def _rules(fields: Fields) -> Rules:
    method = fields.choice("method", Method, Method.REDISTRIBUTE)
    then = None
    if method in {Method.RESERVED, Method.LIFELINE}:
        fields.require("then")
    if fields.has("then"):
        then = fields.choice("then", THEN, THEN[0])
    if method is Method.LIFELINE:
        fields.require("lifeline_wh")
    return Rules(
        method=method,
        tie=fields.choice("tie", Tie, Tie.ROTATE),
        own_use=fields.choice("own_use", OwnUse, OwnUse.FIRST),
        missing=fields.choice("missing", Missing, Missing.RESERVE),
        fund_percent=fields.exact("fund_percent", Fraction(10)),
        lifeline_wh=fields.whole("lifeline_wh", 0) or 0,
        then=then,
        within_tier=fields.choice("within_tier", WITHIN_TIER, Method.PRO_RATA),
        unassigned_weight=fields.exact("unassigned_weight", Fraction(0)),
    )


def _slot(fields: Fields) -> Slot:
    minutes = fields.whole("slot_minutes", 15) or 0
    if not minutes or MINUTES_A_DAY % minutes:
        fields.problems.append(
            f"{fields.where}: slot_minutes: found {minutes}; allowed: 15, 30, 60 or another part"
            " of a day"
        )
        minutes = 15
    slot = Slot(_moment(fields), minutes)
    past_s = slot.start.second + 60 * (slot.start.minute + 60 * slot.start.hour)
    if past_s % (minutes * 60) or slot.start.microsecond:
        fields.problems.append(
            f"{fields.where}: slot: found {shown(fields.values.get('slot'))}; allowed: the start"
            f" of a slot of {minutes} minutes in UTC"
        )
    return slot


def _moment(fields: Fields) -> datetime:
    value = fields.values.get("slot", "1970-01-01T00:00Z")
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    fields.problems.append(
        f"{fields.where}: slot: found {shown(value)}; allowed: a moment with its offset, "
        '"2026-03-01T17:00:00Z"'
    )
    return datetime(1970, 1, 1, tzinfo=UTC)


def _homes(fields: Fields, rules: Rules) -> Sequence[Home]:
    listed = fields.values.get("homes", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        fields.problems.append(
            f"{fields.where}: homes: found {shown(listed)}; allowed: a list of objects in braces"
        )
        return []
    inside = [
        Fields(one, f"{fields.where}: homes[{place}]{_named(one)}", fields.problems)
        for place, one in enumerate(listed)
    ]
    has_weights = [one.values.get("weight") is not None for one in inside]
    homes = [_home(one, rules) for one in inside]
    if uses_weights(rules) and homes and not any(has_weights):
        part = max(1 - rules.unassigned_weight, Fraction(0)) / len(homes)
        return [replace(home, weight=part) for home in homes]
    if uses_weights(rules):
        for one, has_weight in zip(inside, has_weights, strict=True):
            if not has_weight:
                fields.problems.append(
                    f"{one.where}: weight is missing; give every home one, or none of them"
                )
    return homes


def _home(fields: Fields, rules: Rules) -> Home:
    fields.refuse_unknown(HOME_FIELDS)
    fields.require("id", "consumption_wh")
    consumption_wh = fields.whole("consumption_wh", None, can_be_null=True)
    estimate_wh = fields.whole("estimate_wh", None, can_be_null=True)
    is_unknown = "consumption_wh" in fields.values and fields.values["consumption_wh"] is None
    if rules.missing is Missing.ESTIMATE and is_unknown and not fields.has("estimate_wh"):
        fields.problems.append(
            f"{fields.where}: estimate_wh is missing; the policy estimate needs it where"
            " consumption_wh is null"
        )
    return Home(
        id=fields.text("id"),
        consumption_wh=consumption_wh,
        production_wh=fields.whole("production_wh", 0, can_be_null=True),
        weight=fields.exact("weight", Fraction(1)) if fields.has("weight") else Fraction(1),
        tier=fields.whole("tier", None, can_be_null=True),
        reserved_percent=fields.exact("reserved_percent", Fraction(0))
        if fields.has("reserved_percent")
        else Fraction(0),
        estimate_wh=estimate_wh,
    )


def _require_production(fields: Fields) -> None:
    """Refuse a slot in which nobody says what was made: left out is not the same as zero."""
    listed = fields.values.get("homes")
    homes = listed if isinstance(listed, list) else []
    if "production_wh" not in fields.values and not any(
        isinstance(one, dict) and "production_wh" in one for one in homes
    ):
        fields.problems.append(
            f"{fields.where}: production_wh is missing, at the top and in every home;"
            " write null where it was not measured"
        )


def _named(home: Mapping[str, object]) -> str:
    name = home.get("id")
    return f" ({name})" if isinstance(name, str) and name and name.isprintable() else ""
