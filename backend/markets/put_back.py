"""What the merchant put back after PRO changed it: PRO does not do the same again until somebody edits it anew."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent

Restored = dict[tuple[str, str], set[str]]


def restored_values(session: Session, shop_id: str, target_type: str) -> Restored:
    """(target id, field) -> the values, as JSON text, to which a change of a run was undone."""
    query = select(AuditEvent.target_id, AuditEvent.field, AuditEvent.before).where(
        AuditEvent.shop_id == shop_id, AuditEvent.target_type == target_type,
        AuditEvent.source_type == "run", AuditEvent.op == "set", AuditEvent.undone_by.is_not(None),
    )  # fmt: skip
    found: Restored = {}
    for target_id, field, before in session.execute(query):
        found.setdefault((target_id, field), set()).add(_text(before))
    return found


def restored_creations(session: Session, shop_id: str, target_type: str) -> dict[str, dict[str, Any]]:
    """Target id -> the columns it was created with by a run, or by the merchant's own wish, for those that were put back."""
    query = select(AuditEvent.target_id, AuditEvent.after).where(
        AuditEvent.shop_id == shop_id, AuditEvent.target_type == target_type,
        AuditEvent.source_type.in_(("run", "plan")), AuditEvent.op == "create", AuditEvent.undone_by.is_not(None),
    )  # fmt: skip
    return dict(session.execute(query).tuples().all())


def is_restored(restored: Restored, target_id: str, field: str, value: Any) -> bool:
    return _text(value) in restored.get((target_id, field), ())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
