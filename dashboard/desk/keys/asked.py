"""Reads what a form proposes as a key; what is no number is noted in the form."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import lcm

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Rules
from coop.allocation.model import THEN
from coop.desk import KeyView, Proposal
from coop.members.weights import exact
from dashboard.desk.forms import Form
from dashboard.desk.keys import wording
from dashboard.typed import whole

_GROUP_DIGITS = 9
_PART, _GROUP, _RESERVED = "part", "group", "reserved"


def read_proposal(form: Form, view: KeyView) -> Proposal:
    """Return what a form proposes; what is not understood stands as a note in the form."""
    base = view.present.rules if view.present else Rules()
    rules = replace(
        base,
        method=_method(form, "method", tuple(Method)) or base.method,
        then=_method(form, "then", THEN),
        fund_percent=_exact(form, "fund_percent"),
        lifeline_wh=_whole(form, "lifeline_wh") or 0,
        unassigned_weight=Fraction(0),
    )
    homes = (_home(form, one.id) for one in view.homes if form.text(f"{_PART}-{one.id}"))
    return Proposal(rules, {one.id: one for one in homes})


def filled(view: KeyView) -> Mapping[str, str]:
    """Return the fields of a proposal that is like the present key, or gives all homes one part."""
    rules = view.present.rules if view.present else Rules()
    return {
        "method": rules.method,
        "then": rules.then or "",
        "fund_percent": wording.number(rules.fund_percent),
        "lifeline_wh": str(rules.lifeline_wh or ""),
        "name": view.present.name if view.present else "",
        **_parts(view),
    }


def _parts(view: KeyView) -> Mapping[str, str]:
    if view.present is None:
        return {f"{_PART}-{one.id}": "1" for one in view.homes}
    homes = view.present.homes
    common = lcm(*(one.weight.denominator for one in homes))
    return {
        **{f"{_PART}-{one.id}": str(int(one.weight * common)) for one in homes},
        **{f"{_GROUP}-{one.id}": str(one.tier) for one in homes if one.tier is not None},
        **{
            f"{_RESERVED}-{one.id}": wording.number(one.reserved_percent)
            for one in homes
            if one.reserved_percent
        },
    }


def _home(form: Form, home: str) -> KeyHome:
    texts = {name: form.text(f"{name}-{home}") for name in (_PART, _GROUP, _RESERVED)}
    try:
        part, reserved = _amount(texts[_PART]), _amount(texts[_RESERVED] or "0")
        tier = _group(texts[_GROUP])
    except ValueError:
        found = ", ".join(filter(None, texts.values()))
        form.wrong.setdefault("homes", wording.ODD_PARTS.put(home=home, found=found))
        return KeyHome(home)
    return KeyHome(home, weight=part, tier=tier, reserved_percent=reserved)


def _amount(text: str) -> Fraction:
    found = exact(text)
    if found < 0:
        raise ValueError(text)
    return found


def _group(text: str) -> int | None:
    found = whole(text, _GROUP_DIGITS)
    if text and found is None:
        raise ValueError(text)
    return found


def _method(form: Form, name: str, allowed: tuple[Method, ...]) -> Method | None:
    text = form.text(name)
    return Method(text) if text in set(allowed) else None


def _exact(form: Form, name: str) -> Fraction:
    try:
        return exact(form.text(name))
    except ValueError:
        form.wrong[name] = wording.NOT_A_NUMBER
    return Fraction(0)


def _whole(form: Form, name: str) -> int | None:
    text = form.text(name)
    found = whole(text)
    if text and found is None:
        form.wrong[name] = wording.NOT_WHOLE
    return found
