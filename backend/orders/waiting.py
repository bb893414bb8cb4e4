"""Open lines with all that decides about them: read in one query, for the engine and for whoever asks why."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.inventory.models import StockItem
from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import (
    OPEN,
    OPEN_CLAIMS,
    ClaimKind,
    ClaimState,
    F,
    Fulfilment,
    ShipmentState,
)


@dataclass(slots=True)
class Line:
    """One line, its order and its shipment, as they are now; `missing` is what has no stock promised yet."""

    id: str
    order_id: str
    shipment_id: str | None
    item_id: str | None
    gift_rule_id: str | None
    quantity: int
    cancelled: int
    allocated: int
    fulfilment: Fulfilment
    claim_kind: ClaimKind | None
    claim_state: ClaimState | None
    market_name: str | None
    market_option: str | None
    order_no: str
    market: Market
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: date | None
    total: int
    collected_at: datetime | None
    removed_at: datetime | None
    shipment_state: ShipmentState | None
    held: bool | None

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.cancelled

    @property
    def missing(self) -> int:
        return self.open_quantity - self.allocated

    @property
    def claim_is_open(self) -> bool:
        return self.claim_state in OPEN_CLAIMS


_ORDERS: Any = Order.__table__
_LINES: Any = OrderLine.__table__
_PARCELS: Any = Shipment.__table__
_OF_ORDER = {"order_no", "market", "ordered_at", "paid_at", "ship_by", "total", "collected_at", "removed_at"}
_COLUMNS = [
    _PARCELS.c.state if name == "shipment_state"
    else _PARCELS.c.held if name == "held"
    else (_ORDERS if name in _OF_ORDER else _LINES).c[name]
    for name in (field.name for field in fields(Line))
]  # fmt: skip
_QUERY = (
    select(*_COLUMNS)
    .select_from(_LINES.join(_ORDERS, _ORDERS.c.id == _LINES.c.order_id))
    .outerjoin(_PARCELS, _PARCELS.c.id == _LINES.c.shipment_id)
    .order_by(_LINES.c.id)
)


def lines_where(session: Session, shop_id: str, *conditions: ColumnElement[bool]) -> list[Line]:
    """By primary key. Conditions on columns of the tables themselves are the quickest."""
    query = _QUERY.where(_LINES.c.shop_id == shop_id, *conditions)
    return list(starmap(Line, session.execute(query).all()))


def lines_of_orders(session: Session, shop_id: str, order_ids: Collection[str], *also: Any) -> list[Line]:
    """Every line of these orders, open or not."""
    return lines_where(session, shop_id, among(_LINES.c.order_id, order_ids), *also) if order_ids else []


def open_lines(session: Session, shop_id: str, *also: Any) -> list[Line]:
    """Everything that is still to leave and is handled here."""
    return lines_where(session, shop_id, _LINES.c.fulfilment.in_(OPEN), *HANDLED, *also)


def lacking_lines(session: Session, shop_id: str, item_ids: Collection[str] | None, *also: Any) -> list[Line]:
    """What is paid and lacks stock, in a parcel that is not held; of these items only where they are named."""
    of_items = [] if item_ids is None else [among(_LINES.c.item_id, item_ids)]
    lacking = (_LINES.c.fulfilment.in_(LACKING), _LINES.c.item_id.is_not(None), _PARCELS.c.held.is_(False))
    return lines_where(session, shop_id, *lacking, *HANDLED, *of_items, *also)


HANDLED = (_ORDERS.c.collected_at.is_not(None), _ORDERS.c.removed_at.is_(None))
LACKING = (F.UNALLOCATED, F.PARTLY_ALLOCATED)


def has_free_stock() -> ColumnElement[bool]:
    """Of a line's item."""
    item: Any = StockItem.__table__.c
    return exists().where(item.id == _LINES.c.item_id, item.stocked > item.reserved)
