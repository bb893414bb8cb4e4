"""A shop's own terms for a country, before those of the reference."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class OverseasRate(Base):
    __tablename__ = "overseas_rates"
    __table_args__ = (UniqueConstraint("shop_id", "country"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    country: Mapped[str]  # ISO 3166 alpha-2
    served: Mapped[bool] = mapped_column(default=True)  # whether the shop sends there at all
    fees: Mapped[list[Any]] = mapped_column(default=list)  # [[up to grams, KRW]]; empty: the reference's
    days_min: Mapped[int | None]
    days_max: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)  # False: the reference holds again
    version: Mapped[int] = mapped_column(default=1)
