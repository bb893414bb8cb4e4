"""A product of the own mall as a new listing, with a name the market accepts."""

from typing import Any

from backend.markets.categories import category_of
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import ListingState
from backend.markets.shown import WITH_CATEGORIES
from backend.operations.catalogue.product_name.improve import ProductFacts, improve
from backend.products.models import Product


def listing_columns(product: Product, market: Market) -> dict[str, Any]:
    """The new row, which the market is told of; its price follows the own mall's, its number is the market's to give."""
    facts = ProductFacts(product.brand, product.category, product.attributes)
    return {
        "product_id": product.id, "market": market.value, "state": ListingState.EXPORTING.value,
        "market_product_no": None, "seller_code": product.code, "price": None,
        "title": improve(product.name, facts, limits_of(market).title).title,
        "category_code": category_code(product, market),
    }  # fmt: skip


def category_code(product: Product, market: Market) -> str | None:
    """None where our lists hold none that fits, or no list of that market."""
    if market not in WITH_CATEGORIES:
        return None
    category = category_of(product.category, product.name, market)
    return category.code if category else None


def fits(title: str, market: Market) -> bool:
    """A name of which nothing was left that the market takes is not sent."""
    limits = limits_of(market).title
    return bool(title.strip()) and limits.length(title) <= limits.max and all(map(limits.accepts, title))
