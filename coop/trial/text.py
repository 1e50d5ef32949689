"""Writes what `minga share try` found as tables for people; nothing is computed here."""

from collections.abc import Sequence

from coop.trial.comparison import Comparison, HomeRow
from coop.trial.question import Answer
from coop.trial.trial import Trial
from coop.words.amounts import signed, tenths, whole

HEADS = (
    "Wh",
    "PRODUCTION",
    "OWN USE",
    "SHARED",
    "SET ASIDE",
    "LEFT OVER",
    "FUND",
    "FROM GRID",
    "SLOTS",
    "PROVISIONAL",
    "UNSETTLED",
)


def trial_text(answer: Answer) -> str:
    """Return a table of methods, one of homes, who gains and who loses, and what was skipped."""
    parts = [_table(HEADS, [_method_row(one) for one in answer.trials])]
    first, *_ = answer.trials
    heads = ("shared, Wh", *(str(one.method) for one in answer.trials), "(use)", "(own use)")
    rows = [
        (
            home,
            *(whole(one.homes[home].allocated_wh) for one in answer.trials),
            whole(sums.consumption_wh),
            whole(sums.own_use_wh),
        )
        for home, sums in first.homes.items()
    ]
    parts.append(_table(heads, rows))
    heads = (f"against {answer.against}", *_GAINS)
    parts.append(_table(heads, [_gain_row(one) for one in answer.comparisons()]))
    parts.append("\n".join(f"skipped {one.method}: {one.why}" for one in answer.skipped))
    return "\n\n".join(part for part in parts if part)


def _method_row(trial: Trial) -> tuple[str, ...]:
    amounts = (
        trial.production_wh,
        trial.own_use_wh,
        trial.allocated_wh,
        trial.set_aside_wh,
        trial.surplus_wh,
    )
    counts = (
        trial.residual_grid_wh,
        trial.slots,
        trial.provisional_slots,
        trial.unsettled_slots,
    )
    return (
        str(trial.method),
        *map(whole, amounts),
        tenths(trial.fund_tenths_wh),
        *map(whole, counts),
    )


_GAINS = ("SELF-SUFFICIENCY", "WITH MORE", "WITH LESS", "MOST MORE, Wh", "MOST LESS, Wh")


def _gain_row(comparison: Comparison) -> tuple[str, ...]:
    winners, losers = comparison.winners, comparison.losers
    return (
        comparison.method,
        comparison.self_sufficiency,
        str(len(winners)),
        str(len(losers)),
        _most(winners),
        _most(losers),
    )


def _most(rows: Sequence[HomeRow]) -> str:
    return f"{rows[0].home} {signed(rows[0].change_wh)}" if rows else "-"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (heads, *rows)
    )
