"""The sections of the stewards' pages, one line each; what has no page yet is not linked."""

from dataclasses import dataclass

from flask import current_app, render_template, url_for

from coop.words import Saying, say


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the line of sections: the endpoint of its page, and its name."""

    endpoint: str
    name: Saying


SECTIONS = (
    Section("steward", say("What there is to do")),
    Section("steward_roofs", say("Roofs side by side")),
    Section("steward_data", say("Data")),
    Section("steward_quarantine", say("Quarantine")),
    Section("steward_month", say("Month close")),
    Section("steward_members", say("Members")),
    Section("steward_meters", say("Meters")),
    Section("steward_keys", say("Keys")),
    Section("steward_prices", say("Prices")),
    Section("steward_fund", say("Solidarity fund")),
    Section("steward_readings", say("Manual readings")),
    Section("steward_cards", say("Cards")),
    Section("steward_stewards", say("Stewards")),
    Section("steward_words", say("Words")),
    Section("steward_record", say("Record")),
)
NAMES = {section.endpoint: section.name for section in SECTIONS}


def sections() -> tuple[Section, ...]:
    """Return the sections that have a page."""
    return tuple(one for one in SECTIONS if one.endpoint in current_app.view_functions)


def page_of_month(month: str) -> str | None:
    """Return the address at which a month is closed, if there is such a page."""
    if "steward_close" not in current_app.view_functions:
        return None
    return url_for("steward_close", month=month)


def show(template: str, section: str, **held: object) -> str:
    """Render a page of a section; `section` is the endpoint that stands in the table."""
    return render_template(template, section=section, sections=sections(), **held)
