"""The gate of programs as pages see it: who comes with a token, and that they came."""

import logging

from coop.database.opening import Database
from coop.doors.entrance import Clock
from coop.errors import CoopError
from coop.slots import unix_s
from coop.tokens.program import Program, day_s, find_program, note_used

_LOGGER = logging.getLogger(__name__)


class Gate:
    """Knows programs by their tokens; safe to share between threads."""

    def __init__(self, database: Database, machine: Clock) -> None:
        """`machine` is the machine's own clock, as for visits."""
        self._database = database
        self._machine = machine

    def find(self, token: str) -> Program | None:
        """Return the program of a token that holds."""
        now_s = unix_s(self._machine.now())
        with self._database.reading() as connection:
            found = find_program(connection, token)
        if found is None or not found.holds(now_s):
            return None
        if found.used_s != day_s(now_s):
            self._note(found, now_s)
        return found

    def _note(self, program: Program, now_s: int) -> None:
        try:
            with self._database.writing() as connection:
                note_used(connection, program.id, now_s)
        except CoopError as error:
            # Reading goes on while the books take no writing; it is noted with the next request.
            _LOGGER.warning("a token could not be noted as used: %s", error)
