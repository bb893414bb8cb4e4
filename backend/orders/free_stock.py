"""The worker's round that promises what came free to the orders that wait, whoever freed it: arrivals, cancellations, a
correction, a hold that was released.

What frees stock does not promise it in the same breath: its preview shows exactly what it writes, and it can be taken back
for as long as nobody else was promised the pieces.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.inventory.models import StockItem
from backend.inventory_settings.read import allocation_is_limited
from backend.orders.allocate import allocate_waiting
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.waiting import LACKING


def allocate_free() -> int:
    """One round over the shops in which something may be promised now; how many pieces were."""
    with unit_of_work(write=False) as session:
        shops = _with_something_to_give(session)
    given = 0
    for shop_id in shops:
        with unit_of_work() as session:
            given += allocate_waiting(session, shop_id)
    return given


def _with_something_to_give(session: Session) -> list[str]:
    """Shops with a line that lacks pieces of an item that has some, or that promise without a limit."""
    waiting = (
        select(OrderLine.shop_id)
        .join(StockItem, StockItem.id == OrderLine.item_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Shipment, Shipment.id == OrderLine.shipment_id)
        .where(OrderLine.fulfilment.in_(LACKING), Shipment.held.is_(False))
        .where(Order.removed_at.is_(None), Order.collected_at.is_not(None))
        .distinct()
    )
    free = set(session.scalars(waiting.where(StockItem.stocked > StockItem.reserved)))
    unlimited = {shop_id for shop_id in session.scalars(waiting) if not allocation_is_limited(session, shop_id)}
    return sorted(free | unlimited)
