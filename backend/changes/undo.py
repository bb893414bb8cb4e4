"""Undo: the changes that put a source's `before` back, refused where someone edited since."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.permissions import Permission
from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.changes.apply import current
from backend.changes.change import Change, Effect
from backend.errors import UndoConflict


def events_of(session: Session, shop_id: str, source_type: str, source_id: str) -> list[AuditEvent]:
    """What the source wrote and nobody has put back yet, in order."""
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.shop_id == shop_id, AuditEvent.source_type == source_type,
            AuditEvent.source_id == source_id, AuditEvent.undone_by.is_(None),
        )
        .order_by(AuditEvent.seq)
    )  # fmt: skip
    return list(session.scalars(query))


def standing(session: Session, shop_id: str, events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """Those that time has not closed."""

    def is_past(event: AuditEvent) -> bool:
        spec, row = registry.target(event.target_type), _row(session, shop_id, event)
        if spec.past_undoing is not None and spec.past_undoing(session, row):
            return True
        return spec.past_change is not None and spec.past_change(session, row, event)

    return [event for event in events if not is_past(event)]


def rights_over(session: Session, shop_id: str, events: Sequence[AuditEvent]) -> set[Permission]:
    """What putting these back needs beside the right to undo."""
    asked = ((event, registry.target(event.target_type).undo_right) for event in events)
    return {right(_row(session, shop_id, event)) for event, right in asked if right}


def inverse(session: Session, shop_id: str, events: Sequence[AuditEvent]) -> list[Change]:
    """The undoing changes, last first; raises UndoConflict naming every later edit that stands in the way."""
    changes: list[Change] = []
    conflicts = []
    put_back: dict[tuple[str, str, str], Any] = {}  # a field that one source wrote twice goes back step by step
    for event in reversed(events):
        row = _row(session, shop_id, event)
        spec = registry.target(event.target_type)
        if event.op == "create" and spec.undo_by:
            changes += spec.undo_by(session, row, event)
            continue
        if event.op == "create":
            withdraw = spec.undo_create
            for column, after in (withdraw(row) if withdraw else {}).items():
                before = registry.to_json(getattr(row, column))
                if before != after:
                    changes.append(
                        Change(event.target_type, event.target_id, column, before, after, event.target_label)
                    )
            continue
        written = (event.target_type, event.target_id, event.field)
        found = put_back.get(written, registry.to_json(getattr(row, event.field)))
        if found != event.after:
            conflicts.append({**_later_edit(session, event), "found": found, "expected": event.after})
            continue
        put_back[written] = event.before
        changes.append(Change(event.target_type, event.target_id, event.field, found, event.before, event.target_label))
    if conflicts:
        raise UndoConflict("someone edited the same field since", conflicts=conflicts)
    return _settled(session, shop_id, changes)


def _settled(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    """Each in its place, as its kind of thing wants all of its kind to be."""
    for target_type in dict.fromkeys(change.target_type for change in changes):
        settle = registry.target(target_type).settled
        if settle:
            own = iter(settle(session, shop_id, [c for c in changes if c.target_type == target_type]))
            changes = [next(own) if c.target_type == target_type else c for c in changes]
    return [change for change in changes if change.op == "create" or change.before != change.after]


def effects_of(session: Session, shop_id: str, events: Sequence[AuditEvent]) -> list[Effect]:
    """What taking created rows out of service means for people, e.g. coupons that were issued already."""
    effects = []
    for event in events:
        tell = registry.target(event.target_type).undo_effect
        if event.op == "create" and tell:
            effects.append(tell(_row(session, shop_id, event)))
    return _added_up([effect for effect in effects if effect])


def _added_up(effects: Sequence[Effect]) -> list[Effect]:
    """Effects that only count are told once, with their sum (200 messages are one sentence)."""
    told: list[Effect] = []
    for effect in effects:
        same = next(
            (e for e in told if e.code == effect.code and e.data.keys() == effect.data.keys() == {"count"}), None
        )
        if same:
            same.data["count"] += effect.data["count"]
        else:
            told.append(effect)
    return told


def _row(session: Session, shop_id: str, event: AuditEvent) -> Any:
    return current(session, shop_id, event.target_type, event.target_id)


def _later_edit(session: Session, event: AuditEvent) -> dict[str, object]:
    later = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.shop_id == event.shop_id, AuditEvent.target_type == event.target_type,
            AuditEvent.target_id == event.target_id, AuditEvent.field == event.field, AuditEvent.id > event.id,
        )
        .order_by(AuditEvent.id.desc())
    ).first()  # fmt: skip
    return {
        "label": event.target_label, "field": event.field, "target": event.target_type, "target_id": event.target_id,
        "by": later.actor_name if later else None, "by_kind": later.actor_kind if later else None,
        "at": later.at.isoformat() if later else None,
    }  # fmt: skip
