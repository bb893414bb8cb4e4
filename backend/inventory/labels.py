"""What a list shows beside an item (facts: stock), the same in Python and in SQL, and what the markets are told."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from backend.inventory.models import Inbound, StockItem
from backend.inventory.states import InboundState, StockLabel
from backend.inventory_settings.catalogue import MarketStockBasis
from backend.inventory_settings.read import values_of

OPEN = (InboundState.EXPECTED, InboundState.PARTLY)
IN_ONE_QUERY = 500


def label_of(item: StockItem, arriving: bool) -> StockLabel:
    """`arriving` tells whether anything of it is still due."""
    if item.available > item.safety and item.available > 0:
        return StockLabel.IN_STOCK
    if item.available > 0:
        return StockLabel.NEARLY_OUT
    return StockLabel.ARRIVING if arriving else StockLabel.SOLD_OUT


def has_label(label: StockLabel) -> ColumnElement[bool]:
    """The same rule as a condition on stock_items."""
    available = StockItem.stocked - StockItem.reserved
    due = exists().where(Inbound.item_id == StockItem.id, Inbound.state.in_(OPEN), Inbound.quantity > Inbound.received)
    if label == StockLabel.IN_STOCK:
        return and_(available > 0, available > StockItem.safety)
    if label == StockLabel.NEARLY_OUT:
        return and_(available > 0, available <= StockItem.safety)
    return and_(available <= 0, due if label == StockLabel.ARRIVING else ~due)


def arrivals(session: Session, shop_id: str, item_ids: Collection[str]) -> dict[str, tuple[int, date]]:
    """How many of each are still due, and the nearest day."""
    found: dict[str, tuple[int, date]] = {}
    for some in batched(sorted(item_ids), IN_ONE_QUERY):
        query = (
            select(Inbound.item_id, func.sum(Inbound.quantity - Inbound.received), func.min(Inbound.due_on))
            .where(
                Inbound.shop_id == shop_id, Inbound.item_id.in_(some), Inbound.state.in_(OPEN),
                Inbound.quantity > Inbound.received,
            )
            .group_by(Inbound.item_id)
        )  # fmt: skip
        found |= {item_id: (int(quantity), due) for item_id, quantity, due in session.execute(query)}
    return found


def labels(session: Session, shop_id: str, items: Iterable[StockItem]) -> dict[str, StockLabel]:
    items = list(items)
    due = arrivals(session, shop_id, [item.id for item in items if item.available <= 0])
    return {item.id: label_of(item, item.id in due) for item in items}


def market_quantity(session: Session, shop_id: str, item: StockItem) -> int | None:
    """How many the markets may sell of it; None: without limit (source: 002, 마켓전송기준)."""
    return quantity_by(values_of(session, shop_id, "market_stock_basis", "market_stock_arbitrary"), item)


def quantity_by(settings: dict[str, Any], item: StockItem) -> int | None:
    """`settings` as `values_of` gives them: for many items of one shop."""
    basis = settings["market_stock_basis"]
    if basis is MarketStockBasis.ARBITRARY:
        return int(settings["market_stock_arbitrary"])
    if basis is MarketStockBasis.MALL:
        return item.mall_quantity
    return max(0, item.stocked if basis is MarketStockBasis.CURRENT else item.available)
