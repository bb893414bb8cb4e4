"""One claim about a quantity of one order line."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.orders.states import ClaimKind, ClaimState, RefundState


class Claim(Base):
    __tablename__ = "claims"
    __table_args__ = (UniqueConstraint("shop_id", "market_key"), Index("ix_claims_shop_state", "shop_id", "state"))

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[str] = mapped_column(ForeignKey("order_lines.id"), index=True)
    kind: Mapped[ClaimKind]
    state: Mapped[ClaimState]
    quantity: Mapped[int]
    reason: Mapped[str | None]
    by: Mapped[str]  # buyer, merchant, market
    after_shipping: Mapped[bool]
    held: Mapped[bool] = mapped_column(default=False)  # by the shop's setting (source: 002, 취소/교환)
    fee: Mapped[int] = mapped_column(default=0)  # KRW the buyer pays for the way back and forth
    refund: Mapped[RefundState] = mapped_column(default=RefundState.NONE)
    refund_amount: Mapped[int] = mapped_column(default=0)  # KRW
    exchange_item_id: Mapped[str | None] = mapped_column(ForeignKey("stock_items.id"))
    exchange_line_id: Mapped[str | None]  # the line that sends the other article
    outcomes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"restock": 1, "defective": 1}
    restocked: Mapped[int] = mapped_column(default=0)
    pickup_courier: Mapped[str | None]
    pickup_tracking_no: Mapped[str | None]
    raw_code: Mapped[str | None]
    market_key: Mapped[str | None]  # market and its claim number: told twice, it is one
    told_at: Mapped[datetime | None]  # what the market told last, by its own clock; an older telling changes nothing
    exchange_option: Mapped[str | None]  # the other article, in the market's words
    requested_at: Mapped[datetime]
    collected_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class EarlyClaim(Base):
    """A claim whose order we have not taken in yet: kept until the order comes."""

    __tablename__ = "early_claims"
    __table_args__ = (UniqueConstraint("shop_id", "market_key"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market_key: Mapped[str]
    market_order_no: Mapped[str]
    told: Mapped[dict[str, Any]]  # the claim as the adapter handed it over
    told_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
