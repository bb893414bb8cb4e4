"""Open lines with all that decides about them: read in one query, for the engine and for whoever asks why."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import (
    OPEN,
    OPEN_CLAIMS,
    ClaimKind,
    ClaimState,
    Fulfilment,
    ShipmentState,
)

AT_ONCE = 500


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


_OF_ORDER = {"order_no", "market", "ordered_at", "paid_at", "ship_by", "total", "collected_at", "removed_at"}
_COLUMNS = [
    Shipment.state if name == "shipment_state"
    else Shipment.held if name == "held"
    else getattr(Order if name in _OF_ORDER else OrderLine, name)
    for name in (field.name for field in fields(Line))
]  # fmt: skip


def lines_where(session: Session, shop_id: str, *conditions: ColumnElement[bool]) -> list[Line]:
    query = (
        select(*_COLUMNS)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(Shipment, Shipment.id == OrderLine.shipment_id)
        .where(OrderLine.shop_id == shop_id, *conditions)
        .order_by(OrderLine.id)
    )
    return [Line(*row) for row in session.execute(query)]


def lines_of_orders(session: Session, shop_id: str, order_ids: Collection[str], *also: Any) -> list[Line]:
    """Every line of these orders, open or not."""
    return list(_batches(session, shop_id, OrderLine.order_id, order_ids, also))


def lines_with_ids(session: Session, shop_id: str, line_ids: Collection[str], *also: Any) -> list[Line]:
    return list(_batches(session, shop_id, OrderLine.id, line_ids, also))


def open_lines(session: Session, shop_id: str, *also: Any) -> list[Line]:
    """Everything that is still to leave and is handled here."""
    return lines_where(
        session,
        shop_id,
        OrderLine.fulfilment.in_(OPEN),
        Order.collected_at.is_not(None),
        Order.removed_at.is_(None),
        *also,
    )


def _batches(session: Session, shop_id: str, column: Any, ids: Iterable[str], also: tuple[Any, ...]) -> Iterator[Line]:
    for some in batched(sorted(set(ids)), AT_ONCE):
        yield from lines_where(session, shop_id, column.in_(some), *also)
