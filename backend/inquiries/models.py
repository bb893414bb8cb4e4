"""What buyers ask on the own mall's board and on the markets, the draft PRO wrote, and the answer that was sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.inquiries.states import InquiryState, Topic
from backend.markets.codes import Market


class Inquiry(Base):
    __tablename__ = "inquiries"
    __table_args__ = (
        Index("ix_inquiries_shop_state", "shop_id", "state"),
        UniqueConstraint("shop_id", "market", "market_inquiry_no"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market: Mapped[Market]
    market_inquiry_no: Mapped[str | None]  # None: not collected from the market, so nobody there could be answered
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"))  # None: not about one product
    buyer_name: Mapped[str]  # masked, as Order.buyer_name
    topic: Mapped[Topic | None]  # None until PRO read it
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    state: Mapped[InquiryState] = mapped_column(default=InquiryState.OPEN)
    draft: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]  # name shown to the merchant
    version: Mapped[int] = mapped_column(default=1)
