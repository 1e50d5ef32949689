"""From messages to the store: the only writer of readings.

Bad messages go to quarantine with a reason, good ones to the store, and only then the watermark is
published. When the store is away nothing is acknowledged, and the outboxes keep everything.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from collector.errors import StateError, UnreachableError
from collector.failpoint import failpoint
from collector.intake.journal import Handled, Journal
from collector.intake.wire import Hello, Refused, check_message
from collector.mqtt import Message
from collector.reading import AcceptedReading, dump_content
from collector.stores import ReadingStore
from collector.topics import reading_topic

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watermark:
    """All readings of an outbox up to `seq` are in the store or in quarantine."""

    collector: str
    epoch: str
    seq: int

    def payload(self) -> str:
        """Write the acknowledgement as it is published."""
        ack = {"v": 1, "epoch": self.epoch, "seq": self.seq}
        return json.dumps(ack, separators=(",", ":"))


class Ingest:
    """Take messages in batches and say what may be forgotten by their senders."""

    def __init__(self, store: ReadingStore, journal: Journal, now: Callable[[], datetime]) -> None:
        """Take the parts and find out how far every known outbox is handled."""
        self._store, self._journal, self._now = store, journal, now
        self._progress: dict[tuple[str, str], _Progress] = {}
        self._newest: dict[str, str] = {}
        self._store_is_down = False
        for collector, epoch, _ in journal.handled():
            self._newest[collector] = epoch
            self._open_outbox(collector, epoch)

    def take(self, messages: Sequence[Message]) -> list[Watermark]:
        """Store or quarantine a batch; return the watermarks to publish now.

        Returns nothing while the store or the journal refuses: then nobody may forget anything.
        """
        checked = [one for message in messages for one in check_message(message, self._now())]
        try:
            return self._handle(checked)
        except (UnreachableError, StateError) as error:
            if not self._store_is_down:
                log.error("%s; readings wait in the outboxes", error)  # noqa: TRY400  one line is enough
            self._store_is_down = True
            return []

    def watermarks(self) -> list[Watermark]:
        """Return how far the newest outbox of every known collector is handled."""
        return [
            Watermark(collector, epoch, self._progress[collector, epoch].upto)
            for collector, epoch in self._newest.items()
        ]

    def remember(self) -> None:
        """Write the watermarks down, so that the next start is quick."""
        self._journal.remember(
            [Handled(one.collector, one.epoch, one.seq) for one in self.watermarks()]
        )

    def _handle(self, checked: Sequence[AcceptedReading | Refused | Hello]) -> list[Watermark]:
        before = {key: progress.upto for key, progress in self._progress.items()}
        told = [self._greet(hello) for hello in checked if isinstance(hello, Hello)]
        readings = [one for one in checked if isinstance(one, AcceptedReading)]
        refused = [one for one in checked if isinstance(one, Refused)]
        result = self._store.write(readings) if readings else None
        if result and result.conflicts:
            log.error("%s readings came again with other values", len(result.conflicts))
            refused += [_refuse_conflict(one) for one in result.conflicts]
        failpoint("after_commit")
        if refused:
            self._journal.quarantine(refused, self._now())
            log.warning("%s readings quarantined: %s", len(refused), _reasons(refused))
        self._advance(readings, refused)
        if self._store_is_down and (readings or refused):
            log.info("the store is back")
            self._store_is_down = False
            return self.watermarks()
        news = {
            key for key, progress in self._progress.items() if progress.upto > before.get(key, 0)
        }
        news.update(key for key in told if key is not None)
        return [Watermark(*key, self._progress[key].upto) for key in sorted(news)]

    def _advance(self, readings: Sequence[AcceptedReading], refused: Sequence[Refused]) -> None:
        for one in readings:
            identity = one.identity
            self._outbox(identity.collector, identity.epoch).add(identity.seq)
        for bad in refused:
            if bad.collector and bad.epoch and bad.seq:
                self._outbox(bad.collector, bad.epoch).add(bad.seq)

    def _greet(self, hello: Hello) -> tuple[str, str] | None:
        """Learn which outbox a collector has now; return it if there is something to tell it."""
        progress = self._outbox(hello.collector, hello.epoch)
        is_new = self._newest[hello.collector] != hello.epoch
        # It keeps what is stored already: the watermark was lost on its way.
        is_unheard = hello.first_seq - 1 < progress.upto
        self._newest[hello.collector] = hello.epoch
        if hello.first_seq - 1 > progress.upto:
            log.error(
                "readings %s to %s of collector %s are not in this store, and its outbox has them"
                " no more: an earlier store confirmed them",
                progress.upto + 1,
                hello.first_seq - 1,
                hello.collector,
            )
            progress.begin_at(hello.first_seq)
            self.remember()
        return (hello.collector, hello.epoch) if is_new or is_unheard else None

    def _outbox(self, collector: str, epoch: str) -> "_Progress":
        progress = self._progress.get((collector, epoch))
        return progress if progress is not None else self._open_outbox(collector, epoch)

    def _open_outbox(self, collector: str, epoch: str) -> "_Progress":
        """Find from the store and the quarantine how far an outbox is handled."""
        upto = self._journal.handled_seq(collector, epoch) or 0
        progress = _Progress(upto)
        progress.add_all(self._journal.quarantined_seqs(collector, epoch, upto))
        progress.add_all(self._store.stored_seqs(collector, epoch, upto))
        self._progress[collector, epoch] = progress
        # Only a hello changes which outbox is the newest: a strange message must not.
        self._newest.setdefault(collector, epoch)
        return progress


@dataclass(slots=True)
class _Progress:
    """The numbers of one outbox that are handled: all up to `upto`, and some above it."""

    upto: int
    _above: set[int] = field(default_factory=set)

    def add(self, seq: int) -> None:
        if seq > self.upto:
            self._above.add(seq)
            while self.upto + 1 in self._above:
                self.upto += 1
                self._above.remove(self.upto)

    def add_all(self, seqs: Iterable[int]) -> None:
        for seq in seqs:
            self.add(seq)

    def begin_at(self, first_seq: int) -> None:
        above = self._above
        self.upto, self._above = first_seq - 1, set()
        self.add_all(above)


def _refuse_conflict(conflict: AcceptedReading) -> Refused:
    identity = conflict.identity
    return Refused(
        "conflict: stored already with another value",
        reading_topic(identity.collector, identity.device),
        dump_content(conflict.reading).encode(),
        identity.collector,
        identity.epoch,
        identity.seq,
    )


def _reasons(refused: Sequence[Refused]) -> str:
    return "; ".join(sorted({one.reason for one in refused}))
