"""One thing that is wrong with what a person gave: a line for the command line, words for a page.

Both are said where it is decided, so that no page decides it a second time.
"""

from typing import Self

from coop.words.saying import Saying


class Problem(str):
    """The line that the command line shows; beside it the field that is meant, and its words."""

    __slots__ = ("field", "saying")
    field: str
    saying: Saying

    def __new__(cls, line: str, field: str, saying: Saying) -> Self:
        """Tell a problem of a field."""
        made = super().__new__(cls, line)
        made.field, made.saying = field, saying
        return made
