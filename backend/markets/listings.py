"""What a shop has on the markets, and what each market said of it."""

from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.feed_models import CommandState, MarketCommand
from backend.markets.listed import newest_word
from backend.markets.models import Listing, ListingState
from backend.markets.schemas import ListingOut, ListingPage
from backend.products.models import Product

Word = Literal["waiting", "refused", "listed", "ended"]


def listings_of(
    session: Session, shop_id: str, market: Market | None, state: ListingState | None, limit: int, offset: int
) -> ListingPage:
    """By market and title."""
    mine = [Listing.shop_id == shop_id]
    mine += [Listing.market == market] if market else []
    mine += [Listing.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(Listing).where(*mine)) or 0
    query = (
        select(Listing, Product.name)
        .outerjoin(Product, Product.id == Listing.product_id)
        .where(*mine)
        .order_by(Listing.market, Listing.title, Listing.id)
        .limit(limit)
        .offset(offset)
    )
    items = [_out(session, listing, product) for listing, product in session.execute(query).tuples()]
    return ListingPage(items=items, total=total, limit=limit, offset=offset)


def _out(session: Session, listing: Listing, product: str | None) -> ListingOut:
    said = newest_word(session, listing)
    return ListingOut(
        id=listing.id, market=listing.market, state=listing.state, product_id=listing.product_id, product=product,
        title=listing.title, market_product_no=listing.market_product_no, seller_code=listing.seller_code,
        word=_word(listing, said), command_id=said.id if said else None, command_state=said.state if said else None,
        error=said.error if said else None,
    )  # fmt: skip


def _word(listing: Listing, said: MarketCommand | None) -> Word:
    if said is not None and said.state is CommandState.FAILED:
        return "refused"
    if listing.state is ListingState.EXPORTING:
        return "waiting"
    return "listed" if listing.state is ListingState.ON_MARKET else "ended"
