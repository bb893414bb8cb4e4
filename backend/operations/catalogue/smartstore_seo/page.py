"""Page title and description out of a product's facts, joined, never worded."""

from typing import Any

from backend.kit.hangul import compact
from backend.markets.promotion import tidy
from backend.products.models import Product


def page_title(product: Product, title: str, separator: str, limit: int) -> str:
    """Brand and name, then the product's category path from the near end while it fits."""
    name = tidy(title) or tidy(product.name)
    brand = tidy(product.brand or "")
    text = name if not brand or compact(brand) in compact(name) else f"{brand} {name}"
    for part in reversed([tidy(part) for part in product.category.split(">")]):
        longer = f"{text}{separator}{part}"
        if part and compact(part) not in compact(text) and len(longer) <= limit:
            text = longer
    return _shorten(text, limit)


def page_description(product: Product, title: str, separator: str, limit: int) -> str:
    """Name, category and facts in the order the merchant keeps them; whole facts only."""
    name = tidy(title) or tidy(product.name)
    brand = tidy(product.brand or "")
    text = _shorten(name if not brand or compact(brand) in compact(name) else f"{brand} {name}", limit)
    facts = [tidy(product.category.rsplit(">", 1)[-1])]
    facts += [tidy(f"{key} {_spoken(value)}") for key, value in product.attributes.items() if _spoken(value)]
    for fact in facts:
        longer = f"{text}{separator}{fact}"
        if fact and compact(fact) not in compact(text) and len(longer) <= limit:
            text = longer
    return text


def _spoken(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    whole_words = text[: limit + 1].rsplit(" ", 1)[0]
    return whole_words if len(whole_words) <= limit else text[:limit].rstrip()
