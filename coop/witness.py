"""Who writes down what somebody does, inside the very transaction in which it is done."""

from typing import Protocol

from sqlalchemy import Connection


class Witness(Protocol):
    """Notes an act; what was not done is not noted, for both stand or fall together."""

    def __call__(self, connection: Connection, act: str) -> None:
        """Note an act, told in a few English words."""
        ...


def unwitnessed(connection: Connection, act: str) -> None:
    """Note nothing: who acts at the command line is known to the machine."""
    del connection, act
