"""What a month came to for one home; the money is that of the month's statement. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from coop.household.asking import documents_of
from coop.household.days import DaySums, sums_of
from coop.household.model import HomeDay, HomeMonth, Price
from coop.household.view import View
from coop.ledger import Kind
from coop.month.money import Prices, TariffKind
from coop.month.statements import LateChange, MonthSums, Statement
from coop.slots import parse_utc_s


def add_month(
    month: str, days: Iterable[DaySums], documents: Sequence[str], prices: Prices
) -> MonthSums:
    """Add up a month as freezing it would; where its money is booked, what is booked counts."""
    whole = MonthSums()
    for day in days:
        whole.include(day.sums)
    for said in documents_of(documents, Kind.ADJUSTMENT):
        whole.count_late(LateChange(parse_utc_s(said["slot"]), said["postings"]), prices)
    for _ in whole.money(month):
        pass  # what homes kept is noted in their statements
    for said in documents_of(documents, Kind.MONEY):
        _take_booked(whole.statements, said["postings"])
    return whole


def home_month(view: View, days: Sequence[HomeDay], whole: MonthSums) -> HomeMonth:
    """Return one home's month."""
    held = whole.statements.get(view.wanted.home_id) or Statement(view.wanted.home_id)
    prices = tuple(_prices(view))
    return HomeMonth(
        month=view.wanted.month,
        days=tuple(days),
        sums=sums_of(held) if any(day.sums for day in days) else None,
        is_frozen=view.wanted.month <= view.register.frozen,
        kept_centimos=held.kept_centimos if prices else None,
        prices=prices,
        late_own_use_wh=held.late_own_use_wh,
        late_shared_wh=held.late_shared_wh,
    )


def _take_booked(statements: Mapping[str, Statement], postings: Mapping[str, int]) -> None:
    for home, held in statements.items():
        held.kept_centimos = postings.get(f"kept:{home}", 0)


def _prices(view: View) -> Iterable[Price]:
    """Yield the prices that were in force in the month, up to now."""
    month_s = view.month_s
    end_s = min(month_s.stop, view.due_s)
    held = sorted(
        (one for one in view.tariffs if one.kind is TariffKind.UTILITY and one.from_s < end_s),
        key=lambda one: one.from_s,
    )
    before = [one for one in held if one.from_s <= month_s.start][-1:]
    for one in [*before, *(one for one in held if one.from_s > month_s.start)]:
        yield Price(view.local(one.from_s), one.centimos_per_kwh, one.decision)
