"""Products of the own mall, and what happened to them day by day."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class SaleStatus(StrEnum):
    ON_SALE = "on_sale"
    SOLD_OUT = "sold_out"
    HIDDEN = "hidden"


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("shop_id", "code"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    code: Mapped[str]  # P00001
    name: Mapped[str]  # the own mall's product name, at most 250 characters
    brand: Mapped[str | None]
    category: Mapped[str]  # "여성의류 > 니트 > 가디건"
    price: Mapped[int]  # KRW
    status: Mapped[SaleStatus] = mapped_column(default=SaleStatus.ON_SALE)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"소재": "울 100%", "색상": ["블랙"]}
    image: Mapped[str | None]  # path of the representative image, drawn by the demo seed
    registered_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)


class ProductDay(Base):
    """One product's reactions on one day (Asia/Seoul), all channels of the own mall together."""

    __tablename__ = "product_days"
    __table_args__ = (Index("ix_product_days_shop_day", "shop_id", "day"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    views: Mapped[int] = mapped_column(default=0)
    orders: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[int] = mapped_column(default=0)
    revenue: Mapped[int] = mapped_column(default=0)  # KRW
    updated_at: Mapped[datetime | None]
