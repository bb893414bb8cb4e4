"""preview → confirm → execute once, for every change of the product (architecture.md, "Every change, the same way")."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import digest
from backend.db.locks import locked, take_turn
from backend.errors import InvalidInput, NothingToChange
from backend.kit import clock
from backend.kit.ids import new_id
from backend.plans.kinds import PlanKind, Proposal, kind_named
from backend.plans.models import Plan
from backend.plans.moves import closed, move
from backend.plans.states import PlanState
from backend.settings import get_settings


def preview(session: Session, actor: Actor, kind_name: str, params: dict[str, Any]) -> Plan:
    """Compute the exact effect and keep it as a plan; nothing of the shop is written."""
    kind = kind_named(kind_name)
    try:
        checked = kind.params.model_validate(params)
    except ValidationError as error:
        fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        raise InvalidInput("the plan's parameters do not fit", fields=fields) from error
    return _keep(session, actor, kind, checked.model_dump(mode="json"), kind.propose(session, actor, checked))


def _keep(session: Session, actor: Actor, kind: PlanKind, params: dict[str, Any], proposal: Proposal) -> Plan:
    if not proposal.changes:
        raise NothingToChange("the shop already is as wished")
    now = clock.now()
    plan = Plan(
        id=new_id("plan"), shop_id=actor.shop_id, kind=kind.name, params=params, state=PlanState.PREVIEWED,
        changes=[c.as_json() for c in proposal.all_changes], effects=[asdict(e) for e in proposal.effects],
        undoable=proposal.undoable, digest=digest(proposal.all_changes, proposal.effects),
        created_by=actor.id, created_by_kind=actor.kind.value, conversation_id=actor.conversation_id,
        created_at=now, expires_at=now + timedelta(minutes=get_settings().plan_minutes),
        undo_of=params.get("source_id") if kind.name == "undo" else None,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    return plan


def confirm(session: Session, actor: Actor, plan_id: str, key: str) -> Plan:
    """Execute the previewed plan once and return it executed.

    A second confirmation returns the same executed plan. When the shop moved since the preview, nothing is written:
    the plan becomes stale, `replaced_by` names a fresh preview, and the caller shows that one instead.
    Raises PlanClosed for a discarded, stale or expired plan, and NothingToChange when nothing is left to do.
    """
    take_turn(session, [actor.shop_id])
    plan = owned(locked(session, Plan, plan_id), actor)
    now = clock.now()
    state = plan.state_at(now)
    if state is PlanState.EXECUTED:
        return plan
    if state is not PlanState.PREVIEWED:
        raise closed(plan, state)
    kind = kind_named(plan.kind)
    proposal = kind.propose(session, actor, kind.params.model_validate(plan.params))
    if digest(proposal.all_changes, proposal.effects) != plan.digest:
        fresh = _keep(session, actor, kind, plan.params, proposal)
        move(session, plan, PlanState.STALE, now, replaced_by=fresh.id)
        return plan
    move(session, plan, PlanState.EXECUTED, now, executed_at=now, executed_by=actor.id, idempotency_key=key)
    written = apply(session, actor, plan.kind, Source("plan", plan.id, proposal.reason), proposal.changes)
    plan.changes = [c.as_json() for c in written]
    plan.result = kind.after(session, actor, plan, written)
    session.flush()
    return plan


def discard(session: Session, actor: Actor, plan_id: str) -> Plan:
    """The person said no; saying it again, or after the preview is void anyway, is fine. An executed one is PlanClosed."""
    plan = owned(locked(session, Plan, plan_id), actor)
    now = clock.now()
    state = plan.state_at(now)
    if state is PlanState.EXECUTED:
        raise closed(plan, state)
    if state is PlanState.PREVIEWED:
        move(session, plan, PlanState.DISCARDED, now)
    return plan
