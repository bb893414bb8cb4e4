"""The wire shapes of orders; every amount is whole KRW."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from backend.markets.codes import Market
from backend.orders.blockers import Stops
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, MatchedBy, OrderState, RefundState, ShipmentState


class ShipmentOut(BaseModel):
    """`orders` are the numbers of all orders that leave in it."""

    id: str
    number: str
    state: ShipmentState
    held: bool
    hold_reason: str | None
    merge_forbidden: bool
    courier: str | None
    tracking_no: str | None
    recipient_name: str | None
    postcode: str | None
    address: str | None
    country: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    orders: list[str]


class OrderOut(BaseModel):
    """`state` is derived from the lines. `handled` False: history, or told while integrated orders were off.
    `products` are the names as bought, gifts aside; `raw_codes` the markets' own codes."""

    id: str
    order_no: str
    market: Market
    market_order_no: str | None
    buyer_name: str
    recipient_name: str | None
    country: str
    remote_area: str | None
    ordered_at: datetime
    paid_at: datetime | None
    ship_by: date | None
    total: int
    state: OrderState
    handled: bool
    held: bool
    unmatched: bool
    labelled: bool
    merged: bool
    claim: ClaimState | None
    products: list[str]
    quantity: int
    raw_codes: list[str]
    shipments: list[ShipmentOut]


class OrderPage(BaseModel):
    """`counts` by state are of everything the other filters leave; `next_offset` None on the last page."""

    items: list[OrderOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None
    counts: dict[OrderState, int]


class LineOut(BaseModel):
    """`item` is the stock item it was matched to; `available` what of that nobody was promised."""

    id: str
    market_line_no: str | None
    name: str | None
    option: str | None
    item_id: str | None
    item_code: str | None
    item: str | None
    available: int | None
    matched_by: MatchedBy | None
    quantity: int
    cancelled: int
    allocated: int
    fulfilment: Fulfilment
    claim_kind: ClaimKind | None
    claim_state: ClaimState | None
    shipment_id: str | None
    is_gift: bool
    exchange_of: str | None
    split_from: str | None
    amount: int
    discount: int
    raw_status: str | None
    raw_claim: str | None


class ClaimLine(BaseModel):
    id: str
    line_id: str
    kind: ClaimKind
    state: ClaimState
    quantity: int
    reason: str | None
    refund: RefundState
    requested_at: datetime


class NoteOut(BaseModel):
    id: str
    text: str
    by_name: str
    at: datetime


class FieldMove(BaseModel):
    target: Literal["order", "order_line", "shipment"]
    label: str
    field: str
    before: Any
    after: Any


class TimelineEntry(BaseModel):
    """`code`: ordered, paid, collected, removed, noted, claimed, labelled, shipped, delivered, or the action that changed it
    (order.hold, orders.told …), with its `moves`."""

    at: datetime
    code: str
    by: str | None
    source_id: str | None
    moves: list[FieldMove]
    data: dict[str, Any]


class OrderDetail(OrderOut):
    buyer_phone: str | None
    recipient_phone: str | None
    postcode: str | None
    address: str | None
    message: str | None
    collected_at: datetime | None
    removed_at: datetime | None
    lines: list[LineOut]
    claims: list[ClaimLine]
    notes: list[NoteOut]
    timeline: list[TimelineEntry]


class OrderMention(BaseModel):
    """`by` says what of the sentence it fits: number, tracking, buyer, product, market."""

    order: OrderOut
    by: list[Literal["number", "tracking", "buyer", "product", "market"]]


class Suggestion(BaseModel):
    """Spelt much like it: for a person to choose from, never taken by itself."""

    item_id: str
    code: str
    name: str
    score: float


class UnmatchedOut(BaseModel):
    """One product of one market that no stock item is known for; `market_key` names it in `order.match`."""

    market: Market
    market_key: str
    market_product_no: str | None
    seller_code: str | None
    name: str | None
    option: str | None
    lines: int
    quantity: int
    line_ids: list[str]
    orders: list[str]
    suggestions: list[Suggestion]


class FreeOut(BaseModel):
    """`kind` and `params` are a plan that would free it; None where only people or time do."""

    code: str
    kind: str | None
    params: dict[str, Any]


class BlockerOut(BaseModel):
    code: str
    stops: Stops
    data: dict[str, Any]
    frees_it: list[FreeOut]
    line_ids: list[str]
    shipment_id: str | None


class ExplainOut(BaseModel):
    """`may_leave`: labelled, and nothing is in the way."""

    order: OrderOut
    may_leave: bool
    blockers: list[BlockerOut]


class StuckOrder(BaseModel):
    order_id: str
    order_no: str
    market: Market
    buyer_name: str
    paid_at: datetime | None
    codes: list[str]
    blockers: list[BlockerOut]


class StuckOut(BaseModel):
    """`counts`: orders by what is in their way; one order may have several. Longest waiting first."""

    waiting: int
    stuck: int
    counts: dict[str, int]
    orders: list[StuckOrder]


class MergeableOut(BaseModel):
    """Parcels to the same person at the same place, not yet labelled."""

    recipient_name: str | None
    address: str | None
    shipment_ids: list[str]
    orders: list[str]


class GiftRuleOut(BaseModel):
    """`products` empty: any product deserves it. `available`: how many of the gift are free."""

    id: str
    name: str
    item_id: str
    item: str
    quantity: int
    min_amount: int
    products: list[str]
    starts_on: date | None
    ends_on: date | None
    active: bool
    available: int
