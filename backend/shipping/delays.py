"""Which parcels are late, by how much, and what keeps them (source: 002, 배송지연 표시)."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory_settings.catalogue import DelayMarking
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import WAITING, ShipmentState
from backend.shipping.business_days import business_day_after, business_days_between
from backend.shipping.parcels import Parcel, filled
from backend.shipping.readiness import Obstacle, unready


class BlockerOut(BaseModel):
    code: str
    data: dict[str, Any]


class DelayedOut(BaseModel):
    """`due_on` is the earlier of the market's deadline and the shop's own days after the payment (`by` says which);
    `days_late` counts business days after it. Without `blockers` the parcel only waits to be sent."""

    shipment_id: str
    number: str
    state: ShipmentState
    order_id: str
    order_no: str
    market: Market
    buyer_name: str
    items: list[str]
    paid_at: datetime
    due_on: date
    by: str
    days_late: int
    held: bool
    blockers: list[BlockerOut]


class DelaysOut(BaseModel):
    """`on` False: the shop does not mark delays, and nothing is listed."""

    on: bool
    days: int
    total: int
    items: list[DelayedOut]


def delayed(session: Session, shop_id: str, limit: int, offset: int) -> DelaysOut:
    """The latest first."""
    marking: DelayMarking = value_of(session, shop_id, "delay_marking")
    if not marking.on:
        return DelaysOut(on=False, days=marking.days, total=0, items=[])
    today = clock.today()
    late = [
        (due, by, parcel)
        for parcel in _waiting(session, shop_id)
        for due, by in [due_day(parcel.first_order, marking)]
        if due < today
    ]
    late.sort(key=lambda row: (row[0], row[2].first_order.paid_at, row[2].shipment.id))
    page = [_out(parcel, due, by, today) for due, by, parcel in late[offset : offset + limit]]
    return DelaysOut(on=True, days=marking.days, total=len(late), items=page)


def due_day(order: Order, marking: DelayMarking) -> tuple[date, str]:
    """The last day on which the order is in time, and whose rule says so: the market's or the shop's."""
    paid = clock.seoul(order.paid_at or order.ordered_at).date()
    own = business_day_after(paid, marking.days)
    if order.ship_by is not None and order.ship_by < own:
        return order.ship_by, "market"
    return own, "shop"


def _waiting(session: Session, shop_id: str) -> list[Parcel]:
    """Paid parcels of which something is still to leave."""
    query = (
        select(Shipment)
        .join(OrderLine, OrderLine.shipment_id == Shipment.id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Shipment.shop_id == shop_id, Shipment.state.in_((ShipmentState.PREPARING, ShipmentState.LABELLED)),
            OrderLine.fulfilment.in_(WAITING), Order.paid_at.is_not(None), Order.removed_at.is_(None),
        )
        .distinct()
        .order_by(Shipment.id)
    )  # fmt: skip
    return [parcel for parcel in filled(session, shop_id, list(session.scalars(query))) if parcel.orders]


def blockers_of(parcel: Parcel) -> list[Obstacle]:
    """What keeps it, by the predicates that decide; a parcel that nothing keeps but that has no number yet says so."""
    found = unready(parcel)
    if not found and parcel.shipment.state is ShipmentState.PREPARING:
        found.append(Obstacle("shipment_not_labelled"))
    return found


def _out(parcel: Parcel, due: date, by: str, today: date) -> DelayedOut:
    shipment, order = parcel.shipment, parcel.first_order
    return DelayedOut(
        shipment_id=shipment.id, number=shipment.number, state=shipment.state, order_id=order.id, order_no=order.order_no,
        market=order.market, buyer_name=order.buyer_name, items=[parcel.name_of(line) for line in parcel.lines],
        paid_at=order.paid_at or order.ordered_at, due_on=due, by=by, days_late=max(1, business_days_between(due, today)),
        held=shipment.held, blockers=[BlockerOut(code=o.code, data=o.about(parcel)) for o in blockers_of(parcel)],
    )  # fmt: skip
