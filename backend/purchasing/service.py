"""Reading purchase orders."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.inventory.models import Inbound, StockItem, Supplier
from backend.kit import clock
from backend.orders.states import PurchaseState
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine
from backend.purchasing.schemas import PurchaseLineOut, PurchaseOrderOut, ShortageOut, SupplierShortagesOut
from backend.purchasing.shortages import Shortage, shortages


def order_of(session: Session, shop_id: str, named: str) -> PurchaseOrder:
    """By id or number; raises NotFound `purchase_order_not_found`."""
    found = session.scalars(
        select(PurchaseOrder).where(
            PurchaseOrder.shop_id == shop_id,
            (PurchaseOrder.id == named) | (PurchaseOrder.number == named.strip().upper()),
        )
    ).first()
    if found is None:
        raise NotFound("no such purchase order in this shop", code="purchase_order_not_found")
    return found


def lines_of(session: Session, order: PurchaseOrder) -> list[tuple[PurchaseOrderLine, StockItem]]:
    query = (
        select(PurchaseOrderLine, StockItem)
        .join(StockItem, StockItem.id == PurchaseOrderLine.item_id)
        .where(PurchaseOrderLine.purchase_order_id == order.id, PurchaseOrderLine.shop_id == order.shop_id)
        .order_by(PurchaseOrderLine.id)
    )
    return list(session.execute(query).tuples())


def orders_of(
    session: Session, shop_id: str, state: PurchaseState | None, supplier_id: str | None, limit: int, offset: int
) -> list[PurchaseOrderOut]:
    """Newest first."""
    query = select(PurchaseOrder).where(PurchaseOrder.shop_id == shop_id)
    if state is not None:
        query = query.where(PurchaseOrder.state == state)
    if supplier_id is not None:
        query = query.where(PurchaseOrder.supplier_id == supplier_id)
    query = query.order_by(PurchaseOrder.created_at.desc(), PurchaseOrder.id.desc()).limit(limit).offset(offset)
    return [view(session, order) for order in session.scalars(query)]


def view(session: Session, order: PurchaseOrder) -> PurchaseOrderOut:
    arrived = dict(session.execute(
        select(Inbound.purchase_line_id, func.sum(Inbound.received))
        .join(PurchaseOrderLine, PurchaseOrderLine.id == Inbound.purchase_line_id)
        .where(PurchaseOrderLine.purchase_order_id == order.id)
        .group_by(Inbound.purchase_line_id)
    ).tuples().all())  # fmt: skip
    lines = [
        PurchaseLineOut(
            id=line.id, item_id=item.id, code=item.code, item=item.name, quantity=line.quantity,
            received=int(arrived.get(line.id) or 0), cost=line.cost,
            amount=line.cost * line.quantity if line.cost is not None else None,
        )
        for line, item in lines_of(session, order)
    ]  # fmt: skip
    late = order.state is PurchaseState.ORDERED and order.due_on is not None
    return PurchaseOrderOut(
        id=order.id, number=order.number, supplier_id=order.supplier_id,
        supplier=session.get_one(Supplier, order.supplier_id).name, state=order.state, ordered_on=order.ordered_on,
        due_on=order.due_on, overdue_days=max(0, (clock.today() - order.due_on).days) if late and order.due_on else 0,
        note=order.note, by_name=order.by_name, created_at=order.created_at, lines=lines,
        pieces=sum(line.quantity for line in lines), received=sum(line.received for line in lines),
        amount=sum(line.amount or 0 for line in lines),
    )  # fmt: skip


def shortages_by_supplier(session: Session, shop_id: str, supplier_id: str | None) -> list[SupplierShortagesOut]:
    grouped: dict[str | None, list[Shortage]] = {}
    for shortage in shortages(session, shop_id, supplier_id):
        grouped.setdefault(shortage.supplier.id if shortage.supplier else None, []).append(shortage)
    return [_group(rows) for rows in grouped.values()]


def _group(rows: list[Shortage]) -> SupplierShortagesOut:
    supplier = rows[0].supplier
    items = [
        ShortageOut(
            item_id=r.item.id, code=r.item.code, item=r.item.name, stocked=r.item.stocked, available=r.item.available,
            safety=r.item.safety, lacking=r.lacking, on_the_way=r.on_the_way, drafted=r.drafted, short=r.short, cost=r.item.cost,
        )
        for r in rows
    ]  # fmt: skip
    return SupplierShortagesOut(
        supplier_id=supplier.id if supplier else None, supplier=supplier.name if supplier else None,
        lead_days=supplier.lead_days if supplier else None, items=items, pieces=sum(i.short for i in items),
        amount=sum(i.short * (i.cost or 0) for i in items),
    )  # fmt: skip
