"""Stock items (SKU), the ledger that moves them, expected arrivals, suppliers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.db.unique import TAKEN
from backend.inventory.states import Direction, InboundState, ItemState, MovementReason


class Supplier(Base):
    __tablename__ = "suppliers"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str]
    contact: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    lead_days: Mapped[int] = mapped_column(default=3)  # days from the order to the arrival
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class StockItem(Base):
    """One option of one product that is counted. `stocked` always equals the sum of its movements, and
    available = stocked - reserved; both columns are written by `backend.inventory.ledger` alone."""

    __tablename__ = "stock_items"
    __table_args__ = (
        UniqueConstraint("shop_id", "code"),
        UniqueConstraint("shop_id", "barcode", info={TAKEN: "barcode_taken"}),
        Index("ix_stock_items_shop_product", "shop_id", "product_id"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    code: Mapped[str]  # the item code (품목코드): P00001-01
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"), index=True)
    name: Mapped[str]  # product and option in one: "울 가디건 / 블랙 / M"
    option_name: Mapped[str | None]  # "블랙 / M"; None for a product without options
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"색상": "블랙", "사이즈": "M"}
    barcode: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[ItemState] = mapped_column(default=ItemState.ACTIVE)
    stocked: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)  # promised to orders that have not left
    safety: Mapped[int] = mapped_column(default=0)  # at or below it, nearly sold out
    mall_quantity: Mapped[int | None]  # what the own mall's admin says may be sold; None: unlimited there
    location: Mapped[str | None]  # where it lies in the store-room
    supplier_id: Mapped[str | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    cost: Mapped[int | None]  # KRW paid to the supplier for one
    # for customs papers of overseas parcels
    english_name: Mapped[str | None]
    hs_code: Mapped[str | None]
    origin_country: Mapped[str | None]  # ISO 3166 alpha-2
    weight_g: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def available(self) -> int:
        return self.stocked - self.reserved


class MovementType(Base):
    """A merchant's own kind of movement beside the built-in ones (source: 002, 입/출고 유형)."""

    __tablename__ = "movement_types"
    __table_args__ = (UniqueConstraint("shop_id", "direction", "name", info={TAKEN: "movement_type_exists"}),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str]
    direction: Mapped[Direction]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class StockMovement(Base):
    """One line of the ledger: never changed, never deleted."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("ix_stock_movements_item_at", "item_id", "at"),
        Index("ix_stock_movements_shop_at", "shop_id", "at"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"))
    reason: Mapped[MovementReason]
    type_id: Mapped[str | None] = mapped_column(ForeignKey("movement_types.id"))
    delta: Mapped[int]
    balance: Mapped[int]  # stock after it
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    source_type: Mapped[str]  # plan, import, shipment, claim, seed
    source_id: Mapped[str]
    line_id: Mapped[str | None]  # the order line it belongs to
    undoes: Mapped[str | None]  # the movement it puts back
    key: Mapped[str | None]  # the same key moves stock once


class Inbound(Base):
    """Goods that are due to arrive (입고예정)."""

    __tablename__ = "inbounds"
    __table_args__ = (Index("ix_inbounds_shop_due", "shop_id", "due_on"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), index=True)
    supplier_id: Mapped[str | None] = mapped_column(ForeignKey("suppliers.id"))
    purchase_line_id: Mapped[str | None] = mapped_column(ForeignKey("purchase_order_lines.id"))
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]  # Asia/Seoul
    state: Mapped[InboundState] = mapped_column(default=InboundState.EXPECTED)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class StockImport(Base):
    """A spreadsheet that was handed in: what each of its rows means, applied whole or not at all."""

    __tablename__ = "stock_imports"
    __table_args__ = (UniqueConstraint("shop_id", "digest"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    kind: Mapped[str]  # receive, issue, correct, items
    file_name: Mapped[str]
    digest: Mapped[str]  # of kind and contents: the same file handed in twice is one
    size: Mapped[int] = mapped_column(BigInteger)
    # tens of thousands at most, so read only where they are asked for
    rows: Mapped[list[Any]] = mapped_column(deferred=True)  # [{"row", "code", "item_id", "quantity", "error", ...}]
    good: Mapped[int]
    bad: Mapped[int]
    by_id: Mapped[str]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
