"""preview → confirm → execute once, for every change of the product (architecture.md, "Every change, the same way")."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import digest
from backend.errors import InvalidInput, NothingToChange, PlanClosed
from backend.kit import clock
from backend.kit.ids import new_id
from backend.plans.kinds import PlanKind, Proposal, kind_named
from backend.plans.models import Plan, PlanState
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
        changes=[c.as_json() for c in proposal.changes], effects=[asdict(e) for e in proposal.effects],
        undoable=proposal.undoable, digest=digest(proposal.changes, proposal.effects),
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
    plan = owned(session.get(Plan, plan_id, with_for_update=True), actor)
    if plan.state is PlanState.EXECUTED:
        return plan
    state = PlanState.EXPIRED if clock.now() >= plan.expires_at else plan.state
    if plan.state is not PlanState.PREVIEWED or state is PlanState.EXPIRED:
        raise PlanClosed("this preview cannot be confirmed any more", state=state.value)
    kind = kind_named(plan.kind)
    proposal = kind.propose(session, actor, kind.params.model_validate(plan.params))
    if digest(proposal.changes, proposal.effects) != plan.digest:
        plan.state = PlanState.STALE
        plan.replaced_by = _keep(session, actor, kind, plan.params, proposal).id
        return plan
    # the conditional UPDATE decides between two confirmations at the same moment
    claimed = session.execute(
        update(Plan)
        .where(Plan.id == plan.id, Plan.state == PlanState.PREVIEWED)
        .values(state=PlanState.EXECUTED, executed_at=clock.now(), executed_by=actor.id, idempotency_key=key)
    )
    session.refresh(plan)
    if claimed.rowcount == 0:  # type: ignore[attr-defined]
        return plan
    written = apply(session, actor, plan.kind, Source("plan", plan.id, proposal.reason), proposal.changes)
    plan.changes = [c.as_json() for c in written]
    plan.result = kind.after(session, actor, plan, written)
    session.flush()
    return plan


def discard(session: Session, actor: Actor, plan_id: str) -> Plan:
    """The person said no; discarding twice is fine, discarding an executed plan is PlanClosed."""
    plan = owned(session.get(Plan, plan_id), actor)
    if plan.state is PlanState.EXECUTED:
        raise PlanClosed("it was already carried out", state=plan.state.value)
    if plan.state is PlanState.PREVIEWED:
        plan.state = PlanState.DISCARDED
    return plan
