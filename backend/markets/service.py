"""Which markets a shop sells on and whether they answer."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.hosting import ImageHosting, hostings
from backend.markets.models import AccountState, Listing, ListingState, MarketAccount
from backend.markets.schemas import ImageHostingOut, MarketOut


def account(session: Session, shop_id: str, market: Market) -> MarketAccount | None:
    return session.scalars(
        select(MarketAccount).where(MarketAccount.shop_id == shop_id, MarketAccount.market == market)
    ).one_or_none()


def state_of(found: MarketAccount | None) -> AccountState:
    """A connected account whose credentials ran out is expired, even before the market refused them."""
    if found is None:
        return AccountState.DISCONNECTED
    until = found.credentials_until
    if found.state is AccountState.CONNECTED and until is not None and until <= clock.now():
        return AccountState.EXPIRED
    return found.state


def markets_of(session: Session, shop_id: str) -> list[MarketOut]:
    """All open markets in their usual order, linked or not."""
    accounts = {
        found.market: found for found in session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop_id))
    }
    shown = (Listing.shop_id == shop_id, Listing.state == ListingState.ON_MARKET)
    counted = session.execute(
        select(Listing.market, func.count(Listing.product_id), func.count()).where(*shown).group_by(Listing.market)
    )
    listings = {market: (linked, every - linked) for market, linked, every in counted.tuples()}
    sent = (Listing.shop_id == shop_id, Listing.state == ListingState.EXPORTING)
    exporting = select(Listing.market, func.count()).where(*sent).group_by(Listing.market)
    on_their_way = dict(session.execute(exporting).tuples().all())
    granted = hostings(session, shop_id)
    return [
        _market_out(market, accounts.get(market), listings.get(market, (0, 0)), granted.get(market)).model_copy(
            update={"exporting": on_their_way.get(market, 0)}
        )
        for market in OPEN_MARKETS
    ]


def _market_out(
    market: Market, found: MarketAccount | None, listings: tuple[int, int], hosting: ImageHosting | None
) -> MarketOut:
    return MarketOut(
        market=market,
        seller_id=found.seller_id if found else None,
        state=state_of(found),
        credentials_until=found.credentials_until if found else None,
        failing_since=found.failing_since if found else None,
        checked_at=found.checked_at if found else None,
        listings=listings[0],
        unlinked=listings[1],
        image_hosting=ImageHostingOut.model_validate(hosting) if hosting else None,
    )
