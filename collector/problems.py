"""Turns a validation error into lines that a person can act on; knows no section and no profile."""

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

Location = tuple[int | str, ...]

LONGEST = 60
"""Longer findings are cut: the place says where to look."""

_ALLOWED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text in quotes",
    "path_type": "a path in quotes",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "string_pattern_mismatch": "a text like {pattern}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "too_short": "{min_length} or more entries",
    "too_long": "{max_length} or fewer entries",
    "string_too_short": "{min_length} or more characters",
    "string_too_long": "{max_length} or fewer characters",
    "literal_error": "{expected}",
    "enum": "{expected}",
}


def describe(error: ValidationError, model: type[BaseModel], where: str = "") -> list[str]:
    """Return one line for each problem: where, what was found, what is allowed.

    `where` names the part of the file that `model` stands for; empty for the whole file.
    """
    return [
        line
        for one in error.errors(include_url=False)
        for line in _lines(one, _known_keys(model, one["loc"][:-1]), where)
    ]


def suggest(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean 'x'?` for the nearest known name, or nothing."""
    near = get_close_matches(name, list(known), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def _lines(one: Mapping[str, Any], known: Sequence[str], where: str) -> Iterator[str]:
    place = _place(one["loc"], where)
    before = f"{place}: " if place else ""
    kind = one["type"]
    if kind == "extra_forbidden":
        name = str(one["loc"][-1])
        hint = suggest(name, known) or f"; known keys: {', '.join(known)}"
        yield f"{before}unknown key{hint}"
    elif kind == "missing":
        yield f"{before}is missing"
    elif kind == "value_error":
        for line in str(one["ctx"]["error"]).splitlines():
            yield f"{before}{line}"
    else:
        yield f"{before}found {_found(one['input'])}, allowed: {_allowed(one)}"


def _allowed(one: Mapping[str, Any]) -> str:
    context = one.get("ctx", {})
    text = _ALLOWED.get(one["type"])
    if text is None:
        message = str(one["msg"])
        return message[:1].lower() + message[1:]
    near = ""
    if "expected" in context and isinstance(one["input"], str):
        near = suggest(one["input"], str(context["expected"]).replace("'", " ").split())
    return text.format(**context) + near


def _found(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _place(location: Location, where: str) -> str:
    place = where
    for step in location:
        if isinstance(step, int):
            place += f" #{step + 1}"
        else:
            place += f"{'.' if place else ''}{step}"
    return place


def _known_keys(model: type[BaseModel], location: Location) -> list[str]:
    found = [model]
    for step in location:
        if isinstance(step, str):
            # A step that is no field is the tag of a union, which stays where it is.
            inner = [_models(one.model_fields[step].annotation) for one in found if _has(one, step)]
            found = [one for models in inner for one in models] or found
    return [field.alias or name for one in found for name, field in one.model_fields.items()]


def _has(model: type[BaseModel], name: str) -> bool:
    return name in model.model_fields


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    inside = get_args(annotation)
    if get_origin(annotation) is Annotated:
        inside = inside[:1]
    elif get_origin(annotation) not in {Union, types.UnionType, tuple, list, dict}:
        return []
    return [model for one in inside for model in _models(one)]
