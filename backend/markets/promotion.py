"""Telling the words that sell from the words that name."""

import re
import unicodedata
from functools import lru_cache

from backend.markets.limits import promotion_words

_FILLER = r"[\d%~!.,&/+\-]+"


@lru_cache
def _token_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, promotion_words().words), key=len, reverse=True))
    return re.compile(rf"(?:{_FILLER})?(?:(?:{words})(?:{_FILLER})?)+", re.IGNORECASE)


@lru_cache
def _phrases() -> tuple[frozenset[str], int]:
    """The words without case, and the length of the longest."""
    words = promotion_words().words
    return frozenset(word.casefold() for word in words), max(map(len, words))


@lru_cache(maxsize=20_000)
def is_promotion(token: str) -> bool:
    """A word made of promotion words alone: "50%할인" and "특가세일" are, "세일러" is not."""
    return _token_pattern().fullmatch(token) is not None


def promotion_spans(tokens: list[str]) -> list[tuple[int, int]]:
    """[start, end) of every run of words that sells, also when the phrase is written apart: 무료 배송."""
    spans = []
    start = 0
    while start < len(tokens):
        end = _phrase_end(tokens, start)
        if end > start:
            spans.append((start, end))
        start = max(end, start + 1)
    return spans


def _phrase_end(tokens: list[str], start: int) -> int:
    if is_promotion(tokens[start]):
        return start + 1
    joined, (known, longest) = "", _phrases()
    for end in range(start, min(len(tokens), start + 4)):
        joined += tokens[end]
        if len(joined) > longest:
            break
        if end > start and joined.casefold() in known:
            return end + 1
    return start


def tidy(text: str) -> str:
    """One line without promotion words and symbols that only decorate."""
    kept = "".join(" " if unicodedata.category(c)[0] == "C" or unicodedata.category(c) == "So" else c for c in text)
    tokens = kept.split()
    while spans := promotion_spans(_bare(tokens)):
        gone = {index for start, end in spans for index in range(start, end)}
        tokens = [token for index, token in enumerate(tokens) if index not in gone]
    return " ".join(tokens)


def promotion_in(text: str) -> list[str]:
    """The words of a text that sell."""
    tokens = text.split()
    return [" ".join(tokens[start:end]) for start, end in promotion_spans(_bare(tokens))]


def _bare(tokens: list[str]) -> list[str]:
    """Without the brackets and marks around a word: [무료배송] is 무료배송."""
    return [re.sub(r"^[^\w]+|[^\w%]+$", "", token) for token in tokens]
