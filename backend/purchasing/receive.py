"""The plan kind `purchase_order.receive`: goods arrive, whole or in part, and are in stock."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import InvalidInput, NotFound, NothingToChange
from backend.inventory.models import Inbound, StockItem
from backend.inventory.states import InboundState, MovementReason
from backend.inventory.targets import movement
from backend.orders.states import PurchaseState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine
from backend.purchasing.place import Id, refuse_unless
from backend.purchasing.service import order_of

OPEN = (InboundState.EXPECTED, InboundState.PARTLY)


class Arrived(BaseModel):
    item_id: Id
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]


class ReceiveParams(BaseModel):
    """Without `lines` everything that is still expected."""

    purchase_order_id: Id
    lines: Annotated[list[Arrived], Field(max_length=500)] = []


def propose(session: Session, actor: Actor, params: ReceiveParams) -> Proposal:
    """Raises Conflict `purchase_state`, NotFound `purchase_item_not_found`, InvalidInput `purchase_too_many`,
    NothingToChange `purchase_all_here`."""
    actor.require(Permission.PURCHASING)
    actor.require(Permission.STOCK_MOVE)
    order = order_of(session, actor.shop_id, params.purchase_order_id)
    refuse_unless(order, PurchaseState.ORDERED)
    expected = expected_of(session, order)
    if not expected:
        raise NothingToChange("all of it is here", code="purchase_all_here", number=order.number)
    taken = _taken(order, expected, params)
    changes: list[Change] = []
    rows = []
    for inbound, item in expected:
        quantity = taken.get(inbound.id, 0)
        if not quantity:
            continue
        received = inbound.received + quantity
        state = InboundState.RECEIVED if received >= inbound.quantity else InboundState.PARTLY
        balance = [c.after["balance"] for c in changes if c.op == "create" and c.after["item_id"] == item.id]
        changes.append(movement(
            item, quantity, MovementReason.RECEIVE, before=balance[-1] if balance else None, note=order.number
        ))  # fmt: skip
        changes.append(Change("inbound", inbound.id, "received", inbound.received, received, item.name))
        if state is not inbound.state:
            changes.append(Change("inbound", inbound.id, "state", inbound.state.value, state.value, item.name))
        rows.append({"item": item.name, "quantity": quantity, "before": item.stocked, "after": item.stocked + quantity})
    left = sum(inbound.quantity - inbound.received - taken.get(inbound.id, 0) for inbound, _ in expected)
    if left == 0:
        changes.append(
            Change("purchase_order", order.id, "state", order.state.value, PurchaseState.RECEIVED.value, order.number)
        )
    effects = [
        Effect("purchase_arrives", {"number": order.number, "rows": rows[:10], "count": len(rows), "left": left})
    ]
    return Proposal(changes, effects)


def expected_of(session: Session, order: PurchaseOrder) -> list[tuple[Inbound, StockItem]]:
    """What is still to arrive, in the order of the articles (locks are taken in it)."""
    query = (
        select(Inbound, StockItem)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == Inbound.purchase_line_id)
        .join(StockItem, StockItem.id == Inbound.item_id)
        .where(
            PurchaseOrderLine.purchase_order_id == order.id, Inbound.shop_id == order.shop_id, Inbound.state.in_(OPEN)
        )
        .order_by(StockItem.id, Inbound.id)
    )
    return list(session.execute(query).tuples())


def _taken(order: PurchaseOrder, expected: list[tuple[Inbound, StockItem]], params: ReceiveParams) -> dict[str, int]:
    """How many of each expected arrival have come."""
    if not params.lines:
        return {inbound.id: inbound.quantity - inbound.received for inbound, _ in expected}
    taken: dict[str, int] = {}
    for arrived in params.lines:
        mine = [(inbound, item) for inbound, item in expected if inbound.item_id == arrived.item_id]
        if not mine:
            raise NotFound("not in this order", code="purchase_item_not_found", number=order.number)
        left = arrived.quantity
        for inbound, _ in mine:
            part = min(left, inbound.quantity - inbound.received - taken.get(inbound.id, 0))
            taken[inbound.id] = taken.get(inbound.id, 0) + part
            left -= part
        if left > 0:
            most = sum(inbound.quantity - inbound.received for inbound, _ in mine)
            raise InvalidInput(
                "more than was ordered", code="purchase_too_many", item=mine[0][1].name, most=most, asked=arrived.quantity,
                fields=[{"field": "lines", "message": f"1..{most}"}],
            )  # fmt: skip
    return taken


register(PlanKind("purchase_order.receive", ReceiveParams, propose))
