"""A market that stops answering, told once with everything it stops, and once more when it answers again."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.operations import gate
from backend.operations.models import MarketOutage
from backend.operations.notices import notify
from backend.operations.scope import all_units
from backend.operations.shop_facts import ShopFacts
from backend.shops.models import Shop


def is_known(session: Session, shop_id: str, market: Market | None) -> bool:
    """Whether the merchant was told already that this market does not answer."""
    key = _key(shop_id, market)
    return session.scalar(select(MarketOutage.id).where(MarketOutage.open_key == key)) is not None


def begin(session: Session, shop: Shop, market: Market, now: datetime) -> None:
    """Tell it, unless it is known."""
    if is_known(session, shop.id, market):
        return
    facts = ShopFacts(session, shop, now)
    account = facts.account(market)
    stopped = [unit.operation for unit in all_units() if unit.market is market and not gate.held(session, facts, unit)]
    outage = MarketOutage(
        id=new_id("out"), shop_id=shop.id, market=market, operations=stopped,
        began_at=(account.failing_since if account else None) or now, open_key=_key(shop.id, market),
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(outage)
    except IntegrityError:  # another worker told it at the same moment
        return
    _tell(session, shop, "market_silent", outage)


def end_passed(session: Session, shop: Shop, now: datetime) -> list[MarketOutage]:
    """Those whose market answers; one whose account was taken away ends without a word."""
    ended = []
    for outage, state in session.execute(_over().where(MarketOutage.shop_id == shop.id)).tuples():
        outage.ended_at, outage.open_key = now, None
        if state is AccountState.CONNECTED:
            _tell(session, shop, "market_answers", outage)
        ended.append(outage)
    session.flush()
    return ended


def shops_with_passed(session: Session) -> list[str]:
    return [outage.shop_id for outage, _ in session.execute(_over()).tuples()]


def _over() -> Select[MarketOutage, AccountState]:
    """Open ones with their account's state: it answers as soon as it takes us, not when it refuses our credentials."""
    return (
        select(MarketOutage, MarketAccount.state)
        .join(
            MarketAccount,
            (MarketAccount.shop_id == MarketOutage.shop_id) & (MarketAccount.market == MarketOutage.market),
        )
        .where(MarketOutage.open_key.is_not(None))
        .where(MarketAccount.state.in_((AccountState.CONNECTED, AccountState.DISCONNECTED)))
        .order_by(MarketOutage.id)
    )


def _tell(session: Session, shop: Shop, code: str, outage: MarketOutage) -> None:
    notify(session, shop, code, {
        "market": outage.market.value, "operations": outage.operations, "since": outage.began_at.isoformat(),
    })  # fmt: skip


def _key(shop_id: str, market: Market | None) -> str:
    return f"{shop_id}:{market.value if market else '-'}"
