"""What programs get of members and meters: JSON and CSV, field by field."""

from coop.calendar import stamp
from coop.members.community import Community, Validity
from dashboard.documents import Document, csv_text

_MEMBER = ("id", "name", "from", "to", "homes")
_METER = ("device", "quantity", "home", "roof", "counts", "from", "to")


def members_document(community: Community) -> Document:
    """Return every member with their homes."""
    return {"members": [dict(zip(_MEMBER, row, strict=True)) for row in _members(community)]}


def members_csv(community: Community) -> str:
    """Return every member with their homes, one a line."""
    return csv_text(_MEMBER, _members(community))


def meters_document(community: Community) -> Document:
    """Return every meter of any time."""
    return {"meters": [dict(zip(_METER, row, strict=True)) for row in _meters(community)]}


def meters_csv(community: Community) -> str:
    """Return every meter of any time, one a line."""
    return csv_text(_METER, _meters(community))


def _members(community: Community) -> list[tuple[str | None, ...]]:
    return [
        (
            one.id,
            one.name,
            *_span(Validity(one.joined_s, one.left_s)),
            " ".join(home.id for home in community.homes if home.member_id == one.id),
        )
        for one in community.members
    ]


def _meters(community: Community) -> list[tuple[str | None, ...]]:
    return [
        (one.device, one.quantity, one.home_id, one.roof_id, one.counts, *_span(one.validity))
        for one in community.meters
    ]


def _span(validity: Validity) -> tuple[str, str | None]:
    return stamp(validity.from_s), None if validity.to_s is None else stamp(validity.to_s)
