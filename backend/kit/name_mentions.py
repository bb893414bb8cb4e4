"""Which of a shop's names a sentence mentions, though people type only part of a name and run words together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from backend.kit.jamo import compact, decompose, jamo_distance

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"\[[^\]]*\]|【[^】]*】")
_PARTICLE = re.compile(
    r"(?:은|는|이|가|을|를|과|와|도|만|의|에|로|으로|랑|이랑|이나|나|에서|에게|한테|부터|까지|처럼|보다|마다|이라도|라도"
    r"|요|이요|이에요|예요|인데|이라고|라고|이란|란|들|꺼|거|것|건|좀)*\Z"
)
_TAG_WEIGHT = 0.3  # [오늘출발] and the like are rarely said
_TYPO_WEIGHT = 0.8
_FUZZY_MIN_JAMO = 5
_FLOOR = 0.15
_RUN_MIN = 3  # syllables of words run together


@dataclass(frozen=True)
class NameMention:
    """A name, how surely it is meant (0..1), and the slice [start:end] of the sentence that says so."""

    name: str
    score: float
    start: int
    end: int


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class _Index:
    """The words of every name, and how telling each word is among them (rare words tell more)."""

    words: dict[str, tuple[tuple[str, float], ...]]
    telling: dict[str, float]


def find_mention(text: str, names: Iterable[str], limit: int = 5) -> list[NameMention]:
    """The names a sentence may mean, best first; partial names, missing spaces, particles and single typos allowed.

    A name said whole scores 1.0. Otherwise the score is the share of the name's telling words that were said, so a
    word common to many names ('니트') leaves them all low and close together, and the caller should ask back.
    """
    index = _index(tuple(dict.fromkeys(names)))
    if not index.words or not text.strip():
        return []
    hits = _find_words(text, index.telling)
    squeezed, places = _squeeze(text)
    mentions = []
    for name, words in index.words.items():
        whole = compact(_TAG.sub(" ", name)) or compact(name)
        at = squeezed.find(whole) if len(whole) > 1 else -1
        if at >= 0:
            mentions.append(NameMention(name, 1.0, places[at], places[at + len(whole) - 1] + 1))
        elif mention := _partial(name, words, {**hits, **_run_together(words, squeezed, places)}, index.telling):
            mentions.append(mention)
    mentions.sort(key=lambda m: (-m.score, -(m.end - m.start), len(m.name)))
    return mentions[: max(0, limit)]


def _partial(
    name: str, words: tuple[tuple[str, float], ...], hits: dict[str, _Hit], telling: dict[str, float]
) -> NameMention | None:
    said = [(word, share) for word, share in words if word in hits]
    if not said:
        return None
    total = sum(share * telling[word] for word, share in words)
    score = sum(share * telling[word] * hits[word].weight for word, share in said) / total if total else 0.0
    score = min(0.99, score)
    if score < _FLOOR:
        return None
    spans = [hits[word] for word, _ in said]
    first = min(spans, key=lambda hit: hit.start)
    last = max(spans, key=lambda hit: hit.end)
    return NameMention(name, round(score, 4), first.start, last.end)


def _run_together(words: tuple[tuple[str, float], ...], squeezed: str, places: list[int]) -> dict[str, _Hit]:
    """Words that follow each other in the name and are said as one ("롱패딩" of 롱 패딩), however short each is."""
    own = [word for word, share in words if share == 1.0]
    found: dict[str, _Hit] = {}
    for first in range(len(own)):
        for last in range(len(own), first + 1, -1):
            run = "".join(own[first:last])
            at = squeezed.find(run) if len(run) >= _RUN_MIN else -1
            if at >= 0:
                hit = _Hit(places[at], places[at + len(run) - 1] + 1, 1.0)
                found |= dict.fromkeys(own[first:last], hit)
                break
    return found


@lru_cache(maxsize=32)
def _index(names: tuple[str, ...]) -> _Index:
    words: dict[str, tuple[tuple[str, float], ...]] = {}
    spread: dict[str, int] = {}
    for name in names:
        shares: dict[str, float] = {}
        for word in _words(" ".join(_TAG.findall(name))):
            shares[word] = _TAG_WEIGHT
        for word in _words(_TAG.sub(" ", name)):
            # '3color' and the like describe the listing, not the product.
            shares[word] = _TAG_WEIGHT if word[0].isdigit() else 1.0
        if shares:
            words[name] = tuple(shares.items())
        for word in shares:
            spread[word] = spread.get(word, 0) + 1
    telling = {
        word: (1 + math.log(len(names) / count)) * math.sqrt(min(len(word), 4)) for word, count in spread.items()
    }
    return _Index(words, telling)


def _words(text: str) -> list[str]:
    return [word for raw in _WORD.findall(text) if (word := compact(raw))]


def _find_words(text: str, known: dict[str, float]) -> dict[str, _Hit]:
    """Where each known word is said: as a token (particle aside), inside a run-together token, or with one typo."""
    hits: dict[str, _Hit] = {}
    unmatched = []
    longest = max(map(len, known), default=0)
    for match in _WORD.finditer(text):
        token, start = match[0].lower(), match.start()
        matched = False
        for at in range(len(token)):
            for size in range(min(longest, len(token) - at), 0, -1):
                word = token[at : at + size]
                if word not in known or word in hits:
                    continue
                if _stands_alone(token, at, size):
                    hits[word] = _Hit(start + at, start + at + size, 1.0)
                    matched = True
        if not matched:
            unmatched.append((token, start))
    for token, start in unmatched:
        _find_typo(token, start, known, hits)
    return hits


def _stands_alone(token: str, at: int, size: int) -> bool:
    """One syllable must be the whole token (울, not 서울); two may start it; three may stand anywhere in it."""
    if at == 0 and _PARTICLE.match(token, size):
        return True
    return size >= 3 or (size == 2 and (at == 0 or bool(_PARTICLE.match(token, at + size))) and len(token) >= 4)


def _find_typo(token: str, start: int, known: dict[str, float], hits: dict[str, _Hit]) -> None:
    stems = {token} | {
        token[:-cut] for cut in (1, 2) if len(token) - cut >= 2 and _PARTICLE.match(token, len(token) - cut)
    }
    for word in known:
        if word in hits or abs(len(word) - len(token)) > 2:
            continue
        keys = len(decompose(word))
        if keys < _FUZZY_MIN_JAMO:
            continue
        allowed = 1 if keys < 9 else 2
        stem = next((s for s in stems if jamo_distance(s, word, allowed) <= allowed), None)
        if stem is not None:
            hits[word] = _Hit(start, start + len(stem), _TYPO_WEIGHT)


def _squeeze(text: str) -> tuple[str, list[int]]:
    """compact(text) with the place in `text` each kept character came from."""
    kept = [(c, i) for i, char in enumerate(text) for c in compact(char)]
    return "".join(c for c, _ in kept), [i for _, i in kept]
