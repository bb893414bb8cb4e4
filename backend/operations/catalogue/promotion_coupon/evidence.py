"""What the mall's own orders and views say: fewer first buyers, buyers who stay away, looking without buying."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.operations.catalogue.promotion_coupon.rules import Rules
from backend.orders.models import Order
from backend.products.models import ProductDay


def first_and_last_orders(session: Session, shop_id: str, now: datetime) -> list[tuple[datetime, datetime]]:
    """First and latest order of every buyer of the own mall up to now; a coupon works nowhere else."""
    rows = session.execute(
        select(func.min(Order.ordered_at), func.max(Order.ordered_at))
        .where(Order.shop_id == shop_id, Order.market == Market.MALL, Order.ordered_at <= now)
        .group_by(Order.buyer_name)
    )
    return [(first, last) for first, last in rows]


def few_first_buyers(orders: list[tuple[datetime, datetime]], now: datetime, rules: Rules) -> dict[str, Any] | None:
    """First buyers of the last days against the same number of days before."""
    span = timedelta(days=rules.first_purchase_days)
    recent = sum(now - span < first <= now for first, _ in orders)
    before = sum(now - 2 * span < first <= now - span for first, _ in orders)
    drop = _drop_percent(recent, before)
    if before == 0 or drop < rules.first_purchase_drop_percent:
        return None
    return {"recent": recent, "before": before, "drop_percent": drop, "days": rules.first_purchase_days, "size": before}


def lapsed_buyers(orders: list[tuple[datetime, datetime]], now: datetime, rules: Rules) -> dict[str, Any] | None:
    """Buyers whose latest order is long ago, but not forgotten."""
    newest, oldest = now - timedelta(days=rules.win_back_after_days), now - timedelta(days=rules.win_back_before_days)
    buyers = sum(oldest <= last < newest for _, last in orders)
    if buyers < rules.win_back_min_buyers:
        return None
    return {"buyers": buyers, "after_days": rules.win_back_after_days, "size": buyers}


def conversion_fell(session: Session, shop_id: str, today: date, rules: Rules) -> dict[str, Any] | None:
    """Orders per view of the last full days against the same number before."""
    days = rules.cart_days
    views, orders = _reactions(session, shop_id, today - timedelta(days=days), today)
    views_before, orders_before = _reactions(
        session, shop_id, today - timedelta(days=2 * days), today - timedelta(days=days)
    )
    if min(views, views_before) < rules.cart_min_views or orders_before == 0:
        return None
    recent, before = orders / views, orders_before / views_before
    drop = _drop_percent(recent, before)
    if drop < rules.cart_drop_percent:
        return None
    return {
        "recent_percent": round(recent * 100, 2), "before_percent": round(before * 100, 2), "drop_percent": drop,
        "views": views, "days": days, "size": max(round(views * before), 1),
    }  # fmt: skip


def average_order(session: Session, shop_id: str, now: datetime) -> int:
    """KRW of a mall order over the last year; 0 without one."""
    mean = session.scalar(
        select(func.avg(Order.total)).where(
            Order.shop_id == shop_id, Order.market == Market.MALL,
            Order.ordered_at > now - timedelta(days=365), Order.ordered_at <= now,
        )
    )  # fmt: skip
    return round(mean or 0)


def _reactions(session: Session, shop_id: str, start: date, end: date) -> tuple[int, int]:
    views, orders = session.execute(
        select(func.sum(ProductDay.views), func.sum(ProductDay.orders)).where(
            ProductDay.shop_id == shop_id, ProductDay.day >= start, ProductDay.day < end
        )
    ).one()
    return views or 0, orders or 0


def _drop_percent(recent: float, before: float) -> float:
    return round((1 - recent / before) * 100, 1) if before else 0.0
