"""Words people search a product by, out of its own name, category and attributes; nothing is thought up."""

import re
from collections.abc import Iterable, Iterator

from backend.markets.categories import Category, filters_for
from backend.markets.codes import Market
from backend.markets.limits import TagLimits
from backend.markets.morphemes import nouns
from backend.markets.promotion import promotion_spans
from backend.products.models import Product

_SYMBOLS = re.compile(r"[^0-9A-Za-z가-힣]+")


def valid_words(words: Iterable[str], limits: TagLimits, min_length: int) -> list[str]:
    """Those the market accepts, each once whatever its case and spaces, at most as many as it takes."""
    first: dict[str, str] = {}
    for word in words:
        if limits.valid(word) and len(word) >= min_length and not promotion_spans(word.split()):
            first.setdefault(word.casefold().replace(" ", ""), word)
    return list(first.values())[: limits.max_count]


def words_of(
    title: str, product: Product, category: Category | None, market: Market, attributes: tuple[str, ...]
) -> Iterator[str]:
    """Whole words of the name, facts joined with the thing itself (울가디건), then single nouns.

    `attributes` are those, and the filters of that name, that people search by: not sizes and amounts.
    """
    words = [word for word in title.split() if "".join(nouns(word)) == word and _speaks(word)]
    thing = words[-1] if words else ""
    yield from words
    facts = list(_facts(product, category, market, attributes))
    for fact in facts:
        if thing and not thing.startswith(fact):
            yield fact + thing
    for word in title.split():
        yield from filter(_speaks, nouns(word))
    for part in reversed(product.category.split(">")):
        yield from filter(_speaks, nouns(part.strip()))
    yield from filter(_speaks, facts)


def plain(text: str) -> str:
    """Letters and digits alone."""
    return _SYMBOLS.sub("", text)


def _facts(product: Product, category: Category | None, market: Market, attributes: tuple[str, ...]) -> Iterator[str]:
    """What the attributes say, in the market's own words first (검정 -> 블랙), then in the merchant's."""
    if category:
        for name, value in filters_for(category, product.attributes, market).items():
            if name in attributes:
                yield from map(plain, value if isinstance(value, list) else [value])
    for key in attributes:
        said = product.attributes.get(key)
        for text in said if isinstance(said, list) else [said]:
            yield from filter(_speaks, nouns(str(text))) if text else ()


def _speaks(word: str) -> bool:
    """A word people search by: two syllables or three Latin letters, no measure such as 200ml."""
    return re.fullmatch(r"[가-힣A-Za-z]*[가-힣]{2}[가-힣A-Za-z]*|[A-Za-z]{3,}", word) is not None
