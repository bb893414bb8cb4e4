"""What should be bought: what open orders lack and what is below the safety quantity, less what is on its way already."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inventory.models import Inbound, StockItem, Supplier
from backend.inventory.states import InboundState, ItemState
from backend.orders.models import OrderLine
from backend.orders.states import WAITING, PurchaseState
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine


@dataclass(frozen=True)
class Shortage:
    """`lacking`: pieces of open orders without stock; `on_the_way`: expected arrivals; `drafted`: in drafts not sent yet."""

    item: StockItem
    supplier: Supplier | None
    lacking: int
    on_the_way: int
    drafted: int

    @property
    def short(self) -> int:
        """So many pieces, and every open order is served with the safety quantity left in stock."""
        return max(0, self.lacking + self.item.safety - self.item.available - self.on_the_way - self.drafted)


def shortages(session: Session, shop_id: str, supplier_id: str | None = None) -> list[Shortage]:
    """By supplier and name; what nothing is short of is left out."""
    lacking = dict(session.execute(
        select(OrderLine.item_id, func.sum(OrderLine.quantity - OrderLine.cancelled - OrderLine.allocated))
        .where(OrderLine.shop_id == shop_id, OrderLine.fulfilment.in_(WAITING), OrderLine.item_id.is_not(None))
        .group_by(OrderLine.item_id)
    ).tuples().all())  # fmt: skip
    coming = dict(session.execute(
        select(Inbound.item_id, func.sum(Inbound.quantity - Inbound.received))
        .where(Inbound.shop_id == shop_id, Inbound.state.in_((InboundState.EXPECTED, InboundState.PARTLY)))
        .group_by(Inbound.item_id)
    ).tuples().all())  # fmt: skip
    drafted = dict(session.execute(
        select(PurchaseOrderLine.item_id, func.sum(PurchaseOrderLine.quantity))
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.purchase_order_id)
        .where(PurchaseOrder.shop_id == shop_id, PurchaseOrder.state == PurchaseState.DRAFT)
        .group_by(PurchaseOrderLine.item_id)
    ).tuples().all())  # fmt: skip
    query = (
        select(StockItem, Supplier)
        .outerjoin(Supplier, Supplier.id == StockItem.supplier_id)
        .where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
        .order_by(Supplier.name.is_(None), Supplier.name, StockItem.name, StockItem.id)
    )
    if supplier_id is not None:
        query = query.where(StockItem.supplier_id == supplier_id)
    found = (
        Shortage(
            item,
            supplier,
            int(lacking.get(item.id) or 0),
            int(coming.get(item.id) or 0),
            int(drafted.get(item.id) or 0),
        )
        for item, supplier in session.execute(query).tuples()
    )
    return [shortage for shortage in found if shortage.short > 0]
