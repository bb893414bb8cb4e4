"""What a shop has set; a setting without a row has its default."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class InventorySetting(Base):
    __tablename__ = "inventory_settings"
    __table_args__ = (UniqueConstraint("shop_id", "key"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    key: Mapped[str]
    value: Mapped[dict[str, Any]]  # {"value": ...}, checked by the setting's own type
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
