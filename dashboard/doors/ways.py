"""Where somebody may go from any page: the line of links at its end."""

from dataclasses import dataclass

from flask import current_app, request

from coop.words import Saying, say
from dashboard.doors import phrases
from dashboard.language.wording import REPORTS
from dashboard.visiting import visitor


@dataclass(frozen=True, slots=True)
class Way:
    """One link."""

    endpoint: str
    name: Saying


_SHARED = (
    Way("community", say("Community")),
    Way("reports", REPORTS),
    Way("assembly", say("Assembly")),
)
_HOUSEHOLD = (Way("own_home", say("My home")), *_SHARED, Way("pin", phrases.PIN_TITLE))
_STEWARD = (Way("steward", say("For stewards")), *_SHARED, Way("account", phrases.ACCOUNT))
_STRANGER = (Way("reports", REPORTS), Way("sign_in", phrases.SIGN_IN))


def ways() -> tuple[Way, ...]:
    """Return the links of who is looking."""
    who = visitor()
    if who.steward_id is not None:
        return _there(_STEWARD)
    if who.home_id is not None:
        return _there(_HOUSEHOLD)
    return _there(_STRANGER) if request.endpoint == "home" else ()


def _there(found: tuple[Way, ...]) -> tuple[Way, ...]:
    return tuple(one for one in found if one.endpoint in current_app.view_functions)
