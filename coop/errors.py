"""Everything that sharing raises on purpose.

CoopError
├── InputError          what a person gave cannot be taken; every problem is listed at once
├── StateError          the cooperative's database cannot be used as it is
├── LedgerError         the books do not add up, or were changed
├── RefusedError        what was asked for is not right yet, each reason named
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


class LedgerError(CoopError):
    """The books do not add up, or were changed from outside."""

    exit_code = 1


class RefusedError(CoopError):
    """Hold every reason why something cannot be done yet, one line each."""

    exit_code = 1

    def __init__(self, *reasons: str) -> None:
        """Take one line for each reason: what, which, found, allowed, next step."""
        self.reasons = reasons
        super().__init__("\n".join(reasons))
