"""The live figures, and the community by day, month, year and slot."""

from marshmallow import fields

from coop.books import Standing
from dashboard.api.shapes.answer import Answer, integer, local_date, moment, one_of
from dashboard.community.period import Fullness
from dashboard.community.telling import Share
from dashboard.public.figures import Light, State
from dashboard.public.live import LiveState


class Amounts(Answer):
    """Energy in Wh: produced = own use + shared + set aside + left over."""

    produced_wh = integer("What the roofs made.")
    own_use_wh = integer("Used under the own roof; null where it is told inside shared.")
    shared_wh = integer("Shared among the homes.")
    set_aside_wh = integer("Kept for homes whose use is not known yet.")
    left_over_wh = integer("Left over.")
    consumption_wh = integer("What the homes used, whatever its source.")


AMOUNT_NAMES = frozenset(Amounts._declared_fields)  # noqa: SLF001  the names once, in one place


class DaySums(Amounts):
    """A day's sums; only its date where nothing may be told."""

    may_lack = AMOUNT_NAMES | {
        "own_use_in_shared",
        "counted_until",
        "provisional_slots",
        "missing_slots",
    }

    date = local_date()
    own_use_in_shared = fields.Boolean(metadata={"description": "Own use is inside shared_wh."})
    counted_until = moment("Up to when it is counted.")
    provisional_slots = integer("How many slots may still change.")
    missing_slots = integer("How many slots have no figures.")


class Live(Answer):
    """What the roofs make now."""

    state = one_of(LiveState, "How the live figure stands.")
    stale = fields.Boolean(metadata={"description": "No figure is recent enough."})
    power_w = integer("Power of the roofs that report, in W.")
    taken_at = moment("When the oldest reading in it was taken.")
    roofs = integer("How many roofs there are.")
    roofs_reporting = integer("How many of them report.")


class Now(Answer):
    """The live figures."""

    state = one_of(State, "How the figures stand.")
    producing_now = fields.Nested(Live)
    today = fields.Nested(DaySums)
    fund_tenths_wh = integer("What the fund received so far, in tenths of a Wh.")
    light = one_of(Light, "Whether now is a good time to use power.")
    as_of = moment("Up to when the books are counted.")
    age_s = integer("How old the live figure is, in s.")


class SlotRow(Amounts):
    """One slot of the community."""

    start = moment("When the slot starts.")
    standing = one_of(Standing, "How far the slot has come.")


class SlotPage(Answer):
    """Some slots, and where the next ones are."""

    slots = fields.List(fields.Nested(SlotRow))
    next = fields.String(
        allow_none=True, metadata={"description": "Address of the slots after these; null: none."}
    )


class Roof(Answer):
    """What one roof made, or some together that are not told apart."""

    share = one_of(Share, "Whose production it is.")
    id = fields.String(allow_none=True, metadata={"description": "The roof; null: several."})
    name = fields.String(allow_none=True, metadata={"description": "Its name."})
    produced_wh = integer("What it made, in Wh.")


class CommunityDay(DaySums):
    """A day of the community."""

    state = one_of(State, "How the figures stand.")
    roofs = fields.List(fields.Nested(Roof))


class Counts(Amounts):
    """Sums, and how complete they are."""

    slots_due = integer("How many slots are over.")
    slots_missing = integer("How many of them have no figures.")
    slots_provisional = integer("How many of them may still change.")


class DayOfMonth(Counts):
    """One day of a month."""

    date = local_date()
    standing = one_of(Fullness, "How well it is known.")


class MonthOfYear(Counts):
    """One month of a year."""

    month = fields.String(metadata={"description": "A month, as in 2026-03."})
    standing = one_of(Fullness, "How well it is known.")


class CommunityMonth(Counts):
    """A month of the community."""

    state = one_of(State, "How the figures stand.")
    month = fields.String(metadata={"description": "The month, as in 2026-03."})
    own_use_in_shared = fields.Boolean(metadata={"description": "Own use is inside shared_wh."})
    days = fields.List(fields.Nested(DayOfMonth))
    roofs = fields.List(fields.Nested(Roof))


class CommunityYear(Counts):
    """A year of the community."""

    state = one_of(State, "How the figures stand.")
    year = fields.String(metadata={"description": "The year, as in 2026."})
    own_use_in_shared = fields.Boolean(metadata={"description": "Own use is inside shared_wh."})
    months = fields.List(fields.Nested(MonthOfYear))
    roofs = fields.List(fields.Nested(Roof))
