"""Product names made comparable across markets: without brand, brackets, promotion words and spaces."""

import re
from dataclasses import dataclass

from backend.kit.jamo import best_matches, compact
from backend.markets.limits import TitleLimits
from backend.operations.catalogue.product_name.words import clean

_TELLING = 2  # words
_EXACT = re.compile(r"\d+(?:\.\d+)?|[a-z]+")


@dataclass(frozen=True)
class Comparable:
    """`exact` (numbers, Latin words: sizes, amounts, models) must be the same, however alike the rest is."""

    text: str
    words: tuple[str, ...]
    exact: tuple[str, ...]


def comparable(name: str, brand: str | None, limits: TitleLimits) -> Comparable:
    """Each word once; the brand's own words are dropped unless nothing else is left."""
    branded = {token.casefold() for token in clean(brand, limits).tokens} if brand else set()
    tokens = clean(name, limits).tokens
    bare = [compact(token) for token in tokens if token.casefold() not in branded] or [
        compact(token) for token in tokens
    ]
    text = "".join(bare)
    return Comparable(text, tuple(sorted(filter(None, bare))), tuple(sorted(_EXACT.findall(text))))


def alike(wanted: Comparable, others: dict[Comparable, list[str]], cutoff: float) -> list[tuple[str, float]]:
    """Ids under `others` with their likeness (0 to 1), best first, none below `cutoff`.

    The same words in any order are 1; a name that holds all words of the other is at least `cutoff`.
    """
    if not wanted.text:
        return []
    close = {other.text for other in others if other.exact == wanted.exact and other.text}
    likeness = dict(best_matches(wanted.text, close, len(close), cutoff))
    found = []
    for other, ids in others.items():
        score = likeness.get(other.text, 0.0) if other.exact == wanted.exact else 0.0
        if other.words == wanted.words:
            score = 1.0
        elif score < cutoff and _holds(wanted, other):
            score = cutoff
        found += [(one, score) for one in ids if score >= cutoff]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _holds(one: Comparable, other: Comparable) -> bool:
    """A single word names a kind of thing, not a thing."""
    smaller, larger = sorted((set(one.words), set(other.words)), key=len)
    return len(smaller) >= _TELLING and smaller < larger
