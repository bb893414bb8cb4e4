"""Rounds and words for tests: queued as the product queues them, and workers that die where the test says."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets import outbox
from backend.markets.codes import Market
from backend.markets.collect import collect
from backend.markets.feed_models import Collection, CollectionState, CommandKind, MarketCommand, MarketFeed
from backend.markets.send import send_due
from backend.orders.models import Order, OrderLine
from tests.backend.conftest import NOW
from tests.backend.markets.conftest import LINKED, Sandbox


class Killed(BaseException):
    """The worker's process is gone."""


def dies_at(step: str, time: int = 1) -> Callable[[str], None]:
    seen: Counter[str] = Counter()

    def at(name: str) -> None:
        seen[name] += 1
        if name == step and seen[name] == time:
            raise Killed(name)

    return at


@contextmanager
def later(sandbox: Sandbox, by: timedelta) -> Iterator[datetime]:
    """Both clocks further on."""
    at = clock.now() + by
    with clock.frozen(at):
        sandbox.time(at)
        yield at
    sandbox.time(clock.now())


def new_round(markets: tuple[Market, ...] = LINKED, shop_id: str = "shop_oneul", **more: Any) -> str:
    with unit_of_work() as session:
        row = Collection(
            id=new_id("col"), shop_id=shop_id, markets=[market.value for market in markets], created_at=clock.now(), results={},
            **more,
        )  # fmt: skip
        session.add(row)
        return row.id


def carried_out(collection_id: str, waits: list[float] | None = None, **more: Any) -> CollectionState | None:
    return collect(collection_id, wait=(waits if waits is not None else []).append, **more)


def results(collection_id: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return dict(session.get_one(Collection, collection_id).results)


def order_numbers(shop_id: str = "shop_oneul") -> Counter[tuple[Market, str]]:
    with unit_of_work(write=False) as session:
        rows = session.execute(select(Order.market, Order.market_order_no).where(Order.shop_id == shop_id))
        return Counter((market, number or "") for market, number in rows.tuples())


def lines_count() -> int:
    with unit_of_work(write=False) as session:
        return session.scalar(select(func.count()).select_from(OrderLine)) or 0


def feed(market: Market, shop_id: str = "shop_oneul") -> MarketFeed:
    with unit_of_work(write=False) as session:
        return session.scalars(
            select(MarketFeed).where(MarketFeed.shop_id == shop_id, MarketFeed.market == market)
        ).one()


def say(
    market: Market,
    kind: CommandKind,
    subject: str,
    payload: dict[str, Any],
    key: str | None = None,
    shop_id: str = "shop_oneul",
) -> str:
    with unit_of_work() as session:
        return outbox.tell(session, shop_id, market, kind, subject, payload, key or f"{kind}:{subject}").id


def ship(sandbox: Sandbox, market: Market, number: str, tracking: str = "123456789012", part: int = 0) -> str:
    """An invoice for one line of that order, written into the outbox."""
    line = sandbox.order(market, number)["lines"][part]["line_no"]
    payload = {"market_order_no": number, "market_line_no": line, "courier": "cj", "tracking_no": tracking}
    return say(market, CommandKind.INVOICE, f"orl_{line}", payload)


def command(command_id: str) -> MarketCommand:
    with unit_of_work(write=False) as session:
        return session.get_one(MarketCommand, command_id)


def sent(at: Callable[[str], None] | None = None) -> Counter[str]:
    return send_due(at) if at else send_due()


__all__ = ["NOW", "Killed"]
