"""Writes the audit event of one change, in the transaction of the change itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.kit import clock
from backend.kit.ids import new_id

if TYPE_CHECKING:
    from backend.access.actor import Actor
    from backend.changes.change import Change


@dataclass(frozen=True)
class Source:
    """What caused a change: a confirmed plan, a run of PRO, or a direct edit on an admin page."""

    type: str  # plan | run | direct
    id: str
    reason: str | None = None


def record(session: Session, actor: "Actor", action: str, source: Source, seq: int, change: "Change") -> AuditEvent:
    event = AuditEvent(
        id=new_id("aud"), shop_id=actor.shop_id, at=clock.now(),
        actor_kind=actor.kind.value, actor_id=actor.id, actor_name=actor.name, on_behalf_of=actor.on_behalf_of,
        action=action, source_type=source.type, source_id=source.id, seq=seq, op=change.op,
        target_type=change.target_type, target_id=change.target_id, target_label=change.label,
        field=change.field, before=change.before, after=change.after,
        reason=source.reason, conversation_id=actor.conversation_id,
    )  # fmt: skip
    session.add(event)
    return event
