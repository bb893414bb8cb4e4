"""What is due to arrive, and by how many days it is late (source: 002, 지난 입고예정일 표시)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inventory.asked import InboundsAsked
from backend.inventory.labels import OPEN
from backend.inventory.models import Inbound, StockItem, Supplier
from backend.inventory.schemas import InboundOut, InboundPage
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.kit.paging import Page


def inbounds_of(session: Session, shop_id: str, asked: InboundsAsked) -> InboundPage:
    """Earliest due first; `overdue` counts what is late among all that was asked for."""
    today = clock.today()
    late = (Inbound.state.in_(OPEN), Inbound.due_on < today)
    wanted = [Inbound.shop_id == shop_id]
    if asked.which != "all":
        wanted += late if asked.which == "overdue" else late[:1]
    if asked.item_id is not None:
        wanted.append(Inbound.item_id == asked.item_id)
    if asked.product_id is not None:
        wanted.append(StockItem.product_id == asked.product_id)
    if asked.first is not None:
        wanted.append(Inbound.due_on >= asked.first)
    if asked.last is not None:
        wanted.append(Inbound.due_on <= asked.last)
    counted = select(func.count()).select_from(Inbound).join(StockItem, StockItem.id == Inbound.item_id)
    total = session.scalar(counted.where(*wanted)) or 0
    rows = session.execute(
        select(Inbound, StockItem.code, StockItem.name, Supplier.name)
        .join(StockItem, StockItem.id == Inbound.item_id)
        .outerjoin(Supplier, Supplier.id == func.coalesce(Inbound.supplier_id, StockItem.supplier_id))
        .where(*wanted).order_by(Inbound.due_on, Inbound.id).limit(asked.limit).offset(asked.offset)
    ).all()  # fmt: skip
    shows = bool(value_of(session, shop_id, "overdue_display"))
    told = [inbound_out(row, code, name, supplier, shows) for row, code, name, supplier in rows]
    page = Page(told, total, asked.limit, asked.offset)
    return InboundPage(
        inbounds=page.items, overdue=session.scalar(counted.where(*wanted, *late)) or 0, total=total, limit=asked.limit,
        offset=asked.offset, next_offset=page.next_offset,
    )  # fmt: skip


def inbound_out(row: Inbound, code: str, name: str, supplier: str | None, shows_overdue: bool) -> InboundOut:
    days = (clock.today() - row.due_on).days
    overdue = row.state in OPEN and days > 0
    return InboundOut(
        id=row.id, item_id=row.item_id, code=code, item=name, supplier_id=row.supplier_id, supplier=supplier,
        quantity=row.quantity, received=row.received, remaining=max(0, row.quantity - row.received), due_on=row.due_on,
        state=row.state, overdue=overdue, overdue_days=days if overdue and shows_overdue else None, note=row.note,
        from_purchase_order=row.purchase_line_id is not None,
    )  # fmt: skip
