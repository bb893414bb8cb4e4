"""What has not left yet, as queries that the previews count with and the consequences act on."""

from sqlalchemy import Select, and_, exists, select

from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import WAITING, Fulfilment, ShipmentState

_OPEN = WAITING | {Fulfilment.AWAITING_PAYMENT}
#: in preparation: nothing of it has left
BEFORE_LEAVING = (ShipmentState.PREPARING, ShipmentState.LABELLED)


def waiting_orders(shop_id: str) -> Select[Order]:
    """Orders that are handled here, with something to be sent or a payment to come."""
    line = exists().where(OrderLine.order_id == Order.id, OrderLine.fulfilment.in_(_OPEN))
    return select(Order).where(
        Order.shop_id == shop_id, Order.collected_at.is_not(None), Order.removed_at.is_(None), line
    )


def waiting_lines(shop_id: str) -> Select[OrderLine]:
    """Lines that are paid and not sent, of orders that are not taken out of the list."""
    return (
        select(OrderLine)
        .join(Order, and_(Order.id == OrderLine.order_id, Order.removed_at.is_(None)))
        .where(OrderLine.shop_id == shop_id, OrderLine.fulfilment.in_(WAITING))
    )


def waiting_shipments(shop_id: str) -> Select[Shipment]:
    return select(Shipment).where(Shipment.shop_id == shop_id, Shipment.state.in_(BEFORE_LEAVING))
