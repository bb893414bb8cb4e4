"""The plan kind `purchase_order.place`: the draft is ordered, and its goods are expected."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import NOW
from backend.errors import Conflict
from backend.inventory.models import Supplier
from backend.inventory.states import InboundState
from backend.kit import clock
from backend.orders.states import PurchaseState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.purchasing.models import PurchaseOrder
from backend.purchasing.service import lines_of, order_of

Id = Annotated[str, Field(max_length=60)]


class PurchaseParams(BaseModel):
    """An id or a number (PO20261121-01)."""

    purchase_order_id: Id


def propose(session: Session, actor: Actor, params: PurchaseParams) -> Proposal:
    """Sending the sheet to the supplier stays the merchant's own step: that is said. Raises Conflict
    `purchase_state`, NotFound `purchase_order_not_found`."""
    actor.require(Permission.PURCHASING)
    order = order_of(session, actor.shop_id, params.purchase_order_id)
    refuse_unless(order, PurchaseState.DRAFT)
    supplier = session.get_one(Supplier, order.supplier_id)
    due = max(order.due_on or clock.today() + timedelta(days=supplier.lead_days), clock.today())
    changes = [
        Change("purchase_order", order.id, "state", order.state.value, PurchaseState.ORDERED.value, order.number),
        Change(
            "purchase_order", order.id, "ordered_on", _iso(order.ordered_on), clock.today().isoformat(), order.number
        ),
    ]
    if _iso(order.due_on) != due.isoformat():
        changes.append(Change("purchase_order", order.id, "due_on", _iso(order.due_on), due.isoformat(), order.number))
    pieces = 0
    for line, item in lines_of(session, order):
        pieces += line.quantity
        changes.append(create("inbound", {
            "item_id": item.id, "supplier_id": supplier.id, "purchase_line_id": line.id, "quantity": line.quantity,
            "received": 0, "due_on": due.isoformat(), "state": InboundState.EXPECTED.value, "note": order.number, "created_at": NOW,
        }, item.name))  # fmt: skip
    effects = [
        Effect(
            "purchase_ordered",
            {"number": order.number, "supplier": supplier.name, "pieces": pieces, "due_on": due.isoformat()},
        ),
        Effect("purchase_send_yourself", {"supplier": supplier.name}),
    ]
    return Proposal(changes, effects)


def refuse_unless(order: PurchaseOrder, *states: PurchaseState) -> None:
    """Raises Conflict `purchase_state`."""
    if order.state not in states:
        raise Conflict("not in this state", code="purchase_state", number=order.number, state=order.state.value)


def _iso(day: object) -> str | None:
    return day.isoformat() if hasattr(day, "isoformat") else None


register(PlanKind("purchase_order.place", PurchaseParams, propose))
