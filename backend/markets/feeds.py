"""How far each market was read, the rounds that read them, and what is still to be told."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.markets.feed_models import Collection, CommandState, MarketCommand, MarketFeed
from backend.markets.feed_schemas import CollectionOut, CommandOut, FeedOut
from backend.markets.linked import linked
from backend.markets.models import AccountState
from backend.markets.service import state_of
from backend.shops.models import Shop

UNSENT = (CommandState.QUEUED, CommandState.SENDING)


def feeds_of(session: Session, shop_id: str) -> list[FeedOut]:
    """The mall and every linked market that can be talked to; the mall has no account that could run out."""
    rows = {feed.market: feed for feed in session.scalars(select(MarketFeed).where(MarketFeed.shop_id == shop_id))}
    counted = session.execute(
        select(MarketCommand.market, MarketCommand.state, func.count())
        .where(MarketCommand.shop_id == shop_id, MarketCommand.state.in_((*UNSENT, CommandState.FAILED)))
        .group_by(MarketCommand.market, MarketCommand.state)
    )
    counts = {(market, state): number for market, state, number in counted.tuples()}
    told = []
    for place in linked(session, session.get_one(Shop, shop_id)):
        feed = rows.get(place.market)
        account = state_of(place.account) if place.account else AccountState.CONNECTED
        told.append(FeedOut(
            market=place.market, account_state=account, collected_at=feed.collected_at if feed else None,
            failing_since=feed.failing_since if feed else None, last_error=feed.last_error if feed else None,
            retry_at=feed.retry_at if feed else None,
            waiting=sum(counts.get((place.market, state), 0) for state in UNSENT),
            failed=counts.get((place.market, CommandState.FAILED), 0),
        ))  # fmt: skip
    return told


def collections_of(session: Session, shop_id: str, limit: int) -> list[CollectionOut]:
    query = select(Collection).where(Collection.shop_id == shop_id)
    rows = session.scalars(query.order_by(Collection.created_at.desc(), Collection.id.desc()).limit(limit))
    return [CollectionOut.model_validate(row) for row in rows]


def collection_out(session: Session, actor: Actor, collection_id: str) -> CollectionOut:
    return CollectionOut.model_validate(owned(session.get(Collection, collection_id), actor))


def commands_of(session: Session, shop_id: str, state: CommandState | None, limit: int) -> list[CommandOut]:
    query = select(MarketCommand).where(MarketCommand.shop_id == shop_id)
    if state is not None:
        query = query.where(MarketCommand.state == state)
    rows = session.scalars(query.order_by(MarketCommand.created_at.desc(), MarketCommand.id.desc()).limit(limit))
    return [CommandOut.model_validate(row) for row in rows]
