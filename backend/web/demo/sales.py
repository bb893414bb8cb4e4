"""A few numbers for the mall's home page: what every shop admin shows first."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.operations.schedule import at_hour
from backend.orders.models import Order
from backend.products.models import Product, SaleStatus


@dataclass(frozen=True)
class Sales:
    """Orders and KRW of all channels: today, and the last seven whole days; products by what can be bought."""

    today_orders: int
    today_total: int
    week_orders: int
    week_total: int
    on_sale: int
    sold_out: int


def sales(session: Session, shop_id: str) -> Sales:
    today = clock.today()
    midnight, week_ago = at_hour(today, 0), at_hour(today - timedelta(days=7), 0)
    counted = func.count(), func.coalesce(func.sum(Order.total), 0)
    own = select(*counted).where(Order.shop_id == shop_id)
    now_orders, now_total = session.execute(own.where(Order.ordered_at >= midnight)).one()
    orders, total = session.execute(own.where(Order.ordered_at >= week_ago, Order.ordered_at < midnight)).one()
    by_status = select(Product.status, func.count()).where(Product.shop_id == shop_id).group_by(Product.status)
    products = dict(session.execute(by_status).tuples().all())
    return Sales(
        now_orders, now_total, orders, total, products.get(SaleStatus.ON_SALE, 0), products.get(SaleStatus.SOLD_OUT, 0)
    )
