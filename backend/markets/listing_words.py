"""What a market is told of a listing: the product as the own mall has it at the moment of telling, and its options."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.labels import quantity_by
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory_settings.read import values_of
from backend.markets.announce import UNLIMITED
from backend.markets.models import Listing
from backend.markets.notices import notice_of
from backend.products.models import Product


def on_sale(session: Session, listing: Listing) -> dict[str, Any]:
    """The whole product, to be put on the market or on sale again; `product_no` None: it has none there yet."""
    product = session.get_one(Product, listing.product_id)
    notice = notice_of(product.category, product.attributes, listing.market)
    return {
        **_known_by(session, listing, product.id), "selling": True, "title": listing.title,
        "price": product.price if listing.price is None else listing.price, "category": listing.category_code,
        "image": listing.image or product.image, "detail": _page(listing) or product.name,
        "notice": {"kind": notice.kind, "told": notice.told}, "brand": product.brand,
    }  # fmt: skip


def off_sale(session: Session, listing: Listing, product_id: str | None) -> dict[str, Any]:
    """`product_id` is the product it had until now."""
    return {**_known_by(session, listing, product_id), "selling": False}


def _known_by(session: Session, listing: Listing, product_id: str | None) -> dict[str, Any]:
    items = _items(session, listing.shop_id, product_id) if product_id else []
    settings = values_of(session, listing.shop_id, "market_stock_basis", "market_stock_arbitrary")
    options = [
        {"code": item.code, "name": item.option_name, "quantity": UNLIMITED if limit is None else limit}
        for item, limit in ((item, quantity_by(settings, item)) for item in items)
    ]
    return {"product_no": listing.market_product_no, "seller_code": listing.seller_code, "options": options}


def _items(session: Session, shop_id: str, product_id: str) -> Sequence[StockItem]:
    query = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.product_id == product_id)
    return session.scalars(query.where(StockItem.state == ItemState.ACTIVE).order_by(StockItem.code)).all()


def _page(listing: Listing) -> str:
    return "\n\n".join(
        "\n".join([str(part.get("title") or ""), *part.get("lines", [])]) for part in listing.detail or []
    )
