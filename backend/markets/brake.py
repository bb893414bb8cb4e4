"""One brake for each market of a shop: whoever is told to slow down or gets no answer stops the others there as well."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.actor import pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.feed_models import MarketFeed
from backend.markets.gateway.contract import CredentialsRefused, GatewayError, Throttled
from backend.markets.models import AccountState, MarketAccount

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=30)


def feed_of(session: Session, shop_id: str, market: Market) -> MarketFeed:
    """Made where there was none; locked until the transaction ends. Of two who make the first, one finds the other's."""
    feed = _locked(session, shop_id, market)
    if feed is not None:
        return feed
    made = MarketFeed(id=new_id("fed"), shop_id=shop_id, market=market)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        if (feed := _locked(session, shop_id, market)) is None:
            raise
        return feed
    return made


def _locked(session: Session, shop_id: str, market: Market) -> MarketFeed | None:
    query = select(MarketFeed).where(MarketFeed.shop_id == shop_id, MarketFeed.market == market)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def stop(session: Session, shop_id: str, market: Market, why: GatewayError, source: Source) -> datetime:
    """Until when nothing is asked of it: as long as it said, or as long as it has been failing, within half an hour.

    Credentials that are refused make the account expired; being told to slow down is no failure.
    """
    now = clock.now()
    feed = feed_of(session, shop_id, market)
    feed.version += 1
    feed.last_error = why.code
    if isinstance(why, Throttled):
        feed.retry_at = now + min(max(timedelta(seconds=why.retry_after), timedelta(seconds=1)), LONGEST)
        return feed.retry_at
    feed.failing_since = feed.failing_since or now
    feed.retry_at = now + min(max(now - feed.failing_since, SHORTEST), LONGEST)
    if isinstance(why, CredentialsRefused):
        _account(session, shop_id, market, AccountState.EXPIRED, now, source)
    return feed.retry_at


def go_on(session: Session, shop_id: str, market: Market, source: Source) -> None:
    """It answered."""
    feed = feed_of(session, shop_id, market)
    feed.failing_since, feed.last_error, feed.retry_at = None, None, None
    _account(session, shop_id, market, AccountState.CONNECTED, clock.now(), source)


def _account(session: Session, shop_id: str, market: Market, to: AccountState, now: datetime, source: Source) -> None:
    """The account's state as the market shows it, through the one writer; one that was taken away stays so."""
    query = select(MarketAccount).where(MarketAccount.shop_id == shop_id, MarketAccount.market == market)
    row = session.scalars(query.with_for_update()).one_or_none()
    if row is None or row.state is AccountState.DISCONNECTED:
        return
    row.checked_at = now
    if row.state is to:
        return
    since = now.isoformat() if to is AccountState.EXPIRED else None
    held = row.failing_since.isoformat() if row.failing_since else None
    changes = [Change("market_account", row.id, "state", row.state.value, to.value, row.seller_id)]
    if held != since:
        changes.append(Change("market_account", row.id, "failing_since", held, since, row.seller_id))
    apply(session, pro_actor(shop_id), "market_account.answered", source, changes)
