"""What a Coupang listing's search fields should hold: only what is missing or breaks a limit is written."""

from pydantic import BaseModel, ConfigDict

from backend.kit.hangul import compact
from backend.markets.better import Better, better_category, better_filters, category_for
from backend.markets.categories import Category
from backend.markets.codes import Market
from backend.markets.limits import TagLimits
from backend.markets.models import Listing
from backend.markets.search_words import valid_words, words_of
from backend.products.models import Product


class Rules(BaseModel):
    """`keyword_attributes` are attributes, and filters of that name, that people search by."""

    model_config = ConfigDict(extra="forbid")

    min_keyword_length: int
    keyword_attributes: tuple[str, ...]


def improve(listing: Listing, product: Product, limits: TagLimits, rules: Rules) -> list[Better]:
    """In the order category, filters, keywords; empty when everything is right."""
    category = category_for(listing, product)
    found = better_category(listing, category) + better_filters(listing, product, category)
    found += _keywords(listing, product, category, limits, rules)
    return [better for better in found if better.writes]


def _keywords(
    listing: Listing, product: Product, category: Category | None, limits: TagLimits, rules: Rules
) -> list[Better]:
    """The listing's own keywords when they are right; otherwise its right ones, filled up from the product."""
    before = list(listing.keywords)
    right = valid_words(before, limits, rules.min_keyword_length)
    if right and right == before:
        return []
    said = compact(listing.title)
    words = words_of(listing.title, product, category, Market.COUPANG, rules.keyword_attributes)
    # Coupang finds the words of the name anyway, so a keyword that only repeats one is wasted
    fresh = [word for word in words if compact(word) not in said]
    after = valid_words([*right, *fresh], limits, rules.min_keyword_length)
    if not before:
        return [Better("keywords", before, after, "keywords_missing", {"count": len(after)})]
    wrong = [word for word in before if word not in right] or [w for n, w in enumerate(before) if w in before[:n]]
    return [Better("keywords", before, after, "keywords_invalid", {"keywords": wrong or before[limits.max_count :]})]
