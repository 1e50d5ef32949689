"""Makes the Flask app out of what it is given; no globals, nothing is opened here."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined

from dashboard.access import guard
from dashboard.api.all import Readers, offer_all
from dashboard.assembly.views import AssemblyPages
from dashboard.community.reading import CommunityReader
from dashboard.community.views import CommunityPages
from dashboard.desk import pages as desk
from dashboard.desk.readings.views import allow_uploads
from dashboard.doors import phrases
from dashboard.doors.coming_in import ComingIn
from dashboard.doors.line import believe_proxy
from dashboard.doors.noting import Notes
from dashboard.doors.own_doors import OwnDoors
from dashboard.doors.redaction import redact_logs
from dashboard.failures import handle_failures
from dashboard.household.reading import HomeReader
from dashboard.household.views import Households
from dashboard.language import numbers, wording
from dashboard.language.speech import Speech
from dashboard.language.tongues import tongues
from dashboard.public.figures import Reader
from dashboard.public.views import Pages
from dashboard.reports.views import ReportPages
from dashboard.serving.packing import pack_answers
from dashboard.serving.streams import Streams
from dashboard.sources import Sources
from dashboard.steward import pages as stewards
from dashboard.visiting import receive_visitors

_A_YEAR_S = 31_536_000
_MAX_BODY = 16_384


class _Json(DefaultJSONProvider):
    sort_keys = False
    ensure_ascii = False


def create_app(sources: Sources) -> Flask:
    """Return the app that serves all pages from these sources."""
    app = Flask(__name__)
    _set_up(app)
    _equip_templates(app, sources)
    _meet_requests(app, sources)
    readers = Readers(Reader(sources), CommunityReader(sources), HomeReader(sources))
    _register_pages(app, sources, readers)
    if sources.settings.is_behind_proxy:
        believe_proxy(app)
    redact_logs(app.logger.name, "gunicorn.error", "werkzeug")
    offer_all(app, sources, readers)
    Streams(readers.board, sources.settings.streams_max).register(app)
    return app


def _set_up(app: Flask) -> None:
    app.json = _Json(app)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    # A changed file has a changed address, so a screen loads it once.
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _A_YEAR_S
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _equip_templates(app: Flask, sources: Sources) -> None:
    """Give every template its words, its numbers and the settings."""
    static = Path(app.static_folder or "")
    app.jinja_env.globals.update(
        say=wording,
        doors_say=phrases,
        num=numbers,
        settings=sources.settings,
        tongues=tongues,
        version=_digest(static),
        icon=b64encode((static / "icon.svg").read_bytes()).decode(),
    )


def _meet_requests(app: Flask, sources: Sources) -> None:
    """Set what happens around every page, in the order in which it happens."""
    pack_answers(app)
    Speech(sources.settings.languages, sources.corrections).register(app)
    receive_visitors(app, sources.doors, sources.gate)
    allow_uploads(app)
    guard(app)
    handle_failures(app, sources.clock)
    Notes(sources.doors, sources.clock).register(app)


def _register_pages(app: Flask, sources: Sources, readers: Readers) -> None:
    Pages(readers.board).register(app)
    CommunityPages(readers.community).register(app)
    Households(readers.home, sources.settings).register(app)
    stewards.register(app, sources)
    ReportPages(sources.reports).register(app)
    AssemblyPages(sources.assembly, sources.settings.zone).register(app)
    ComingIn(sources.doors).register(app)
    OwnDoors(sources.doors, sources.settings.cooperative).register(app)
    if sources.office is not None:
        desk.register(app, sources.office, sources.doors)


def _digest(folder: Path) -> str:
    digest = sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
