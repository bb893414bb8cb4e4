"""Collects what buyers asked on each market and nobody answered, every few minutes; the same again changes nothing.

A market that will not tell (an app without the right to read questions) is asked again in the next round and stops nothing
else: whether its credentials still hold is for the orders' round to find out. Being told to slow down counts for both.
"""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.record import Source
from backend.db.engine import unit_of_work
from backend.inquiries.take_in import take_in_questions
from backend.kit import clock
from backend.markets import brake
from backend.markets.codes import Market
from backend.markets.collect_due import reachable
from backend.markets.feed_models import MarketFeed
from backend.markets.gateway.contract import GatewayError, Throttled
from backend.markets.gateway.registry import gateway_for
from backend.shops.models import Shop

LOOK_BACK = timedelta(days=6)
log = logging.getLogger(__name__)


def collect_questions() -> int:
    """One round over every market that can be asked and whose brake is off; how many questions were new."""
    with unit_of_work(write=False) as session:
        places = [
            (shop.id, place.market, place.seller)
            for shop in session.scalars(select(Shop).order_by(Shop.id))
            for place in reachable(session, shop)
            if not _rests(session, shop.id, place.market)
        ]
    return sum(_ask(*place) for place in places)


def _ask(shop_id: str, market: Market, seller: str) -> int:
    gateway = gateway_for(shop_id, market, seller)
    if gateway is None:
        return 0
    try:
        asked = gateway.questions(clock.now() - LOOK_BACK)
    except GatewayError as why:
        log.warning("questions from %s for %s: %s", market.value, shop_id, why)
        if isinstance(why, Throttled):
            with unit_of_work() as session:
                brake.stop(session, shop_id, market, why, Source("questions", f"{shop_id}/{market.value}", why.code))
        return 0
    finally:
        gateway.close()
    if not asked:
        return 0
    with unit_of_work() as session:
        return take_in_questions(session, shop_id, market, asked)


def _rests(session: Session, shop_id: str, market: Market) -> bool:
    query = select(MarketFeed.retry_at).where(MarketFeed.shop_id == shop_id, MarketFeed.market == market)
    until = session.scalar(query)
    return until is not None and until > clock.now()
