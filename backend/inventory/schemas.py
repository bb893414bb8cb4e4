"""The wire shapes of stock: whole pieces, whole KRW, days of Asia/Seoul."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from backend.inventory.states import Direction, InboundState, ItemState, MovementReason, StockLabel


class ArrivalOut(BaseModel):
    """All that is still due of an item; `due_on` is the nearest day."""

    quantity: int
    due_on: date


class ItemOut(BaseModel):
    """`market_quantity` is what the markets are told, None without limit; `supplier` a name."""

    id: str
    code: str
    name: str
    product_id: str | None
    product_name: str
    option_name: str | None
    options: dict[str, Any]
    barcode: str | None
    tags: list[str]
    state: ItemState
    label: StockLabel
    stocked: int
    reserved: int
    available: int
    safety: int
    mall_quantity: int | None
    market_quantity: int | None
    location: str | None
    supplier_id: str | None
    supplier: str | None
    cost: int | None
    english_name: str | None
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    arriving: ArrivalOut | None


class ItemPage(BaseModel):
    items: list[ItemOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None


class LowOut(ItemPage):
    """Items that are nearly out, sold out or awaited, fewest first; `counts` by label over all of them."""

    counts: dict[StockLabel, int]


class ItemMentionOut(BaseModel):
    """An item a sentence may mean. `by` is how it was named: `option` when one of its product's options was said,
    `product` when only the product was (all its options are returned)."""

    id: str
    code: str
    name: str
    product_id: str | None
    product_name: str
    option_name: str | None
    available: int
    stocked: int
    label: StockLabel
    score: float
    by: Literal["code", "barcode", "option", "product"]


class MovementOut(BaseModel):
    """One line of the ledger and what it belongs to; `undone` once a later line put it back."""

    id: str
    at: datetime
    item_id: str
    code: str
    item: str
    reason: MovementReason
    type: str | None
    delta: int
    before: int
    balance: int
    note: str | None
    by_name: str
    source_type: str
    source_id: str
    order_no: str | None
    undoes: str | None
    undone: bool


class MovementPage(BaseModel):
    """`totals` by reason: the sum of deltas over all that was asked for, not only this page."""

    movements: list[MovementOut]
    totals: dict[MovementReason, int]
    total: int
    limit: int
    offset: int
    next_offset: int | None


class InboundOut(BaseModel):
    """`overdue_days` counts from the day after it was due; None when not overdue or when the shop does not want it
    shown (setting overdue_display)."""

    id: str
    item_id: str
    code: str
    item: str
    supplier_id: str | None
    supplier: str | None
    quantity: int
    received: int
    remaining: int
    due_on: date
    state: InboundState
    overdue: bool
    overdue_days: int | None
    note: str | None
    from_purchase_order: bool


class InboundPage(BaseModel):
    inbounds: list[InboundOut]
    overdue: int
    total: int
    limit: int
    offset: int
    next_offset: int | None


class SupplierOut(BaseModel):
    id: str
    name: str
    contact: str | None
    phone: str | None
    email: str | None
    lead_days: int
    items: int


class MovementTypeOut(BaseModel):
    """`id` is None for a built-in one, whose `name` is its reason."""

    id: str | None
    name: str
    direction: Direction
    builtin: bool
