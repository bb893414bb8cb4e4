"""GET what should be bought, and the purchase orders with links to their sheets."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.documents.links import DocumentLink, link_to
from backend.orders.states import PurchaseState
from backend.purchasing import service
from backend.purchasing.documents import SheetParams, file_name, media_type
from backend.purchasing.schemas import PurchaseOrderOut, SupplierShortagesOut

router = APIRouter(prefix="/purchasing", tags=["purchasing"], route_class=InOneStep)
Id = Annotated[str | None, Query(max_length=60)]


@router.get("/shortages")
def read_shortages(actor: MemberActor, session: ReadSession, supplier_id: Id = None) -> list[SupplierShortagesOut]:
    actor.require(Permission.SHOP_READ)
    return service.shortages_by_supplier(session, actor.shop_id, supplier_id)


@router.get("/orders")
def read_purchase_orders(
    actor: MemberActor,
    session: ReadSession,
    state: PurchaseState | None = None,
    supplier_id: Id = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[PurchaseOrderOut]:
    actor.require(Permission.SHOP_READ)
    return service.orders_of(session, actor.shop_id, state, supplier_id, limit, offset)


@router.get("/orders/{purchase_id}")
def read_purchase_order(purchase_id: str, actor: MemberActor, session: ReadSession) -> PurchaseOrderOut:
    """By id or number (PO20261121-01)."""
    actor.require(Permission.SHOP_READ)
    return service.view(session, service.order_of(session, actor.shop_id, purchase_id))


@router.get("/orders/{purchase_id}/sheet")
def link_sheet(
    purchase_id: str, actor: MemberActor, session: ReadSession, form: Literal["pdf", "xlsx"] = "pdf"
) -> DocumentLink:
    """A link to the purchase order as a sheet, good for half an hour."""
    actor.require(Permission.SHOP_READ)
    order = service.order_of(session, actor.shop_id, purchase_id)
    params = SheetParams(purchase_order_id=order.id)
    return link_to(actor.shop_id, f"purchase_order_{form}", params, file_name(order, form), media_type(form))
