"""Coupons and their uses for tests, in amounts that can be added up by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponMaker, CouponState, DiscountKind
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine
from backend.shops.models import Shop

NOON = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # Wednesday noon in Seoul, the tests' own time


def make_coupon(session: Session, shop: Shop, name: str, **fields: Any) -> Coupon:
    """PRO's 3,000원 coupon, live until the end of December; 100 to issue, 50 issued, 20 used."""
    values: dict[str, Any] = {
        "made_by": CouponMaker.PRO, "audience": "everyone", "kind": DiscountKind.AMOUNT, "value": 3_000,
        "state": CouponState.LIVE, "starts_at": NOON - timedelta(days=60), "ends_at": datetime(2026, 12, 31, 14, 59, tzinfo=UTC),
        "issue_limit": 100, "issued": 50, "used": 20, "used_amount": 50_000, **fields,
    }  # fmt: skip
    coupon = Coupon(id=f"cpn_{shop.mall_id}_{name}", shop_id=shop.id, name=name, **values)
    session.add(coupon)
    session.flush()
    return coupon


def use_coupon(
    session: Session,
    shop: Shop,
    coupon: Coupon | None,
    product_id: str,
    at: datetime,
    *discounts: int,
    amount: int = 20_000,
) -> None:
    """One order with a line for each discount."""
    number = session.query(Order).count() + 1
    order = Order(
        id=f"ord_{number}", shop_id=shop.id, order_no=f"{at:%Y%m%d}-{number:07}", market=Market.MALL, buyer_name="구매자",
        ordered_at=at, total=amount * len(discounts) - sum(discounts),
    )  # fmt: skip
    session.add(order)
    session.flush()
    for index, discount in enumerate(discounts):
        session.add(
            OrderLine(
                id=f"lin_{number}_{index}", shop_id=shop.id, order_id=order.id, product_id=product_id, quantity=1,
                amount=amount, discount=discount, coupon_id=coupon.id if coupon else None,
            )
        )  # fmt: skip
    session.flush()
