"""Which SmartStore listings sell well enough, at a price that two pieces can bear, and were not proposed lately."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.deals.models import DealProposal
from backend.deals.states import DealState
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import Listing, ListingState
from backend.operations.catalogue.one_plus_deal.figures import profit_in_deal
from backend.operations.catalogue.one_plus_deal.rules import Rules
from backend.operations.looking import seen_once
from backend.operations.schedule import at_hour
from backend.orders.models import Order, OrderLine
from backend.products.models import Product, SaleStatus


@dataclass(frozen=True)
class Candidate:
    product: Product
    listing: Listing
    orders: int
    quantity: int


def candidates(session: Session, shop_id: str, now: datetime, rules: Rules) -> list[Candidate]:
    """Best sellers first; by code where they sell alike."""
    return seen_once(session, ("candidates", shop_id, now), lambda: _candidates(session, shop_id, now, rules))


def _candidates(session: Session, shop_id: str, now: datetime, rules: Rules) -> list[Candidate]:
    lately = _proposed_since(session, shop_id, now - timedelta(days=rules.repeat_after_days))
    found = [
        Candidate(product, listing, orders, quantity)
        for product, listing, orders, quantity in _sellers(session, shop_id, now, rules)
        if product.id not in lately
        and orders >= rules.min_orders
        and profit_in_deal(product.price, rules) >= rules.least_profit
    ]
    return sorted(found, key=lambda c: (-c.orders, -c.quantity, c.product.code))


def open_proposals(session: Session, shop_id: str, now: datetime) -> int:
    query = select(func.count()).where(
        DealProposal.shop_id == shop_id, DealProposal.state == DealState.PROPOSED, DealProposal.valid_until > now
    )
    return session.scalar(query) or 0


def _sellers(
    session: Session, shop_id: str, now: datetime, rules: Rules
) -> Iterator[tuple[Product, Listing, int, int]]:
    """Products on sale within the price band, with orders and pieces of the last full Seoul days on SmartStore."""
    end = at_hour(clock.seoul(now).date(), 0)
    sold = (
        select(OrderLine.product_id, func.count().label("orders"), func.sum(OrderLine.quantity).label("quantity"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.shop_id == shop_id, Order.shop_id == shop_id, Order.market == Market.SMARTSTORE)
        .where(Order.ordered_at >= end - timedelta(days=rules.window_days), Order.ordered_at < end)
        .group_by(OrderLine.product_id)
        .subquery()
    )
    query = (
        select(Product, Listing, sold.c.orders, sold.c.quantity)
        .join(Listing, Listing.product_id == Product.id)
        .join(sold, sold.c.product_id == Product.id)
        .where(Product.shop_id == shop_id, Listing.shop_id == shop_id, Listing.market == Market.SMARTSTORE)
        .where(Product.status == SaleStatus.ON_SALE, Listing.state == ListingState.ON_MARKET)
        .where(Product.price >= rules.least_price, Product.price <= rules.largest_price)
    )
    yield from session.execute(query).tuples()


def _proposed_since(session: Session, shop_id: str, since: datetime) -> set[str]:
    query = select(DealProposal.product_id).where(DealProposal.shop_id == shop_id, DealProposal.proposed_at > since)
    return set(session.scalars(query))
