"""What PRO wrote last on a field, and whether it still stands: the mark beside a value on the mall's pages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent

Marks = dict[tuple[str, str], "Mark"]


@dataclass(frozen=True)
class Mark:
    """`state`: stands, was put back, or somebody edited the field after PRO."""

    state: Literal["stands", "put_back", "edited"]
    before: Any
    after: Any
    at: datetime
    run_id: str


def marks_of(session: Session, shop_id: str, target_type: str, current: dict[tuple[str, str], Any]) -> Marks:
    """Marks by (target id, field) for the fields in `current`, which holds their values now (JSON)."""
    ids = sorted({target_id for target_id, _ in current})
    fields = sorted({field for _, field in current})
    newest: dict[tuple[str, str], AuditEvent] = {}
    for start in range(0, len(ids), 500):
        for event in _events(session, shop_id, target_type, ids[start : start + 500], fields):
            newest[event.target_id, event.field] = event
    return {place: _mark(event, current[place]) for place, event in newest.items() if place in current}


def _events(
    session: Session, shop_id: str, target_type: str, ids: Collection[str], fields: Collection[str]
) -> list[AuditEvent]:
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.shop_id == shop_id, AuditEvent.target_type == target_type, AuditEvent.source_type == "run",
            AuditEvent.op == "set", AuditEvent.target_id.in_(ids), AuditEvent.field.in_(fields),
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    )  # fmt: skip
    return list(session.scalars(query))


def _mark(event: AuditEvent, now_value: Any) -> Mark:
    state: Literal["stands", "put_back", "edited"] = "put_back" if event.undone_by else "edited"
    if now_value == event.after and not event.undone_by:
        state = "stands"
    return Mark(state, event.before, event.after, event.at, event.source_id)
