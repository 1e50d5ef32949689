"""The views of words: parse, ask, render."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, g, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue

from coop.desk import Office, Phrasebook, PhraseLine
from coop.errors import InputError
from coop.words import Saying
from dashboard.desk.forms import Form, chosen, look_again, sent_form
from dashboard.desk.words import documents, wording
from dashboard.desk.words.asked import PER_PAGE, Asked, read_asked
from dashboard.failures import NextStep, refuse
from dashboard.language.speech import hear_again
from dashboard.serving.answers import csv_answer
from dashboard.steward.sections import NAMES, show
from dashboard.visiting import visitor


class WordPages:
    """What Minga says, and what stewards make of it."""

    def __init__(self, office: Office) -> None:
        self._book = Phrasebook(office)

    def register(self, app: Flask) -> None:
        """Give each view its address."""
        routes: dict[str, Callable[[], ResponseReturnValue]] = {
            "/steward/words": self.steward_words,
            "/steward/words.json": self.steward_words_json,
            "/steward/words.csv": self.steward_words_csv,
        }
        for rule, view in routes.items():
            app.add_url_rule(rule, view.__name__, view, methods=["GET"])
        app.add_url_rule(
            "/steward/words", "steward_words_act", self.steward_words_act, methods=["POST"]
        )

    def steward_words(self) -> ResponseReturnValue:
        """Show the phrases that are looked for, and one of them to correct."""
        return self._show(Form(), wording.DONE.get(request.args.get("done", "")))

    def steward_words_json(self) -> ResponseReturnValue:
        """Return the phrases that are looked for."""
        asked = read_asked()
        return jsonify(documents.phrases_document(asked.language, self._found(asked)))

    def steward_words_csv(self) -> ResponseReturnValue:
        """Return the phrases that are looked for as a table."""
        asked = read_asked()
        return csv_answer(documents.phrases_csv(self._found(asked)), f"words-{asked.language}")

    def steward_words_act(self) -> ResponseReturnValue:
        """Take a correction; it is read at once."""
        form, asked = sent_form(), read_asked()
        message = request.args.get("phrase", "")
        acts: dict[str, Callable[[Form], None]] = {
            "correct": lambda sent: self._book.correct(
                asked.language, message, sent.text("text"), visitor().steward_id or ""
            )
        }
        try:
            chosen(acts, form)
        except InputError as error:
            form.take(error)
            return self._show(form, None)
        hear_again()
        where: dict[str, Any] = asked.at(asked.page)
        return look_again(url_for("steward_words", phrase=message, done="correct", **where))

    def _found(self, asked: Asked) -> Sequence[PhraseLine]:
        return _found(self._book.lines(asked.language), asked)

    def _show(self, form: Form, done: Saying | None) -> ResponseReturnValue:
        asked = read_asked()
        lines = self._book.lines(asked.language)
        found = _found(lines, asked)
        first = (asked.page - 1) * PER_PAGE
        page = show(
            "desk/words.html",
            "steward_words",
            title=NAMES["steward_words"],
            asked=asked,
            count=len(found),
            lines=found[first : first + PER_PAGE],
            has_more=first + PER_PAGE < len(found),
            chosen=_chosen(lines),
            form=form,
            done=done,
            own=wording,
        )
        return make_response(page, form.status)


def _found(lines: Sequence[PhraseLine], asked: Asked) -> Sequence[PhraseLine]:
    return [one for one in lines if one.is_marked(asked.mark) and one.has(asked.search)]


def _chosen(lines: Sequence[PhraseLine]) -> PhraseLine | None:
    """Return the phrase that the address names; 404 for one that nobody says."""
    message = request.args.get("phrase")
    if message is None:
        return None
    found = next((one for one in lines if one.message == message), None)
    if found is None:
        g.next_step = NextStep(url_for("steward_words"), wording.BACK)
        refuse(HTTPStatus.NOT_FOUND, wording.NO_PHRASE)
    return found
