"""Reports that a test puts on a shelf, and who comes to read them."""

from dataclasses import dataclass, field, replace

from flask.testing import FlaskClient

from coop.doors.visits import Guest
from coop.month.states import Act, State
from coop.report.model import MonthReport, Review
from coop.report.shelf import MonthEntry
from tests.dashboard.fakes import FakeDoors

LINE = "coop / 2026-03 / entries 9 / 00000000 11111111"


@dataclass
class FakeReports:
    """Months by hand."""

    held: dict[str, MonthReport] = field(default_factory=dict)
    away: Exception | None = None

    def months(self) -> tuple[MonthEntry, ...]:
        if self.away:
            raise self.away
        return tuple(
            MonthEntry(month, one.state, one.review.said if one.review else None)
            for month, one in sorted(self.held.items(), reverse=True)
        )

    def report(self, month: str) -> MonthReport:
        return self.held[month]


def approved(report: MonthReport) -> MonthReport:
    """Return a report that the assembly has approved."""
    review = Review(Act.APPROVED, "Leído y aprobado")
    state = State.REVIEWED
    return replace(report, state=state, review=review, signed_by=("rosa", "juan"), line=LINE)


def come_in(client: FlaskClient, doors: FakeDoors, guest: Guest) -> FlaskClient:
    """Let somebody in."""
    client.set_cookie("minga", doors.begin(guest).token)
    return client
