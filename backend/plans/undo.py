"""The plan kind that puts back what a plan or a run wrote."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes import undo
from backend.changes.apply import rehearse
from backend.changes.change import Change, Effect
from backend.errors import NothingToChange
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.plans import market_words, undone
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan


class UndoParams(BaseModel):
    """`target_ids` narrows the undo to some of the things that were changed (one product of a run)."""

    source_type: Literal["plan", "run"]
    source_id: str
    target_ids: list[str] | None = None


def propose(session: Session, actor: Actor, params: UndoParams) -> Proposal:
    """Raises NotFound for another shop's source, Conflict `market_told` once a market has accepted it, UndoConflict when someone edited since, NothingToChange when done or
    when it was final from the start (`cannot_be_undone`), and Forbidden when the actor might not have done by hand what the undo does."""
    actor.require(Permission.OPERATIONS_UNDO)
    source = _source(session, actor, params)
    if isinstance(source, Plan) and not source.undoable:
        raise NothingToChange("it was final, as its preview said", code="cannot_be_undone", of=source.kind)
    if isinstance(source, Plan):
        market_words.refuse_told(session, source, in_part=params.target_ids is not None)
    events = undo.events_of(session, actor.shop_id, params.source_type, params.source_id)
    chosen = _chosen(source, events, params.target_ids)
    for right in sorted(undo.rights_over(session, actor.shop_id, chosen)):
        actor.require(right)
    standing = undo.standing(session, actor.shop_id, chosen)
    if chosen and not standing:
        raise NothingToChange("time has closed all of it", code="too_late_to_undo")
    changes = undo.inverse(session, actor.shop_id, standing)
    if not changes:
        raise NothingToChange("nothing of it can be put back", code="nothing_to_undo")
    moved = {(change.target_type, change.target_id) for change in changes}
    count = sum((event.target_type, event.target_id) in moved for event in standing)
    if isinstance(source, Run) and len(chosen) == len(events) and source.state is RunState.DONE:
        changes.append(
            Change("run", source.id, "state", RunState.DONE.value, RunState.REVERTED.value, source.operation)
        )
    name = source.operation if isinstance(source, Run) else source.kind
    said = Effect("undo", {"of": name, "source_type": params.source_type, "count": count})
    follows = rehearse(session, actor, "undo", Source(params.source_type, params.source_id), changes)
    return Proposal(changes, [said, *undo.effects_of(session, actor.shop_id, standing)], follows=follows)


def _source(session: Session, actor: Actor, params: UndoParams) -> Run | Plan:
    if params.source_type == "run":
        return owned(session.get(Run, params.source_id), actor)
    return owned(session.get(Plan, params.source_id), actor)


def _chosen(source: Run | Plan, events: Sequence[AuditEvent], wanted: list[str] | None) -> list[AuditEvent]:
    """Taking back part of the undo of a run makes that run done again, whatever part it is."""
    if wanted is None:
        return list(events)
    chosen = [event for event in events if event.target_id in wanted]
    whole = source.undo_of if isinstance(source, Plan) and chosen else None
    return [event for event in events if event in chosen or event.target_id == whole]


def _mark(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    params = UndoParams.model_validate(plan.params)
    targets = {(change.target_type, change.target_id) for change in written}
    undone.mark(session, actor.shop_id, params.source_type, params.source_id, plan.id, targets)
    source = _source(session, actor, params)
    if isinstance(source, Plan):
        market_words.follow(session, source)
    return {"undone": params.source_id}


register(PlanKind("undo", UndoParams, propose, _mark))
