"""The orders behind a summary of what is stuck, longest waiting first."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.orders.models import Order, OrderLine
from backend.orders.states import OPEN


def waiting_orders(session: Session, shop_id: str, ids: Collection[str], limit: int, offset: int) -> list[Order]:
    query = (
        select(Order.id)
        .where(Order.shop_id == shop_id)
        .order_by(func.coalesce(Order.paid_at, Order.ordered_at), Order.order_no)
    )
    chosen = [order_id for order_id in session.scalars(query) if order_id in ids][offset : offset + limit]
    found = {order.id: order for order in session.scalars(select(Order).where(Order.id.in_(chosen)))}
    return [found[order_id] for order_id in chosen]


def waiting_count(session: Session, shop_id: str) -> int:
    """Orders handled here of which something is still to leave."""
    query = (
        select(func.count(Order.id.distinct()))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.shop_id == shop_id, Order.collected_at.is_not(None), Order.removed_at.is_(None))
        .where(OrderLine.fulfilment.in_(OPEN))
    )
    return session.scalar(query) or 0
