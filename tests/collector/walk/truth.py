"""What an observer knows of every accepted reading; shares nothing with what carries them.

He sees what was measured and which numbers the outbox gave, and judges what lies in the files.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collector.reading import Identity, Reading, dump_content, milliseconds
from tests.collector.walk.times import EPOCH

SLOT_S = 900
BELIEVABLE_MS = 23 * 3_600_000
"""A stamp less than this ahead of the true time is never refused."""

Stream = tuple[str, str]
"""One outbox: (collector, epoch)."""
Stored = Sequence[tuple[Identity, str]]
"""What lies in a file, one by one: repetitions show."""


@dataclass
class Known:
    """One accepted reading as it must be wherever it lies."""

    reading: Reading
    energy_wh: int
    is_held: bool
    is_lost: bool = False
    """Its outbox was thrown away with the card before the store confirmed it."""

    @property
    def content(self) -> str:
        return dump_content(self.reading)


@dataclass
class Truth:
    """All accepted readings of a walk."""

    accepted: dict[Identity, Known] = field(default_factory=dict)
    given: dict[Stream, int] = field(default_factory=dict)
    """The highest number that each outbox gave."""
    confirmed: dict[Stream, int] = field(default_factory=dict)
    """The highest watermark that was ever said of each outbox."""
    seen: Counter[str] = field(default_factory=Counter)
    """What happened, and how often."""
    sent: set[Identity] = field(default_factory=set)
    forged: set[Identity] = field(default_factory=set)
    """Readings of which somebody sent another value."""

    def accept(self, stream: Stream, numbers: range, readings: Sequence[Reading]) -> None:
        """Take note of numbers that an outbox gave."""
        assert numbers.start > self.given.get(stream, 0), f"{numbers} of {stream} given again"
        assert len(numbers) == len(readings)
        for seq, reading in zip(numbers, readings, strict=True):
            energy_wh = reading.quantities["energy_total"]
            assert isinstance(energy_wh, int)
            identity = Identity(*stream, reading.device, seq)
            self.accepted[identity] = Known(reading, energy_wh, not reading.trusted)
        self.given[stream] = numbers.stop - 1

    def release(self, stream: Stream, boot: str, offset_ms: int) -> None:
        """Give the held readings of a boot their true time."""
        for known in self._of(stream):
            if known.is_held and known.reading.boot == boot:
                taken_at = EPOCH + timedelta(milliseconds=known.reading.mono_ms + offset_ms)
                known.reading = replace(known.reading, taken_at=taken_at, trusted=True)
                self.seen["true time restored"] += 1
            elif known.is_held:
                self.seen["true time never known"] += 1
            known.is_held = False

    def lose_card(self, stream: Stream) -> None:
        """Take note that an outbox is gone, with what nobody had confirmed."""
        for known in self._of(stream):
            known.is_lost = True
        self.seen["card replaced"] += 1

    def check_outbox(self, stream: Stream, kept: Stored) -> None:
        """Hold that an outbox forgets only what was confirmed, and has the rest once."""
        self._check_contents(kept)
        needed = self._numbers(stream, above=self.confirmed.get(stream, 0))
        forgotten = needed - {identity.seq for identity, _ in kept}
        assert not forgotten, f"{stream} forgot {sorted(forgotten)} before the store confirmed it"

    def check_quarantine(self, quarantined: set[Identity]) -> None:
        """Hold that no good reading is refused, but for a stamp far in the future."""
        self.seen["conflict in quarantine"] += bool(quarantined & self.forged)
        self.seen["time refused"] += any(self.is_odd(one) for one in quarantined)
        strange = {one for one in quarantined - self.forged if not self.is_odd(one)}
        assert not strange, f"good readings in quarantine: {strange}"

    def check_store(self, stored: Stored) -> None:
        """Hold that a store has what was accepted only, each once, and as it must be."""
        self._check_contents(stored)
        early = [one for one, _ in stored if self.accepted[one].is_held]
        assert not early, f"{early} were sent before their true time was known"

    def check_nothing_is_lost(self, stored: Stored, elsewhere: Iterable[Identity]) -> None:
        """Hold that every accepted reading is in the store, in quarantine or in an outbox."""
        found = {identity for identity, _ in stored}.union(elsewhere)
        lost = [one for one, known in self.accepted.items() if one not in found]
        assert not [one for one in lost if not self.accepted[one].is_lost], f"lost: {lost}"

    def check_watermark(self, stream: Stream, seq: int, handled: set[int]) -> None:
        """Hold that a watermark is said only of what is durable without a hole."""
        missing = self._numbers(stream, up_to=seq) - handled
        assert not missing, f"watermark {seq} of {stream} covers {sorted(missing)}, not stored"
        last = max(handled, default=0)
        assert seq <= max(self.given.get(stream, 0), last), f"{seq} of {stream} is beyond all"
        self.seen["watermark"] += 1
        self.confirmed[stream] = max(self.confirmed.get(stream, 0), seq)

    def check_floor(self, newest_at: datetime) -> None:
        """Hold that what is known to be past is the true time of a reading."""
        known = [one.reading for one in self.accepted.values()]
        stamps = {one.taken_at for one in known if one.trusted}
        assert newest_at in stamps | {EPOCH}, f"{newest_at} is no true time"

    def check_refused(self, said: int, gathered: int) -> None:
        """Hold that a full card counts every reading that it costs."""
        self.seen["refused by a full card"] += said
        assert said == gathered, f"{gathered} readings were refused, {said} are counted"

    def check_sent(self, identity: Identity, content: str) -> None:
        """Hold that what leaves a collector is accepted, is not held, and is as it must be."""
        known = self.accepted.get(identity)
        assert known is not None, f"{identity} was sent and never accepted"
        assert not known.is_held, f"{identity} was sent before its true time was known"
        assert content == known.content, f"{identity} was changed on its way"
        self.seen["sent again" if identity in self.sent else "sent"] += 1
        self.sent.add(identity)

    def is_odd(self, identity: Identity) -> bool:
        """Say whether a stamp is so far in the future that it may be refused."""
        reading = self.accepted[identity].reading
        return not reading.trusted and milliseconds(reading.taken_at) > ODD_MS

    def edges(self, stored: Stored) -> Mapping[tuple[str, int], tuple[int, int, int, int]]:
        """Return (first ms, Wh, last ms, Wh) of each device and slot of what is stored."""
        slots: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
        for identity, _ in stored:
            known = self.accepted[identity]
            if known.reading.trusted:
                at_ms = milliseconds(known.reading.taken_at)
                key = identity.device, at_ms // 1_000 // SLOT_S * SLOT_S
                slots.setdefault(key, []).append((at_ms, identity.seq, known.energy_wh))
        return {
            key: (min(samples)[0], min(samples)[2], max(samples)[0], max(samples)[2])
            for key, samples in slots.items()
        }

    def _check_contents(self, found: Stored) -> None:
        identities = [identity for identity, _ in found]
        twice = {one for one in identities if identities.count(one) > 1}
        assert not twice, f"twice: {twice}"
        for identity, content in found:
            known = self.accepted.get(identity)
            assert known is not None, f"{identity} was never accepted"
            assert content == known.content, f"{identity} was changed: {content}"

    def _of(self, stream: Stream) -> list[Known]:
        return [
            known for one, known in self.accepted.items() if (one.collector, one.epoch) == stream
        ]

    def _numbers(self, stream: Stream, above: int = 0, up_to: int | None = None) -> set[int]:
        last = self.given.get(stream, 0) if up_to is None else up_to
        return {
            one.seq
            for one in self.accepted
            if (one.collector, one.epoch) == stream and above < one.seq <= last
        }


ODD_MS = milliseconds(EPOCH.replace(year=2040))
"""No walk lasts until then."""
