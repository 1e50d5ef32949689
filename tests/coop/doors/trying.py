"""How tests try to come in."""

from coop.doors.door import Doors
from coop.doors.entrance import Credentials, Reason, Refusal
from coop.doors.visits import Pass
from tests.coop.doors.conftest import Machine

PASSWORD = "warmi-wasi-wayra"  # noqa: S105  of a steward in tests
BAD = "x"
WRONG = Refusal(Reason.WRONG)


def sign_in(doors: Doors, name: str, password: str = BAD, code: str = "") -> Pass | Refusal:
    return doors.entrance.sign_in(Credentials(name, password, code, "from 192.0.2.7"))


def wait_of(answer: Pass | Refusal) -> int:
    """Return for how long somebody was sent away."""
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.WAIT
    return answer.wait_s


def use_up_tries(doors: Doors, machine: Machine, name: str) -> None:
    """Try as often as is allowed, as slowly as is asked for."""
    for pause_s in (1, 2, 4, 8, 16):
        assert sign_in(doors, name) == WRONG
        machine.go_on(pause_s)
