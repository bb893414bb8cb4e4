"""What a shop has set, what its own mall's admin lists of partners and people, and the resets of its orders."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class InventorySetting(Base):
    """A setting without a row, or with an empty `value`, has its default."""

    __tablename__ = "inventory_settings"
    __table_args__ = (UniqueConstraint("shop_id", "key"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    key: Mapped[str]
    value: Mapped[dict[str, Any]]  # {"value": ...}, checked by the setting's own type
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class EntryKind(StrEnum):
    SUPPLIER = "supplier"  # 공급사
    COURIER = "courier"  # 배송업체: `external_id` is the courier's code
    SELLER = "seller"  # 판매처: `external_id` is the market
    MEMBER = "member"  # 부운영자


class MallEntry(Base):
    """One partner or person as the own mall's admin lists it; a connector writes these, the shop's own tables follow
    when they are read again (source: 002, 거래처/마켓계정/부운영자 업데이트)."""

    __tablename__ = "mall_entries"
    __table_args__ = (UniqueConstraint("shop_id", "kind", "external_id"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    kind: Mapped[EntryKind]
    external_id: Mapped[str]
    name: Mapped[str]
    # a supplier's contact, phone, email, address; a seller's seller_id
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    listed: Mapped[bool] = mapped_column(default=True)  # False: taken out of the admin
    former_names: Mapped[list[str]] = mapped_column(default=list)  # by which it may still be known here


class OrderReset(Base):
    """Every order and statistic of a shop taken away, and the file that holds them."""

    __tablename__ = "order_resets"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    counts: Mapped[dict[str, Any]]  # rows by table
    file: Mapped[str | None]  # below var/backups
    sha256: Mapped[str | None]
    at: Mapped[datetime]
    by_name: Mapped[str]
    restored_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
