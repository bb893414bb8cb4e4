"""The wire shapes of the main page's display."""

from pydantic import BaseModel

from backend.products.models import SaleStatus


class SlotOut(BaseModel):
    position: int
    product_id: str | None
    code: str | None
    name: str | None
    status: SaleStatus | None
    pinned: bool


class DisplayGroupOut(BaseModel):
    id: str
    number: int
    name: str
    automatic: bool
    slots: list[SlotOut]
