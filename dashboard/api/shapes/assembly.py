"""What the assembly reads: reports, the fund, decisions."""

from marshmallow import fields

from coop.allocation import Method
from coop.month.money import TariffKind
from coop.month.states import Act, State
from coop.report.model import HomeReport
from coop.report.public import PublicPart
from dashboard.api.shapes.answer import Answer, integer, moment, one_of, perhaps, span, text
from dashboard.api.shapes.made import shape_of


class Entry(Answer):
    """One month that has a report."""

    month = text("The month, as in 2026-03.")
    state = one_of(State, "How far it is.")
    review = perhaps(Act, "What the assembly said of it.")


class Reports(Answer):
    """Months that have a report, the newest first."""

    months = fields.List(fields.Nested(Entry))


class Report(Answer):
    """A month's report: what anyone may see of it, and a household's own line."""

    public = fields.Nested(shape_of(PublicPart))
    home = fields.Nested(shape_of(HomeReport), allow_none=True)


class FundMonth(Answer):
    """The fund in one month; null is not told, or not booked yet."""

    month = text("The month, as in 2026-03.")
    opening_tenths_wh = integer("Received before, in tenths of a Wh.", least=None)
    received_tenths_wh = integer("Received in it.", least=None)
    total_tenths_wh = integer("Received since the beginning.", least=None)
    opening_centimos = integer("What it held at the beginning, in céntimos.", least=None)
    worth_centimos = integer("What came in was worth.", least=None)
    given_centimos = integer("What was given from it.", least=None)
    balance_centimos = integer("What it held at the end; below zero is owed.", least=None)


class Grant(Answer):
    """What the assembly gave from the fund."""

    decision = text("The decision.")
    month = text("The month in which it is booked.")
    centimos = integer("How much, in céntimos.")
    text = text("For what.")
    stewards = fields.List(fields.String())
    booked = moment("When it was booked.")


class MonthRead(Answer):
    """A month, and what the assembly said."""

    month = text("The month.")
    state = one_of(State, "How far it is.")
    signed_by = fields.List(fields.String())
    review = perhaps(Act, "What was said.")
    text = fields.String(allow_none=True, metadata={"description": "In words."})
    reviewed = moment("When it was said.")


class KeyAdopted(span()):  # type: ignore[misc]  # made where `from` is no word of Python
    """A sharing key."""

    name = text("Its name.")
    decision = text("The decision that set it.")
    method = one_of(Method, "How energy is shared.")
    fund_percent = text("The fund's part of what is left over.")


class PriceSet(span()):  # type: ignore[misc]  # as above
    """A price."""

    kind = one_of(TariffKind, "Of what.")
    centimos_per_kwh = text("An exact decimal or fraction.")
    decision = text("The decision that set it.")


class Term(span()):  # type: ignore[misc]  # as above
    """A steward's term."""

    id = text("The steward's id.")
    name = text("The steward's name.")


class Assembly(Answer):
    """The fund month by month, grants, decisions and stewards."""

    year = fields.Integer(allow_none=True, metadata={"description": "null: all years."})
    years = fields.List(fields.Integer())
    fund = fields.List(fields.Nested(FundMonth))
    grants = fields.List(fields.Nested(Grant))
    months = fields.List(fields.Nested(MonthRead))
    keys = fields.List(fields.Nested(KeyAdopted))
    prices = fields.List(fields.Nested(PriceSet))
    stewards = fields.List(fields.Nested(Term))
