"""The plan kind `purchase_order.cancel`: what has not arrived is not expected any more."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.inventory.models import Inbound, Supplier
from backend.inventory.states import InboundState
from backend.orders.states import PurchaseState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.purchasing.models import PurchaseOrderLine
from backend.purchasing.place import PurchaseParams, refuse_unless
from backend.purchasing.receive import expected_of
from backend.purchasing.service import order_of


def propose(session: Session, actor: Actor, params: PurchaseParams) -> Proposal:
    """An order of which a part has arrived ends as received; its rest is cancelled. Raises Conflict `purchase_state`."""
    actor.require(Permission.PURCHASING)
    order = order_of(session, actor.shop_id, params.purchase_order_id)
    refuse_unless(order, PurchaseState.DRAFT, PurchaseState.ORDERED)
    rest = expected_of(session, order)
    came = session.scalar(
        select(func.coalesce(func.sum(Inbound.received), 0))
        .join(PurchaseOrderLine, PurchaseOrderLine.id == Inbound.purchase_line_id)
        .where(PurchaseOrderLine.purchase_order_id == order.id)
    )
    changes = [
        Change("inbound", inbound.id, "state", inbound.state.value, InboundState.CANCELLED.value, item.name)
        for inbound, item in rest
    ]
    after = PurchaseState.RECEIVED if came else PurchaseState.CANCELLED
    changes.append(Change("purchase_order", order.id, "state", order.state.value, after.value, order.number))
    supplier = session.get_one(Supplier, order.supplier_id)
    pieces = sum(inbound.quantity - inbound.received for inbound, _ in rest)
    told = {"number": order.number, "supplier": supplier.name, "pieces": pieces, "received": int(came or 0)}
    effects = [Effect("purchase_cancelled", told)]
    if order.state is PurchaseState.ORDERED:
        effects.append(Effect("purchase_cancel_yourself", {"supplier": supplier.name}))
    return Proposal(changes, effects)


register(PlanKind("purchase_order.cancel", PurchaseParams, propose))
