"""The wire shapes of buying; every amount is whole KRW."""

from datetime import date, datetime

from pydantic import BaseModel

from backend.orders.states import PurchaseState


class ShortageOut(BaseModel):
    item_id: str
    code: str
    item: str
    stocked: int
    available: int
    safety: int
    lacking: int
    on_the_way: int
    drafted: int
    short: int
    cost: int | None


class SupplierShortagesOut(BaseModel):
    """`amount` counts articles with a known cost only."""

    supplier_id: str | None
    supplier: str | None
    lead_days: int | None
    items: list[ShortageOut]
    pieces: int
    amount: int


class PurchaseLineOut(BaseModel):
    id: str
    item_id: str
    code: str
    item: str
    quantity: int
    received: int
    cost: int | None
    amount: int | None


class PurchaseOrderOut(BaseModel):
    id: str
    number: str
    supplier_id: str
    supplier: str
    state: PurchaseState
    ordered_on: date | None
    due_on: date | None
    overdue_days: int
    note: str | None
    by_name: str
    created_at: datetime
    lines: list[PurchaseLineOut]
    pieces: int
    received: int
    amount: int
