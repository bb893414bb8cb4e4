"""GET couriers, parcels, late parcels and links to labels; POST a list of tracking numbers to have it read."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.errors import InvalidInput
from backend.openapi import problems
from backend.orders.states import ShipmentState
from backend.shipping import service
from backend.shipping.couriers import couriers
from backend.shipping.delays import DelaysOut, delayed
from backend.shipping.pasted import MOST_ROWS, read_file, read_text
from backend.shipping.schemas import (
    CourierOut,
    LabelsLinkOut,
    ParcelOut,
    ParcelsOut,
    PastedInvoices,
    ReadInvoicesOut,
)

router = APIRouter(prefix="/shipping", tags=["shipping"], route_class=InOneStep)
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Ids = Annotated[list[str], Query(max_length=500)]
MOST_BYTES = 5 * 1024 * 1024
FILE = "application/octet-stream"


@router.get("/couriers")
def read_couriers(actor: MemberActor, session: ReadSession) -> list[CourierOut]:
    actor.require(Permission.SHOP_READ)
    return [
        CourierOut(key=c.key, name=c.name, aliases=list(c.aliases), lengths=list(c.lengths), overseas=c.overseas)
        for c in couriers().values()
    ]


@router.get("/parcels")
def read_parcels(
    actor: MemberActor,
    session: ReadSession,
    state: ShipmentState | None = None,
    text: Annotated[str | None, Query(max_length=100)] = None,
    unprinted: bool = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ParcelsOut:
    actor.require(Permission.SHOP_READ)
    return service.parcels_of(session, actor.shop_id, state, text, unprinted, limit, offset)


@router.get("/parcels/{shipment_id}")
def read_parcel(shipment_id: str, actor: MemberActor, session: ReadSession) -> ParcelOut:
    actor.require(Permission.SHOP_READ)
    return service.parcel_view(session, actor.shop_id, shipment_id)


@router.get("/delayed")
def read_delayed(actor: MemberActor, session: ReadSession, limit: Limit = 20, offset: Offset = 0) -> DelaysOut:
    """What is late by the setting delay_marking, and what keeps it."""
    actor.require(Permission.SHOP_READ)
    return delayed(session, actor.shop_id, limit, offset)


@router.get("/labels", responses=problems(404))
def link_labels(
    actor: MemberActor,
    session: ReadSession,
    shipment_id: Ids = [],  # noqa: B006 - FastAPI copies it
    order_id: Ids = [],  # noqa: B006
    unprinted: bool = False,
) -> LabelsLinkOut:
    """A link, good for half an hour, to the labels of these parcels and orders, or of all that were not printed yet."""
    actor.require(Permission.SHOP_READ)
    return service.labels_link(session, actor.shop_id, shipment_id, order_id, unprinted)


@router.post("/invoices/read")
def read_pasted(body: PastedInvoices, actor: MemberActor, session: ReadSession) -> ReadInvoicesOut:
    """Lines as people paste them: order, courier and number in each. Nothing is written."""
    actor.require(Permission.ORDERS_HANDLE)
    rows = read_text(body.text)
    if len(rows) > MOST_ROWS:
        raise InvalidInput("too many rows", code="invoice_file_long", rows=len(rows), most=MOST_ROWS, fields=[])
    return service.read_invoices(session, actor.shop_id, rows)


@router.post("/invoices/read-file")
def read_handed_in(
    actor: MemberActor,
    session: ReadSession,
    body: Annotated[bytes, Body(media_type=FILE)],
    name: Annotated[str, Query(max_length=200)] = "invoices.xlsx",
) -> ReadInvoicesOut:
    """The file itself as the body, at most 5 MB: .xlsx, .xls, .csv. Nothing is written."""
    actor.require(Permission.ORDERS_HANDLE)
    if len(body) > MOST_BYTES:
        raise InvalidInput("too large", code="invoice_file_long", rows=0, most=MOST_ROWS, fields=[])
    return service.read_invoices(session, actor.shop_id, read_file(body, name))
