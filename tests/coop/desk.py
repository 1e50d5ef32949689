"""The front door as the commands of `coop` see it, with a still clock and counters in memory."""

from dataclasses import dataclass, field
from datetime import datetime

import click
from click.testing import CliRunner, Result

from coop.settings import CoopSettings
from tests.coop.fakes import FakeCounterReadings
from tests.coop.village import START


@dataclass
class StillClock:
    """A clock that shows one moment."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment


class OpenReadings(FakeCounterReadings):
    """Counters that remember whether they were closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Desk:
    """The front door as commands see it."""

    settings: CoopSettings
    still: StillClock = field(default_factory=StillClock)
    readings: OpenReadings = field(default_factory=OpenReadings)
    own: StillClock = field(default_factory=StillClock)
    """The machine's own clock."""

    def coop(self) -> CoopSettings:
        return self.settings

    def clock(self) -> StillClock:
        return self.still

    def machine(self) -> StillClock:
        return self.own

    def open_store(self) -> OpenReadings:
        return self.readings

    def ask(self, command: click.Command, *words: str) -> Result:
        """Type a command."""
        return CliRunner().invoke(command, words, obj=self)
