"""Search tags out of a product's own words: no spaces, no symbols, nothing the market tags by itself."""

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from backend.markets.categories import Category, filters_for
from backend.markets.limits import TagLimits
from backend.markets.models import Listing
from backend.markets.promotion import is_promotion
from backend.operations.catalogue.smartstore_seo.morphemes import nouns
from backend.products.models import Product

_SYMBOLS = re.compile(r"[^0-9A-Za-z가-힣]+")


class TagRules(Protocol):
    """`tag_attributes` are the attributes, and filters of that name, that make good tags: not sizes and amounts."""

    @property
    def min_tag_length(self) -> int: ...

    @property
    def tag_attributes(self) -> tuple[str, ...]: ...


def valid_tags(tags: Iterable[str], limits: TagLimits, min_length: int) -> list[str]:
    """Those the market accepts, each once, at most as many as it takes."""
    first: dict[str, str] = {}
    for tag in tags:
        if limits.valid(tag) and len(tag) >= min_length and not is_promotion(tag):
            first.setdefault(tag.casefold(), tag)
    return list(first.values())[: limits.max_count]


def better_tags(
    listing: Listing, product: Product, category: Category | None, limits: TagLimits, rules: TagRules
) -> list[str]:
    """The listing's own tags when they are right; otherwise its right ones, filled up from the product."""
    kept = valid_tags(listing.tags, limits, rules.min_tag_length)
    if kept and kept == list(listing.tags):
        return kept
    tagged_by_market = {_plain(product.brand or "").casefold(), *_category_words(category)}
    fresh = [tag for tag in _candidates(listing, product, category, rules) if tag.casefold() not in tagged_by_market]
    return valid_tags([*kept, *fresh], limits, rules.min_tag_length)


def _candidates(listing: Listing, product: Product, category: Category | None, rules: TagRules) -> Iterator[str]:
    """Whole words of the name, facts joined with the thing itself (울가디건), then single nouns."""
    words = [word for word in listing.title.split() if "".join(nouns(word)) == word and _speaks(word)]
    thing = words[-1] if words else ""
    yield from words
    facts = list(_facts(product, category, rules))
    for fact in facts:
        if thing and not thing.startswith(fact):
            yield fact + thing
    for word in listing.title.split():
        yield from filter(_speaks, nouns(word))
    for part in reversed(product.category.split(">")):
        yield from filter(_speaks, nouns(part.strip()))
    yield from filter(_speaks, facts)


def _facts(product: Product, category: Category | None, rules: TagRules) -> Iterator[str]:
    """What the attributes say, in the market's own words first (검정 -> 블랙), then in the merchant's."""
    if category:
        for name, value in filters_for(category, product.attributes).items():
            if name in rules.tag_attributes:
                yield from map(_plain, value if isinstance(value, list) else [value])
    for key in rules.tag_attributes:
        said = product.attributes.get(key)
        for text in said if isinstance(said, list) else [said]:
            yield from filter(_speaks, nouns(str(text))) if text else ()


def _speaks(word: str) -> bool:
    """A word people search by: two syllables or three Latin letters, no measure such as 200ml."""
    return re.fullmatch(r"[가-힣A-Za-z]*[가-힣]{2}[가-힣A-Za-z]*|[A-Za-z]{3,}", word) is not None


def _category_words(category: Category | None) -> set[str]:
    """SmartStore tags the category's name by itself."""
    return {word.casefold() for word in re.split(r"[/\s]", category.path[-1])} if category else set()


def _plain(text: str) -> str:
    return _SYMBOLS.sub("", text)
