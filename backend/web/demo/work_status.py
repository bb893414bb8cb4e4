"""The work status page (작업현황): what is off, what is to come, what ran and what each run changed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.changes.registry import to_json
from backend.display.service import names_of
from backend.kit import clock
from backend.operations import switches
from backend.operations.catalogue.loader import operations
from backend.operations.history import RunFilter, counted, events_of_runs, find_runs, latest_run
from backend.operations.models import Run
from backend.operations.scope import units_of
from backend.operations.states import WAITING, RunState

RUNS, CHANGES = 30, 12


@dataclass(frozen=True)
class ChangeRow:
    label: str
    field: str
    before: Any
    after: Any
    undone: bool


@dataclass(frozen=True)
class RunRow:
    """`changes` are the first of them; `changed` and `undone` count all."""

    run: Run
    changed: int
    undone: int
    changes: list[ChangeRow]

    @property
    def json(self) -> dict[str, Any]:
        """The run as the sentences of `data/operations` expect it."""
        return {
            "operation": self.run.operation, "market": to_json(self.run.market), "state": self.run.state.value,
            "reason": self.run.reason, "rule": self.run.rule, "result": {"changed": self.changed, **self.run.result},
        }  # fmt: skip


@dataclass(frozen=True)
class OperationLight:
    """How many units of an operation (one a market) are switched off."""

    key: str
    off: int
    units: int
    last: Run | None
    next: Run | None


def waiting_runs(session: Session, shop_id: str, operation: str | None = None) -> list[Run]:
    wanted = RunFilter(operation=operation, state=RunState.SCHEDULED)
    return find_runs(session, shop_id, wanted, 30, 0)[0]


def past_runs(session: Session, shop_id: str, operation: str | None = None, limit: int = RUNS) -> list[RunRow]:
    found = find_runs(session, shop_id, RunFilter(operation=operation), limit, 0)[0]
    runs = [run for run in found if run.state not in WAITING]
    ids = [run.id for run in runs]
    counts, events = counted(session, shop_id, ids), events_of_runs(session, shop_id, ids)
    first = {run_id: of_run[:CHANGES] for run_id, of_run in events.items()}
    wanted = {
        value for of_run in first.values() for e in of_run if e.field == "product_id" for value in (e.before, e.after)
    }
    names = names_of(session, shop_id, wanted)
    return [RunRow(run, *counts.get(run.id, (0, 0)), [_change(e, names) for e in first[run.id]]) for run in runs]


def _change(event: AuditEvent, names: dict[str, str]) -> ChangeRow:
    before, after = event.before, event.after
    if event.field == "product_id":
        before, after = names.get(before or ""), names.get(after or "")
    return ChangeRow(
        event.target_label, f"{event.target_type}.{event.field}", before, after, event.undone_by is not None
    )


def off_list(session: Session, shop_id: str) -> list[dict[str, Any]]:
    return [switches.described(switch) for switch in switches.standing(session, shop_id, clock.now())]


def lights(session: Session, shop_id: str) -> list[OperationLight]:
    held = switches.active(session, shop_id, clock.now())
    found = []
    for operation in operations().values():
        units = units_of(operation)
        off = sum(1 for unit in units if switches.covering(held, unit))
        last = latest_run(session, shop_id, RunFilter(operation=operation.key))
        waits = waiting_runs(session, shop_id, operation.key)
        soonest = min(waits, key=lambda run: run.scheduled_for, default=None)
        found.append(OperationLight(operation.key, off, len(units), last, soonest))
    return found
