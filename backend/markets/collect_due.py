"""The clock's rounds: every few minutes for each shop whose orders are handled here (source: 002, 통합주문관리)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.feed_models import Collection, CollectionState
from backend.markets.gateway.account import account_at
from backend.markets.linked import Linked, linked
from backend.shops.models import Shop

EVERY = timedelta(minutes=2)
OPEN = (CollectionState.QUEUED, CollectionState.RUNNING)


def queue_due() -> list[str]:
    """Ids of the rounds that were queued now. One round of a shop at a time: whoever asked, it brings everything."""
    now, queued = clock.now(), []
    with unit_of_work(write=False) as session:
        latest = select(Collection.shop_id, func.max(Collection.created_at)).group_by(Collection.shop_id)
        seen = dict(session.execute(latest).tuples().all())
        due = [shop.id for shop in session.scalars(select(Shop).order_by(Shop.id)) if _is_due(seen.get(shop.id), now)]
    for shop_id in due:
        with unit_of_work() as session:
            take_turn(session, [shop_id])
            shop = session.get_one(Shop, shop_id)
            places = reachable(session, shop)
            if not places or not value_of(session, shop_id, "integrated_orders") or under_way(session, shop_id):
                continue
            row = Collection(
                id=new_id("col"), shop_id=shop_id, markets=[place.market.value for place in places], created_at=now, results={}
            )  # fmt: skip
            session.add(row)
            queued.append(row.id)
    return queued


def reachable(session: Session, shop: Shop) -> list[Linked]:
    """Linked, and somebody is there to talk to."""
    return [place for place in linked(session, shop) if account_at(shop.id, place.market, place.seller)]


def under_way(session: Session, shop_id: str) -> bool:
    query = select(Collection.id).where(Collection.shop_id == shop_id, Collection.state.in_(OPEN))
    return session.scalars(query.limit(1)).first() is not None


def _is_due(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= EVERY
