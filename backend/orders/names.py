"""How product names of a market are compared: without spaces, brackets and case, an option without its labels."""

import re
from collections.abc import Iterable
from functools import lru_cache

from backend.kit.hangul import compact

#: "색상: 블랙 / 사이즈=M" says the values 블랙 and M
_LABEL = re.compile(r"(?:^|(?<=[/,;|+]))[^/,;|+:=]{1,20}[:=]\s*")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=200_000)
def squeezed(text: str) -> str:
    """Letters and digits alone, lower case; many lines and items bear the same few names."""
    return compact(text)


@lru_cache(maxsize=50_000)
def option_values(option: str | None) -> str:
    """The squeezed values of an option; empty for none."""
    return squeezed(_LABEL.sub("", option)) if option else ""


def market_key(product_no: str | None, name: str | None, option: str | None) -> str:
    """What a person's match is remembered by: the market's product number, its name and its option, normalised."""
    return "|".join((product_no or "", squeezed(name or ""), option_values(option)))


def is_excluded(name: str, excluded: Iterable[str]) -> bool:
    """Whether a market's product name is one that is not collected: the whole name, or whole words of it in a row.

    "샘플" leaves out "[샘플] 립밤" but not "샘플러 세트" (source: 002, 주문수집 제외).
    """
    words = _words(name)
    return any(_holds(words, _words(one)) for one in excluded)


def _words(text: str) -> list[str]:
    return [squeezed(word) for word in _WORD.findall(text)]


def _holds(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return bool(wanted) and any(words[at : at + size] == wanted for at in range(len(words) - size + 1))
