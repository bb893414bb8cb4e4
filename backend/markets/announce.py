"""Tells the markets how many may be sold, by the shop's basis (source: 002, 마켓 재고 전송기준), and only where it differs.

Called for items whose stock or promises moved (`announced.py`); with the basis "mall quantity" nothing of the room's moves is told, and the own
mall itself is never told what it says. A newer number replaces one that waits, so that a burst is one word.
"""

from collections.abc import Collection as Some
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.labels import quantity_by
from backend.inventory.models import StockItem
from backend.inventory_settings.catalogue import MarketStockBasis
from backend.inventory_settings.read import values_of
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.gateway.registry import has_gateway
from backend.markets.models import Listing, ListingState
from backend.markets.outbox import tell
from backend.products.models import Product

UNLIMITED = 99_999  # what a market is told where nothing limits it
UNSENT_OR_SENT = (CommandState.QUEUED, CommandState.SENDING, CommandState.SENT)
AT_ONCE = 500


def announce_stock(session: Session, shop_id: str, item_ids: Some[str]) -> int:
    """How many words were queued."""
    settings = values_of(session, shop_id, "market_stock_basis", "market_stock_arbitrary")
    told = 0
    ids = sorted(set(item_ids))
    for start in range(0, len(ids), AT_ONCE):
        items = {item.id: item for item in session.scalars(
            select(StockItem).where(StockItem.shop_id == shop_id, StockItem.id.in_(ids[start : start + AT_ONCE]))
            .execution_options(populate_existing=True)
        )}  # fmt: skip
        places = _places(session, shop_id, items, mall=settings["market_stock_basis"] is not MarketStockBasis.MALL)
        last = _last_told(session, shop_id, [subject for _, subject, _, _ in places])
        for market, subject, product_no, item in places:
            limit = quantity_by(settings, item)
            quantity = UNLIMITED if limit is None else limit
            if last.get((market, subject)) == quantity:
                continue
            key = f"stock:{market.value}:{subject}:{item.version}:{quantity}"
            payload = {"product_no": product_no, "item_code": item.code, "quantity": quantity}
            known = tell(session, shop_id, market, CommandKind.STOCK, subject, payload, key)
            if known.state is CommandState.REPLACED:  # the number came back before it was sent
                known.state = CommandState.QUEUED
            told += 1
    session.flush()
    return told


def _places(
    session: Session, shop_id: str, items: dict[str, StockItem], *, mall: bool
) -> list[tuple[Market, str, str, StockItem]]:
    """Where these items are sold: market, subject, the market's product number, item."""
    by_product: dict[str, list[StockItem]] = {}
    for item in items.values():
        if item.product_id:
            by_product.setdefault(item.product_id, []).append(item)
    listings = session.scalars(
        select(Listing)
        .where(Listing.shop_id == shop_id, Listing.product_id.in_(by_product), Listing.state == ListingState.ON_MARKET)
        .order_by(Listing.id)
    )
    found = [
        (listing.market, f"{listing.id}:{item.id}", listing.market_product_no or "", item)
        for listing in listings
        if has_gateway(listing.market) and listing.product_id
        for item in by_product[listing.product_id]
    ]
    if mall:
        products = session.scalars(select(Product).where(Product.id.in_(by_product)).order_by(Product.id))
        found += [
            (Market.MALL, f"mall:{item.id}", product.code, item)
            for product in products
            for item in by_product[product.id]
        ]
    return found


def _last_told(session: Session, shop_id: str, subjects: list[str]) -> dict[tuple[Market, str], Any]:
    """The number each was told last, or is about to be."""
    found: dict[tuple[Market, str], Any] = {}
    for start in range(0, len(subjects), AT_ONCE):
        query = (
            select(MarketCommand.market, MarketCommand.subject_id, MarketCommand.payload)
            .where(
                MarketCommand.shop_id == shop_id, MarketCommand.kind == CommandKind.STOCK,
                MarketCommand.subject_id.in_(subjects[start : start + AT_ONCE]), MarketCommand.state.in_(UNSENT_OR_SENT),
            )
            .order_by(MarketCommand.created_at, MarketCommand.id)
        )  # fmt: skip
        for market, subject, payload in session.execute(query).tuples():
            found[(market, subject)] = payload.get("quantity")
    return found
