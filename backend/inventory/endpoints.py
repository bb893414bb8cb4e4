"""GET what is in stock, why it changed, and what is due."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import func, select

from backend.access.dependencies import MemberActor, owned
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.inventory.asked import InboundsAsked, ItemMovementsAsked, ItemsAsked, LowAsked, MovementsAsked
from backend.inventory.find import mentioned_items
from backend.inventory.inbounds import inbounds_of
from backend.inventory.items import item_out, items_of, low_items
from backend.inventory.models import MovementType, StockItem, StockMovement, Supplier
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
from backend.inventory.states import Direction, ItemState, MovementReason

router = APIRouter(prefix="/inventory", tags=["inventory"], route_class=InOneStep)
Limit = Annotated[int, Query(ge=1, le=100)]
Said = Annotated[str, Query(max_length=2000)]
#: built-in reasons a person moves stock by, beside the shop's own types
BUILT_IN = ((MovementReason.RECEIVE, Direction.IN), (MovementReason.ISSUE, Direction.OUT))


@router.get("/items")
def read_items(actor: MemberActor, session: ReadSession, asked: Annotated[ItemsAsked, Query()]) -> ItemPage:
    actor.require(Permission.SHOP_READ)
    return items_of(session, actor.shop_id, asked)


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
    item_id: str, actor: MemberActor, session: ReadSession, asked: Annotated[ItemMovementsAsked, Query()]
) -> MovementPage:
    actor.require(Permission.SHOP_READ)
    item = owned(session.get(StockItem, item_id), actor)
    return movements_of(session, actor.shop_id, asked, StockMovement.item_id == item.id)


@router.get("/low")
def read_low(actor: MemberActor, session: ReadSession, asked: Annotated[LowAsked, Query()]) -> LowOut:
    actor.require(Permission.SHOP_READ)
    return low_items(session, actor.shop_id, asked)


@router.get("/movements")
def read_movements(actor: MemberActor, session: ReadSession, asked: Annotated[MovementsAsked, Query()]) -> MovementPage:
    actor.require(Permission.SHOP_READ)
    of_product = [] if asked.product_id is None else [StockItem.product_id == asked.product_id]
    return movements_of(session, actor.shop_id, asked, *of_product)


@router.get("/inbounds")
def read_inbounds(actor: MemberActor, session: ReadSession, asked: Annotated[InboundsAsked, Query()]) -> InboundPage:
    actor.require(Permission.SHOP_READ)
    return inbounds_of(session, actor.shop_id, asked)


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
