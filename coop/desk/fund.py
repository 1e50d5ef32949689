"""The solidarity fund for stewards: what it holds, what was given, and giving by two of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from coop.desk.office import Office
from coop.doors.door import Doors
from coop.doors.entrance import Credentials, Refusal
from coop.ledger import Kind, Unit
from coop.ledger.book import Ledger
from coop.ledger.fund import Grant, enter_grant, read_soles, refuse_incomplete
from coop.members.stewards import Steward, read_stewards
from coop.month.money import FUND_OWED, FUND_SOLES
from coop.slots import unix_s
from coop.words.amounts import soles


@dataclass(frozen=True, slots=True)
class Given:
    """A grant in the books, and its month."""

    grant: Grant
    month: str


@dataclass(frozen=True, slots=True)
class FundView:
    """What the fund holds or owes, what was given from it, and who could sign."""

    centimos: int
    owed_centimos: int
    grants: Sequence[Given]
    """The newest first."""
    stewards: Sequence[Steward]
    """Those in office."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be given, as it was typed."""

    soles: str
    text: str
    decision: str


class Fund:
    """What the cooperative holds together."""

    def __init__(self, office: Office, doors: Doors) -> None:
        self._office = office
        self._doors = doors

    def look(self) -> FundView:
        """Return what the fund holds, and what was given from it."""
        with self._office.database.reading() as connection:
            said = [one.document for one in self._ledger(connection).of_unit(Unit.MONEY)]
            now_s, held = unix_s(self._office.now()), read_stewards(connection)
        return FundView(
            sum(one["postings"].get(FUND_SOLES, 0) for one in said),
            -sum(one["postings"].get(FUND_OWED, 0) for one in said),
            [_given(one) for one in reversed(said) if one["kind"] == Kind.GRANT],
            [one for one in held if one.validity.holds_at(now_s)],
        )

    def give(self, wish: Wish, steward: str, second: Credentials) -> Refusal | None:
        """Book a grant, unless it is booked, once another steward signs it with their password.

        Raise InputError or RefusedError; return why the other's signature does not count.
        """
        signers = tuple(sorted({steward, second.name}))
        asked = Grant(wish.decision, read_soles(wish.soles), wish.text, signers)
        refuse_incomplete(asked)
        if any(one.grant == asked for one in self.look().grants):
            return None

        def book(connection: Connection) -> None:
            enter_grant(connection, self._office.settings, asked, self._office.now())
            act = f"grant {asked.decision}: {soles(asked.centimos)} soles"
            for who in signers:
                self._office.witness(who)(connection, act)

        return self._doors.entrance.vouch(second, book)

    def _ledger(self, connection: Connection) -> Ledger:
        return Ledger(connection, self._office.settings.id)


def _given(said: Mapping[str, Any]) -> Given:
    centimos, stewards = -said["postings"][FUND_SOLES], tuple(said["stewards"])
    return Given(Grant(said["decision"], centimos, said["text"], stewards), said["month"])
