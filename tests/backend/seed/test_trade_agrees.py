"""Orders, reactions and coupons of the demo shops tell one story."""

import re
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponState
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing
from backend.operations.catalogue.product_name.improve import ProductFacts, improve
from backend.orders.models import Order, OrderLine
from backend.products.models import Product, ProductDay
from backend.seed.description import SHOPS

SHOP_IDS = [f"shop_{mall_id}" for mall_id in SHOPS]


@pytest.mark.parametrize("shop_id", SHOP_IDS)
def test_the_reactions_of_a_product_are_its_orders_in_the_own_mall(reading: Session, shop_id: str) -> None:
    sold = dict(
        reading.execute(
            select(OrderLine.product_id, func.sum(OrderLine.quantity))
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.shop_id == shop_id, Order.market == Market.MALL)
            .group_by(OrderLine.product_id)
        ).all()
    )
    counted = dict(
        reading.execute(
            select(ProductDay.product_id, func.sum(ProductDay.quantity))
            .where(ProductDay.shop_id == shop_id, ProductDay.quantity > 0)
            .group_by(ProductDay.product_id)
        ).all()
    )
    assert sold and sold == counted


@pytest.mark.parametrize("shop_id", SHOP_IDS)
def test_every_coupon_counts_the_uses_on_the_order_lines(reading: Session, shop_id: str) -> None:
    uses: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for line in reading.scalars(
        select(OrderLine).where(OrderLine.shop_id == shop_id, OrderLine.coupon_id.is_not(None))
    ):
        uses[line.coupon_id] += 1
        given[line.coupon_id] += line.discount
        assert 0 < line.discount <= line.amount
    coupons = list(reading.scalars(select(Coupon).where(Coupon.shop_id == shop_id)))
    assert coupons
    for coupon in coupons:
        assert (coupon.used, coupon.used_amount) == (uses[coupon.id], given[coupon.id])
        assert coupon.used <= coupon.issued <= coupon.issue_limit
    assert {c.state for c in coupons} >= {CouponState.LIVE, CouponState.ENDED}


def test_a_coupon_is_used_only_inside_its_period_and_above_its_least_order(reading: Session) -> None:
    amounts = dict(
        reading.execute(select(OrderLine.order_id, func.sum(OrderLine.amount)).group_by(OrderLine.order_id)).all()
    )
    used = reading.execute(
        select(Order, Coupon)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Coupon, Coupon.id == OrderLine.coupon_id)
    ).all()
    assert len(used) > 100
    for order, coupon in used:
        assert coupon.starts_at <= order.ordered_at < coupon.ends_at
        assert amounts[order.id] >= coupon.min_order


def test_what_the_buyer_paid_is_the_lines_less_the_coupon(reading: Session) -> None:
    paid = select(OrderLine.order_id, func.sum(OrderLine.amount - OrderLine.discount)).group_by(OrderLine.order_id)
    totals = dict(reading.execute(select(Order.id, Order.total)).all())
    assert totals == dict(reading.execute(paid).all())


def test_a_year_of_orders_with_masked_buyers(reading: Session) -> None:
    orders = list(reading.scalars(select(Order).where(Order.shop_id == "shop_oneuldam").order_by(Order.ordered_at)))
    assert 2000 <= len(orders) <= 3200
    assert orders[0].ordered_at.date() < date(2025, 11, 25) and orders[-1].ordered_at.date() >= date(2026, 11, 18)
    assert all(re.fullmatch(r"[가-힣]\*[가-힣]", order.buyer_name) for order in orders)
    assert len({order.order_no for order in orders}) == len(orders)


def test_coats_sell_in_winter_and_t_shirts_in_summer(reading: Session) -> None:
    def views(category: str, months: tuple[int, ...]) -> int:
        rows = reading.execute(
            select(ProductDay.day, func.sum(ProductDay.views))
            .join(Product, Product.id == ProductDay.product_id)
            .where(ProductDay.shop_id == "shop_oneuldam", Product.category.contains(category))
            .group_by(ProductDay.day)
        )
        return sum(seen for day, seen in rows if day.month in months)

    assert views("코트", (12, 1)) > 2 * views("코트", (6, 7))
    assert views("티셔츠", (6, 7)) > 2 * views("티셔츠", (12, 1))


def test_some_names_are_still_flawed_and_some_are_fine(reading: Session) -> None:
    rows = reading.execute(
        select(Listing, Product)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.shop_id == "shop_oneuldam", Listing.market == Market.COUPANG)
    ).all()
    limits = limits_of(Market.COUPANG).title
    flawed = [
        listing
        for listing, product in rows
        if improve(listing.title, ProductFacts(product.brand, product.category, product.attributes), limits).reasons
    ]
    assert 0 < len(flawed) < len(rows)
