"""A product of the own mall as a new listing, with a name the market accepts."""

from hashlib import sha256
from typing import Any

from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import ListingState
from backend.operations.catalogue.product_name.improve import ProductFacts, improve
from backend.products.models import Product


def listing_columns(product: Product, market: Market) -> dict[str, Any]:
    """The new row; its price follows the own mall's."""
    facts = ProductFacts(product.brand, product.category, product.attributes)
    return {
        "product_id": product.id, "market": market.value, "state": ListingState.ON_MARKET.value,
        "market_product_no": _number(product, market), "seller_code": product.code, "price": None,
        "title": improve(product.name, facts, limits_of(market).title).title,
    }  # fmt: skip


def fits(title: str, market: Market) -> bool:
    """A name of which nothing was left that the market takes is not sent."""
    limits = limits_of(market).title
    return bool(title.strip()) and limits.length(title) <= limits.max and all(map(limits.accepts, title))


def _number(product: Product, market: Market) -> str:
    """Ten digits that stand for the number the market gives; always the same, so that a preview holds."""
    digest = sha256(f"{product.shop_id} {market.value} {product.id}".encode()).digest()
    return str(10**9 + int.from_bytes(digest[:6]) % (9 * 10**9))
