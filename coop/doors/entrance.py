"""Lets people in by card, by password or by setup code, and counts who was refused.

Each answer is a pass or a refusal. A name that nobody has is refused in the same words, after the
same work and with the same waiting as a wrong password.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from coop.database.opening import Database
from coop.doors.cards.links import Card, find_card
from coop.doors.credentials.codes import matching_step
from coop.doors.credentials.keys import StewardKey, find_key, note_code, set_password
from coop.doors.credentials.passwords import Weakness, fits, make_hash, weakness
from coop.doors.credentials.setting_up import find_code, is_open, use_code
from coop.doors.credentials.tries import WINDOW_S, wait_s
from coop.doors.credentials.turns import Turns
from coop.doors.deeds import Deed, What, failures, note, of_home, of_steward
from coop.doors.visits import Guest, Pass, begin_visit
from coop.errors import InputError
from coop.members.community import Validity
from coop.members.stewards import Steward, add_steward, read_stewards
from coop.slots import unix_s

_SETTING_UP = "stranger:setup"
_BUSY_S = 2
_T = TypeVar("_T")


class Clock(Protocol):
    """What the doors need of a clock."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...


class Reason(StrEnum):
    """Why somebody is not let in."""

    WRONG = "wrong"
    WAIT = "wait"
    GONE = "gone"
    WEAK = "weak"
    ODD_NAME = "odd-name"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody is not let in, and when they may try again."""

    reason: Reason
    wait_s: int = 0
    weakness: Weakness | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed to sign in, and from which address."""

    name: str
    password: str
    code: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FirstSteward:
    """What somebody typed to become the first steward."""

    code: str
    id: str
    name: str
    password: str
    address: str = ""


