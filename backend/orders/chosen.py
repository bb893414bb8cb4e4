"""What a wish names: an order or a parcel of the shop, and the parcels of it that have not left."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.changes.registry import to_json
from backend.errors import Conflict
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.service import order_named, shipment_named
from backend.orders.states import LIVE, OPEN, F, ShipmentState

Ref = Annotated[str, Field(min_length=1, max_length=200)]


class OneOf(BaseModel):
    """Exactly one of the two: an order by id or number with all its parcels, or one parcel by id or number."""

    order_id: Ref | None = None
    shipment_id: Ref | None = None

    @model_validator(mode="after")
    def _one(self) -> "OneOf":
        if (self.order_id is None) == (self.shipment_id is None):
            raise ValueError("either an order or a shipment")
        return self


def live_parcels(session: Session, shop_id: str, wish: OneOf) -> list[Shipment]:
    """Parcels that have not left, in the order of their numbers. Raises NotFound, and Conflict `not_handled_here`,
    `order_removed`, `already_shipped` or `all_cancelled` where there is none."""
    if wish.shipment_id is not None:
        shipment = shipment_named(session, shop_id, wish.shipment_id)
        if shipment.state not in LIVE:
            raise no_parcel([shipment], shipment.number)
        must_all_stand(session, [shipment])
        return [shipment]
    return live_parcels_of(session, order_named(session, shop_id, wish.order_id or ""))


def live_parcels_of(session: Session, order: Order) -> list[Shipment]:
    must_stand(order)
    inside = select(OrderLine.shipment_id).where(OrderLine.order_id == order.id, OrderLine.fulfilment.in_(OPEN))
    query = select(Shipment).where(Shipment.shop_id == order.shop_id).order_by(Shipment.number)
    found = list(session.scalars(query.where(Shipment.id.in_(inside), Shipment.state.in_(LIVE))))
    if not found:
        every = select(OrderLine.shipment_id).where(OrderLine.order_id == order.id)
        raise no_parcel(list(session.scalars(query.where(Shipment.id.in_(every)))), order.order_no)
    return found


def must_stand(order: Order) -> None:
    """Raises Conflict for an order that is not handled here, or was taken out of the list."""
    if order.collected_at is None:
        raise Conflict("this order is not handled here", code="not_handled_here", order_no=order.order_no)
    if order.removed_at is not None:
        raise Conflict("this order was removed", code="order_removed", order_no=order.order_no)


def must_all_stand(session: Session, parcels: Sequence[Shipment]) -> None:
    for order in orders_in(session, parcels):
        must_stand(order)


def no_parcel(parcels: Sequence[Shipment], name: str) -> Conflict:
    gone = [one for one in parcels if one.state in (ShipmentState.SHIPPED, ShipmentState.DELIVERED)]
    if gone:
        at = gone[0].shipped_at
        return Conflict("it has left already", code="already_shipped", order_no=name, at=at.isoformat() if at else None)
    return Conflict("nothing of it is to be sent", code="all_cancelled", order_no=name)


def must_be_unlabelled(parcels: Sequence[Shipment]) -> None:
    """Raises Conflict `already_labelled`: the label would not be true any more."""
    for one in parcels:
        if one.state is ShipmentState.LABELLED:
            raise Conflict("it bears a label", code="already_labelled", number=one.number, tracking_no=one.tracking_no)


def must_not_be_held(parcels: Sequence[Shipment]) -> None:
    for one in parcels:
        if one.held:
            raise Conflict("it is held", code="parcel_held", number=one.number, reason=one.hold_reason)


def must_allow_merging(parcels: Sequence[Shipment]) -> None:
    """합포금지 keeps a parcel from being merged and from being split, until it is lifted (facts: stock)."""
    for one in parcels:
        if one.merge_forbidden:
            raise Conflict("merging and splitting it is forbidden", code="merge_forbidden", number=one.number)


def standing_lines(session: Session, parcels: Sequence[Shipment]) -> list[OrderLine]:
    """Everything in these parcels that was not cancelled, by id."""
    ids = [one.id for one in parcels]
    query = select(OrderLine).where(OrderLine.shipment_id.in_(ids), OrderLine.fulfilment != F.CANCELLED)
    return list(session.scalars(query.order_by(OrderLine.id)))


def orders_in(session: Session, parcels: Sequence[Shipment]) -> list[Order]:
    inside = select(OrderLine.order_id).where(
        OrderLine.shipment_id.in_([one.id for one in parcels]), OrderLine.fulfilment != F.CANCELLED
    )
    return list(session.scalars(select(Order).where(Order.id.in_(inside)).order_by(Order.ordered_at, Order.order_no)))


def set_to(parcel: Shipment, **values: object) -> list[Change]:
    """A change for each field that does not hold its value yet."""
    return [
        Change("shipment", parcel.id, name, to_json(getattr(parcel, name)), to_json(after), parcel.number)
        for name, after in values.items()
        if getattr(parcel, name) != after
    ]
