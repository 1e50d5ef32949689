"""Something to say, before it has a language: the phrase in English, and what goes into it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Saying:
    """One phrase; `message` finds it in the catalogues, and is its English."""

    message: str
    values: "Mapping[str, int | str | Saying]" = field(default_factory=dict)

    def put(self, **values: "int | str | Saying") -> "Saying":
        """Return the same with more that goes into it."""
        return Saying(self.message, {**self.values, **values})


def say(message: str, **values: int | str | Saying) -> Saying:
    """Make a saying; `message` stands here as a literal, so that the template finds it."""
    return Saying(message, values)


def placeholders(text: str) -> frozenset[str]:
    """Return the names of what goes into a phrase."""
    return frozenset(_PLACE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into a phrase; nothing else in it means anything."""
    return _PLACE.sub(lambda place: values[place[1]], text)