class Entrance:
    """Checks who may come in; safe to share between threads."""

    def __init__(self, database: Database, clock: Clock, machine: Clock) -> None:
        self._database = database
        self._clock = clock
        self._machine = machine
        self.turns = Turns()

    def card(self, token: str) -> Card | None:
        """Return what a card's token opens, none if it was revoked."""
        with self._database.reading() as connection:
            return find_card(connection, token)

    def open_card(self, token: str, pin: str, address: str = "") -> Pass | Refusal:
        """Begin a household's visit by its card, and its PIN if it has one."""
        with self.turns.one() as is_ours:
            now_s = self._now_s()
            with self._database.reading() as connection:
                card = find_card(connection, token)
                tried = recent_failures(connection, of_home(card.home_id), now_s) if card else []
            if card is None:
                return Refusal(Reason.GONE)
            if refused := refuse_haste(tried, now_s, is_ours=is_ours):
                return refused
            is_right = card.pin_hash is None or fits(card.pin_hash, pin)
            with self._database.writing() as connection:
                if is_right and find_card(connection, token) is None:
                    return Refusal(Reason.GONE)  # revoked meanwhile
                what = What.CAME_IN if is_right else What.REFUSED
                note(connection, Deed(now_s, of_home(card.home_id), what, address))
                guest = Guest(home_id=card.home_id, link_id=card.link_id)
                return begin_visit(connection, guest, now_s) if is_right else _WRONG

    def sign_in(self, told: Credentials) -> Pass | Refusal:
        """Begin a steward's visit by password, and by code if the steward asked for codes."""

        def begin(connection: Connection, now_s: int) -> Pass:
            note(connection, Deed(now_s, of_steward(told.name), What.CAME_IN, told.address))
            return begin_visit(connection, Guest(steward_id=_id_of(told.name)), now_s)

        return self._checked(told, begin)

    def vouch(self, told: Credentials, act: Callable[[Connection], _T]) -> _T | Refusal:
        """Do what a steward signs with their password at the page of another, in one transaction.

        What `act` raises leaves everything as it was.
        """
        return self._checked(told, lambda connection, _: act(connection))

    def _checked(self, told: Credentials, act: Callable[[Connection, int], _T]) -> _T | Refusal:
        who = of_steward(told.name)
        with self.turns.one() as is_ours:
            now_s = self._now_s()
            with self._database.reading() as connection:
                tried = recent_failures(connection, who, now_s)
                key = self._key_in_office(connection, _id_of(told.name))
            if refused := refuse_haste(tried, now_s, is_ours=is_ours):
                return refused
            is_right = fits(key.hash if key else None, told.password)
            with self._database.writing() as connection:
                if key is None or not is_right or not _takes_code(connection, told, key, now_s):
                    note(connection, Deed(now_s, who, What.REFUSED, told.address))
                    return _WRONG
                return act(connection, now_s)

    def awaits_first(self) -> bool:
        """Say whether no steward can sign in yet."""
        with self._database.reading() as connection:
            return is_open(connection)

    def set_up(self, told: FirstSteward) -> Pass | Refusal:
        """Give the first steward a password by the code on the console, and let them in."""
        if weak := weakness(told.password, told.id, told.name):
            return Refusal(Reason.WEAK, weakness=weak)
        with self.turns.one() as is_ours:
            now_s = self._now_s()
            kept = make_hash(told.password)
            with self._database.writing() as connection:
                if not is_open(connection):
                    return Refusal(Reason.GONE)
                tried = recent_failures(connection, _SETTING_UP, now_s)
                if refused := refuse_haste(tried, now_s, is_ours=is_ours):
                    return refused
                code_id = find_code(connection, told.code, now_s)
                if code_id is None:
                    note(connection, Deed(now_s, _SETTING_UP, What.REFUSED, told.address))
                    return _WRONG
                if not self._enter_first(connection, told):
                    return Refusal(Reason.ODD_NAME)
                use_code(connection, code_id, now_s)
                set_password(connection, _id_of(told.id), kept, now_s)
                note(connection, Deed(now_s, of_steward(told.id), What.SET_UP, told.address))
                return begin_visit(connection, Guest(steward_id=_id_of(told.id)), now_s)

    def _enter_first(self, connection: Connection, told: FirstSteward) -> bool:
        """Enter the first steward, or take the one who is in office under this id."""
        now_s, who = unix_s(self._clock.now()), _id_of(told.id)
        held = next((one for one in read_stewards(connection) if one.id == who), None)
        if held is not None:
            return held.validity.holds_at(now_s)
        name = told.name.strip()
        if not name or len(name) > 120 or not name.isprintable():  # noqa: PLR2004  as in [coop] name
            return False
        try:
            add_steward(connection, Steward(who, name, Validity(now_s)))
        except InputError:
            return False
        return True

    def _key_in_office(self, connection: Connection, who: str) -> StewardKey | None:
        now_s = unix_s(self._clock.now())
        in_office = {one.id for one in read_stewards(connection) if one.validity.holds_at(now_s)}
        return find_key(connection, who) if who in in_office else None

    def _now_s(self) -> int:
        return unix_s(self._machine.now())


_WRONG = Refusal(Reason.WRONG)


def _id_of(name: str) -> str:
    return name.strip().lower()


def recent_failures(connection: Connection, who: str, now_s: int) -> Sequence[int]:
    """Return when somebody was refused lately."""
    return failures(connection, who, now_s - WINDOW_S)


def refuse_haste(tried: Sequence[int], now_s: int, *, is_ours: bool) -> Refusal | None:
    """Say how long somebody has to wait; `is_ours` is whether they got a turn."""
    if not is_ours:
        return Refusal(Reason.WAIT, _BUSY_S)
    left_s = wait_s(tried, now_s)
    return Refusal(Reason.WAIT, left_s) if left_s else None


def _takes_code(connection: Connection, told: Credentials, key: StewardKey, now_s: int) -> bool:
    if key.totp_secret is None:
        return True
    step = matching_step(key.totp_secret, told.code, now_s, key.totp_step)
    return step is not None and note_code(connection, _id_of(told.name), step)
