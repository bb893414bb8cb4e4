"""GET products by search, or those a sentence mentions."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.products.find import mentioned_products
from backend.products.models import Product
from backend.products.schemas import ProductMentionOut, ProductOut
from backend.products.service import search

router = APIRouter(prefix="/products", tags=["products"], route_class=InOneStep)
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("", response_model=list[ProductOut])
def read_products(
    actor: MemberActor, session: ReadSession, query: Annotated[str, Query(max_length=200)] = "", limit: Limit = 20
) -> list[Product]:
    actor.require(Permission.SHOP_READ)
    return search(session, actor.shop_id, query, limit)


@router.get("/find")
def find_products(
    actor: MemberActor, session: ReadSession, text: Annotated[str, Query(max_length=2000)], limit: Limit = 5
) -> list[ProductMentionOut]:
    actor.require(Permission.SHOP_READ)
    return mentioned_products(session, actor.shop_id, text, limit)
