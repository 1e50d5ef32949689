"""Between measuring and the outbox: groups cycles into one commit, and lets held readings go.

A cycle that was only gathered is not accepted yet; a power cut costs it. Counters say their total
again, so that no energy is lost with it.
"""

import logging
from collections.abc import Sequence
from typing import Protocol

from collector.errors import CollectorError, NotAcceptedError
from collector.moments import Moments
from collector.reading import Reading

log = logging.getLogger(__name__)

SLOT_S = 900
"""A reading that opens a new slot is accepted at once: it is the border that sharing waits for."""
NOTHING = range(0)


class Keeps(Protocol):
    """What accepting needs of the outbox."""

    def accept(self, readings: Sequence[Reading]) -> range:
        """Commit readings and return their numbers."""
        ...

    def holds(self) -> bool:
        """Say whether readings of an untrusted clock wait."""
        ...

    def release(self, boot: str, offset_ms: int) -> int:
        """Let them go; return how many got their true time."""
        ...


class Acceptance:
    """Gather readings for at most `commit_s` and accept them together."""

    def __init__(self, outbox: Keeps, moments: Moments, commit_s: float) -> None:
        """Take the parts; with `commit_s` 0 every cycle is a commit."""
        self._outbox, self._moments, self._commit_s = outbox, moments, commit_s
        self._gathered: list[Reading] = []
        self._due_s = 0.0
        self._slot = -1
        self._says_held = self._says_full = False

    def accept(self, readings: Sequence[Reading]) -> range:
        """Take a cycle in; return the numbers of what was accepted now, none while it gathers.

        Raises NotAcceptedError when the disk refuses; what was gathered is gone with it.
        """
        opens_slot = _slot(readings[0]) != self._slot
        self._slot = _slot(readings[0])
        changes_trust = bool(self._gathered) and (
            readings[0].trusted is not self._gathered[-1].trusted
        )
        before = self._flush_before(readings) if changes_trust else NOTHING
        self._gathered += readings
        if self._moments.clock.monotonic_s() < self._due_s and not opens_slot:
            return before
        now = self.flush()
        return range(before.start or now.start, now.stop)

    def flush(self) -> range:
        """Accept what was gathered."""
        gathered, self._gathered = self._gathered, []
        self._due_s = self._moments.clock.monotonic_s() + self._commit_s
        if not gathered:
            return NOTHING
        try:
            numbers = self._outbox.accept(gathered)
        except CollectorError as error:
            raise NotAcceptedError(str(error), len(gathered)) from error
        self._say_if_held(gathered[-1])
        return numbers

    def holds(self) -> bool:
        """Say whether accepted readings wait for their true time."""
        return self._outbox.holds()

    def release_if_trusted(self) -> None:
        """Give held readings their true time, once the clock is right."""
        if not self._outbox.holds():
            return
        moment = self._moments.now()
        if not moment.trusted:
            return
        try:
            count = self._outbox.release(moment.boot, moment.offset_ms)
        except CollectorError as error:
            if not self._says_full:
                log.error("%s", error)  # noqa: TRY400  the message says it all
            self._says_full = True
            return
        log.info("the clock is right; %s held readings got their true time", count)
        self._says_held = self._says_full = False

    def _flush_before(self, readings: Sequence[Reading]) -> range:
        try:
            return self.flush()
        except NotAcceptedError as error:
            raise NotAcceptedError(str(error), error.refused + len(readings)) from error

    def _say_if_held(self, reading: Reading) -> None:
        if not reading.trusted and not self._says_held:
            log.warning(
                "the clock is not set yet: readings are measured and kept, not sent; connect a"
                ' time service or a battery clock, or vouch for it: [collector] clock = "trusted"'
            )
            self._says_held = True


def _slot(reading: Reading) -> int:
    return int(reading.taken_at.timestamp()) // SLOT_S
