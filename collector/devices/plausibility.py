"""Screens what a device said before it becomes a reading: limits of power, and its counters.

What is withheld is noted with its raw words in the reading itself, once for each change.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from collector.devices.counters import Base, Counter, Nature, Reason, Sample
from collector.devices.steps import raw_values_of, step_of
from collector.profiles.decode import Decoded, Quality
from collector.profiles.layout import Memory, Placed
from collector.profiles.profile import Profile
from collector.reading import Value

WITHHELD, EVENT = "withheld", "event"
"""Names of the texts that go along in a reading; no quantity of a profile is called so."""
LONGEST = 1_900
"""Characters of such a text; the wire allows a few more."""
UNKNOWN_POWER_W = 1_000_000
SILENT = {Quality.NOT_AVAILABLE.value, Quality.UNREAD.value, "refused"}
"""Reasons behind which there is no value that could be kept."""
_GRID = {"import", "export", "grid", "load", "battery", "backup", "generator"}


class Past(Protocol):
    """What is remembered of counters across restarts."""

    def base(self, device: str, quantity: str) -> Base | None:
        """Return the last good value that was kept."""
        ...

    def keep(self, device: str, bases: Mapping[str, Base], at_ms: int, *, is_urgent: bool) -> None:
        """Take the last good values; not all of them are written at once."""
        ...


@dataclass(frozen=True, slots=True)
class Rating:
    """What the settings say of a device: its largest power, if told, and where it stands."""

    zone: ZoneInfo
    power_w: int | None = None


@dataclass(slots=True)
class Answers:
    """What one poll brought; `values` and `bad` are changed by the screen."""

    placed: Sequence[Placed]
    decoded: Mapping[str, Decoded]
    memory: Memory
    taken_at: datetime
    at_ms: int
    values: dict[str, Value] = field(default_factory=dict)
    bad: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one counter says in one poll."""

    name: str
    counter: Counter
    sample: Sample


class Screen:
    """The screen of one device; devices of one bus know each other's counters."""

    def __init__(
        self, device: str, profile: Profile, rating: Rating, past: Past, bus: "list[Screen]"
    ) -> None:
        """Join the screens of the bus."""
        self.device, self._profile, self._rating, self._past = device, profile, rating, past
        self._bus = bus
        self._counters: dict[str, Counter] = {}
        self._placed: Sequence[Placed] = ()
        self._counting: Sequence[tuple[Placed, Counter]] = ()
        self._noted: tuple[str, ...] = ()
        self._events: list[str] = []
        bus.append(self)

    def note(self, event: str) -> None:
        """Let the next reading tell an event."""
        self._events.append(event)

    def check(self, answers: Answers) -> None:
        """Withhold what cannot be true, and put notes and events beside the values."""
        self._check_power(answers)
        counted = list(self._count(answers))
        foreign = [
            one
            for one in counted
            if one.counter.is_anothers(one.sample, self._is_foreign(one.name))
        ]
        for one in foreign or counted:
            self._check_counter(one, answers)
        if foreign:
            # Whose counter is a neighbour's, his power is a neighbour's too.
            answers.bad.update(dict.fromkeys(answers.values, Reason.FOREIGN.value))
            answers.values.clear()
        self._keep(answers)
        self._put_notes(answers)

    def could_say(self, quantity: str, sample: Sample) -> bool:
        """Say whether a counter of this device could show such a value now."""
        counter = self._counters.get(quantity)
        return counter is not None and counter.may_say(sample)

    def _check_power(self, answers: Answers) -> None:
        rated_w, power_w = self._rating.power_w, answers.values.get("ac_power")
        if rated_w is None or power_w is None or isinstance(power_w, str):
            return
        if abs(Decimal(power_w)) * 2 > rated_w * 3:
            del answers.values["ac_power"]
            answers.bad["ac_power"] = Quality.IMPLAUSIBLE.value

    def _count(self, answers: Answers) -> Iterator[_Counted]:
        for one, counter in self._find_counters(answers.placed):
            value = answers.values.get(one.quantity)
            if value is not None:
                step_wh = step_of(one, answers.decoded[one.quantity].raw, answers.memory)
                sample = Sample(Decimal(value), step_wh, answers.taken_at, answers.at_ms)
                yield _Counted(one.quantity, counter, sample)

    def _check_counter(self, one: _Counted, answers: Answers) -> None:
        verdict = one.counter.judge(one.sample, self._is_foreign(one.name))
        if verdict.reason is not None:
            del answers.values[one.name]
            answers.bad[one.name] = verdict.reason.value
        if verdict.event:
            self.note(f"{one.name} {verdict.event}")

    def _find_counters(self, placed: Sequence[Placed]) -> Sequence[tuple[Placed, Counter]]:
        """Return the counters among the registers, looked for once for each plan."""
        if placed is not self._placed:
            counting = [one for one in placed if _is_counter(one)]
            self._placed, self._counting = placed, [(one, self._counter(one)) for one in counting]
        return self._counting

    def _counter(self, one: Placed) -> Counter:
        if one.quantity not in self._counters:
            self._counters[one.quantity] = self._make_counter(one)
        return self._counters[one.quantity]

    def _make_counter(self, one: Placed) -> Counter:
        quantity = one.quantity
        zone = self._rating.zone if "today" in quantity.split("_") else None
        most_w = _largest_power_w(self._profile, quantity, self._rating.power_w)
        nature = Nature(most_w, raw_values_of(one), zone)
        return Counter(nature, self._past.base(self.device, quantity))

    def _is_foreign(self, quantity: str) -> Callable[[Sample], bool]:
        return lambda sample: any(
            one.could_say(quantity, sample) for one in self._bus if one is not self
        )

    def _keep(self, answers: Answers) -> None:
        bases = {name: one.base for name, one in self._counters.items() if one.base is not None}
        self._past.keep(self.device, bases, answers.at_ms, is_urgent=bool(self._events))

    def _put_notes(self, answers: Answers) -> None:
        noted = tuple(_withheld(answers))
        if noted and noted != self._noted:
            answers.values[WITHHELD] = _join(noted)
        if self._events:
            answers.values[EVENT] = _join(self._events)
        self._noted, self._events = noted, []


def _withheld(answers: Answers) -> Iterator[str]:
    for quantity, reason in sorted(answers.bad.items()):
        decoded = answers.decoded.get(quantity)
        if decoded is not None and reason not in SILENT:
            words = " ".join(f"{word:04x}" for word in decoded.raw if word is not None)
            yield f"{quantity} {reason} {words}"


def _join(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition('; ')[0]}; and more"


def _is_counter(one: Placed) -> bool:
    words = set(one.quantity.split("_"))
    plausible = one.register.plausible
    falls = plausible is not None and plausible[0] < 0
    return one.register.unit == "Wh" and bool(words & {"total", "today"}) and not falls


def _largest_power_w(profile: Profile, quantity: str, rated_w: int | None) -> int:
    """Return what a counter can count at most; an inverter's rating says nothing of the grid."""
    is_grid = bool(_GRID & set(quantity.split("_")))
    is_meter = "energy_total" not in profile.poll
    if rated_w is not None and (is_meter or not is_grid):
        return rated_w
    for name in ("grid_power", "ac_power") if is_grid else ("ac_power", "grid_power"):
        register = profile.by_quantity.get(name)
        if register is not None and register.plausible is not None:
            return int(max(abs(one) for one in register.plausible))
    return UNKNOWN_POWER_W
