"""Gifts that go along with an order once it is paid (source: 002, 사은품)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.models import StockItem
from backend.kit import clock
from backend.orders.models import GiftRule


@dataclass(frozen=True)
class Gift:
    rule_id: str
    name: str
    item_id: str
    product_id: str | None
    quantity: int
    min_amount: int
    product_ids: frozenset[str]
    starts_on: date | None
    ends_on: date | None

    def is_deserved(self, ordered_at: datetime, amount: int, product_ids: Collection[str | None]) -> bool:
        """`amount` in KRW after coupons; any of the rule's products is enough, none named means any at all."""
        day = clock.seoul(ordered_at).date()
        in_time = (self.starts_on or day) <= day <= (self.ends_on or day)
        fits = not self.product_ids or not self.product_ids.isdisjoint(p for p in product_ids if p)
        return in_time and fits and amount >= self.min_amount


def gifts_of(session: Session, shop_id: str) -> list[Gift]:
    """The rules that are in use."""
    table, item = GiftRule.__table__, StockItem.__table__
    query = (
        select(*table.c, item.c.product_id)
        .join_from(table, item, item.c.id == table.c.item_id)
        .where(table.c.shop_id == shop_id, table.c.active)
        .order_by(table.c.id)
    )
    return [
        Gift(
            rule.id, rule.name, rule.item_id, rule.product_id, rule.quantity, rule.min_amount, frozenset(rule.product_ids),
            rule.starts_on, rule.ends_on,
        )
        for rule in session.execute(query)
    ]  # fmt: skip


def deserved(
    gifts: Iterable[Gift], ordered_at: datetime, amount: int, product_ids: Collection[str | None]
) -> list[Gift]:
    return [gift for gift in gifts if gift.is_deserved(ordered_at, amount, product_ids)]
