"""The plan kinds `order.remove` and `order.restore`: out of the list, and back; nothing is deleted. And `order.note`."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.orders.chosen import Ref, must_be_unlabelled, orders_in
from backend.orders.deallocation import without_stock
from backend.orders.models import OrderLine, Shipment
from backend.orders.service import order_named
from backend.orders.states import LIVE, WAITING, ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register


class OrderParams(BaseModel):
    order_id: Ref


class NoteParams(OrderParams):
    text: Annotated[str, Field(min_length=1, max_length=2000)]


def propose_remove(session: Session, actor: Actor, params: OrderParams) -> Proposal:
    """Its stock is free for others. Raises NothingToChange `already_removed`, Conflict `already_labelled`, `on_its_way`,
    `shared_parcel` (it leaves together with other orders: split first)."""
    actor.require(Permission.ORDERS_HANDLE)
    order = order_named(session, actor.shop_id, params.order_id)
    if order.removed_at is not None:
        raise NothingToChange(
            "it is removed", code="already_removed", order_no=order.order_no, at=order.removed_at.isoformat()
        )
    lines = list(session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.id)))
    parcels = list(session.scalars(
        select(Shipment).where(Shipment.id.in_({line.shipment_id for line in lines if line.shipment_id})).order_by(Shipment.number)
    ))  # fmt: skip
    if any(one.state is ShipmentState.SHIPPED for one in parcels):
        raise Conflict("it is on its way", code="on_its_way", order_no=order.order_no)
    live = [one for one in parcels if one.state in LIVE]
    must_be_unlabelled(live)
    others = [one.order_no for one in orders_in(session, live) if one.id != order.id]
    if others:
        raise Conflict("it leaves with other orders", code="shared_parcel", order_no=order.order_no, orders=others)
    promised = [line for line in lines if line.fulfilment in WAITING and line.allocated > 0]
    changes = without_stock(promised, order.order_no)
    changes.append(Change("order", order.id, "removed_at", None, NOW, order.order_no))
    told = {"order_no": order.order_no, "buyer": order.buyer_name, "units": sum(line.allocated for line in promised)}
    return Proposal(changes, [Effect("order_removed", told)])


def propose_restore(session: Session, actor: Actor, params: OrderParams) -> Proposal:
    """Raises NothingToChange `not_removed`. Stock is promised to it anew, in its turn."""
    actor.require(Permission.ORDERS_HANDLE)
    order = order_named(session, actor.shop_id, params.order_id)
    if order.removed_at is None:
        raise NothingToChange("it is in the list", code="not_removed", order_no=order.order_no)
    change = Change("order", order.id, "removed_at", order.removed_at.isoformat(), None, order.order_no)
    return Proposal([change], [Effect("order_restored", {"order_no": order.order_no, "buyer": order.buyer_name})])


def propose_note(session: Session, actor: Actor, params: NoteParams) -> Proposal:
    """What the shop's people should know of an order; the buyer never sees it."""
    actor.require(Permission.ORDERS_HANDLE)
    order = order_named(session, actor.shop_id, params.order_id)
    text = params.text.strip()
    if not text:
        raise InvalidInput("a note needs words", fields=[{"field": "text", "message": "empty"}])
    after = {"order_id": order.id, "text": text, "by_name": ACTOR_NAME, "at": NOW, "data": {}}
    return Proposal(
        [create("order_note", after, order.order_no)],
        [Effect("order_noted", {"order_no": order.order_no, "text": text})],
    )


register(PlanKind("order.remove", OrderParams, propose_remove))
register(PlanKind("order.restore", OrderParams, propose_restore))
register(PlanKind("order.note", NoteParams, propose_note))
