"""The page on which stewards make, print and end the cards of households."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from flask import Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coop.doors.cards.carded import Carded, CardedHome
from coop.doors.deeds import of_steward
from coop.doors.qr import qr_svg
from coop.errors import InputError
from coop.slots import moment_of
from dashboard.documents import csv_text, utc
from dashboard.doors import phrases
from dashboard.failures import refuse
from dashboard.language.speech import plain
from dashboard.serving.answers import csv_answer
from dashboard.sources import Sources
from dashboard.steward.admitting import wording
from dashboard.steward.sections import NAMES, show
from dashboard.typed import whole
from dashboard.visiting import visitor

_DIGITS = 18
"""As many as any row's number has."""
_SEE_OTHER, _BAD, _UNKNOWN, _CONFLICT = 303, 400, 404, 409
_HEAD = ("home", "name", "cards", "made", "visits", "has_pin")


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One card as it is printed."""

    home: str
    address: str
    picture: Markup


class CardPages:
    """The views of the cards."""

    def __init__(self, sources: Sources) -> None:
        self._doors = sources.doors
        self._address = sources.settings.address.rstrip("/")
        self._zone = sources.settings.zone

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        rule = "/steward/cards"
        app.add_url_rule(rule, "steward_cards", self.cards, methods=["GET"])
        app.add_url_rule(f"{rule}.json", "steward_cards_json", self.cards_json, methods=["GET"])
        app.add_url_rule(f"{rule}.csv", "steward_cards_csv", self.cards_csv, methods=["GET"])
        app.add_url_rule(f"{rule}/make", "make_cards", self.make_cards, methods=["POST"])
        app.add_url_rule(f"{rule}/end", "end_cards", self.end_cards, methods=["POST"])
        app.jinja_env.globals.update(admitting=wording)

    def cards(self) -> ResponseReturnValue:
        """Show which homes have cards."""
        carded = self._doors.carded()
        ended = next((one for one in carded.homes if one.id == request.args.get("ended")), None)
        return show(
            "steward/cards.html",
            "steward_cards",
            title=NAMES["steward_cards"],
            carded=carded,
            made={one.id: self._made(one) for one in carded.homes},
            ended=ended,
            loopback=self._address if _is_loopback(self._address) else None,
        )

    def cards_json(self) -> ResponseReturnValue:
        """Return which homes have cards."""
        rows = _rows(self._doors.carded())
        return jsonify({"homes": [dict(zip(_HEAD, row, strict=True)) for row in rows]})

    def cards_csv(self) -> ResponseReturnValue:
        """Return which homes have cards, as a table."""
        return csv_answer(csv_text(_HEAD, _rows(self._doors.carded())), "cards")

    def make_cards(self) -> ResponseReturnValue:
        """Make a card for each chosen home and show them all, once."""
        chosen = request.form.getlist("home")
        newest = whole(request.form.get("newest", ""), _DIGITS)
        if not chosen or newest is None:
            refuse(_BAD, wording.NONE_CHOSEN)
        try:
            made = self._doors.upkeep.make_cards(sorted({*chosen}), newest, _who())
        except InputError:
            _refuse_unknown()
        if made is None:
            refuse(_CONFLICT, wording.MADE_MEANWHILE)
        names = {one.id: one.name for one in self._doors.carded().homes}
        cards = [self._print(names[home], token) for home, token in made.items()]
        return show(
            "steward/cards_printed.html", "steward_cards", title=wording.TO_PRINT, cards=cards
        )

    def end_cards(self) -> ResponseReturnValue:
        """End all cards, visits and the PIN of a home."""
        home = request.form.get("home", "")
        try:
            self._doors.upkeep.revoke_cards(home, _who())
        except InputError:
            _refuse_unknown()
        return redirect(url_for("steward_cards", ended=home), _SEE_OTHER)

    def _print(self, name: str, token: str) -> PrintedCard:
        address = f"{self._address}/q/{token}"
        title = plain(phrases.CARD_OF.put(home=name))
        return PrintedCard(name, address, Markup(qr_svg(address, title)))  # noqa: S704  segno escapes

    def _made(self, one: CardedHome) -> object:
        return None if one.made_s is None else moment_of(one.made_s).astimezone(self._zone).date()


def _rows(carded: Carded) -> Sequence[tuple[str, str, int, str | None, int, int]]:
    return [
        (
            one.id,
            one.name,
            one.cards,
            None if one.made_s is None else utc(moment_of(one.made_s)),
            one.visits,
            int(one.has_pin),
        )
        for one in carded.homes
    ]


def _who() -> str:
    return of_steward(visitor().steward_id or "")


def _refuse_unknown() -> NoReturn:
    refuse(_UNKNOWN, wording.NO_SUCH_HOME)


def _is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in {"127.0.0.1", "localhost", "::1"}
