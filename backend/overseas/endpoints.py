"""GET what a parcel abroad costs and takes, and all the countries."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.openapi import problems
from backend.overseas.quote import all_terms, quote
from backend.overseas.schemas import QuoteOut, RateOut

router = APIRouter(prefix="/overseas", tags=["overseas"], route_class=InOneStep)


@router.get("/countries")
def read_countries(actor: MemberActor, session: ReadSession) -> list[RateOut]:
    actor.require(Permission.SHOP_READ)
    return all_terms(session, actor.shop_id)


@router.get("/quote", responses=problems(404))
def read_quote(
    actor: MemberActor,
    session: ReadSession,
    country: Annotated[str | None, Query(max_length=60)] = None,
    weight: Annotated[int | None, Query(ge=1, le=100_000, description="grams")] = None,
    order_id: Annotated[str | None, Query(max_length=60)] = None,
) -> QuoteOut:
    """By country (a code or a name) and weight, or for an order; 422 `country_unknown`, `country_missing`, 404 `order_not_found`."""
    actor.require(Permission.SHOP_READ)
    return quote(session, actor.shop_id, country, weight, order_id)
