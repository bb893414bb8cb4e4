"""Runs and OFF switches as things a plan may change."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.registry import Target
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.operations.models import OffSwitch, Run, open_key
from backend.operations.states import TRANSITIONS, RunState
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


registry.register("run", Target(
    Run, frozenset({"state", "reason"}), "run", {"state": TRANSITIONS}, past_undoing=_place_taken,
))  # fmt: skip
registry.register("off_switch", Target(
    OffSwitch, frozenset({"lifted_at", "lifted_by"}), "off", {}, _lift, undo_right=_right,
))  # fmt: skip
