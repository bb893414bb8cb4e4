"""Runs and OFF switches as things a plan may change."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.changes.registry import Target
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.kit import clock
from backend.operations.models import OffSwitch, Run, open_key
from backend.operations.states import TRANSITIONS, WAITING, RunState
from backend.operations.switches import scope_of
from backend.operations.wish import right_over


def _lift(switch: OffSwitch) -> dict[str, Any]:
    return {} if switch.lifted_at else {"lifted_at": NOW, "lifted_by": ACTOR_NAME}


def _right(switch: OffSwitch) -> Permission:
    return right_over(scope_of(switch))


def _place_taken(session: Session, run: Run) -> bool:
    """A dropped run stays dropped once the scheduler gave its place to a newer one."""
    if run.state is not RunState.DROPPED:
        return False
    key = open_key(run.shop_id, run.operation, run.market)
    return session.scalar(select(Run.id).where(Run.open_key == key)) is not None


def _start_has_come(session: Session, run: Run, event: AuditEvent) -> bool:
    """A moved run goes back to its old start only before that start, and while it still waits for the new one."""
    siblings = select(AuditEvent).where(
        AuditEvent.source_type == event.source_type, AuditEvent.source_id == event.source_id,
        AuditEvent.target_id == event.target_id, AuditEvent.field == "scheduled_for",
    )  # fmt: skip
    moved = session.scalars(siblings).first()
    if moved is None:
        return False
    start = datetime.fromisoformat(min(str(moved.before), str(moved.after)))
    return run.state not in WAITING or start <= clock.now()


registry.register("run", Target(
    Run, frozenset({"state", "reason", "scheduled_for", "announced_at", "first_scheduled_for", "moved"}),
    "run", {"state": TRANSITIONS}, past_undoing=_place_taken, past_change=_start_has_come,
))  # fmt: skip
registry.register("off_switch", Target(
    OffSwitch, frozenset({"lifted_at", "lifted_by", "excluded", "starts_at", "until", "begun_at"}),
    "off", {}, _lift, undo_right=_right,
))  # fmt: skip
