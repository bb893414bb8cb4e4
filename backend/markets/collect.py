"""One round of collecting orders: each market's feed page by page, each page with its cursor in one transaction.

Markets are asked between transactions, never inside one. A worker that is killed leaves a lease that runs out; the next
one goes on at the kept cursor, and a page that was fetched and not taken in is fetched again. Two rounds of one shop at
once read the same cursor; the second to write finds it moved and looks again.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from backend.audit.record import Source
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.kit import clock
from backend.markets import brake, collected_notice, intake
from backend.markets.codes import Market
from backend.markets.feed_models import Collection, CollectionState, MarketFeed
from backend.markets.gateway.contract import CredentialsRefused, GatewayError, MarketGateway, Throttled
from backend.markets.gateway.registry import gateway_for
from backend.markets.linked import linked
from backend.orders.collected import CollectedFeed
from backend.shops.models import Shop

LEASE = timedelta(minutes=3)
TRIES = 3  # of one page, before the market is left for later
PATIENCE = 5.0  # seconds that a round waits for a market at a time
MOST_PAGES = 2_000  # of one market in one round; the rest comes with the next
log = logging.getLogger(__name__)
Step = Callable[[str], None]


class LeaseLost(Exception):
    """Another worker has the round."""


@dataclass
class Round:
    """A round that is ours: `fence` grows with each write, and whoever took it over has another."""

    id: str
    shop_id: str
    fence: int
    at: Step
    wait: Callable[[float], None]

    @property
    def source(self) -> Source:
        return Source("collection", self.id)


def _no_step(name: str) -> None:
    """Tests stop a worker here: claimed, fetched, taken, finished."""


def collect(
    collection_id: str, at: Step = _no_step, wait: Callable[[float], None] = time.sleep
) -> CollectionState | None:
    """The state it ended in; None when another worker has it, had it, or took it over."""
    with unit_of_work() as session:
        claimed = claim(session, collection_id)
    if claimed is None:
        return None
    shop_id, fence, markets, results = claimed
    mine = Round(collection_id, shop_id, fence, at, wait)
    at("claimed")
    try:
        for market in markets:
            if not (results.get(market.value) or {}).get("done"):
                _market(mine, market)
        return _finish(mine)
    except LeaseLost:
        return None


def claim(session: Session, collection_id: str) -> tuple[str, int, list[Market], dict[str, Any]] | None:
    """For exactly one of several workers: shop, fence, markets, results so far."""
    now = clock.now()
    row = session.execute(
        update(Collection)
        .where(
            Collection.id == collection_id,
            or_(
                Collection.state == CollectionState.QUEUED,
                and_(Collection.state == CollectionState.RUNNING, Collection.lease_until <= now),
            ),
        )
        .values(state=CollectionState.RUNNING, lease_until=now + LEASE, version=Collection.version + 1)
        .returning(Collection.shop_id, Collection.version, Collection.markets, Collection.results)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (row[0], row[1], [Market(name) for name in row[2]], row[3] or {}) if row else None


def waiting(session: Session) -> list[str]:
    """Rounds to be carried out, and those whose worker was lost; the longest-waiting first."""
    lost = and_(Collection.state == CollectionState.RUNNING, Collection.lease_until <= clock.now())
    query = select(Collection.id).where(or_(Collection.state == CollectionState.QUEUED, lost))
    return list(session.scalars(query.order_by(Collection.created_at, Collection.id)))


def _hold(session: Session, mine: Round) -> Collection:
    """The round, still ours and locked; raises LeaseLost."""
    take_turn(session, [mine.shop_id])
    held = session.execute(
        update(Collection)
        .where(Collection.id == mine.id, Collection.state == CollectionState.RUNNING, Collection.version == mine.fence)
        .values(lease_until=clock.now() + LEASE, version=Collection.version + 1)
        .execution_options(synchronize_session=False)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost(mine.id)
    return session.get_one(Collection, mine.id, populate_existing=True)


def _market(mine: Round, market: Market) -> None:
    gateway, cursor, retry_at = _begin(mine.shop_id, market)
    if gateway is None:
        return _write(mine, market, {"error": "no_gateway"})
    try:
        pause = (retry_at - clock.now()).total_seconds() if retry_at else 0.0
        if 0 < pause <= PATIENCE:
            mine.wait(pause)
        elif pause > 0 and retry_at:
            return _write(mine, market, {"error": "waiting", "retry_at": retry_at.isoformat()})
        for _ in range(MOST_PAGES):
            try:
                page = _fetch(mine, gateway, cursor)
            except GatewayError as why:
                return _stopped(mine, market, why)
            mine.at("fetched")
            cursor = _take(mine, market, cursor, page)
            mine.at("taken")
            if not page.more:
                break
        _write(mine, market, {})
    finally:
        if gateway is not None:
            gateway.close()


def _begin(shop_id: str, market: Market) -> tuple[MarketGateway | None, str | None, datetime | None]:
    with unit_of_work(write=False) as session:
        shop = session.get_one(Shop, shop_id)
        place = next((one for one in linked(session, shop) if one.market is market), None)
        query = select(MarketFeed.cursor, MarketFeed.retry_at).where(
            MarketFeed.shop_id == shop_id, MarketFeed.market == market
        )
        feed = session.execute(query).one_or_none()
    gateway = gateway_for(shop_id, market, place.seller) if place else None
    return gateway, feed[0] if feed else None, feed[1] if feed else None


def _fetch(mine: Round, gateway: MarketGateway, cursor: str | None) -> CollectedFeed:
    """A market that stumbles is asked again at once, a few times; one that wants a long pause gets it later."""
    for attempt in range(1, TRIES + 1):
        try:
            return gateway.fetch(cursor)
        except Throttled as slow:
            if attempt == TRIES or slow.retry_after > PATIENCE:
                raise
            mine.wait(slow.retry_after)
        except CredentialsRefused:
            raise
        except GatewayError:
            if attempt == TRIES:
                raise
            mine.wait(min(PATIENCE, 0.5 * 2**attempt))
    raise AssertionError("unreachable")


def _take(mine: Round, market: Market, cursor: str | None, page: CollectedFeed) -> str | None:
    """The cursor to go on from: the page's, or, where another round was here meanwhile, the one that stands."""
    with unit_of_work() as session:
        collection = _hold(session, mine)
        feed = brake.feed_of(session, mine.shop_id, market)
        if feed.cursor != cursor:
            standing = feed.cursor
        else:
            taken = intake.take(session, mine.shop_id, page)
            standing = feed.cursor = page.cursor
            feed.version += 1
            feed.collected_at = clock.now()
            brake.go_on(session, mine.shop_id, market, mine.source)
            so_far = collection.results.get(market.value) or {}
            collection.results = {**collection.results, market.value: intake.added(so_far, taken)}
        fence = collection.version
    mine.fence = fence
    return standing


