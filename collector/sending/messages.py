"""Makes messages of accepted readings: the newest of each device alone, all others in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collector.reading import dump_reading
from collector.sending.outbox import Kept
from collector.topics import backlog_topic, reading_topic

BATCH_BYTES = 12_000
"""Brokers acknowledge and drop what is larger than their limit; ours is 16,384."""

Message = tuple[str, str]
"""Topic and payload."""


@dataclass(frozen=True, slots=True)
class Messenger:
    """Writes the messages of one outbox."""

    collector: str
    epoch: str

    def compose_live(self, kept: Sequence[Kept]) -> Iterator[Message]:
        """Yield the newest reading of each device, then what was gathered with it."""
        newest = {one.device: one for one in kept}
        for one in newest.values():
            content = dump_reading(self.epoch, one.seq, one.content)
            yield reading_topic(self.collector, one.device), content
        earlier = [one for one in kept if newest[one.device] is not one]
        while earlier:
            message, count = self.compose_batch(earlier)
            yield message
            earlier = earlier[count:]

    def compose_batch(self, kept: Sequence[Kept]) -> tuple[Message, int]:
        """Return one message of as many readings as it holds, at least one, and how many."""
        told: list[str] = []
        size = 2
        for one in kept:
            content = dump_reading(self.epoch, one.seq, one.content, one.device)
            size += len(content.encode()) + 1
            if size > BATCH_BYTES and told:
                break
            told.append(content)
        return (backlog_topic(self.collector), f"[{','.join(told)}]"), len(told)
