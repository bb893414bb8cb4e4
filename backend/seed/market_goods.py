"""What the demo shops sell on the market sandbox: written beside the database before the sandbox starts, read by it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.inventory.labels import quantity_by
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory_settings.read import values_of
from backend.kit.ids import new_id
from backend.markets.announce import UNLIMITED
from backend.markets.announced import AnnouncedItem, basis_of
from backend.markets.codes import Market
from backend.markets.gateway.account import NAMES
from backend.markets.models import AccountState, Listing, ListingState, MarketAccount
from backend.products.models import Product, SaleStatus
from backend.seed.description import SHOPS, shop_described
from backend.shops.models import Shop

GOODS_FILE = "markets.json"
Row = dict[str, Any]


def write_goods(var_dir: Path) -> int:
    """Renewed with each start; how many sellers it names. Markets and shops begin with the same numbers in stock."""
    with unit_of_work() as session:
        sellers = [seller for mall_id in SHOPS for seller in _sellers(session, mall_id)]
        for mall_id in SHOPS:
            _agree(session, f"shop_{mall_id}")
    (var_dir / GOODS_FILE).write_text(json.dumps(sellers, ensure_ascii=False), encoding="utf-8")
    return len(sellers)


def _sellers(session: Session, mall_id: str) -> list[Row]:
    shop = session.scalars(select(Shop).where(Shop.mall_id == mall_id)).one_or_none()
    if shop is None:
        return []
    weights = shop_described(mall_id).order_markets
    found = [_seller(Market.MALL, mall_id, weights, _mall_goods(session, shop.id))]
    accounts = session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop.id).order_by(MarketAccount.id))
    for account in accounts:
        if account.market in NAMES and account.state is not AccountState.DISCONNECTED:
            goods = _listed(session, shop.id, account.market)
            refused = account.state is AccountState.EXPIRED  # as the demo's story has it
            found.append({**_seller(account.market, account.seller_id, weights, goods), "refused": refused})
    return found


def _agree(session: Session, shop_id: str) -> None:
    """The numbers in the file are the shop's own: only what moves from here on is announced."""
    known = select(AnnouncedItem.id).where(AnnouncedItem.shop_id == shop_id).limit(1)
    if session.scalars(known).first() is not None:
        return
    basis = basis_of(session, shop_id)
    for item in session.scalars(select(StockItem).where(StockItem.shop_id == shop_id).order_by(StockItem.id)):
        row = AnnouncedItem(
            id=new_id("ann"), shop_id=shop_id, item_id=item.id, item_version=item.version, basis=basis, version=1
        )
        session.add(row)


def _seller(market: Market, seller: str, weights: dict[Market, int], goods: list[Row]) -> Row:
    return {"market": NAMES[market], "seller": seller, "weight": weights.get(market, 0), "goods": goods}


def _mall_goods(session: Session, shop_id: str) -> list[Row]:
    products = session.scalars(select(Product).where(Product.shop_id == shop_id).order_by(Product.code)).all()
    options, offered = _options(session, shop_id), _offered(session, shop_id)
    return [
        row
        for number, product in enumerate(products, 1001)
        for row in _rows(str(number), product, product.name, product.price, options, offered)
    ]


def _listed(session: Session, shop_id: str, market: Market) -> list[Row]:
    options, offered = _options(session, shop_id), _offered(session, shop_id)
    query = (
        select(Listing, Product)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.shop_id == shop_id, Listing.market == market, Listing.state == ListingState.ON_MARKET)
        .order_by(Listing.id)
    )
    return [
        row
        for listing, product in session.execute(query).tuples()
        for row in _rows(
            listing.market_product_no or "", product, listing.title, listing.price or product.price, options, offered
        )
    ]


def _options(session: Session, shop_id: str) -> dict[str | None, list[StockItem]]:
    found: dict[str | None, list[StockItem]] = {}
    query = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)
    for item in session.scalars(query.order_by(StockItem.code)):
        found.setdefault(item.product_id, []).append(item)
    return found


def _offered(session: Session, shop_id: str) -> Callable[[StockItem], int]:
    settings = values_of(session, shop_id, "market_stock_basis", "market_stock_arbitrary")

    def quantity(item: StockItem) -> int:
        limit = quantity_by(settings, item)
        return UNLIMITED if limit is None else limit

    return quantity


def _rows(
    number: str, product: Product, name: str, price: int, options: dict[str | None, list[StockItem]],
    offered: Callable[[StockItem], int],
) -> list[Row]:  # fmt: skip
    """One for each option that is counted; a product without any is one itself. Nobody orders what is not on sale."""
    items = options.get(product.id) or []
    off = product.status is not SaleStatus.ON_SALE
    if not items:
        return [{"product_no": number, "code": product.code, "name": name, "option": None, "price": price, "off": off}]
    return [
        {
            "product_no": number, "code": item.code, "name": name, "option": item.option_name, "price": price,
            "variant": f"{number}{part:02}", "quantity": offered(item), "off": off or offered(item) <= 0,
        }
        for part, item in enumerate(items, 1)
    ]  # fmt: skip
