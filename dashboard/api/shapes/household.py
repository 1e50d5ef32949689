"""One home: its share by slot, day and month, and why each figure is what it is."""

from marshmallow import fields

from coop.allocation import Status
from coop.books import Standing
from coop.explain.explanation import HomeFigures, LatePart, MeterMark, Turn
from coop.household import Level
from coop.metering.intervals import Quality
from coop.settling.segment import Reason
from dashboard.api.shapes.answer import Answer, integer, local_date, moment, one_of, text
from dashboard.api.shapes.made import shape_of
from dashboard.public.figures import State


class Used(Answer):
    """What a home used, in Wh: own use + shared + from the grid, as far as it is known."""

    consumption_wh = integer("What it used, whatever its source.")
    own_use_wh = integer("From its own roof.")
    shared_wh = integer("From the pool.")
    grid_wh = integer("From the grid.")
    set_aside_wh = integer("Kept for it until its use is known.")


class HomeDay(Used):
    """One day of a home."""

    date = local_date()
    slots_due = integer("How many slots are over.")
    slots_known = integer("How many of them have its figures.")
    slots_provisional = integer("How many may still change.")
    quality = one_of(Quality, "The least quality of the day.")


class Price(Answer):
    """What a kilowatt-hour from the utility cost."""

    since = moment("From when on.")
    centimos_per_kwh = text("An exact decimal or fraction.")
    decision = text("What set it.")


class HomeMonth(Used):
    """One month of a home."""

    month = text("The month, as in 2026-03.")
    late_own_use_wh = integer("What late readings of earlier months changed.", least=None)
    late_shared_wh = integer("As above, of what was shared.", least=None)
    kept_centimos = integer("What it did not pay the utility; null without a price.", least=None)
    kept_is_estimate = fields.Boolean(metadata={"description": "The month is not frozen yet."})
    prices = fields.List(fields.Nested(Price))
    days = fields.List(fields.Nested(HomeDay))


class Whose(Answer):
    """Which home it is about."""

    home = text("The id of the home.")
    name = text("Its name.")


class DayOfHome(Whose, HomeDay):
    """One day of a home, and which home."""


class MonthOfHome(Whose, HomeMonth):
    """One month of a home, and which home."""


class BestHour(Answer):
    """How much is left over in an hour of the day, on average of two weeks."""

    hour = fields.Integer(metadata={"description": "It begins then.", "minimum": 0, "maximum": 23})
    level = fields.String(
        allow_none=True,
        metadata={
            "description": "How much is left over; null: not known.",
            "enum": [*(one.name.lower() for one in Level), None],
        },
    )


class Hours(Answer):
    """Some hours of the day."""

    from_hour = integer("The first.")
    to_hour = integer("The one after the last.")


class HomeNow(Whose):
    """How a home stands."""

    state = one_of(State, "How the figures stand.")
    counted_until = moment("Up to when it is counted.")
    today = fields.Nested(HomeDay)
    month = fields.Nested(HomeMonth)
    best_hours = fields.List(fields.Nested(BestHour))
    plentiful = fields.List(fields.Nested(Hours))


class HomeSlot(Used):
    """One slot of a home."""

    start = moment("When the slot starts.")
    standing = one_of(Standing, "How far the slot has come.")
    quality = one_of(Quality, "How well its meters are known.")
    why = text("Where it is told how these figures came to be.")


class HomeSlots(Answer):
    """Some slots of a home, and where the next ones are."""

    home = text("The id of the home.")
    slots = fields.List(fields.Nested(HomeSlot))
    next = fields.String(
        allow_none=True, metadata={"description": "Address of the slots after these; null: none."}
    )


class Key(Answer):
    """The sharing key in force."""

    id = fields.Integer()
    name = text("Its name.")
    decision = text("What set it.")
    method = text("How energy is shared.")
    fund_percent = text("The fund's part of what is left over, an exact decimal or fraction.")


class Line(Answer):
    """One line of an explanation."""

    step = text("What it is about.")
    text = fields.Dict(keys=fields.String(), values=fields.String())


class Why(shape_of(HomeFigures)):  # type: ignore[misc]  # made of a dataclass
    """How the figures of one slot came to be, round by round."""

    home = text("The id of the home.")
    slot = moment("When the slot starts.")
    slot_minutes = integer("How long it is.")
    key = fields.Nested(Key, allow_none=True)
    weight = fields.String(allow_none=True, metadata={"description": "Its part of all weights."})
    need_wh = integer("What it could still use after its own roof.")
    status = one_of(Status, "How the slot was shared.")
    reason = fields.String(
        allow_none=True, metadata={"enum": [*(str(one) for one in Reason), None]}
    )
    is_final = fields.Boolean(metadata={"description": "The month is frozen."})
    production_wh = integer("What the roofs made.")
    pool_wh = integer("What was there to share.")
    surplus_wh = integer("What was left over.")
    fund_tenths_wh = integer("The fund's part of it, in tenths of a Wh.")
    rounds = fields.List(fields.Nested(shape_of(Turn)))
    meters = fields.List(fields.Nested(shape_of(MeterMark)))
    late = fields.List(fields.Nested(shape_of(LatePart)))
    lines = fields.List(fields.Nested(Line))
