"""Sharing keys for stewards: the one in force, a proposed one tried on a month, and adopting it.

A proposed key says parts rather than weights: two parts are twice as much as one, whatever their
sum is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from coop.allocation import Home as KeyHome
from coop.allocation import Method, Rules
from coop.calendar import stamp
from coop.desk.office import Office
from coop.errors import InputError
from coop.members.community import Counts, Home, SharingKey
from coop.members.key_rows import read_keys
from coop.members.registry import NewKey, registration
from coop.members.rows import read_register
from coop.problems import Problem, keys
from coop.problems.members import LONGEST, odd_name
from coop.slots import slot_start_s
from coop.trial.comparison import Comparison, compare
from coop.trial.own_month import read_own_month
from coop.trial.question import BOOKS
from coop.trial.trial import try_key


@dataclass(frozen=True, slots=True)
class KeyView:
    """The keys of any time, the one in force, and the homes that could stand in the next one."""

    keys: Sequence[SharingKey]
    present: SharingKey | None
    """The key in force now, for the homes that take part."""
    homes: Sequence[Home]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A key that stewards think of, with the parts of its homes."""

    rules: Rules
    parts: Mapping[str, KeyHome]
    """By home; the weight is its part."""

    def shares(self, homes: Sequence[str]) -> tuple[KeyHome, ...]:
        """Return these homes with their parts as weights that sum to one; raise InputError."""
        held = [self.parts.get(home, KeyHome(home, weight=Fraction(0))) for home in homes]
        whole = sum((one.weight for one in held), Fraction(0))
        if not whole:
            raise InputError(keys.nobody())
        return tuple(
            KeyHome(
                one.id,
                weight=one.weight / whole,
                tier=one.tier,
                reserved_percent=one.reserved_percent,
            )
            for one in held
        )


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the assembly decided of a proposal: its name, where that stands, and from when."""

    name: str
    decision: str
    from_s: int


class Keys:
    """The cooperative's decisions on sharing."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self) -> KeyView:
        """Return the keys, and the homes that have a meter and take part, now or soon."""
        settings = self._office.settings
        at_s = slot_start_s(self._office.now(), settings.slot_s)
        with self._office.database.reading() as connection:
            community = read_register(connection, with_roofs=False)
            held = tuple(read_keys(connection))
        gone = {one.id for one in community.members if (one.left_s or at_s + 1) <= at_s}
        metered = {
            one.home_id
            for one in community.meters
            if one.counts is Counts.USE and (one.validity.to_s or at_s + 1) > at_s
        }
        homes = [one for one in community.homes if one.id in metered and one.member_id not in gone]
        found = next((one for one in held if one.validity.holds_at(at_s)), None)
        present = None if found is None else community.entitled(found, at_s)
        return KeyView(held, present, homes)

    def try_out(self, proposal: Proposal, month: str) -> tuple[Comparison, Comparison]:
        """Return what the present key and a proposed one would have done with a month.

        Both are held against what was booked. Raise InputError or RefusedError.
        """
        _refuse_lacks(proposal)
        with self._office.database.reading() as connection:
            own = read_own_month(connection, self._office.settings, month)
        shares = proposal.shares(own.measured.ids)
        tried = (
            try_key(own.rules, own.homes, own.measured),
            try_key(proposal.rules, shares, own.measured),
        )
        present, proposed = (compare(one, own.booked, BOOKS) for one in tried)
        return present, proposed

    def adopt(self, proposal: Proposal, told: Adoption, steward: str) -> None:
        """Enter a proposed key, unless it is the newest one already; raise InputError."""
        _refuse_lacks(proposal)
        _refuse_unsaid(told)
        settings, shares = self._office.settings, proposal.shares(sorted(proposal.parts))
        new = NewKey(told.name, told.decision, proposal.rules, shares, told.from_s)
        with registration(self._office.database, settings.slot_s, settings.zone) as entered:
            if entered.community.keys and _is_same(entered.community.keys[-1], new):
                return
            added = entered.add_key(new)
            act = f"key {added.id} adopted from {stamp(told.from_s)}"
            self._office.witness(steward)(entered.connection, act)


def _refuse_unsaid(told: Adoption) -> None:
    problems = []
    if not told.name or len(told.name) > LONGEST or not told.name.isprintable():
        problems.append(odd_name("key", told.name))
    if not told.decision or len(told.decision) > LONGEST or not told.decision.isprintable():
        problems.append(keys.no_decision())
    if problems:
        raise InputError(*problems)


def _refuse_lacks(proposal: Proposal) -> None:
    if problems := list(_lacks(proposal.rules, list(proposal.parts.values()))):
        raise InputError(*problems)


def _lacks(rules: Rules, homes: Sequence[KeyHome]) -> Iterator[Problem]:
    """Yield what a method needs and was not given."""
    if not any(one.weight for one in homes):
        yield keys.nobody()
    if not 0 <= rules.fund_percent <= 100:  # noqa: PLR2004  percent
        yield keys.odd_percent(str(rules.fund_percent))
    if rules.method in {Method.RESERVED, Method.LIFELINE} and rules.then is None:
        yield keys.needs_then(rules.method)
    if rules.method is Method.LIFELINE and not rules.lifeline_wh:
        yield keys.needs_lifeline()
    if rules.method is Method.PRIORITY and all(one.tier is None for one in homes):
        yield keys.needs_groups()
    reserved = sum((one.reserved_percent for one in homes), Fraction(0))
    if rules.method is Method.RESERVED and not reserved:
        yield keys.needs_reserved()
    if reserved > 100:  # noqa: PLR2004  percent
        yield keys.reserved_too_much(str(reserved))


def _is_same(held: SharingKey, new: NewKey) -> bool:
    return (held.name, held.decision, held.rules, held.validity.from_s, _by_id(held.homes)) == (
        new.name,
        new.decision,
        new.rules,
        new.from_s,
        _by_id(new.homes),
    )


def _by_id(homes: Sequence[KeyHome]) -> list[KeyHome]:
    return sorted(homes, key=lambda one: one.id)
