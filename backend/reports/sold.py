"""What products sold in a stretch of days: on the own mall by its daily records, on a market by its order lines."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.periods import ends_after, starts_on
from backend.orders.models import Order, OrderLine
from backend.products.models import ProductDay
from backend.reports.schemas import Figures

LEAST_VIEWS = 100  # on each side; below it a rate of orders jumps with every single order
Days = tuple[date, date]  # both inclusive


@dataclass
class Sales:
    """One shop's sales while one report is made; what several comparisons ask alike is asked of the database once."""

    session: Session
    shop_id: str
    _all: dict[tuple[Market, Days], int] = field(default_factory=dict)
    _first: dict[Market, date | None] = field(default_factory=dict)

    def of(self, market: Market, products: Collection[str], days: Days) -> Figures:
        """Sales are before coupons; an order with two of the products counts for each."""
        if market is Market.MALL:
            day = ProductDay
            mall = select(_sum(day.orders), _sum(day.quantity), _sum(day.revenue), _sum(day.views)).where(
                ProductDay.shop_id == self.shop_id, ProductDay.product_id.in_(products), ProductDay.day.between(*days)
            )
            orders, units, sales, views = self.session.execute(mall).one()
            rate = round(orders / views, 4) if views >= LEAST_VIEWS else None
            return Figures(orders=orders, units=units, sales=sales, views=views, conversion=rate)
        lines = (
            select(func.count(), _sum(OrderLine.quantity), _sum(OrderLine.amount))
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.shop_id == self.shop_id, Order.market == market, OrderLine.product_id.in_(products))
            .where(Order.ordered_at >= starts_on(days[0]), Order.ordered_at < ends_after(days[1]))
        )
        orders, units, sales = self.session.execute(lines).one()
        return Figures(orders=orders, units=units, sales=sales, views=None, conversion=None)

    def orders_of_all(self, market: Market, days: Days) -> int:
        """Orders of every product, counted as `of` counts them."""
        if (market, days) not in self._all:
            self._all[market, days] = self.session.scalar(self._counted(market, days)) or 0
        return self._all[market, days]

    def first_record(self, market: Market) -> date | None:
        """The first day of which sales are known; before it, nothing sold means nothing recorded."""
        if market not in self._first:
            self._first[market] = self._find_first(market)
        return self._first[market]

    def _counted(self, market: Market, days: Days) -> Select[Any]:
        if market is Market.MALL:
            return select(func.sum(ProductDay.orders)).where(
                ProductDay.shop_id == self.shop_id, ProductDay.day.between(*days)
            )
        return (
            select(func.count(OrderLine.id))
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.shop_id == self.shop_id, Order.market == market)
            .where(Order.ordered_at >= starts_on(days[0]), Order.ordered_at < ends_after(days[1]))
        )

    def _find_first(self, market: Market) -> date | None:
        if market is Market.MALL:
            return self.session.scalar(select(func.min(ProductDay.day)).where(ProductDay.shop_id == self.shop_id))
        oldest = select(func.min(Order.ordered_at)).where(Order.shop_id == self.shop_id, Order.market == market)
        at = self.session.scalar(oldest)
        return clock.seoul(at).date() if at else None


def _sum(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Nothing sold is 0, not None."""
    return func.coalesce(func.sum(column), 0)
