"""The markets of the replayed weeks: what was exported then was taken, under a number that follows from the product."""

from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.markets import listed
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.gateway.contract import Sent
from backend.markets.models import Listing


def take_exports(session: Session) -> None:
    """Every listing that waits for its market's word gets it."""
    query = select(MarketCommand).where(
        MarketCommand.kind == CommandKind.LISTING, MarketCommand.state == CommandState.QUEUED
    )
    for word in session.scalars(query.order_by(MarketCommand.id)).all():
        listing = session.get_one(Listing, word.subject_id)
        dice = Random(f"{listing.shop_id} {listing.market.value} {listing.seller_code}")
        number = listing.market_product_no or str(dice.randrange(10**9, 10**10))
        word.state, word.attempts, word.sent_at = CommandState.SENT, 1, clock.now()
        session.flush()
        listed.answered(session, word, Sent(result={"product_no": number}))
