"""Orders as the markets told them, their lines, and the parcels they leave in.

Fulfilment and claim are two axes of a line; a line belongs to one shipment and leaves with it whole.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import Market
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, MatchedBy, ShipmentState


class Order(Base):
    """`total` and the personal columns as the market gave them; a name may be masked."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("shop_id", "order_no"),
        Index("ix_orders_market_order", "shop_id", "market", "market_order_no", unique=True),
        Index("ix_orders_shop_time", "shop_id", "ordered_at"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    order_no: Mapped[str]  # 20261121-0000012
    market: Mapped[Market]
    market_order_no: Mapped[str | None]  # the market's own number; None for orders older than the integration
    buyer_name: Mapped[str]
    buyer_phone: Mapped[str | None]
    recipient_name: Mapped[str | None]
    recipient_phone: Mapped[str | None]
    country: Mapped[str] = mapped_column(default="KR")  # ISO 3166 alpha-2
    postcode: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(Text)  # for the courier
    remote_area: Mapped[str | None]  # 도서산간: the range's name, decided when collected (source: 002)
    ordered_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    ship_by: Mapped[date | None]  # the market's deadline, Asia/Seoul
    collected_at: Mapped[datetime | None]  # None: not handled here (history of before)
    removed_at: Mapped[datetime | None]  # taken out of the list; recoverable
    told_at: Mapped[datetime | None]  # the market's own time of its newest telling; an older one changes nothing
    total: Mapped[int]  # KRW, what the buyer paid
    version: Mapped[int] = mapped_column(default=1)


class Shipment(Base):
    """One parcel to be. Held, it is not sent; with `merge_forbidden` it is neither merged nor split (facts: stock)."""

    __tablename__ = "shipments"
    __table_args__ = (
        UniqueConstraint("shop_id", "number"),
        Index("ix_shipments_shop_state", "shop_id", "state"),
        Index("ix_shipments_shop_tracking", "shop_id", "tracking_no"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    number: Mapped[str]  # 관리번호: S20261121-00012
    state: Mapped[ShipmentState] = mapped_column(default=ShipmentState.PREPARING)
    recipient_name: Mapped[str | None]
    recipient_phone: Mapped[str | None]
    country: Mapped[str] = mapped_column(default="KR")
    postcode: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(Text)
    held: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str | None]
    merge_forbidden: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[str | None]
    courier: Mapped[str | None]  # see backend/orders/couriers
    tracking_no: Mapped[str | None]
    labelled_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class OrderLine(Base):
    __tablename__ = "order_lines"
    __table_args__ = (
        Index("ix_order_lines_shop_fulfilment", "shop_id", "fulfilment"),
        Index("ix_order_lines_item_fulfilment", "item_id", "fulfilment"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"), index=True)  # None: not matched
    item_id: Mapped[str | None] = mapped_column(ForeignKey("stock_items.id"))
    matched_by: Mapped[MatchedBy | None]
    shipment_id: Mapped[str | None] = mapped_column(ForeignKey("shipments.id"), index=True)
    # as the market says it
    market_line_no: Mapped[str | None]  # productOrderId, orderItemCode, vendorItemId …
    market_product_no: Mapped[str | None]
    seller_code: Mapped[str | None]  # the merchant's item code on that market
    market_name: Mapped[str | None]
    market_option: Mapped[str | None]
    raw_status: Mapped[str | None]  # the market's own code, untouched
    raw_claim: Mapped[str | None]
    quantity: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0)  # of `quantity`, not to be sent
    allocated: Mapped[int] = mapped_column(default=0)  # stock promised to it; 0 again once shipped
    fulfilment: Mapped[Fulfilment] = mapped_column(default=Fulfilment.UNALLOCATED)
    claim_kind: Mapped[ClaimKind | None]  # of its latest claim
    claim_state: Mapped[ClaimState | None]
    gift_rule_id: Mapped[str | None]  # a gift that goes along (source: 002, 사은품)
    exchange_of: Mapped[str | None]  # the line whose exchange this sends
    split_from: Mapped[str | None]  # the line this one was cut off from
    told_at: Mapped[datetime | None]  # the market's own time of the newest telling about this line
    amount: Mapped[int]  # KRW before the coupon
    discount: Mapped[int] = mapped_column(default=0)  # KRW the coupon paid, borne by the merchant
    coupon_id: Mapped[str | None] = mapped_column(ForeignKey("coupons.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def open_quantity(self) -> int:
        """What is still to be sent."""
        return self.quantity - self.cancelled


class LineMatch(Base):
    """A person's match, remembered: the same product of the same market is that stock item next time."""

    __tablename__ = "line_matches"
    __table_args__ = (UniqueConstraint("shop_id", "market", "market_key"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market: Mapped[Market]
    market_key: Mapped[str] = mapped_column(Text)  # product number, name and option in one
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class GiftRule(Base):
    """A gift that goes along with orders that deserve it (source: 002, 사은품)."""

    __tablename__ = "gift_rules"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str]
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"))
    quantity: Mapped[int] = mapped_column(default=1)
    min_amount: Mapped[int] = mapped_column(default=0)  # KRW of the order
    product_ids: Mapped[list[str]] = mapped_column(default=list)  # any of these; empty: all products
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class OrderNote(Base):
    """What people wrote on an order (CS 메모)."""

    __tablename__ = "order_notes"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class NumberSeries(Base):
    """How far a shop's own numbers have been given out."""

    __tablename__ = "number_series"

    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)  # S20261121
    last: Mapped[int] = mapped_column(default=0)
