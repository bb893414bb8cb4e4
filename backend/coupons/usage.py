"""Every use of a coupon, as the order lines tell it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.orders.models import Order, OrderLine


@dataclass(frozen=True)
class Use:
    """One coupon on one order: what it paid in KRW, on which Seoul day."""

    coupon_id: str
    order_id: str
    day: date
    amount: int


def seoul_midnight(day: date) -> datetime:
    """The first instant of a Seoul day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.SEOUL).astimezone(UTC)


def uses_between(session: Session, shop_id: str, first: date, last: date) -> list[Use]:
    """Both days inclusive; the lines of one order that share a coupon are one use."""
    query = (
        select(OrderLine.coupon_id, Order.id, Order.ordered_at, OrderLine.discount)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.shop_id == shop_id, OrderLine.coupon_id.is_not(None), OrderLine.discount > 0,
            Order.ordered_at >= seoul_midnight(first), Order.ordered_at < seoul_midnight(last + timedelta(days=1)),
        )
        .order_by(Order.ordered_at, Order.id)
    )  # fmt: skip
    amounts: dict[tuple[str, str], int] = {}
    days: dict[str, date] = {}
    for coupon_id, order_id, ordered_at, discount in session.execute(query).tuples():
        assert coupon_id is not None
        amounts[coupon_id, order_id] = amounts.get((coupon_id, order_id), 0) + discount
        days[order_id] = clock.seoul(ordered_at).date()
    return [Use(coupon_id, order_id, days[order_id], amount) for (coupon_id, order_id), amount in amounts.items()]
