"""The one writer of a plan's state."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.errors import PlanClosed
from backend.plans.models import Plan
from backend.plans.states import TRANSITIONS, PlanState


def move(session: Session, plan: Plan, to: PlanState, now: datetime, **values: Any) -> None:
    """Raises PlanClosed, naming the state it is in, for a plan that is settled or whose time has passed.

    The conditional UPDATE decides between two people at the same moment, on every database.
    """
    before = plan.state_at(now)
    if to not in TRANSITIONS[before]:
        raise closed(plan, before)
    moved = session.execute(update(Plan).where(Plan.id == plan.id, Plan.state == before).values(state=to, **values))
    session.refresh(plan)
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        raise closed(plan, plan.state)


def closed(plan: Plan, state: PlanState) -> PlanClosed:
    """`replaced_by` is the preview that took a stale one's place."""
    return PlanClosed("this preview is settled", state=state.value, replaced_by=plan.replaced_by)
