"""Proposals for Naver's 1+1 deal programme: PRO proposes, the merchant decides and applies (source: 000, "원뿔딜 제안")."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.deals.states import DealState


class DealProposal(Base):
    __tablename__ = "deal_proposals"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"))
    run_id: Mapped[str | None]  # the run that proposed it
    state: Mapped[DealState] = mapped_column(default=DealState.PROPOSED)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see catalogue/one_plus_deal/figures.py
    proposed_at: Mapped[datetime]
    valid_until: Mapped[datetime]  # first instant at which it cannot be answered any more
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]  # name shown to the merchant
    version: Mapped[int] = mapped_column(default=1)
