"""A village with two stewards, and a machine whose clock a test moves."""

from datetime import timedelta

import pytest

from coop.doors.door import Doors
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward
from coop.slots import unix_s
from tests.coop.desk import StillClock
from tests.coop.village import START, Village


class Machine(StillClock):
    """The machine's own clock."""

    def go_on(self, seconds: float) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def doors(village: Village, machine: Machine) -> Doors:
    with village.database.writing() as connection:
        for who in ("rosa", "juan"):
            add_steward(connection, Steward(who, who.title(), Validity(unix_s(START))))
    return Doors(village.database, StillClock(), machine)
