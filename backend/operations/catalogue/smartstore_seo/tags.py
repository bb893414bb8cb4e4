"""Search tags out of a product's own words: no spaces, no symbols, nothing the market tags by itself."""

import re

from backend.markets.categories import Category
from backend.markets.codes import Market
from backend.markets.limits import TagLimits
from backend.markets.models import Listing
from backend.markets.search_words import plain, valid_words, words_of
from backend.products.models import Product


def better_tags(
    listing: Listing, product: Product, category: Category | None, limits: TagLimits, min_length: int, attributes: tuple[str, ...]
) -> list[str]:  # fmt: skip
    """The listing's own tags when they are right; otherwise its right ones, filled up from the product."""
    kept = valid_words(listing.tags, limits, min_length)
    if kept and kept == list(listing.tags):
        return kept
    tagged_by_market = {plain(product.brand or "").casefold(), *_category_words(category)}
    words = words_of(listing.title, product, category, Market.SMARTSTORE, attributes)
    fresh = [word for word in words if word.casefold() not in tagged_by_market]
    return valid_words([*kept, *fresh], limits, min_length)


def _category_words(category: Category | None) -> set[str]:
    """SmartStore tags the category's name by itself."""
    return {word.casefold() for word in re.split(r"[/\s]", category.path[-1])} if category else set()
