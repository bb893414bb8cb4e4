"""A purchase order and its lines."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.orders.states import PurchaseState


class PurchaseOrder(Base):
    __tablename__ = "purchase_orders"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    number: Mapped[str]  # PO20261121-01
    supplier_id: Mapped[str] = mapped_column(ForeignKey("suppliers.id"), index=True)
    state: Mapped[PurchaseState] = mapped_column(default=PurchaseState.DRAFT)
    ordered_on: Mapped[date | None]
    due_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    by_name: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PurchaseOrderLine(Base):
    __tablename__ = "purchase_order_lines"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    purchase_order_id: Mapped[str] = mapped_column(ForeignKey("purchase_orders.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), index=True)
    quantity: Mapped[int]
    cost: Mapped[int | None]  # KRW for one
    version: Mapped[int] = mapped_column(default=1)
