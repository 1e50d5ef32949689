"""How devices report and how well meters are known, for stewards."""

from marshmallow import fields

from dashboard.api.shapes.answer import Answer, integer, moment, one_of, span, text
from dashboard.steward.front.health import Freshness
from dashboard.steward.front.reading import FrontState
from dashboard.steward.front.tasks import TaskKind


class Task(Answer):
    """One thing to do."""

    kind = one_of(TaskKind, "What it is.")
    text = text("In words.")


class Device(Answer):
    """One device, from its newest reading."""

    device = text("Its id.")
    owners = fields.List(fields.String(), metadata={"description": "Whom it counts for."})
    is_roof = fields.Boolean(metadata={"description": "It counts for a roof."})
    state = one_of(Freshness, "How it reports.")
    taken_at = moment("When its newest reading was taken.")
    age_s = integer("How old that is, in s.", least=None)
    collector = fields.String(allow_none=True, metadata={"description": "Who reads it."})
    status = fields.String(allow_none=True, metadata={"description": "What it says of itself."})
    in_doubt = fields.Dict(keys=fields.String(), values=fields.String())


class Devices(Answer):
    """What there is to do, and how each device reports."""

    state = one_of(FrontState, "How much is known.")
    as_of = moment("The present moment.")
    tasks = fields.List(fields.Nested(Task))
    booked_to = moment("Up to when the books go.")
    due_to = moment("Up to when they should.")
    devices = fields.List(fields.Nested(Device))


class Known(Answer):
    """How many slots were due, and how they are known."""

    due = integer("That should be known.")
    measured = integer("That were measured.")
    worked_out = integer("That were worked out or told by hand.")
    missing = integer("That are missing.")


class Meter(Known):
    """One counter in a month."""

    device = text("The device.")
    quantity = text("Its counter.")
    owner = text("Whom it counts for.")
    is_roof = fields.Boolean(metadata={"description": "It counts for a roof."})
    by_day = fields.List(fields.Nested(Known))


class Gap(span()):  # type: ignore[misc]  # made where `from` is no word of Python
    """A stretch in which a counter is missing."""

    device = text("The device.")
    quantity = text("Its counter.")
    owner = text("Whom it counts for.")
    length_s = integer("How long it is, in s.")
    reason = text("Why it is missing.")
    lasts = fields.Boolean(metadata={"description": "It is not over yet."})


class Coverage(Known):
    """How well the meters are known in a month."""

    state = fields.String(metadata={"enum": ["full", "empty"]})
    month = text("The month.")
    first_month = fields.String(allow_none=True, metadata={"description": "First in the books."})
    days = fields.List(fields.String(metadata={"format": "date"}))
    meters = fields.List(fields.Nested(Meter))
    gaps = fields.List(fields.Nested(Gap))
