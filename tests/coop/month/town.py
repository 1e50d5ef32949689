"""A village with a whole month behind it, and two stewards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Self

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Missing, OwnUse, Rules, Tie
from coop.database.opening import open_database
from coop.ledger.book import Ledger
from coop.members.by_hand.entries import Telling, enter
from coop.members.community import Counts, Meter, Prosumer, Roof, Validity
from coop.members.registry import NewKey
from coop.members.stewards import Steward, add_steward, add_tariff
from coop.metering.manual import ManualReading
from coop.metering.readings import Counter
from coop.month.closing import Closing
from coop.month.money import Tariff, TariffKind
from coop.settings import CoopSettings
from coop.slots import moment_of
from tests.coop.village import ALWAYS, HOMES, ROOF, SLOT_S, START_S, Village, meter_of

SLOTS = 31 * 96
END = moment_of(START_S + SLOTS * SLOT_S)
LATER = END + timedelta(days=5)
"""Past the cut-off: midnight of the sixth."""


class Town(Village):
    """March 2026 in Lima, and the first hour of April."""

    @classmethod
    @contextmanager
    def founded(cls, folder: Path) -> Iterator[Self]:
        """Open a town whose books lie in a folder."""
        settings = CoopSettings(database=str(folder / "coop.sqlite"))
        with open_database(settings) as database:
            yield cls(database, settings)

    @property
    def months(self) -> Closing:
        """Return what closes months."""
        return Closing(self.database, self.readings, self.settings)

    def live_through_march(self) -> None:
        """Let all counters count, settle, and enter two stewards."""
        self.agree()
        self.count()
        self.settle((SLOTS + 4) * 15)
        with self.database.writing() as connection:
            for name in ("rosa", "juan"):
                add_steward(connection, Steward(name, name.title(), Validity(START_S)))

    def count(self) -> None:
        """Let all counters count through March and the first hour of April."""
        self.measure(SLOTS + 4)

    def kinds(self) -> list[str]:
        """Return the kinds of all entries in the books."""
        with self.database.reading() as connection:
            return [e.document["kind"] for e in Ledger(connection, self.settings.id).entries()]


class BusyTown(Town):
    """Every method in turn, an own roof, dark nights, gaps, a reset, prices, and late readings."""

    def live_through_two_months(self) -> None:
        """Freeze March, let readings of March come late, and freeze April."""
        self._register()
        random = Random(7)  # noqa: S311  chance for a test, no secret
        self.late: list[tuple[tuple[str, str], tuple[int, int]]] = []
        for counter, is_roof in (
            (ROOF, True),
            (OWN_ROOF, True),
            *((meter_of(h), False) for h in HOMES),
            (PLANT, False),
            (EXPORT, False),
        ):
            samples = list(_lived(random, SLOTS + APRIL_SLOTS, is_roof=is_roof))
            kept = [one for one in samples if not self._is_lost(counter, one)]
            self.readings.add(counter, *kept)
        self.settle((SLOTS + 40) * 15)
        self._read(meter_of("a"), 1_500 * SLOT_S - 60, anew_wh=1)
        self._read(meter_of("b"), 505 * SLOT_S)
        self.months.record_reason(
            "2026-03", (START_S, START_S + SLOTS * SLOT_S), "rosa", "Ñandú", LATER
        )
        self.months.freeze("2026-03", LATER)
        for counter, sample in self.late:
            self.readings.add(counter, sample)
        self._read(meter_of("c"), 51 * SLOT_S)
        self._read(meter_of("a"), 1_500 * SLOT_S - 60, anew_wh=2)
        self.settle((SLOTS + APRIL_SLOTS) * 15)
        end = moment_of(START_S + (SLOTS + APRIL_SLOTS) * SLOT_S)
        span_s = START_S + SLOTS * SLOT_S, START_S + (SLOTS + APRIL_SLOTS) * SLOT_S
        self.months.record_reason("2026-04", span_s, "juan", "Cable", end + timedelta(days=5))
        self.months.freeze("2026-04", end + timedelta(days=5))

    def _register(self) -> None:
        with self.register() as entered:
            entered.add_roof(Roof("own", "Own roof", "a"))
            entered.add_meter(Meter(*OWN_ROOF, ALWAYS, roof_id="own"))
            plant = Meter(*PLANT, ALWAYS, roof_id="school", told=Counts.PLANT_USE)
            entered.add_meter(plant)
            fed, offered = _days(10, 22), _days(10, 20)
            entered.add_meter(Meter(*EXPORT, fed, home_id="b", told=Counts.EXPORT))
            entered.add_prosumer(Prosumer("b", "Asamblea ñ", offered))
            entered.end_membership("m-c", START_S + 45 * 86_400)
            for place, rules in enumerate(_RULES):
                shares = tuple(
                    KeyHome(
                        home,
                        weight=Fraction(part, 6),
                        tier=tier,
                        reserved_percent=Fraction(10 * part),
                    )
                    for home, part, tier in (("a", 1, 2), ("b", 2, None), ("c", 3, 1))
                )
                start_s = START_S + place * 3 * 86_400
                entered.add_key(NewKey(f"Key {place}", "Asamblea ñ", rules, shares, start_s))
        with self.database.writing() as connection:
            for name in ("rosa", "juan"):
                add_steward(connection, Steward(name, name.title(), Validity(START_S)))
            for kind, days, price in (
                ("utility", 0, "68.55"),
                ("utility", 9, "70.1"),
                ("surplus", 3, "21.3"),
            ):
                start_s = START_S + days * 86_400
                add_tariff(connection, Tariff(TariffKind(kind), start_s, Fraction(price), "Bill"))

    def _read(self, counter: Counter, since_s: int, anew_wh: int | None = None) -> None:
        """Let Rosa read off a meter what it showed last before a moment."""
        at_s = START_S + since_s
        wh = max(one for one in self.readings.samples[counter] if one[0] < at_s * 1000)[1]
        with self.database.writing() as connection:
            told = ManualReading(counter, at_s, wh + 1, anew_wh)
            enter(connection, told, Telling("rosa", "Foto ñ", at_s))

    def _is_lost(self, counter: tuple[str, str], sample: tuple[int, int]) -> bool:
        """Say whether a sample does not come in time; some come late."""
        slot = (sample[0] // 1000 - START_S) // SLOT_S
        if counter == meter_of("b") and 500 <= slot < 520:
            self.late.append((counter, sample))
            return True
        if counter == ROOF and 900 <= slot < 930:
            if slot >= 910:
                self.late.append((counter, sample))
            return True
        if counter == meter_of("a"):
            return slot % 1_000 in range(130, 136)  # what its own roof makes then is set aside
        return counter == meter_of("c") and slot % 700 in range(50, 60)


PLANT = ("roof", "import_energy_total")
EXPORT = ("b-meter", "export_energy_total")
OWN_ROOF = ("own-roof", "energy_total")
APRIL_SLOTS = 30 * 96


def _days(first: int, beyond: int) -> Validity:
    return Validity(START_S + first * 86_400, START_S + beyond * 86_400)


_RULES = [
    Rules(Method.STATIC),
    Rules(Method.EQUAL, tie=Tie.BY_ID),
    Rules(Method.PRO_RATA, own_use=OwnUse.POOL_ALL),
    Rules(Method.REDISTRIBUTE, missing=Missing.EXCLUDE, fund_percent=Fraction("12.5")),
    Rules(Method.HYBRID, missing=Missing.EXCLUDE),
    Rules(Method.PRIORITY, missing=Missing.HOLD),
    Rules(Method.RESERVED, then=Method.EQUAL),
    Rules(Method.LIFELINE, then=Method.PRO_RATA, lifeline_wh=30, within_tier=Method.REDISTRIBUTE),
    Rules(Method.STATIC, missing=Missing.EXCLUDE, renormalise=True),
    Rules(Method.PRIORITY, within_tier=Method.REDISTRIBUTE),
]


def _lived(random: Random, slots: int, *, is_roof: bool) -> Iterator[tuple[int, int]]:
    """Yield the samples of a counter's life: nights of silence for a roof, one reset in a meter."""
    wh = random.randrange(5_000, 90_000)
    for slot in range(slots):
        hour = slot % 96 / 4
        if is_roof and not 6 <= hour < 18:
            continue
        for part in range(3):
            wh += random.randrange(0, 90 if is_roof else 45)
            if not is_roof and slot == 1_500 and not part:
                wh = 3
            at_ms = (START_S + slot * SLOT_S + part * 300) * 1000
            yield at_ms + random.randrange(0, 200_000) * (part > 0), wh
