"""Makes the report of a month out of the books, in one view of the database."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from coop.calendar import Calendar
from coop.database.schema import ledger_entry, slot_allocation, slot_reason
from coop.errors import RefusedError
from coop.garbage import uncollected
from coop.ledger import Kind, Unit
from coop.ledger.book import Ledger
from coop.members.community import Community as Registry
from coop.members.community import SharingKey, Validity
from coop.members.registry import read_community
from coop.members.stewards import read_tariffs
from coop.month.booked import read_late_entries, read_slots
from coop.month.events import read_events
from coop.month.files import minutes_line
from coop.month.kept import read_facts
from coop.month.money import FUND_OWED, FUND_SOLES, Prices
from coop.month.obstacles import Tally, tally_slots
from coop.month.states import Standing, State, standing_of
from coop.report.days import read_days
from coop.report.gathering import Gathering
from coop.report.model import (
    Comparison,
    Correction,
    DataQuality,
    DayReport,
    FundReport,
    Grant,
    KeyReport,
    MonthReport,
    ProsumerReport,
    RecordedReason,
    Review,
    RoofReport,
)
from coop.settings import CoopSettings


@uncollected()
def read_report(connection: Connection, settings: CoopSettings, month: str) -> MonthReport:
    """Return the report of a month, a draft while it is open; raise RefusedError if there is none.

    A month that lasts is told as far as it is settled.
    """
    return _Reading(connection, settings, month).report()


class _Reading:
    def __init__(self, connection: Connection, settings: CoopSettings, month: str) -> None:
        self._connection = connection
        self._settings = settings
        self._month = month
        self._calendar = Calendar(settings.zone)
        self._slots = range(*self._calendar.span(month), settings.slot_s)
        self._ledger = Ledger(connection, settings.id)
        self._registry: Registry = read_community(connection)
        self._prices = Prices(read_tariffs(connection))
        self._late = read_late_entries(connection)

    def report(self) -> MonthReport:
        standing = standing_of(self._month, read_events(self._connection))
        gathered = self._gather(self._month)
        if gathered is None:
            raise RefusedError(
                f"{self._month}: the books have no slot of this month; name another, or settle it: "
                "minga settle"
            )
        gathering, worth_centimos = gathered
        review, left = standing.review, self._left_over()
        return MonthReport(
            coop=self._settings.id,
            name=self._settings.name,
            month=self._month,
            timezone=self._settings.timezone,
            state=standing.state,
            signed_by=tuple(standing.signed_by),
            review=None if review is None else Review(review.act, review.text),
            line=self._line(standing),
            keys=tuple(_key(key) for key in self._keys()),
            community=gathering.community(),
            days=self._days(self._month),
            fund=self._fund(gathering, worth_centimos),
            homes=gathering.homes(),
            roofs=tuple(self._roofs(gathering, left)),
            prosumers=tuple(
                ProsumerReport(home, gathering.fed[home], left[f"unshared:{home}"])
                for home in sorted(gathering.fed)
            ),
            quality=self._quality(gathering),
            corrections=tuple(_correction(said) for said in self._late_of(self._month)),
            before=self._compare(self._calendar.before(self._month)),
            year_before=self._compare(_year_before(self._month)),
        )

    def _days(self, month: str) -> tuple[DayReport, ...]:
        return read_days(self._connection, month, self._settings, self._registry.owner_of)

    def _gather(self, month: str, *, is_whole: bool = True) -> tuple[Gathering, int] | None:
        """Return a month added up, and what the fund's energy is worth; None without a slot."""
        gathering = Gathering(self._registry, self._prices, is_whole)
        slots = range(*self._calendar.span(month), self._slots.step)
        gathering.count(read_slots(self._connection, slots))
        if not gathering.sums.slots:
            return None
        gathering.count_late(self._late_of(month))
        money = list(gathering.sums.money(month))
        return gathering, sum(-draft.postings["buyer"] for draft in money)

    def _compare(self, month: str) -> Comparison | None:
        gathered = self._gather(month, is_whole=False)
        if gathered is None:
            return None
        homes, community = gathered[0].homes(), gathered[0].community()
        return Comparison(month, homes, community, self._days(month))

    def _late_of(self, month: str) -> Sequence[Mapping[str, Any]]:
        return [said for said in self._late if said["month"] == month]

    def _keys(self) -> Iterator[SharingKey]:
        span = Validity(self._slots.start, self._slots.stop)
        return (key for key in self._registry.keys if key.validity.overlaps(span))

    def _line(self, standing: Standing) -> str:
        if standing.state is State.OPEN:
            return ""
        count = int(read_facts(self._connection, self._month)["entries_last"])
        return minutes_line(self._settings.id, self._month, count, standing.manifest_hash)

    def _fund(self, gathering: Gathering, worth_centimos: int) -> FundReport:
        community = gathering.community()
        money = [one for one in self._money() if one["month"] <= self._month]
        return FundReport(
            received_tenths_wh=community.slots.fund_tenths_wh,
            late_tenths_wh=community.late.fund_tenths_wh,
            total_tenths_wh=self._fund_tenths(),
            worth_centimos=worth_centimos,
            grants=tuple(
                _grant(one)
                for one in money
                if one["kind"] == Kind.GRANT and one["month"] == self._month
            ),
            balance_centimos=sum(one["postings"].get(FUND_SOLES, 0) for one in money),
            owed_centimos=-sum(one["postings"].get(FUND_OWED, 0) for one in money),
        )

    def _money(self) -> Iterator[Mapping[str, Any]]:
        return (entry.document for entry in self._ledger.of_unit(Unit.MONEY))

    def _fund_tenths(self) -> int:
        """Return what the fund received until the end of the month, late changes included."""
        table = slot_allocation.c
        newest = (
            select(table.slot_start_s, func.max(table.version).label("version"))
            .where(table.slot_start_s < self._slots.stop)
            .group_by(table.slot_start_s)
            .subquery()
        )
        is_newest = (table.slot_start_s == newest.c.slot_start_s) & (
            table.version == newest.c.version
        )
        total = (
            select(func.sum(table.fund_tenths_wh))
            .select_from(slot_allocation)
            .join(newest, is_newest)
        )
        late = (one for one in self._late if one["month"] <= self._month)
        changed: int = sum(one["postings"].get("fund:energy", 0) for one in late)
        return int(self._connection.execute(total).scalar() or 0) + changed

    def _roofs(self, gathering: Gathering, left: Mapping[str, int]) -> Iterator[RoofReport]:
        for roof in self._registry.roofs:
            made_wh, drawn_wh = gathering.made[roof.id], gathering.drawn[roof.id]
            left_tenths = left[f"surplus:{roof.id}"]
            if made_wh or drawn_wh or left_tenths:
                yield RoofReport(roof.id, roof.name, roof.home_id, made_wh, left_tenths, drawn_wh)

    def _left_over(self) -> Counter[str]:
        """Return what the slots of the month left over, in tenths of a Wh, by account."""
        wanted = {f"surplus:{roof.id}" for roof in self._registry.roofs}
        wanted |= {f"unshared:{one.home_id}" for one in self._registry.prosumers}
        found: Counter[str] = Counter()
        for entry in self._ledger.entries(self._month):
            said = entry.document
            if said["kind"] in {Kind.SLOT, Kind.REVERSAL}:
                postings = said["postings"]
                found.update({one: postings[one] for one in wanted if one in postings})
        return found

    def _quality(self, gathering: Gathering) -> DataQuality:
        tally: Tally = tally_slots(self._connection, self._slots)
        table = slot_reason.c
        reasons = self._connection.execute(
            select(table.from_s, table.to_s, table.steward_id, table.reason)
            .where(table.from_s < self._slots.stop, table.to_s > self._slots.start)
            .order_by(table.id)
        )
        rebooked = select(func.count(func.distinct(ledger_entry.c.slot_start_s))).where(
            ledger_entry.c.month == self._month, ledger_entry.c.kind == Kind.REVERSAL
        )
        return DataQuality(
            slots=tally.slots,
            settled=tally.settled,
            provisional=tally.provisional,
            unsettled=tally.unsettled,
            missing=tally.missing,
            rebooked=int(self._connection.execute(rebooked).scalar_one()),
            meters=gathering.meters(),
            reasons=tuple(RecordedReason(*row) for row in reasons),
        )


def _key(key: SharingKey) -> KeyReport:
    rules = key.rules
    return KeyReport(key.id, key.name, key.decision, rules.method, str(rules.fund_percent))


def _grant(said: Mapping[str, Any]) -> Grant:
    amount = -said["postings"][FUND_SOLES]
    return Grant(said["decision"], amount, said["text"], tuple(said["stewards"]))


def _correction(said: Mapping[str, Any]) -> Correction:
    return Correction(said["number"], said["slot"], said["postings"])


def _year_before(month: str) -> str:
    year, number = month.split("-")
    return f"{int(year) - 1:04}-{number}"
