"""What a key must fulfil before anything is shared by it; every problem is told at once."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from coop.allocation.model import SUM_TO_ONE, Home, Method, Rules


def find_problems(rules: Rules, homes: Sequence[Home]) -> list[str]:
    """Return one line for each problem of a key; `homes` are sorted by id."""
    return [*_home_problems(homes), *_rule_problems(rules, homes)]


def _home_problems(homes: Sequence[Home]) -> list[str]:
    problems = [
        f"home {one.id}: stands twice; each home may stand once"
        for one, other in pairwise(homes)
        if one.id == other.id
    ]
    problems += [
        f"home {home.id}: weight {home.weight} is negative; allowed: 0 or more"
        for home in homes
        if home.weight < 0
    ]
    return problems + [
        f"home {home.id}: reserved_percent {home.reserved_percent}; allowed: 0 to 100"
        for home in homes
        if not 0 <= home.reserved_percent <= 100  # noqa: PLR2004  percent
    ]


def _rule_problems(rules: Rules, homes: Sequence[Home]) -> list[str]:
    problems = []
    needs_then = rules.method in {Method.RESERVED, Method.LIFELINE}
    if needs_then and rules.then is None:
        problems.append(f"method {rules.method}: needs `then`")
    if SUM_TO_ONE & ({rules.method} | ({rules.then} if needs_then else set())):
        whole = sum((home.weight for home in homes), rules.unassigned_weight)
        if whole != 1:
            problems.append(
                f"weights: they sum to {whole} with the unassigned part; allowed: exactly 1;"
                " correct them or declare the unassigned part"
            )
    reserved = sum((home.reserved_percent for home in homes), Fraction(0))
    if reserved > 100:  # noqa: PLR2004  percent
        problems.append(f"reserved_percent: they sum to {reserved}; allowed: up to 100")
    if not 0 <= rules.fund_percent <= 100:  # noqa: PLR2004  percent
        problems.append(f"fund_percent: found {rules.fund_percent}; allowed: 0 to 100")
    return problems
