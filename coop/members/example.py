"""Registers the demo's cooperative: Andean names, equal weights, one key, two prices.

Which devices stand for whom is told by the caller; nothing of the cooperative is decided elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from coop.allocation import Home as KeyHome
from coop.allocation import Rules
from coop.database.opening import Database
from coop.members.community import Home, Member, Meter, Roof, SharingKey, Validity
from coop.members.registry import NewKey, registration
from coop.members.stewards import add_tariff
from coop.metering.readings import Counter
from coop.month.money import Tariff, TariffKind

EQUAL_PARTS = Rules()
NOTHING_FROZEN = ZoneInfo("UTC")
"""New books have no month yet, so that no zone is asked."""

NAMES = (
    "Familia Quispe Mamani",
    "Familia Huamán Ccori",
    "Familia Condori Apaza",
    "Familia Choque Yupanqui",
    "Familia Mamani Flores",
    "Familia Puma Ttito",
    "Familia Sullca Rojas",
    "Familia Inca Roca",
    "Familia Ccama Vilca",
    "Familia Tupa Challco",
    "Escuela Micaela Bastidas",
    "Posta de Salud",
)


@dataclass(frozen=True, slots=True)
class ExampleHome:
    """A home by the counter of its use."""

    id: str
    counter: Counter


@dataclass(frozen=True, slots=True)
class ExampleRoof:
    """A roof by its counter; `home_id` says whose own it is, None the community's."""

    id: str
    name: str
    counter: Counter
    home_id: str | None = None


class Price(NamedTuple):
    """What a kilowatt-hour costs or is worth, in céntimos, and what set that."""

    kind: TariffKind
    centimos_per_kwh: Fraction
    decision: str


PRICES = (
    Price(TariffKind.UTILITY, Fraction("68.5"), "Recibo de la empresa eléctrica"),
    Price(TariffKind.SURPLUS, Fraction(21), "Asamblea general: lo que sobra, al fondo solidario"),
)
"""Those of the demo."""


@dataclass(frozen=True, slots=True)
class ExamplePlan:
    """When the example begins, in slots of which length, and by which rules it shares."""

    from_s: int
    slot_s: int = 900
    rules: Rules = EQUAL_PARTS
    decision: str = "Asamblea general: a cada hogar la misma parte"
    prices: Sequence[Price] = ()


def create_example(
    database: Database,
    homes: Sequence[ExampleHome],
    roofs: Sequence[ExampleRoof],
    plan: ExamplePlan,
) -> SharingKey:
    """Register all of it, or nothing; every home gets the same weight."""
    always = Validity(plan.from_s)
    with registration(database, plan.slot_s, NOTHING_FROZEN) as entered:
        for place, home in enumerate(homes):
            member_id = f"m{home.id.lstrip('h')}"
            entered.add_member(Member(member_id, name_of(place), plan.from_s))
            entered.add_home(Home(home.id, member_id, name_of(place)))
            entered.add_meter(Meter(*home.counter, always, home_id=home.id))
        for roof in roofs:
            entered.add_roof(Roof(roof.id, roof.name, roof.home_id))
            entered.add_meter(Meter(*roof.counter, always, roof_id=roof.id))
        for price in plan.prices:
            told = (price.centimos_per_kwh, price.decision)
            add_tariff(entered.connection, Tariff(price.kind, plan.from_s, *told))
        weight = Fraction(1, len(homes))
        shares = tuple(KeyHome(home.id, weight=weight) for home in homes)
        return entered.add_key(
            NewKey("Partes iguales", plan.decision, plan.rules, shares, plan.from_s)
        )


def name_of(place: int) -> str:
    """Return the name of the member at a place; after the last name they are numbered."""
    round_, index = divmod(place, len(NAMES))
    return NAMES[index] if not round_ else f"{NAMES[index]} {round_ + 1}"
