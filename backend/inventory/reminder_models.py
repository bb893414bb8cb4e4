"""Which reminders about stock went out, so that each goes out once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class StockReminder(Base):
    """`day` is the day it is for (Asia/Seoul); of a stock check the day of the month that was set."""

    __tablename__ = "stock_reminders"
    __table_args__ = (UniqueConstraint("shop_id", "kind", "day"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    kind: Mapped[str]  # low_stock, stock_check
    day: Mapped[date]
    at: Mapped[datetime]
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"items": {item id: label}}
