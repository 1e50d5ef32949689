"""One slot asked and answered: the figures by home, and the steps that led to them."""

from collections.abc import Sequence

from coop.allocation.model import Home, Missing, Outcome, Request, Status, Trace, uses_weights
from coop.allocation.sharing import Energy, Shared, Sharing
from coop.errors import InputError

POOL = "pool"
"""Names the community's roofs in `missing`."""


def allocate(request: Request, trace: Trace | None = None) -> Outcome:
    """Share one slot; raise InputError where the key or an estimate cannot be used."""
    homes = sorted(request.homes, key=lambda home: home.id)
    sharing = Sharing.prepare(request.rules, homes)
    _note_question(trace, request, homes)
    unknown_roofs = _unknown_roofs(request, homes)
    absent = [home.id for home in homes if home.consumption_wh is None]
    if unknown_roofs or (absent and request.rules.missing is Missing.HOLD):
        _note_unsettled(trace, unknown_roofs, absent)
        return Outcome(Status.UNSETTLED, tuple(dict.fromkeys([*unknown_roofs, *absent])))
    energy = _energy(request, homes)
    shared = sharing.share(energy, trace)
    if absent:
        shared = shared._replace(status=Status.PROVISIONAL)
    _note_result(trace, shared)
    return _outcome(sharing, energy, shared, tuple(absent))


def explain(request: Request) -> list[tuple[str, str]]:
    """Return the steps that lead to the figures of a slot, each with its text."""
    trace = Trace()
    allocate(request, trace)
    return trace.steps


def outcome_as_json(outcome: Outcome) -> dict[str, object]:
    """Return an outcome in the shape of the command line's answer, without the explanation."""
    return {
        "status": str(outcome.status),
        "missing": list(outcome.missing),
        "pool_wh": outcome.pool_wh,
        "own_use_wh": outcome.own_use_wh,
        "allocated_wh": outcome.allocated_wh,
        "reserved_wh": outcome.reserved_wh,
        "set_aside_wh": outcome.set_aside_wh,
        "residual_grid_wh": outcome.residual_grid_wh,
        "surplus_wh": outcome.surplus_wh,
        "fund_tenths_wh": outcome.fund_tenths_wh,
    }


def _unknown_roofs(request: Request, homes: Sequence[Home]) -> list[str]:
    unknown = [home.id for home in homes if home.production_wh is None]
    return [POOL, *unknown] if request.production_wh is None else unknown


def _energy(request: Request, homes: Sequence[Home]) -> Energy:
    is_estimated = request.rules.missing is Missing.ESTIMATE
    return Energy(
        slot_number=request.slot.number,
        production_wh=request.production_wh or 0,
        home_production_wh=[home.production_wh or 0 for home in homes],
        consumption_wh=[
            _estimate(home) if home.consumption_wh is None and is_estimated else home.consumption_wh
            for home in homes
        ],
    )


def _estimate(home: Home) -> int:
    if home.estimate_wh is None:
        raise InputError(
            f"home {home.id}: consumption_wh is missing and so is estimate_wh;"
            " give one of them, or choose another policy than estimate"
        )
    return home.estimate_wh


def _outcome(sharing: Sharing, energy: Energy, shared: Shared, missing: tuple[str, ...]) -> Outcome:
    needs = energy.consumption_wh
    parts = list(zip(sharing.ids, shared.present, strict=True))
    present = [(index, home) for index, (home, is_there) in enumerate(parts) if is_there]
    reserved = shared.reserved_wh
    return Outcome(
        status=shared.status,
        missing=missing,
        pool_wh=shared.pool_wh,
        own_use_wh={home: shared.own_use_wh[i] for i, home in present},
        allocated_wh={home: shared.allocated_wh[i] for i, home in present},
        reserved_wh={home: reserved[i] for i, home in present if reserved[i]} if reserved else {},
        set_aside_wh={
            home: shared.set_aside_wh[i] for i, (home, is_there) in enumerate(parts) if not is_there
        },
        residual_grid_wh={
            home: (needs[i] or 0) - shared.own_use_wh[i] - shared.allocated_wh[i]
            for i, home in present
        },
        surplus_wh=shared.surplus_wh,
        fund_tenths_wh=shared.fund_tenths_wh,
    )


def _note_question(trace: Trace | None, request: Request, homes: Sequence[Home]) -> None:
    if trace is None:
        return
    own = sum(home.production_wh or 0 for home in request.homes)
    total = (request.production_wh or 0) + own
    trace.note("production", f"{total} Wh, {own} Wh of it on roofs of homes")
    rules = request.rules
    trace.note("key", f"{rules.method}, {rules.own_use}, tie {rules.tie}, missing {rules.missing}")
    if uses_weights(rules):
        weights = ", ".join(f"{home.id} {home.weight}" for home in homes)
        trace.note("weights", f"{weights}; unassigned {rules.unassigned_weight}")


def _note_unsettled(trace: Trace | None, roofs: Sequence[str], homes: Sequence[str]) -> None:
    if trace:
        why = f"production of {', '.join(roofs)}" if roofs else f"consumption of {', '.join(homes)}"
        trace.note("unsettled", f"{why} is missing, so nothing is computed")


def _note_result(trace: Trace | None, shared: Shared) -> None:
    if trace:
        given = sum(shared.allocated_wh)
        trace.note("shared", f"{given} Wh of a pool of {shared.pool_wh} Wh")
        trace.note("left over", f"{shared.surplus_wh} Wh")
        trace.note("fund", f"{shared.fund_tenths_wh} tenths of a Wh")
