"""Counts of what a query finds."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.inventory.models import StockItem
from backend.inventory.states import ItemState


def count(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def active_items(shop_id: str) -> Select[StockItem]:
    return select(StockItem).where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
