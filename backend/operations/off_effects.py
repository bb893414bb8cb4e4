"""What else an OFF does the moment it is confirmed: waiting runs drop, and each operation says what becomes of its work."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch, Run
from backend.operations.scope import Atom, Unit, atom_of, units_in
from backend.operations.states import OPEN, RunState

DROP_REASON = "switched_off"


def stopping(session: Session, shop_id: str, wanted: set[Atom]) -> tuple[list[Change], list[Effect]]:
    """The changes and effects: on runs first, then by operation in catalogue order."""
    open_runs = [run for run in _open_runs(session, shop_id) if atom_of(Unit(run.operation, run.market)) in wanted]
    waiting = [run for run in open_runs if run.state is not RunState.RUNNING]
    running = [run for run in open_runs if run.state is RunState.RUNNING]
    units = units_in(wanted)
    changes = [change for run in waiting for change in _drop(run)]
    effects = []
    if waiting:
        effects.append(Effect("runs_dropped", {"count": len(waiting), "runs": [_waiting(run) for run in waiting]}))
    if running:
        effects.append(Effect("runs_in_progress", {"count": len(running), "runs": [_running(run) for run in running]}))
    for key in dict.fromkeys(unit.operation for unit in units):
        when_off = operations()[key].when_off
        if when_off:
            more, told = when_off(session, shop_id)
            changes += more
            effects += told
    areas = sorted({area.value for area, _, _ in wanted} - {atom_of(unit)[0].value for unit in units})
    return changes, effects + ([] if units else [Effect("no_operations_yet", {"area": area}) for area in areas])


def overlapping(holding: list[OffSwitch], wanted: set[Atom], until: datetime | None) -> list[Effect]:
    """Parts that are off already for as long, and older switches that go on beside the new one."""
    touching = [s for s in holding if _units(s, wanted)]
    parts = [
        {**unit.as_json(), **switches.brief(s)}
        for s in touching if switches.lasts(s, until) for unit in units_in(_units(s, wanted))
    ]  # fmt: skip
    effects = [Effect("already_off", {"parts": parts})] if parts else []
    shorter = [switches.described(s) for s in touching if not switches.lasts(s, until)]
    return effects + ([Effect("overlaps", {"switches": shorter})] if shorter else [])


def _units(switch: OffSwitch, wanted: set[Atom]) -> set[Atom]:
    return switches.covered_atoms([switch]) & wanted


def _open_runs(session: Session, shop_id: str) -> list[Run]:
    query = select(Run).where(Run.shop_id == shop_id, Run.state.in_(OPEN)).order_by(Run.scheduled_for, Run.id)
    return list(session.scalars(query))


def _drop(run: Run) -> list[Change]:
    return [
        Change("run", run.id, "state", run.state.value, RunState.DROPPED.value, run.operation),
        Change("run", run.id, "reason", run.reason, DROP_REASON, run.operation),
    ]


def _waiting(run: Run) -> dict[str, Any]:
    return {
        "id": run.id, **Unit(run.operation, run.market).as_json(),
        "scheduled_for": run.scheduled_for.isoformat(), "announced": run.announced_at is not None,
    }  # fmt: skip


def _running(run: Run) -> dict[str, Any]:
    started = run.started_at.isoformat() if run.started_at else None
    return {"id": run.id, **Unit(run.operation, run.market).as_json(), "started_at": started}
