"""What a SmartStore listing's search fields should hold: only what is missing or breaks a limit is written."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.markets.better import Better, better_category, better_filters, category_for
from backend.markets.categories import Category
from backend.markets.limits import MarketLimits
from backend.markets.models import Listing
from backend.markets.promotion import promotion_in
from backend.markets.search_words import valid_words
from backend.operations.catalogue.smartstore_seo.page import page_description, page_title
from backend.operations.catalogue.smartstore_seo.tags import better_tags
from backend.products.models import Product


class Rules(BaseModel):
    model_config = ConfigDict(extra="forbid")

    min_tag_length: int
    tag_attributes: tuple[str, ...]
    separator: str
    fact_separator: str


def improve(listing: Listing, product: Product, limits: MarketLimits, rules: Rules) -> list[Better]:
    """In the order category, filters, page title, description, tags; empty when everything is right."""
    category = category_for(listing, product)
    found = better_category(listing, category) + better_filters(listing, product, category)
    found += _page(listing, product, limits, rules)
    found += _tags(listing, product, category, limits, rules)
    return [better for better in found if better.writes]


def _page(listing: Listing, product: Product, limits: MarketLimits, rules: Rules) -> list[Better]:
    assert limits.page is not None
    fields = (
        ("page_title", listing.page_title, limits.page.title_max, page_title, rules.separator),
        (
            "page_description",
            listing.page_description,
            limits.page.description_max,
            page_description,
            rules.fact_separator,
        ),
    )
    found = []
    for field, before, most, write, separator in fields:
        broken = _broken(field, before or "", most)
        if broken is not None:
            code, evidence = broken
            after = write(product, listing.title, separator, most) or before
            found.append(Better(field, before, after, code, evidence))
    return found


def _broken(field: str, text: str, most: int) -> tuple[str, dict[str, Any]] | None:
    if not text.strip():
        return f"{field}_missing", {}
    if len(text) > most:
        return f"{field}_too_long", {"length": len(text), "limit": most}
    if words := promotion_in(text):
        return "page_words_forbidden", {"field": field, "words": words}
    return None


def _tags(
    listing: Listing, product: Product, category: Category | None, limits: MarketLimits, rules: Rules
) -> list[Better]:
    assert limits.tags is not None
    before = list(listing.tags)
    after = better_tags(listing, product, category, limits.tags, rules.min_tag_length, rules.tag_attributes)
    if not before:
        return [Better("tags", before, after, "tags_missing", {"count": len(after)})]
    right = valid_words(before, limits.tags, rules.min_tag_length)
    wrong = [tag for tag in before if tag not in right] or before[limits.tags.max_count :]
    return [Better("tags", before, after, "tags_invalid", {"tags": wrong})]
