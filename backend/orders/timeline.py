"""What happened to an order, in time: the market's own moments, people's changes from the audit, notes, claims, parcels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.claims.models import Claim
from backend.orders.models import Order, OrderLine, OrderNote, Shipment
from backend.orders.schemas import FieldMove, TimelineEntry

KINDS = ("order", "order_line", "shipment")


def timeline(
    session: Session, order: Order, lines: Sequence[OrderLine], claims: Sequence[Claim], notes: Sequence[OrderNote]
) -> list[TimelineEntry]:
    """Oldest first; what one plan or one telling did is one entry. Changes that were put back are told like any other."""
    raw = list(dict.fromkeys(line.raw_status for line in lines if line.raw_status))
    found = [_entry(order.ordered_at, "ordered", market=order.market.value)]
    if order.paid_at:
        found.append(_entry(order.paid_at, "paid", total=order.total))
    if order.collected_at:
        found.append(_entry(order.collected_at, "collected", raw_codes=raw))
    shipments = session.scalars(
        select(Shipment).where(Shipment.id.in_({line.shipment_id for line in lines if line.shipment_id}))
    ).all()
    for shipment in shipments:
        named: dict[str, Any] = {
            "number": shipment.number, "courier": shipment.courier, "tracking_no": shipment.tracking_no,
        }  # fmt: skip
        for code in ("labelled", "shipped", "delivered"):
            if at := getattr(shipment, f"{code}_at"):
                found.append(_entry(at, code, **named))
    found += [_entry(claim.requested_at, "claimed", kind=claim.kind.value, quantity=claim.quantity) for claim in claims]
    found += [_entry(note.at, "noted", by=note.by_name, text=note.text) for note in notes]
    found += _changes(session, order, lines, [shipment.id for shipment in shipments])
    return sorted(found, key=lambda entry: entry.at)


def _entry(at: datetime, code: str, by: str | None = None, **data: Any) -> TimelineEntry:
    return TimelineEntry(at=at, code=code, by=by, source_id=None, moves=[], data=data)


def _changes(
    session: Session, order: Order, lines: Sequence[OrderLine], shipments: Sequence[str]
) -> list[TimelineEntry]:
    about = [(kind, ids) for kind, ids in zip(KINDS, ([order.id], [line.id for line in lines], shipments), strict=True)]
    query = (
        select(AuditEvent)
        .where(
            AuditEvent.shop_id == order.shop_id,
            or_(*((AuditEvent.target_type == kind) & AuditEvent.target_id.in_(ids) for kind, ids in about if ids)),
        )
        .order_by(AuditEvent.at, AuditEvent.id)
    )
    entries: dict[tuple[str, str, datetime], TimelineEntry] = {}
    for event in session.scalars(query):
        key = (event.source_type, event.source_id, event.at)
        if key not in entries:
            plan = event.source_id if event.source_type == "plan" else None
            entries[key] = TimelineEntry(
                at=event.at, code=event.action, by=event.actor_name, source_id=plan, moves=[], data={}
            )
        if event.op == "set":
            entries[key].moves.append(
                FieldMove.model_validate({
                    "target": event.target_type, "label": event.target_label, "field": event.field,
                    "before": event.before, "after": event.after,
                })
            )  # fmt: skip
    return list(entries.values())
