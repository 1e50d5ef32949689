"""Goes through the unit ids of a bus, one request at a time: who is there, and what it is.

Reads only. A gateway that gives the same device under every unit id is noticed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from collector.devices.planner import Block
from collector.devices.survey import Reads
from collector.errors import NoConnectionError
from collector.profiles.profile import Profile
from collector.reading import Value
from collector.scanning.fingerprints import Fingerprint, take_fingerprint
from collector.scanning.questions import Pace, Questions, StoppedError
from collector.scanning.recognition import Fit, recognise, weigh_all
from collector.scanning.sunspec_device import find_sunspec, list_bases, list_headless

RATED_POWER = "rated_power"
COUNTER = re.compile("energy_.*total")
COMPARED = 4
"""So many answers of a unit are compared with those of another one."""
LAST_UNIT, FURTHER = 247, 2
"""Behind a range a scan goes on while one of so many units before answered."""
ALIKE = 3
"""So many units with the same words in every register are one device."""


@dataclass
class FoundUnit:
    """One unit that answers."""

    unit: int
    questions: Questions
    fits: list[Fit] = field(default_factory=list)
    name: str = ""
    serial: str = ""
    rated_power_w: int | None = None
    counters: dict[str, Value] = field(default_factory=dict)
    """Its energy counters that are not zero."""
    compared: list[Block] = field(default_factory=list)
    """Where it says what no other device says: serial number, counters."""
    same_as: int | None = None
    """The unit id under which the same device was met before."""


@dataclass
class Scan:
    """What was found so far."""

    bus: Reads
    profiles: Sequence[Profile]
    pace: Pace
    found: list[FoundUnit] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)
    """Units under whose id something answers that is no answer."""
    is_stopped: bool = False
    lost: str = ""
    """Why the gateway could not be asked to the end."""

    def run(self, units: Iterable[int]) -> None:
        """Ask all units; raise NoConnectionError when not even the first can be asked."""
        try:
            for unit in units:
                self._visit(Questions(self.bus, unit, self.pace))
        except StoppedError:
            self.is_stopped = True
        except NoConnectionError as error:
            if self.pace.asked == 1:
                raise
            self.lost = str(error)
        self._join_alike()

    def list_more(self, last: int) -> Iterator[int]:
        """Yield the unit ids behind a range for as long as devices of their own answer there."""
        for unit in range(last + 1, LAST_UNIT + 1):
            near = range(unit - FURTHER, unit)
            if not any(one.unit in near and one.same_as is None for one in self.found):
                return
            yield unit

    def _visit(self, questions: Questions) -> None:
        found = FoundUnit(questions.unit, questions)
        self.found.append(found)
        try:
            if self._may_be_there(questions):
                self._examine(found)
        finally:
            if not questions.is_there:
                self.found.remove(found)
        if not questions.is_there:
            self._note_absent(questions)

    def _note_absent(self, questions: Questions) -> None:
        if questions.broken:
            self.broken[questions.unit] = questions.broken
        else:
            self.silent.append(questions.unit)

    def _may_be_there(self, questions: Questions) -> bool:
        for probe in self._probes():
            questions.ask(probe)
            if questions.is_there:
                return True
        # Gateways say "device failure" of units that are not there, some devices of registers.
        return bool(questions.failures)

    def _probes(self) -> list[Block]:
        """Return one question for each table; the first looks for SunSpec as well."""
        return [*list_bases(self.profiles)[:1], Block(4, 0, 1)]

    def _examine(self, found: FoundUnit) -> None:
        questions = found.questions
        masters = [one for one in self.found[:-1] if one.same_as is None]
        if any(self._is_same_at_once(found, one) for one in masters):
            return
        device = find_sunspec(self.profiles, questions)
        if device:
            found.name = f"{device.manufacturer} {device.model_name}".strip()
            found.serial = device.serial
            found.compared = [device.nameplate] if device.nameplate else []
            found.fits = device.fits(self.profiles)
        if not found.fits:
            self._recognise(found, masters)
        twin = next((one for one in masters if _is_twin(one, found)), None)
        found.same_as = twin.unit if twin else None

    def _recognise(self, found: FoundUnit, masters: Sequence[FoundUnit]) -> None:
        prints = [take_fingerprint(one) for one in self.profiles if one.sunspec is None]
        known = [one.fits[0].profile.name for one in masters if one.fits]
        try:
            found.fits = recognise(prints, found.questions, known, list_headless(self.profiles))
        except (StoppedError, NoConnectionError):
            found.fits = weigh_all(prints, found.questions)
            raise
        for one in prints:
            if found.fits and one.profile == found.fits[0].profile:
                self._read_nameplate(found, one)

    def _read_nameplate(self, found: FoundUnit, best: Fingerprint) -> None:
        profile = best.profile
        names = [one.quantity for one in profile.fingerprint if one.starts_with]
        counters = [one for one in profile.poll if COUNTER.search(one)]
        wanted = [*names, *profile.identity, RATED_POWER, *counters]
        values = best.read_out(found.questions, wanted)
        found.name = " ".join(str(values[one]) for one in names if one in values) or found.name
        found.serial = " ".join(str(values[one]) for one in profile.identity if one in values)
        found.counters = {one: values[one] for one in counters if values.get(one)}
        if found.serial or found.counters:
            found.compared = best.list_stretches([*profile.identity, *found.counters])
        rated = values.get(RATED_POWER)
        found.rated_power_w = int(rated) if rated and not isinstance(rated, str) else None

    def _is_same_at_once(self, found: FoundUnit, other: FoundUnit) -> bool:
        """Ask for what the other one says of itself, and compare."""
        compared = other.compared or _list_telling(other)
        if not compared or not all(
            found.questions.ask(block)
            and found.questions.words(block) == other.questions.words(block)
            for block in compared
        ):
            return False
        found.same_as = other.unit
        found.fits, found.name, found.serial = other.fits, other.name, other.serial
        found.rated_power_w = other.rated_power_w
        return True

    def _join_alike(self) -> None:
        """Take units that gave the same words throughout for one device."""
        for master in self.found:
            alike = [
                one
                for one in self.found
                if one.same_as is None and one.questions.memory == master.questions.memory
            ]
            if (
                master.same_as is None
                and len(alike) >= ALIKE
                and any(master.questions.memory.values())
            ):
                for one in alike[1:]:
                    one.same_as = master.unit


def _list_telling(found: FoundUnit) -> list[Block]:
    """Return a few answers by which to know a device of no family again; none if all are zero."""
    asked = found.questions
    telling = [block for block in asked.signature if any(asked.words(block))]
    return telling[:COMPARED] if len(telling) >= COMPARED and not found.fits else []


def _is_twin(one: FoundUnit, other: FoundUnit) -> bool:
    """Compare serial numbers; without them counters, which hardly two devices share."""
    if not one.fits or not other.fits or one.fits[0].profile != other.fits[0].profile:
        return False
    if one.serial or other.serial:
        return (one.serial, one.name) == (other.serial, other.name)
    return bool(one.counters) and one.counters == other.counters
