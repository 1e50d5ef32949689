"""In which languages a request is answered, and how templates tell sayings in them."""

from collections.abc import Callable, Sequence
from threading import Lock

from flask import Flask, abort, current_app, g, request
from markupsafe import Markup, escape

from coop.words import Language, Saying, Told, Words
from coop.words.words import Corrections
from dashboard.language.wording import DRAFT_NOTE

_SPEECH = "minga-speech"


class Speech:
    """The cooperative's languages, with its corrections, which are read beside the pages."""

    def __init__(
        self, languages: Sequence[Language], corrections: Callable[[], Corrections]
    ) -> None:
        self._languages = tuple(languages)
        self._read = corrections
        self._corrected: tuple[Corrections, int] = {}, 0
        self._is_known = False
        self._lock = Lock()

    def register(self, app: Flask) -> None:
        """Choose languages before each request, and give templates what tells."""
        app.extensions[_SPEECH] = self
        app.before_request(self._choose)
        app.url_defaults(_keep)
        app.jinja_env.globals.update(
            tell=tell, plain=plain, term=term, read_in=read_in, draft_note=draft_note, here=here
        )

    def renew(self) -> None:
        """Read corrections anew."""
        with self._lock:
            # First, so that what is forgotten while it is read is read again.
            self._is_known = True
            try:
                found = self._read()
            except Exception:
                self._is_known = False
                raise
            held, edition = self._corrected
            self._corrected = found, edition + (found != held)

    def forget(self) -> None:
        """Read corrections anew at the next request: one was just made."""
        self._is_known = False

    def _choose(self) -> None:
        g.told = []
        self._speak(self._languages)
        if request.endpoint in {"static", "health"}:
            return
        asked = request.args.get("lang")
        if asked is not None and asked not in set(Language):
            g.unknown_language = True
            abort(400)
        if not self._is_known:
            self.renew()
        self._speak((Language(asked),) if asked else self._languages)

    def _speak(self, languages: tuple[Language, ...]) -> None:
        """Choose languages; equal `g.wording` means that everything is told in equal words."""
        corrections, edition = self._corrected
        g.words, g.wording = Words(languages, corrections), (languages, edition)


def hear_again() -> None:
    """Let this app read corrections anew at its next request."""
    speech_of(current_app).forget()


def speech_of(app: Flask) -> Speech:
    """Return how an app speaks."""
    speech: Speech = app.extensions[_SPEECH]
    return speech


def read_in() -> Language:
    """Return the first language of this request."""
    words: Words = g.words
    return words.languages[0]


def plain(saying: Saying) -> str:
    """Tell something as text, in the first language."""
    return _note(g.words.tell_in(read_in(), saying)).text


def tell(saying: Saying) -> Markup:
    """Tell something in the first language; what fell back is marked as of its language."""
    told = _note(g.words.tell_in(read_in(), saying))
    if told.language is read_in():
        return escape(told.text)
    return Markup('<span class="other" lang="{}">{}</span>').format(told.language, told.text)


def term(saying: Saying) -> Markup:
    """Tell a heading in the first language, and small beside it in the others."""
    rest = [told for told in g.words.tell_all(saying) if told.language is not read_in()]
    first = Markup('<span class="first">{}</span>').format(tell(saying))
    beside = Markup(' <span class="beside" lang="{}">{}</span>')
    return first + Markup("").join(
        beside.format(told.language, _note(told).text)
        for told in rest
        if told.language is not g.words.tell_in(read_in(), saying).language
    )


def here() -> str:
    """Return the address of this page, in the language it was asked for; forms are sent to it."""
    asked = request.args.get("lang")
    return f"{request.path}?lang={asked}" if asked in set(Language) else request.path


def draft_note() -> Markup:
    """Say once that a page holds drafts; nothing where it holds none."""
    if not g.told:
        return Markup("")
    return Markup('<p class="draft">{}</p>').format(tell(DRAFT_NOTE))


def _note(told: Told) -> Told:
    if told.is_draft:
        g.told.append(told.language)
    return told


def _keep(endpoint: str, values: dict[str, object]) -> None:
    """Keep a chosen language through the links of a page."""
    asked = request.args.get("lang") if request else None
    if endpoint != "static" and asked in set(Language):
        values.setdefault("lang", asked)
