"""Every page there is, found in the app itself, and as whom it is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.access import ACCESS
from dashboard.app import create_app
from dashboard.visiting import Audience
from tests.dashboard.fakes import a_full_village

_FILES = (".json", ".csv", ".pdf", ".xlsx")
_NO_PAGES = {
    "static": "files",
    "health": "for programs",
    "card": "walked by those who come in",
    "setup": "gone once a steward can sign in; the first day walks it",
    "own_statement": "a file to be saved",
}
_OF_MEMBERS = {"report", "report_read"}
"""Open to anyone once the assembly approved; until then for members."""


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page, and who looks at it."""

    endpoint: str
    address: str
    who: str


def every_page(month: str = "", slot: str = "") -> list[PlacedPage]:
    """Return every page that is looked at, in order of address; the demo's if nothing is told."""
    noon = datetime.now(UTC).replace(hour=17, minute=0) - timedelta(days=3)
    last_month = (noon.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    values = {"month": month or last_month, "slot": slot or f"{noon:%Y-%m-%dT%H:%MZ}"}
    return sorted(_pages(values), key=lambda one: one.address)


def _pages(values: Mapping[str, str]) -> Iterator[PlacedPage]:
    app = create_app(a_full_village().sources())
    for rule in app.url_map.iter_rules():
        is_page = "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
        is_file = rule.rule.endswith(_FILES) or "<any(" in rule.rule
        if not is_page or is_file or rule.endpoint in _NO_PAGES:
            continue
        held = {name: values[name] for name in rule.arguments}
        address = app.url_map.bind("x").build(rule.endpoint, held)
        yield PlacedPage(rule.endpoint, address, _who(rule.endpoint))


def _who(endpoint: str) -> str:
    if endpoint in _OF_MEMBERS:
        return "household"
    audience = ACCESS[endpoint]
    return {Audience.ANYONE: "stranger", Audience.STEWARDS: "steward"}.get(audience, "household")
