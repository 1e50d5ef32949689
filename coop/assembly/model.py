"""What is told of the assembly; values only, and what of them a year or a household is shown.

Energy is in tenths of a Wh, money in céntimos.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from coop.allocation import Method
from coop.members.community import Validity
from coop.members.stewards import Steward
from coop.month.money import TariffKind
from coop.month.states import Standing
from coop.report.disclosure import FEWEST_HOMES


@dataclass(frozen=True, slots=True)
class FundMonth:
    """The solidarity fund in one month; None is not told, or not in the books."""

    month: str
    homes: int
    """How many households were measured at its end."""
    received_tenths_wh: int | None
    """Late readings of earlier months included; None while no slot of it has figures."""
    total_tenths_wh: int | None
    """Since the beginning."""
    opening_centimos: int | None
    worth_centimos: int | None
    """Booked when the month is frozen, and None until then."""
    given_centimos: int | None
    balance_centimos: int | None
    """What the fund holds at the end; below zero is what it owes because of late readings."""

    @property
    def opening_tenths_wh(self) -> int | None:
        """Return what the fund had received before."""
        if self.total_tenths_wh is None:
            return None
        return self.total_tenths_wh - (self.received_tenths_wh or 0)

    def without_totals(self) -> "FundMonth":
        """Return the month without what has come together since the beginning."""
        return replace(self, total_tenths_wh=None, opening_centimos=None, balance_centimos=None)

    def withheld(self) -> "FundMonth":
        """Return the month without its figures."""
        return FundMonth(self.month, self.homes, None, None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class GrantMade:
    """What the assembly gave from the fund."""

    decision: str
    month: str
    centimos: int
    text: str
    stewards: tuple[str, ...]
    written_s: int


@dataclass(frozen=True, slots=True)
class KeyAdopted:
    """A sharing key, and the decision that set it."""

    name: str
    decision: str
    method: Method
    fund_percent: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class PriceSet:
    """A price, the decision that set it, and until when it holds: the next of its kind."""

    kind: TariffKind
    centimos_per_kwh: Fraction
    decision: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided or signed, the newest first, and who is steward."""

    months: tuple[Standing, ...] = ()
    keys: tuple[KeyAdopted, ...] = ()
    prices: tuple[PriceSet, ...] = ()
    stewards: tuple[Steward, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembly:
    """All of it; months of the fund in order, the rest with the newest first."""

    fund: tuple[FundMonth, ...] = ()
    grants: tuple[GrantMade, ...] = ()
    decided: Decided = Decided()

    @property
    def is_empty(self) -> bool:
        """Say whether the books hold nothing of it."""
        return self == Assembly()

    def for_homes(self) -> "Assembly":
        """Return what every household may know: no figure that covers fewer than five of them.

        After a month of fewer the totals would tell it: one less the other is what it brought.
        """
        told: list[FundMonth] = []
        tells_totals = True
        for one in self.fund:
            tells_totals = tells_totals and one.homes >= FEWEST_HOMES
            if one.homes < FEWEST_HOMES:
                told.append(one.withheld())
            else:
                told.append(one if tells_totals else one.without_totals())
        return replace(self, fund=tuple(told))
