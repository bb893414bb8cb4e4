"""A listing and its market say the same: what becomes of the one is told to the other, whoever changed it.

Putting a product on a market is told until the market answers; its number is written with that answer. Taking the listing
back withdraws what was never sent, and ends the sale of what was, or may have been.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change, Effect
from backend.inventory.models import StockItem
from backend.markets import listing_words, outbox
from backend.markets.announce import announce_stock
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.gateway.contract import NotUnderstood, Sent, Unreachable
from backend.markets.gateway.registry import has_gateway
from backend.markets.models import Listing, ListingState

L, S = ListingState, CommandState
UNSENT = (S.QUEUED, S.FAILED)
#: after these nobody knows whether the market did it
UNKNOWN = frozenset({Unreachable.code, NotUnderstood.code})


def follow(session: Session, _: Actor, listing: Listing, change: Change) -> None:
    """In the transaction that writes the listing; only where the market can be talked to."""
    if not has_gateway(listing.market):
        return
    if change.op == "create":
        if listing.state is L.EXPORTING:
            _put_on_sale(session, listing, 1)
    elif change.field == "state" and listing.state is L.WITHDRAWN:
        _take_off(session, listing)
    elif change.field == "state" and change.before == L.WITHDRAWN.value:
        _put_on_sale(session, listing, listing.version)


def undo_effect(listing: Listing) -> Effect | None:
    if not has_gateway(listing.market) or listing.state is L.WITHDRAWN:
        return None
    return Effect("listing_sale_ends" if listing.state is L.ON_MARKET else "listing_not_sent", {"count": 1})


def _put_on_sale(session: Session, listing: Listing, version: int) -> None:
    said = listing_words.on_sale(session, listing)
    outbox.tell(
        session,
        listing.shop_id,
        listing.market,
        CommandKind.LISTING,
        listing.id,
        said,
        f"listing:{listing.id}:{version}",
    )


def _take_off(session: Session, listing: Listing) -> None:
    newest = newest_word(session, listing)
    waits = newest is not None and newest.state in UNSENT
    if newest and waits:
        mine = (MarketCommand.shop_id == listing.shop_id, MarketCommand.kind == CommandKind.LISTING)
        session.execute(
            update(MarketCommand)
            .where(*mine, MarketCommand.subject_id == listing.id, MarketCommand.state.in_(UNSENT))
            .values(state=S.REPLACED, version=MarketCommand.version + 1)
            .execution_options(synchronize_session="fetch")
        )
        if listing.market_product_no is None and newest.error not in UNKNOWN:
            return  # the market has never heard of it
    said = listing_words.off_sale(session, listing, listing.product_id)
    outbox.tell(
        session, listing.shop_id, listing.market, CommandKind.LISTING, listing.id, said,
        f"listing:{listing.id}:{listing.version}",
    )  # fmt: skip


def newest_word(session: Session, listing: Listing) -> MarketCommand | None:
    """The last that the market was told, or is to be told, of this listing."""
    query = select(MarketCommand).where(
        MarketCommand.shop_id == listing.shop_id, MarketCommand.kind == CommandKind.LISTING,
        MarketCommand.subject_id == listing.id, MarketCommand.state != S.REPLACED,
    )  # fmt: skip
    return session.scalars(query.order_by(MarketCommand.created_at.desc(), MarketCommand.id.desc()).limit(1)).first()


def refresh(session: Session, command: MarketCommand) -> None:
    """As the product is now: what a merchant put right since a refusal is told with the next try, and a number that the
    market gave since is used."""
    listing = session.get(Listing, command.subject_id)
    if listing is None or listing.shop_id != command.shop_id:
        return
    if command.payload.get("selling", True) and listing.product_id is not None:
        command.payload = listing_words.on_sale(session, listing)
    else:
        command.payload = {**command.payload, "product_no": listing.market_product_no}


def answered(session: Session, command: MarketCommand, told: Sent) -> None:
    """Its number, and that it stands there; the market then hears how many of each option there are."""
    listing = session.get(Listing, command.subject_id)
    if listing is None or listing.shop_id != command.shop_id:
        return
    number = (told.result or {}).get("product_no")
    changes = []
    if number and listing.market_product_no != str(number):
        changes.append(Change(
            "listing", listing.id, "market_product_no", listing.market_product_no, str(number), listing.title
        ))  # fmt: skip
    if command.payload.get("selling", True) and listing.state is L.EXPORTING:
        changes.append(Change("listing", listing.id, "state", L.EXPORTING.value, L.ON_MARKET.value, listing.title))
    if not changes:
        return
    actor = pro_actor(listing.shop_id)
    apply(session, actor, "listing.answered", Source("market_command", command.id), changes)
    if listing.state is L.ON_MARKET and listing.product_id is not None:
        of_product = (StockItem.shop_id == listing.shop_id, StockItem.product_id == listing.product_id)
        announce_stock(session, listing.shop_id, list(session.scalars(select(StockItem.id).where(*of_product))))
