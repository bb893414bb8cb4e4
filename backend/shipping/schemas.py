"""The wire shapes of shipping."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from backend.documents.links import DocumentLink
from backend.markets.codes import Market
from backend.orders.states import Fulfilment, ShipmentState
from backend.shipping.delays import BlockerOut


class CourierOut(BaseModel):
    key: str
    name: str
    aliases: list[str]
    lengths: list[int]
    overseas: bool


class ParcelLineOut(BaseModel):
    line_id: str
    order_id: str
    order_no: str
    item_id: str | None
    item: str
    quantity: int
    allocated: int
    fulfilment: Fulfilment


class ParcelOut(BaseModel):
    """`blockers`: why it may not be labelled or leave now; empty when it may."""

    id: str
    number: str
    state: ShipmentState
    order_nos: list[str]
    markets: list[Market]
    recipient_name: str | None
    postcode: str | None
    address: str | None
    country: str
    held: bool
    hold_reason: str | None
    merge_forbidden: bool
    courier: str | None
    tracking_no: str | None
    labelled_at: datetime | None
    printed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    lines: list[ParcelLineOut]
    blockers: list[BlockerOut]


class ParcelsOut(BaseModel):
    """`counts`: parcels by state, whatever page this is."""

    items: list[ParcelOut]
    total: int
    limit: int
    offset: int
    next_offset: int | None
    counts: dict[str, int]


class PastedInvoices(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=200_000)]


class ReadInvoiceOut(BaseModel):
    """One row of a list: what was read, and why it would be refused (`code`, `data`); without a code it fits."""

    row: int
    order_id: str | None
    courier: str | None
    courier_name: str | None
    tracking_no: str | None
    code: str | None
    data: dict[str, Any]


class ReadInvoicesOut(BaseModel):
    """`items` are the good rows, as the plan kind `invoice.register` takes them."""

    rows: list[ReadInvoiceOut]
    good: int
    bad: int
    items: list[dict[str, str]]


class LabelsLinkOut(BaseModel):
    """`left_out`: parcels of the asked orders that have no number yet."""

    link: DocumentLink
    count: int
    shipment_ids: list[str]
    left_out: int
