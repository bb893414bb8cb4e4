"""Orders as the operations need them: what sold where, and which coupon paid a part of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import Market


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("shop_id", "order_no"), Index("ix_orders_shop_time", "shop_id", "ordered_at"))

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    order_no: Mapped[str]  # 20261121-0000012
    market: Mapped[Market]
    buyer_name: Mapped[str]
    ordered_at: Mapped[datetime]
    total: Mapped[int]  # KRW, what the buyer paid


class OrderLine(Base):
    __tablename__ = "order_lines"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    quantity: Mapped[int]
    amount: Mapped[int]  # KRW before the coupon
    discount: Mapped[int] = mapped_column(default=0)  # KRW the coupon paid, borne by the merchant
    coupon_id: Mapped[str | None] = mapped_column(ForeignKey("coupons.id"), index=True)
