"""A product name taken apart into the words worth keeping, and what had to go."""

import unicodedata
from dataclasses import dataclass, field

from backend.markets.limits import TitleLimits
from backend.markets.promotion import promotion_spans

_BRACKETS = "[]()【】〔〕「」『』（）{}《》〈〉<>"
_EDGES = "!.,~·|/_-–—:;'‘’“”\"…?^=`"
_UNPRINTABLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_KEPT_SIGNS = "℃°+×±~^`"


@dataclass
class Cleaned:
    """`tokens` in their order; the rest is the evidence of what was taken out."""

    tokens: list[str]
    characters: list[str] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)
    promotion: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)


def clean(text: str, limits: TitleLimits) -> Cleaned:
    """Strip what the market refuses; every word left is a word of `text`, in the same order, once."""
    strict = limits.brackets == "unwrap"
    out = Cleaned([])
    spaced = []
    for char in unicodedata.normalize("NFC", text):
        if strict and char in _BRACKETS:
            out.brackets.append(char)
        elif not limits.accepts(char):
            out.characters.append(char)
        elif not _decoration(char, strict):
            spaced.append(char)
            continue
        spaced.append(" ")
    words = "".join(spaced).split()
    if strict:
        words = [bare for word in words if any(map(str.isalnum, bare := word.strip(_EDGES)))]
    out.characters = list(dict.fromkeys(out.characters))
    out.tokens = _without_repeats(_without_promotion(words, limits, out), strict, out)
    while (again := _without_promotion(out.tokens, limits, out)) != out.tokens:
        out.tokens = _without_repeats(again, strict, out)
    return out


def dedupe(tokens: list[str]) -> list[str]:
    """Each word once, compared without case."""
    first: dict[str, str] = {}
    for token in tokens:
        first.setdefault(token.casefold(), token)
    return list(first.values())


def _decoration(char: str, strict: bool) -> bool:
    category = unicodedata.category(char)
    if category in _UNPRINTABLE:
        return True
    return strict and char not in _KEPT_SIGNS and category in {"So", "Sk", "Sm"}


def _without_promotion(tokens: list[str], limits: TitleLimits, out: Cleaned) -> list[str]:
    while limits.promotion_words and (spans := promotion_spans(tokens)):
        out.promotion += [" ".join(tokens[start:end]) for start, end in spans]
        gone = {index for start, end in spans for index in range(start, end)}
        tokens = [token for index, token in enumerate(tokens) if index not in gone]
    return tokens


def _without_repeats(tokens: list[str], strict: bool, out: Cleaned) -> list[str]:
    """The first of equal words stays. On the own mall a word that carries a bracket is left where it is."""
    kept, seen = [], set()
    for token in tokens:
        key = token.casefold()
        if key in seen and (strict or _plain(token)):
            out.repeated.append(token)
            continue
        seen.add(key)
        kept.append(token)
    return kept


def _plain(token: str) -> bool:
    return any(map(str.isalnum, token)) and not any(char in _BRACKETS for char in token)
