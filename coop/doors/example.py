"""Opens the doors of the demo's cooperative: one household's card, and two stewards."""

import secrets
from dataclasses import dataclass

from coop.database.opening import Database
from coop.doors.entrance import Clock
from coop.doors.upkeep import Upkeep
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward

STEWARDS = {"rosa": "Rosa Huamán", "juan": "Juan Condori"}
_SYLLABLES = ("ka", "lla", "mi", "nu", "pa", "qu", "ri", "sa", "ta", "wi", "yu", "chi")


@dataclass(frozen=True, slots=True)
class Keys:
    """What lets people into the demo; all of it ends with the demo."""

    card: str
    """The token of one household's card."""
    password: str
    """Of both stewards."""

    def told(self, address: str) -> str:
        """Say how people come in at an address."""
        names = " or ".join(STEWARDS)
        return (
            f"a household     {address}/q/{self.card}\n"
            f"stewards        {address}/sign-in   {names}, password {self.password}"
        )


def open_doors(database: Database, home_id: str, from_s: int, clock: Clock) -> Keys:
    """Make a card of a home, and stewards who sign in with a password of this demo only."""
    doors = Upkeep(database, clock)
    keys = Keys(doors.make_card(home_id), _make_password())
    with database.writing() as connection:
        for who, name in STEWARDS.items():
            add_steward(connection, Steward(who, name, Validity(from_s)))
    for who in STEWARDS:
        doors.give_password(who, keys.password)
    return keys


def _make_password() -> str:
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(3))
