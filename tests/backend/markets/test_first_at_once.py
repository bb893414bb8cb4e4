"""What a market has one row of is made once, however many workers are the first at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.record import Source
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.markets.brake import feed_of, stop
from backend.markets.codes import Market
from backend.markets.feed_models import MarketFeed
from backend.markets.gateway import tokens
from backend.markets.gateway.contract import Throttled
from backend.shops.models import Shop

MANY = 8


def together(act: Callable[[int], Any]) -> list[Any]:
    gate = threading.Barrier(MANY)

    def go(number: int) -> Any:
        gate.wait()
        return act(number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(go, range(MANY)))


def test_the_first_token(session: Session, shop: Shop) -> None:
    shop_id, until = shop.id, clock.now() + timedelta(hours=1)
    together(lambda n: tokens.keep(shop_id, Market.SMARTSTORE, tokens.Token(f"access {n}", None, until)))
    kept = tokens.kept(shop_id, Market.SMARTSTORE)
    assert kept is not None and kept.access.startswith("access ") and kept.lives()


def test_the_first_row_of_a_feed(session: Session, shop: Shop) -> None:
    shop_id = shop.id

    def met(_: int) -> str:
        with unit_of_work() as own:
            return feed_of(own, shop_id, Market.COUPANG).id

    assert len(set(together(met))) == 1
    session.rollback()
    assert session.scalar(select(func.count()).select_from(MarketFeed)) == 1


def test_the_first_brake_is_everybodys(session: Session, shop: Shop) -> None:
    shop_id = shop.id

    def throttled(number: int) -> None:
        with unit_of_work() as own:
            stop(own, shop_id, Market.COUPANG, Throttled(5.0), Source("market_command", f"mcd_{number}", "throttled"))

    together(throttled)
    session.rollback()
    feed = session.scalars(select(MarketFeed)).one()
    assert (feed.last_error, feed.retry_at) == ("throttled", clock.now() + timedelta(seconds=5))
    assert feed.version == 1 + MANY
