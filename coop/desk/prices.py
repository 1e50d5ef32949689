"""The prices that bills and assemblies set, for stewards: those of any time, and a new one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from coop.calendar import stamp
from coop.desk.office import Office
from coop.members.community import Validity
from coop.members.prices import Asked, enter_price, read_price
from coop.members.stewards import read_tariffs
from coop.members.weights import exact_text
from coop.month.money import Tariff, TariffKind
from coop.slots import unix_s


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price, and until when it holds: the next of its kind."""

    price: Tariff
    validity: Validity


@dataclass(frozen=True, slots=True)
class PriceView:
    """The prices of any time, the newest first, and those in force."""

    lines: Sequence[PriceLine]
    present: Mapping[TariffKind, PriceLine | None]


class PriceList:
    """What a kilowatt-hour costs, and what one that is left over is worth."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self) -> PriceView:
        """Return every price, and those in force."""
        with self._office.database.reading() as connection:
            held = read_tariffs(connection)
        lines = [line for kind in TariffKind for line in _lines(held, kind)]
        now_s = unix_s(self._office.now())
        in_force = {one.price.kind: one for one in lines if one.validity.holds_at(now_s)}
        return PriceView(
            sorted(lines, key=lambda one: -one.validity.from_s),
            {kind: in_force.get(kind) for kind in TariffKind},
        )

    def enter(self, asked: Asked, steward: str) -> None:
        """Enter a price, unless it stands there already; raise InputError."""
        new = read_price(asked, self._office.settings)
        with self._office.database.writing() as connection:
            if enter_price(connection, new, self._office.settings):
                price = exact_text(new.centimos_per_kwh)
                act = f"tariff {new.kind} is {price} from {stamp(new.from_s)}"
                self._office.witness(steward)(connection, act)


def _lines(held: Sequence[Tariff], kind: TariffKind) -> Iterator[PriceLine]:
    own = [one for one in held if one.kind is kind]
    for one, following in zip_longest(own, own[1:]):
        end_s = None if following is None else following.from_s
        yield PriceLine(one, Validity(one.from_s, end_s))
