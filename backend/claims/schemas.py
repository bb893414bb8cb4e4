"""The wire shapes of claims; every amount is whole KRW."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backend.markets.codes import Market
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, RefundState


class ClaimOut(BaseModel):
    """`steps`: what the shop may do next (accept, collect, inspect, finish, reject, withdraw)."""

    id: str
    order_id: str
    order_no: str
    market: Market
    buyer_name: str
    line_id: str
    item_id: str | None
    item: str
    fulfilment: Fulfilment
    kind: ClaimKind
    state: ClaimState
    quantity: int
    reason: str | None
    by: str
    after_shipping: bool
    held: bool
    fee: int
    refund: RefundState
    refund_amount: int
    exchange_item_id: str | None
    exchange_item: str | None
    exchange_option: str | None
    exchange_line_id: str | None
    outcomes: dict[str, Any]
    restocked: int
    pickup_courier: str | None
    pickup_tracking_no: str | None
    raw_code: str | None
    requested_at: datetime
    collected_at: datetime | None
    closed_at: datetime | None
    steps: list[str]


class ClaimsOut(BaseModel):
    """`counts`: open claims by kind, whatever page this is."""

    items: list[ClaimOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None
    counts: dict[str, int]
