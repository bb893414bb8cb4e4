"""Which rows the reset takes away: every order handled or kept here, what hangs on it, and the statistics (source: 002, 초기화).

What stays: stock and its ledger, matches that people made, gift rules, suppliers and purchase orders, settings, how far each
market was read (so that the orders of before do not come in again), coupons, weekly reports, the audit.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, true

from backend.claims.models import Claim, EarlyClaim
from backend.db.base import Base
from backend.markets.feed_models import Collection, CommandKind, MarketCommand
from backend.orders.models import Order, OrderLine, OrderNote, Shipment
from backend.products.models import ProductDay

#: what a market is told about orders; of listings and stock it is told on
ABOUT_ORDERS = (CommandKind.INVOICE, CommandKind.STATUS, CommandKind.CLAIM)


@dataclass(frozen=True)
class Emptied:
    """A table of a shop; `only` narrows it further."""

    model: type[Base]
    only: ColumnElement[bool] | None = None

    @property
    def table(self) -> Table:
        return self.model.__table__  # type: ignore[return-value]

    @property
    def name(self) -> str:
        return self.table.name

    def of(self, shop_id: str) -> ColumnElement[bool]:
        return (self.table.c.shop_id == shop_id) & (true() if self.only is None else self.only)


#: parents first: written into the file and put back in this order, deleted in the other
EMPTIED: tuple[Emptied, ...] = (
    Emptied(Order),
    Emptied(Shipment),
    Emptied(OrderLine),
    Emptied(Claim),
    Emptied(EarlyClaim),
    Emptied(OrderNote),
    Emptied(Collection),
    Emptied(MarketCommand, MarketCommand.kind.in_(ABOUT_ORDERS)),
    Emptied(ProductDay),
)
BY_NAME: dict[str, Emptied] = {emptied.name: emptied for emptied in EMPTIED}


def key_of(emptied: Emptied, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in emptied.table.primary_key)
