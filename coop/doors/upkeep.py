"""What those who are inside change about the doors: cards, PINs, passwords and codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coop.database.opening import Database
from coop.doors.cards.carded import were_carded_since
from coop.doors.cards.links import make_link, revoke_links, set_pin
from coop.doors.credentials.codes import STEP_S, is_secret, matching_step
from coop.doors.credentials.keys import find_key, set_codes, set_password
from coop.doors.credentials.passwords import fits, is_pin, make_hash, weakness
from coop.doors.credentials.turns import Turns
from coop.doors.deeds import CONSOLE, Deed, What, note, of_home, of_steward
from coop.doors.entrance import Clock, Reason, Refusal, recent_failures, refuse_haste
from coop.doors.visits import Guest, Pass, begin_visit
from coop.slots import unix_s


@dataclass(frozen=True, slots=True)
class NewCodes:
    """What a steward typed to be asked for codes: the secret that was shown, and one code of it."""

    secret: str
    code: str


class Upkeep:
    """Changes the doors from inside; every change is noted with who made it."""

    def __init__(self, database: Database, clock: Clock, turns: Turns | None = None) -> None:
        """Begin; `turns` are those of the entrance, if there is one: both count the same tries."""
        self._database = database
        self._clock = clock
        self._turns = turns or Turns()

    def make_card(self, home_id: str, by: str = CONSOLE) -> str:
        """Return the token of a new card of a home; raise InputError for an unknown home."""
        now_s = self._now_s()
        with self._database.writing() as connection:
            token = make_link(connection, home_id, now_s)
            note(connection, Deed(now_s, by, What.CARD_MADE, of_home(home_id)))
        return token

    def make_cards(self, homes: Sequence[str], newest: int, by: str) -> Mapping[str, str] | None:
        """Return a new card's token for each home; none if one got a card after card `newest`.

        So a form that is sent twice makes no second cards. Raise InputError for an unknown home.
        """
        now_s = self._now_s()
        with self._database.writing() as connection:
            if were_carded_since(connection, homes, newest):
                return None
            made = {one: make_link(connection, one, now_s) for one in homes}
            for one in made:
                note(connection, Deed(now_s, by, What.CARD_MADE, of_home(one)))
        return made

    def revoke_cards(self, home_id: str, by: str = CONSOLE) -> int:
        """End all cards, visits and the PIN of a home; return how many cards were open."""
        now_s = self._now_s()
        with self._database.writing() as connection:
            ended = revoke_links(connection, home_id, now_s)
            note(connection, Deed(now_s, by, What.CARDS_REVOKED, of_home(home_id)))
        return ended

    def set_pin(self, home_id: str, pin: str | None) -> Refusal | None:
        """Ask for a PIN when a home's card is opened, or for none."""
        if pin is not None and not is_pin(pin):
            return Refusal(Reason.WEAK)
        now_s, what = self._now_s(), What.PIN_REMOVED if pin is None else What.PIN_SET
        kept = None if pin is None else make_hash(pin)
        with self._database.writing() as connection:
            set_pin(connection, home_id, kept, now_s)
            note(connection, Deed(now_s, of_home(home_id), what))
        return None

    def give_password(self, who: str, password: str, by: str = CONSOLE) -> None:
        """Give a steward a password without asking for the one before; visits and codes end."""
        now_s, kept = self._now_s(), make_hash(password)
        with self._database.writing() as connection:
            set_password(connection, who, kept, now_s)
            set_codes(connection, who, None)
            note(connection, Deed(now_s, by, What.PASSWORD_SET, of_steward(who)))

    def change_password(self, who: str, old: str, new: str) -> Pass | Refusal:
        """Change a steward's own password: every visit ends, a new one begins."""
        if weak := weakness(new, who):
            return Refusal(Reason.WEAK, weakness=weak)
        if refused := self._refuse_wrong(who, old):
            return refused
        now_s, kept = self._now_s(), make_hash(new)
        with self._database.writing() as connection:
            set_password(connection, who, kept, now_s)
            note(connection, Deed(now_s, of_steward(who), What.PASSWORD_SET, of_steward(who)))
            return begin_visit(connection, Guest(steward_id=who), now_s)

    def change_codes(self, who: str, password: str, wanted: NewCodes | None) -> Refusal | None:
        """Ask a steward for codes when they sign in, or for none."""
        if refused := self._refuse_wrong(who, password):
            return refused
        now_s = self._now_s()
        step = 0
        if wanted is not None:
            is_new = is_secret(wanted.secret)
            found = matching_step(wanted.secret, wanted.code, now_s, 0) if is_new else None
            if found is None:
                return Refusal(Reason.GONE)
            step = min(found, now_s // STEP_S)
        what = What.CODES_OFF if wanted is None else What.CODES_ON
        with self._database.writing() as connection:
            set_codes(connection, who, wanted.secret if wanted else None, step)
            note(connection, Deed(now_s, of_steward(who), what))
        return None

    def has_codes(self, who: str) -> bool:
        """Say whether a steward is asked for codes."""
        with self._database.reading() as connection:
            key = find_key(connection, who)
        return key is not None and key.totp_secret is not None

    def _refuse_wrong(self, who: str, password: str) -> Refusal | None:
        now_s = self._now_s()
        with self._turns.one() as is_ours:
            with self._database.reading() as connection:
                tried = recent_failures(connection, of_steward(who), now_s)
                key = find_key(connection, who)
            if refused := refuse_haste(tried, now_s, is_ours=is_ours):
                return refused
            if fits(key.hash if key else None, password):
                return None
            with self._database.writing() as connection:
                note(connection, Deed(now_s, of_steward(who), What.REFUSED, "own password"))
            return Refusal(Reason.WRONG)

    def _now_s(self) -> int:
        return unix_s(self._clock.now())
