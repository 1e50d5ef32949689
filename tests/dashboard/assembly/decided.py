"""An assembly that a test fills by hand."""

from dataclasses import dataclass, field
from fractions import Fraction

from coop.allocation import Method
from coop.assembly import Assembly, FundMonth, GrantMade, KeyAdopted, PriceSet
from coop.assembly.model import Decided
from coop.members.community import Validity
from coop.members.stewards import Steward
from coop.month.money import TariffKind
from coop.month.states import Act, Event, Standing

MARCH_S = 1_772_341_200
"""Midnight in Lima."""
DAY_S = 86_400


@dataclass
class FakeAssembly:
    """What the books hold, or why they cannot be read."""

    held: Assembly = field(default_factory=lambda: FULL)
    away: Exception | None = None

    def read(self) -> Assembly:
        if self.away:
            raise self.away
        return self.held


def _event(act: Act, steward: str | None = None, text: str = "", day: int = 36) -> Event:
    return Event("2026-03", act, steward, text, "hash", MARCH_S + day * DAY_S)


MARCH = Standing(
    "2026-03",
    (
        _event(Act.FROZEN),
        _event(Act.SIGNED, "rosa"),
        _event(Act.SIGNED, "juan"),
        _event(Act.APPROVED, text="Acta 12, punto 3", day=40),
    ),
)
FULL = Assembly(
    fund=(
        FundMonth("2025-12", 12, 90_000, 90_000, 0, 500, 0, 500),
        FundMonth("2026-01", 12, None, 90_000, 500, 0, 0, 500),
        FundMonth("2026-02", 12, 700_005, 790_005, 500, 16_000, 4_500, 12_000),
        FundMonth("2026-03", 12, 650_000, 1_440_005, 12_000, None, 0, 12_000),
    ),
    grants=(
        GrantMade(
            "Acta 14", "2026-02", 4_500, "Panel para la posta", ("juan", "rosa"), MARCH_S - DAY_S
        ),
    ),
    decided=Decided(
        (MARCH,),
        (
            KeyAdopted("Partes iguales", "Acta 1", Method.REDISTRIBUTE, "10", Validity(MARCH_S)),
            KeyAdopted(
                "Al comienzo", "Acta 0", Method.STATIC, "12.5", Validity(1_764_565_200, MARCH_S)
            ),
        ),
        (
            PriceSet(TariffKind.UTILITY, Fraction("68.55"), "Recibo", Validity(1_764_565_200)),
            PriceSet(TariffKind.SURPLUS, Fraction(22), "Acta 2", Validity(1_764_565_200)),
        ),
        (
            Steward("rosa", "Rosa Quispe", Validity(1_764_565_200)),
            Steward("eva", "Eva Ñahui", Validity(1_764_565_200, MARCH_S)),
        ),
    ),
)
