"""What can be wrong with a password that somebody chooses."""

from collections.abc import Mapping

from coop.doors.credentials.passwords import Weakness
from coop.problems.problem import Problem
from coop.words.saying import Saying, say

WEAK: Mapping[Weakness, Saying] = {
    Weakness.SHORT: say("The password is too short: at least 8 letters."),
    Weakness.LONG: say("The password is too long: at most 256 letters."),
    Weakness.COMMON: say("Many people have this password. Choose another."),
    Weakness.NAMED: say("Your name is no password. Choose another."),
}
_LINES: Mapping[Weakness, str] = {
    Weakness.SHORT: "fewer than 8 letters",
    Weakness.LONG: "more than 256 letters",
    Weakness.COMMON: "one that many people have",
    Weakness.NAMED: "the steward's own name",
}


def weak_password(why: Weakness) -> Problem:
    """Refuse a password that others would guess."""
    line = f"password: found {_LINES[why]}; allowed: 8 to 256 letters, any of them"
    return Problem(line, "password", WEAK[why])
