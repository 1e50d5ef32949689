"""Moments and stretches of time as stewards read and type them, in the cooperative's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from coop.members.community import Member, Validity
from coop.slots import moment_of
from coop.words import Saying, say
from dashboard.language.numbers import written_date


def moment(at_s: int, zone: ZoneInfo) -> str:
    """Write a moment with its day, and its hour unless it is midnight."""
    at: datetime = moment_of(at_s).astimezone(zone)
    hour = "" if (at.hour, at.minute) == (0, 0) else f" {at:%H:%M}"
    return f"{written_date(at.date())}{hour}"


def span(validity: Validity, zone: ZoneInfo) -> Saying:
    """Tell from when, and up to when if it ends."""
    start = moment(validity.from_s, zone)
    if validity.to_s is None:
        return say("from {start}", start=start)
    return say("from {start} up to {end}", start=start, end=moment(validity.to_s, zone))


def membership(one: Member, zone: ZoneInfo) -> Saying:
    """Tell from when a member takes part, and up to when if they left."""
    return span(Validity(one.joined_s, one.left_s), zone)


def typed_moment(at_s: int, zone: ZoneInfo) -> str:
    """Write a moment as a field for a day and an hour takes it."""
    return f"{moment_of(at_s).astimezone(zone):%Y-%m-%dT%H:%M}"
