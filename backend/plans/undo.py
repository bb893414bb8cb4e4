"""The plan kind that puts back what a plan or a run wrote."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.changes import undo
from backend.changes.change import Change, Effect
from backend.errors import NothingToChange
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan


class UndoParams(BaseModel):
    """`target_ids` narrows the undo to some of the things that were changed (one product of a run)."""

    source_type: Literal["plan", "run"]
    source_id: str
    target_ids: list[str] | None = None


def propose(session: Session, actor: Actor, params: UndoParams) -> Proposal:
    """Raises NotFound for another shop's source, UndoConflict when someone edited since, NothingToChange when done."""
    actor.require(Permission.OPERATIONS_UNDO)
    source: Run | Plan
    if params.source_type == "run":
        source = owned(session.get(Run, params.source_id), actor)
    else:
        source = owned(session.get(Plan, params.source_id), actor)
    events = undo.events_of(session, actor.shop_id, params.source_type, params.source_id)
    chosen = [e for e in events if params.target_ids is None or e.target_id in params.target_ids]
    if not chosen:
        raise NothingToChange("everything of it is already put back", code="nothing_to_undo")
    changes = undo.inverse(session, actor.shop_id, chosen)
    if isinstance(source, Run) and len(chosen) == len(events) and source.state is RunState.DONE:
        changes.append(
            Change("run", source.id, "state", RunState.DONE.value, RunState.REVERTED.value, source.operation)
        )
    name = source.operation if isinstance(source, Run) else source.kind
    said = Effect("undo", {"of": name, "source_type": params.source_type, "count": len(chosen)})
    return Proposal(changes, [said, *undo.effects_of(session, actor.shop_id, chosen)])


def _mark(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    params = UndoParams.model_validate(plan.params)
    for event in undo.events_of(session, actor.shop_id, params.source_type, params.source_id):
        if params.target_ids is None or event.target_id in params.target_ids:
            event.undone_by = plan.id
    return {"undone": params.source_id}


register(PlanKind("undo", UndoParams, propose, _mark))
