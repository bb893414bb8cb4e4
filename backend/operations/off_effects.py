"""What else an OFF does: runs that wait inside it drop, and each operation says what becomes of its work."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.models import OffSwitch, Run
from backend.operations.scope import Atom, Unit, atom_of, units_in
from backend.operations.states import OPEN, RunState

DROP_REASON = "switched_off"


def stopping(
    session: Session, shop_id: str, wanted: set[Atom], start: datetime, until: datetime | None, *, at_once: bool
) -> tuple[list[Change], list[Effect]]:
    """The changes and effects: on runs first, then by operation in catalogue order.

    Runs drop that would start between start and until. What an operation made so far is touched only `at_once`;
    an OFF that begins later does so when it begins (see passing_time), and tells it now.
    """
    runs = [run for run in _open_runs(session, shop_id) if atom_of(Unit(run.operation, run.market)) in wanted]
    now = clock.now()
    waiting = [run for run in runs if run.state is not RunState.RUNNING and starts_within(run, start, until, now)]
    running = [run for run in runs if run.state is RunState.RUNNING and at_once]
    changes = [change for run in waiting for change in _drop(run)]
    effects = []
    if waiting:
        effects.append(Effect("runs_dropped", {"count": len(waiting), "runs": [_waiting(run) for run in waiting]}))
    if running:
        effects.append(Effect("runs_in_progress", {"count": len(running), "runs": [_running(run) for run in running]}))
    more, told = of_operations(session, shop_id, wanted)
    areas = sorted({area.value for area, _, _ in wanted} - {atom_of(unit)[0].value for unit in units_in(wanted)})
    missing = [] if units_in(wanted) else [Effect("no_operations_yet", {"area": area}) for area in areas]
    return changes + (more if at_once else []), effects + told + missing


def of_operations(session: Session, shop_id: str, wanted: set[Atom]) -> tuple[list[Change], list[Effect]]:
    """What the operations themselves stop: coupons, messages that wait."""
    changes: list[Change] = []
    effects: list[Effect] = []
    for key in dict.fromkeys(unit.operation for unit in units_in(wanted)):
        when_off = operations()[key].when_off
        if when_off:
            more, told = when_off(session, shop_id)
            changes += more
            effects += told
    return changes, effects


def starts_within(run: Run, start: datetime, until: datetime | None, now: datetime) -> bool:
    """A run that is overdue starts now."""
    at = max(run.scheduled_for, now)
    return start <= at and (until is None or at < until)


def overlapping(before: list[OffSwitch], wanted: set[Atom], off_anyway: set[Atom]) -> list[Effect]:
    """Parts that are off already all that time, and other OFFs that go on beside the new one."""
    touching = [s for s in before if switches.covered(s) & wanted]
    parts = [
        {**unit.as_json(), **switches.brief(switches.covering(touching, unit)[0])} for unit in units_in(off_anyway)
    ]
    effects = [Effect("already_off", {"parts": parts})] if parts else []
    partly = [switches.described(s) for s in touching if switches.covered(s) & (wanted - off_anyway)]
    return effects + ([Effect("overlaps", {"switches": partly})] if partly else [])


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