def _stopped(mine: Round, market: Market, why: GatewayError) -> None:
    log.warning("collecting from %s for %s: %s", market.value, mine.shop_id, why)
    with unit_of_work() as session:
        _hold(session, mine)
        retry_at = brake.stop(session, mine.shop_id, market, why, mine.source)
        _put(session, mine, market, {"error": why.code, "retry_at": retry_at.isoformat()})
    mine.fence += 1


def _write(mine: Round, market: Market, result: dict[str, Any]) -> None:
    with unit_of_work() as session:
        _hold(session, mine)
        _put(session, mine, market, result)
    mine.fence += 1


def _put(session: Session, mine: Round, market: Market, result: dict[str, Any]) -> None:
    collection = session.get_one(Collection, mine.id)
    so_far = collection.results.get(market.value) or {}
    whole = {"error": None, "retry_at": None, **so_far, **result, "done": True}
    collection.results = {**collection.results, market.value: whole}


def _finish(mine: Round) -> CollectionState:
    """Failed only where not one market answered; the conversation that asked is told with it, at once."""
    with unit_of_work() as session:
        collection = _hold(session, mine)
        errors = [result["error"] for result in collection.results.values()]
        failed = bool(errors) and all(errors)
        collection.state = state = CollectionState.FAILED if failed else CollectionState.DONE
        collection.finished_at, collection.lease_until = clock.now(), None
        collected_notice.tell(session, collection)
        mine.at("finished")
    return state
