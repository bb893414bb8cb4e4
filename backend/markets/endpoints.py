"""GET the shop's markets, how far their orders were read, and what they are still to be told."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.markets import feeds
from backend.markets.codes import Market
from backend.markets.feed_models import CommandState
from backend.markets.feed_schemas import CollectionOut, CommandOut, FeedOut
from backend.markets.listings import listings_of
from backend.markets.models import ListingState
from backend.markets.schemas import ListingPage, MarketOut
from backend.markets.service import markets_of

router = APIRouter(prefix="/markets", tags=["markets"], route_class=InOneStep)
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("")
def read_markets(actor: MemberActor, session: ReadSession) -> list[MarketOut]:
    actor.require(Permission.SHOP_READ)
    return markets_of(session, actor.shop_id)


@router.get("/listings")
def read_listings(
    actor: MemberActor, session: ReadSession, market: Market | None = None, state: ListingState | None = None,
    limit: Limit = 20, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> ListingPage:  # fmt: skip
    actor.require(Permission.SHOP_READ)
    return listings_of(session, actor.shop_id, market, state, limit, offset)


@router.get("/feeds")
def read_feeds(actor: MemberActor, session: ReadSession) -> list[FeedOut]:
    actor.require(Permission.SHOP_READ)
    return feeds.feeds_of(session, actor.shop_id)


@router.get("/collections")
def read_collections(actor: MemberActor, session: ReadSession, limit: Limit = 20) -> list[CollectionOut]:
    actor.require(Permission.SHOP_READ)
    return feeds.collections_of(session, actor.shop_id, limit)


@router.get("/collections/{collection_id}")
def read_collection(collection_id: str, actor: MemberActor, session: ReadSession) -> CollectionOut:
    actor.require(Permission.SHOP_READ)
    return feeds.collection_out(session, actor, collection_id)


@router.get("/commands")
def read_commands(
    actor: MemberActor, session: ReadSession, state: CommandState | None = None, limit: Limit = 50
) -> list[CommandOut]:
    actor.require(Permission.SHOP_READ)
    return feeds.commands_of(session, actor.shop_id, state, limit)
