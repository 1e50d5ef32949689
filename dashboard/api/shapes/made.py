"""Makes the shape of an answer out of the dataclass that it is made from."""

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import fields

from dashboard.api.shapes.answer import Answer

_PLAIN: Mapping[type, Callable[..., fields.Field[Any]]] = {
    int: fields.Integer,
    str: fields.String,
    bool: fields.Boolean,
}


@cache
def shape_of(made_from: type) -> type[Answer]:
    """Return the shape of a dataclass as `asdict` writes it; the name is the dataclass's."""
    hints = get_type_hints(made_from)
    held = {one.name: _field(hints[one.name]) for one in fields_of(made_from)}
    return type(made_from.__name__, (Answer,), {"__doc__": made_from.__doc__, **held})


def _field(kind: Any) -> fields.Field[Any]:  # noqa: ANN401  any annotation
    if isinstance(kind, UnionType):
        [held] = [one for one in get_args(kind) if one is not type(None)]
        field = _field(held)
        field.allow_none = True
        return field
    if get_origin(kind) is tuple:
        return fields.List(_field(get_args(kind)[0]))
    if is_dataclass(kind):
        return fields.Nested(shape_of(kind))  # type: ignore[arg-type]  # a class, no instance
    if issubclass(kind, StrEnum):
        return fields.String(metadata={"enum": [str(one) for one in kind]})
    return _PLAIN[kind]()
