"""How a claim changes its line: pieces that are not to be sent any more, or are again; the claim's mark on the line."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.claims.claimed_line import ClaimedLine
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import LIVE, ClaimKind, ClaimState, Fulfilment, ShipmentState, parcel_with

F = Fulfilment


def fulfilment_with(line: OrderLine, open_quantity: int, allocated: int) -> Fulfilment:
    """What a line that has not left is, once so many are to be sent and so many have stock."""
    if open_quantity <= 0:
        return F.CANCELLED
    if line.fulfilment is F.AWAITING_PAYMENT:
        return F.AWAITING_PAYMENT
    if allocated >= open_quantity:
        return F.ALLOCATED
    return F.PARTLY_ALLOCATED if allocated > 0 else F.UNALLOCATED


def taken_off(at: ClaimedLine, quantity: int) -> list[Change]:
    """`quantity` pieces are not sent: what was promised to them is free again."""
    line, name = at.line, at.label
    remaining = line.open_quantity - quantity
    allocated = min(line.allocated, remaining)
    changes: list[Change] = []
    if allocated != line.allocated:
        changes.append(Change("order_line", line.id, "allocated", line.allocated, allocated, name))
    changes.append(Change("order_line", line.id, "cancelled", line.cancelled, line.cancelled + quantity, name))
    after = fulfilment_with(line, remaining, allocated)
    if after is not line.fulfilment:
        changes.append(Change("order_line", line.id, "fulfilment", line.fulfilment.value, after.value, name))
    return changes


def put_back(at: ClaimedLine, quantity: int) -> list[Change]:
    """`quantity` cancelled pieces are to be sent after all; stock is promised to them by the next allocation."""
    line, name = at.line, at.label
    changes = [Change("order_line", line.id, "cancelled", line.cancelled, line.cancelled - quantity, name)]
    after = fulfilment_with(line, line.open_quantity + quantity, line.allocated)
    if after is not line.fulfilment:
        changes.append(Change("order_line", line.id, "fulfilment", line.fulfilment.value, after.value, name))
    shipment = at.shipment
    if shipment is not None and shipment.state is ShipmentState.VOID and shipment.merged_into is None:
        changes.append(
            Change("shipment", shipment.id, "state", "void", ShipmentState.PREPARING.value, at.order.order_no)
        )
    return changes


def emptied(session: Session, shipment: Shipment | None, cancelled: Collection[str], label: str) -> list[Change]:
    """A parcel whose last open lines are cancelled is void; or it has left, with what a market's own page sent of it."""
    if shipment is None or shipment.state not in LIVE:
        return []
    inside = select(OrderLine.fulfilment).where(OrderLine.shipment_id == shipment.id, OrderLine.id.not_in(cancelled))
    after = parcel_with(session.scalars(inside).all())
    return [Change("shipment", shipment.id, "state", shipment.state.value, after.value, label)]


def marked(at: ClaimedLine, kind: ClaimKind, state: ClaimState) -> list[Change]:
    """The line bears its latest claim."""
    line, name, changes = at.line, at.label, []
    for field, before, after in (("claim_kind", line.claim_kind, kind), ("claim_state", line.claim_state, state)):
        if before is not after:
            changes.append(Change("order_line", line.id, field, before.value if before else None, after.value, name))
    return changes
