"""Everything that sharing raises on purpose.

CoopError
├── InputError          what a person gave cannot be taken; every problem is listed at once
├── StateError          the cooperative's database cannot be used as it is
└── UnreachableError    a database server does not answer
"""


class CoopError(Exception):
    """Say what is wrong in lines that a steward can act on."""

    exit_code = 2


class InputError(CoopError):
    """Hold every problem of one input, one line each."""

    def __init__(self, *problems: str) -> None:
        """Take one line for each problem: what, which, found, allowed, next step."""
        self.problems = problems
        super().__init__("\n".join(problems))


class StateError(CoopError):
    """The cooperative's database cannot be used as it is."""


class UnreachableError(CoopError):
    """A database server does not answer."""

    exit_code = 3
