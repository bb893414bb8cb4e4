"""What a listing's field should hold instead, and why; category and filters are improved alike on every market."""

import dataclasses
from typing import Any

from backend.markets.categories import Category, category_by_code, category_of, filter_accepts, filters_for
from backend.markets.models import Listing
from backend.products.models import Product


@dataclasses.dataclass(frozen=True)
class Better:
    """One field's new value and why; with `after` equal to `before` only a person can mend it, so it is told, not written.

    Several may be about one field: then all of them hold the same `after`.
    """

    field: str
    before: Any
    after: Any
    code: str
    evidence: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return bool(self.after != self.before)


def category_for(listing: Listing, product: Product) -> Category | None:
    """The category the listing has, or should get when it has none; None for a code of the market's own we do not know."""
    if listing.category_code:
        return category_by_code(listing.category_code, listing.market)
    return category_of(product.category, product.name, listing.market)


def better_category(listing: Listing, category: Category | None) -> list[Better]:
    if category is None or listing.category_code:
        return []
    return [
        Better("category_code", listing.category_code, category.code, "category_missing", {"category": category.name})
    ]


def better_filters(listing: Listing, product: Product, category: Category | None) -> list[Better]:
    """Filters the category does not take leave, those the attributes answer are added; the merchant's right ones stay."""
    if category is None:
        return []
    facts = filters_for(category, product.attributes, listing.market)
    invalid = {k: v for k, v in listing.filters.items() if not filter_accepts(category, k, v, listing.market)}
    kept = {k: v for k, v in listing.filters.items() if k not in invalid}
    missing = {k: v for k, v in facts.items() if k not in kept}
    after = {**kept, **missing}
    if after == listing.filters:
        return []
    if invalid:
        return [Better("filters", listing.filters, after, "filters_invalid", {"filters": invalid})]
    return [Better("filters", listing.filters, after, "filters_missing", {"filters": missing})]
