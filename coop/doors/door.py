"""The doors as pages see them: each act is one transaction.

Visits are measured on the machine's own clock, as cookies are; who is in office is asked of the
cooperative's clock, which a replay drives fast.
"""

import logging
from collections.abc import Sequence

from coop.database.opening import Database
from coop.doors.cards.carded import Carded, read_carded
from coop.doors.deeds import STRANGER, Deed, What, note, of_home, of_steward, read_deeds
from coop.doors.entrance import Clock, Entrance
from coop.doors.upkeep import Upkeep
from coop.doors.visits import Guest, Pass, Visit, begin_visit, end_visit, find_visit, note_seen
from coop.errors import CoopError
from coop.slots import unix_s

_LOGGER = logging.getLogger(__name__)


class Doors:
    """Lets people in and out; safe to share between threads."""

    def __init__(self, database: Database, clock: Clock, machine: Clock) -> None:
        self._database = database
        self._clock = clock
        self._machine = machine
        self.entrance = Entrance(database, clock, machine)
        self.upkeep = Upkeep(database, machine, self.entrance.turns)

    def find(self, token: str, *, stirs: bool = True) -> Visit | None:
        """Return the visit of a browser's token while it lasts.

        A page that loads itself again does not stir: a visit ends though its page stays open.
        """
        now_s = unix_s(self._machine.now())
        with self._database.reading() as connection:
            found = find_visit(connection, token, unix_s(self._clock.now()))
        if found is None or found.is_over(now_s):
            return None
        if stirs and found.is_worth_noting(now_s):
            self._note_seen(token, now_s)
        return found

    def begin(self, guest: Guest) -> Pass:
        """Let somebody in whose right to it was checked."""
        with self._database.writing() as connection:
            return begin_visit(connection, guest, unix_s(self._machine.now()))

    def end(self, token: str) -> None:
        """Let a visit end."""
        with self._database.writing() as connection:
            end_visit(connection, token)

    def note(self, guest: Guest, what: What, text: str = "") -> None:
        """Write down what somebody did; a guest of nobody is a stranger."""
        who = STRANGER
        if guest.steward_id is not None:
            who = of_steward(guest.steward_id)
        elif guest.home_id is not None:
            who = of_home(guest.home_id)
        with self._database.writing() as connection:
            note(connection, Deed(unix_s(self._machine.now()), who, what, text))

    def carded(self) -> Carded:
        """Return which homes have cards."""
        with self._database.reading() as connection:
            return read_carded(connection)

    def record(self, most: int, before: int | None = None) -> Sequence[Deed]:
        """Return what people did, the newest first, of deeds older than deed `before`."""
        with self._database.reading() as connection:
            return read_deeds(connection, most, before)

    def _note_seen(self, token: str, now_s: int) -> None:
        try:
            with self._database.writing() as connection:
                note_seen(connection, token, now_s)
        except CoopError as error:
            # Looking goes on while the books take no writing; the visit is noted a little later.
            _LOGGER.warning("a visit could not be noted as seen: %s", error)
