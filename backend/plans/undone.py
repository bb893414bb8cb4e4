"""Keeps `undone_by` of every audit event true, however often an undo is itself undone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.plans.models import Plan

Target = tuple[str, str]  # type and id


def mark(session: Session, shop_id: str, source_type: str, source_id: str, by: str, targets: set[Target]) -> None:
    """What the source wrote on `targets` is put back by the plan `by`; if the source was an undo, its own source's stands again."""
    for event in _events(session, shop_id, source_type, source_id):
        if event.undone_by is None and (event.target_type, event.target_id) in targets:
            event.undone_by = by
    inner = _undo(session, shop_id, source_type, source_id)
    if inner is not None:
        _release(session, shop_id, inner, targets)


def _release(session: Session, shop_id: str, undo: Plan, targets: set[Target]) -> None:
    source_type, source_id = undo.params["source_type"], undo.params["source_id"]
    for event in _events(session, shop_id, source_type, source_id):
        if event.undone_by == undo.id and (event.target_type, event.target_id) in targets:
            event.undone_by = None
    inner = _undo(session, shop_id, source_type, source_id)
    if inner is not None:
        mark(session, shop_id, inner.params["source_type"], inner.params["source_id"], inner.id, targets)


def _undo(session: Session, shop_id: str, source_type: str, source_id: str) -> Plan | None:
    plan = session.get(Plan, source_id) if source_type == "plan" else None
    return plan if plan is not None and plan.shop_id == shop_id and plan.kind == "undo" else None


def _events(session: Session, shop_id: str, source_type: str, source_id: str) -> list[AuditEvent]:
    query = select(AuditEvent).where(
        AuditEvent.shop_id == shop_id, AuditEvent.source_type == source_type, AuditEvent.source_id == source_id
    )
    return list(session.scalars(query))
