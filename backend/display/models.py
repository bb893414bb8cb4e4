"""The main page's display groups and their numbered slots (Cafe24: recommended 2, new 3, …)."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class DisplayGroup(Base):
    __tablename__ = "display_groups"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    number: Mapped[int]  # Cafe24 display_group
    name: Mapped[str]  # 추천상품
    automatic: Mapped[bool] = mapped_column(default=True)  # PRO arranges this group


class DisplaySlot(Base):
    __tablename__ = "display_slots"
    __table_args__ = (UniqueConstraint("group_id", "position"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("display_groups.id"), index=True)
    position: Mapped[int]  # from 1
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))
    pinned: Mapped[bool] = mapped_column(default=False)  # stays whatever the operation thinks
    version: Mapped[int] = mapped_column(default=1)
