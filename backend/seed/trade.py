"""A demo shop's trade day by day: orders, their lines and the products' reactions, all telling the same story."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from backend.kit.clock import SEOUL, UTC
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine
from backend.orders.states import Fulfilment
from backend.products.models import ProductDay, SaleStatus
from backend.seed import demand
from backend.seed.coupon_book import CouponBook
from backend.seed.description import ShopDescription, Size, words
from backend.seed.products import SeededProduct

LINES = ((1, 2, 3), (74, 20, 6))
QUANTITIES = ((1, 2, 3), (88, 10, 2))


@dataclass
class Day:
    orders: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: "Day") -> None:
        self.orders += other.orders
        self.lines += other.lines
        self.reactions += other.reactions

    def write(self, session: Session) -> None:
        for model, rows in ((Order, self.orders), (OrderLine, self.lines), (ProductDay, self.reactions)):
            if rows:
                session.execute(insert(cast(Table, model.__table__)), rows)


class Trade:
    """Call `on(day)` for each day in order; the dice and the order numbers run on."""

    def __init__(
        self,
        shop: ShopDescription,
        products: list[SeededProduct],
        size: Size,
        today: date,
        book: CouponBook,
        rng: Random,
    ) -> None:
        self._shop, self._today, self._book, self._rng = shop, today, book, rng
        self._products = [p for p in products if p.row["status"] is not SaleStatus.HIDDEN]
        self._orders_a_year = shop.orders_a_year * size.orders
        self._markets = list(shop.order_markets), list(shop.order_markets.values())
        self._count = 0
        surnames = words().surnames
        self._surnames = list(surnames), list(surnames.values())

    def on(self, day: date) -> Day:
        made = Day()
        weights = demand.weights(self._products, day)
        cumulative = list(accumulate(weights))
        expected = demand.orders_expected(self._orders_a_year, day, self._today)
        self._book.hand_out(_moment(day, 9 * 3600))
        sold: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        moments = sorted(self._moment_of_purchase(day) for _ in range(demand.poisson(expected, self._rng)))
        for number, at in enumerate(moments, 1):
            self._order(made, day, number, at, cumulative, sold)
        self._reactions(made, day, weights, expected, sold)
        return made

    def _order(
        self, made: Day, day: date, number: int, at: datetime, cumulative: list[float], sold: dict[str, list[int]]
    ) -> None:
        rng = self._rng
        self._count += 1
        market = rng.choices(*self._markets)[0]
        order_id, shop_id = f"ord_{self._shop.mall_id}_{self._count:07d}", f"shop_{self._shop.mall_id}"
        chosen = rng.choices(self._products, cum_weights=cumulative, k=rng.choices(*LINES)[0])
        lines: list[dict[str, Any]] = []
        for product in dict.fromkeys(p.id for p in chosen):
            row = next(p.row for p in chosen if p.id == product)
            quantity = rng.choices(*QUANTITIES)[0]
            lines.append({
                "id": f"{order_id.replace('ord', 'orl', 1)}_{len(lines) + 1}", "shop_id": shop_id, "order_id": order_id,
                "product_id": product, "quantity": quantity, "amount": row["price"] * quantity,
                "discount": 0, "coupon_id": None, "fulfilment": Fulfilment.DELIVERED,
            })  # fmt: skip
            if market is Market.MALL:
                counted = sold[product]
                counted[0] += 1
                counted[1] += quantity
                counted[2] += row["price"] * quantity
        amount = sum(line["amount"] for line in lines)
        used = self._book.use(at, amount) if market is Market.MALL else None
        if used:
            dearest = max(lines, key=lambda line: line["amount"])
            dearest["coupon_id"], dearest["discount"] = used
        made.lines += lines
        made.orders.append({
            "id": order_id, "shop_id": shop_id, "order_no": f"{day:%Y%m%d}-{number:07d}", "market": market,
            "buyer_name": self._buyer(), "ordered_at": at, "total": amount - (used[1] if used else 0),
        })  # fmt: skip

    def _reactions(
        self, made: Day, day: date, weights: list[float], expected: float, sold: dict[str, list[int]]
    ) -> None:
        whole = sum(weights) or 1
        views_of_all = expected * demand.VIEWS_AN_ORDER
        seen = datetime.combine(day + timedelta(days=1), time(0, 10), SEOUL).astimezone(UTC)
        for product, weight in zip(self._products, weights, strict=True):
            if weight == 0:
                continue
            orders, quantity, revenue = sold.get(product.id, (0, 0, 0))
            views = round(views_of_all * weight / whole * self._rng.uniform(0.7, 1.3)) + orders * self._rng.randint(
                1, 4
            )
            made.reactions.append({
                "product_id": product.id, "day": day, "shop_id": f"shop_{self._shop.mall_id}", "views": views,
                "orders": orders, "quantity": quantity, "revenue": revenue, "updated_at": seen,
            })  # fmt: skip

    def _moment_of_purchase(self, day: date) -> datetime:
        hour = self._rng.choices(range(24), demand.HOURS)[0]
        return _moment(day, hour * 3600 + self._rng.randrange(3600))

    def _buyer(self) -> str:
        """A masked name as the markets show it; the same one comes again now and then."""
        return f"{self._rng.choices(*self._surnames)[0]}*{self._rng.choice(words().last_syllables)}"


def _moment(day: date, second: int) -> datetime:
    return (datetime.combine(day, time(), SEOUL) + timedelta(seconds=second)).astimezone(UTC)
