"""GET what is in stock, why it changed, and what is due."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import func, select

from backend.access.dependencies import MemberActor, owned
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.inventory.find import mentioned_items
from backend.inventory.inbounds import Which, inbounds_of
from backend.inventory.items import Low, item_out, items_of, low_items
from backend.inventory.models import MovementType, StockItem, Supplier
from backend.inventory.movements import movements_of
from backend.inventory.schemas import (
    InboundPage,
    ItemMentionOut,
    ItemOut,
    ItemPage,
    LowOut,
    MovementPage,
    MovementTypeOut,
    SupplierOut,
)
from backend.inventory.states import Direction, ItemState, MovementReason, StockLabel

router = APIRouter(prefix="/inventory", tags=["inventory"], route_class=InOneStep)
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Said = Annotated[str, Query(max_length=2000)]
First = Annotated[date | None, Query(alias="from")]
Last = Annotated[date | None, Query(alias="to")]
#: built-in reasons a person moves stock by, beside the shop's own types
BUILT_IN = ((MovementReason.RECEIVE, Direction.IN), (MovementReason.ISSUE, Direction.OUT))


@router.get("/items")
def read_items(
    actor: MemberActor,
    session: ReadSession,
    text: Annotated[str, Query(max_length=200)] = "",
    product_id: str | None = None,
    tag: str | None = None,
    label: StockLabel | None = None,
    supplier_id: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> ItemPage:
    actor.require(Permission.SHOP_READ)
    return items_of(
        session, actor.shop_id, text=text, product_id=product_id, tag=tag, label=label, supplier_id=supplier_id,
        limit=limit, offset=offset,
    )  # fmt: skip


@router.get("/items/find")
def find_mentioned_items(
    actor: MemberActor, session: ReadSession, text: Said, limit: Limit = 30, product_id: str | None = None
) -> list[ItemMentionOut]:
    actor.require(Permission.SHOP_READ)
    return mentioned_items(session, actor.shop_id, text, limit, product_id)


@router.get("/items/{item_id}")
def read_item(item_id: str, actor: MemberActor, session: ReadSession) -> ItemOut:
    actor.require(Permission.SHOP_READ)
    return item_out(session, actor.shop_id, owned(session.get(StockItem, item_id), actor))


@router.get("/items/{item_id}/movements")
def read_item_movements(
    item_id: str,
    actor: MemberActor,
    session: ReadSession,
    first: First = None,
    last: Last = None,
    reason: MovementReason | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> MovementPage:
    actor.require(Permission.SHOP_READ)
    item = owned(session.get(StockItem, item_id), actor)
    return movements_of(
        session, actor.shop_id, item_id=item.id, first=first, last=last, reason=reason, limit=limit, offset=offset
    )


@router.get("/low")
def read_low(
    actor: MemberActor,
    session: ReadSession,
    which: Low = "low",
    at_most: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> LowOut:
    actor.require(Permission.SHOP_READ)
    return low_items(session, actor.shop_id, which=which, at_most=at_most, limit=limit, offset=offset)


@router.get("/movements")
def read_movements(
    actor: MemberActor,
    session: ReadSession,
    product_id: str | None = None,
    first: First = None,
    last: Last = None,
    reason: MovementReason | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> MovementPage:
    actor.require(Permission.SHOP_READ)
    return movements_of(
        session, actor.shop_id, product_id=product_id, first=first, last=last, reason=reason, limit=limit, offset=offset
    )


@router.get("/inbounds")
def read_inbounds(
    actor: MemberActor,
    session: ReadSession,
    which: Which = "open",
    item_id: str | None = None,
    product_id: str | None = None,
    first: First = None,
    last: Last = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> InboundPage:
    actor.require(Permission.SHOP_READ)
    return inbounds_of(
        session, actor.shop_id, which=which, item_id=item_id, product_id=product_id, first=first, last=last,
        limit=limit, offset=offset,
    )  # fmt: skip


@router.get("/suppliers")
def read_suppliers(actor: MemberActor, session: ReadSession) -> list[SupplierOut]:
    """Those the shop still works with, and how many items each delivers."""
    actor.require(Permission.SHOP_READ)
    delivers = select(func.count()).where(
        StockItem.supplier_id == Supplier.id, StockItem.state == ItemState.ACTIVE
    ).scalar_subquery()  # fmt: skip
    query = select(Supplier, delivers).where(Supplier.shop_id == actor.shop_id, Supplier.active.is_(True))
    return [
        SupplierOut(
            id=row.id, name=row.name, contact=row.contact, phone=row.phone, email=row.email, lead_days=row.lead_days,
            items=count or 0,
        )
        for row, count in session.execute(query.order_by(Supplier.name))
    ]  # fmt: skip


@router.get("/movement-types")
def read_movement_types(actor: MemberActor, session: ReadSession) -> list[MovementTypeOut]:
    actor.require(Permission.SHOP_READ)
    query = select(MovementType).where(MovementType.shop_id == actor.shop_id, MovementType.active.is_(True))
    built_in = [MovementTypeOut(id=None, name=why, direction=way, builtin=True) for why, way in BUILT_IN]
    return built_in + [
        MovementTypeOut(id=row.id, name=row.name, direction=row.direction, builtin=False)
        for row in session.scalars(query.order_by(MovementType.direction, MovementType.name))
    ]
