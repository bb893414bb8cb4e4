"""Comparing Korean words the way they are mistyped: by jamo, ignoring spaces and case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Compound vowels and finals are split into the keys they are typed with, so one wrong key is one edit.
_VOWELS = [
    "ㅏ",
    "ㅐ",
    "ㅑ",
    "ㅒ",
    "ㅓ",
    "ㅔ",
    "ㅕ",
    "ㅖ",
    "ㅗ",
    "ㅗㅏ",
    "ㅗㅐ",
    "ㅗㅣ",
    "ㅛ",
    "ㅜ",
    "ㅜㅓ",
    "ㅜㅔ",
    "ㅜㅣ",
    "ㅠ",
    "ㅡ",
    "ㅡㅣ",
    "ㅣ",
]
_FINALS = [
    "",
    "ㄱ",
    "ㄲ",
    "ㄱㅅ",
    "ㄴ",
    "ㄴㅈ",
    "ㄴㅎ",
    "ㄷ",
    "ㄹ",
    "ㄹㄱ",
    "ㄹㅁ",
    "ㄹㅂ",
    "ㄹㅅ",
    "ㄹㅌ",
    "ㄹㅍ",
    "ㄹㅎ",
    "ㅁ",
    "ㅂ",
    "ㅂㅅ",
    "ㅅ",
    "ㅆ",
    "ㅇ",
    "ㅈ",
    "ㅊ",
    "ㅋ",
    "ㅌ",
    "ㅍ",
    "ㅎ",
]
_SYLLABLE_COUNT = 11172


def decompose(text: str) -> str:
    """Every syllable as the jamo keys that type it (값 -> ㄱㅏㅂㅅ); other characters stay."""
    return "".join(map(_keys_of, unicodedata.normalize("NFC", text)))


def compact(text: str) -> str:
    """Only letters and digits, lower case: '울 니트 (Black)' -> '울니트black'."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def jamo_distance(a: str, b: str, limit: int | None = None) -> int:
    """Edits (insert, delete, replace one jamo) between two texts; anything above `limit` comes back as limit + 1."""
    return _distance(decompose(a), decompose(b), limit)


def similarity(a: str, b: str) -> float:
    """1.0 for the same word but for spaces, punctuation and case; 0.0 for nothing in common."""
    return _similarity(_jamo_key(a), _jamo_key(b), 0.0)


def best_matches(query: str, candidates: Iterable[str], limit: int = 5, cutoff: float = 0.6) -> list[tuple[str, float]]:
    """The candidates most like `query` with their similarity, best first, none below `cutoff`."""
    key = _jamo_key(query)
    scored = ((name, _similarity(key, _jamo_key(name), cutoff)) for name in dict.fromkeys(candidates))
    kept = [(name, score) for name, score in scored if score >= cutoff and score > 0]
    return sorted(kept, key=lambda pair: -pair[1])[: max(0, limit)]


def _keys_of(char: str) -> str:
    index = ord(char) - ord("가")
    if not 0 <= index < _SYLLABLE_COUNT:
        return char
    return _INITIALS[index // 588] + _VOWELS[index % 588 // 28] + _FINALS[index % 28]


@lru_cache(maxsize=20_000)
def _jamo_key(text: str) -> str:
    return decompose(compact(text))


def _similarity(a: str, b: str, cutoff: float) -> float:
    longest = max(len(a), len(b))
    if longest == 0:
        return 1.0
    limit = int(longest * (1 - cutoff))
    distance = _distance(a, b, limit)
    return 0.0 if distance > limit else 1 - distance / longest


def _distance(a: Sequence[str], b: Sequence[str], limit: int | None) -> int:
    """Levenshtein distance by Myers' bit vectors: one step per character of the longer text."""
    if a == b:
        return 0
    if len(a) > len(b):
        a, b = b, a
    over = len(b) + 1 if limit is None else max(0, limit) + 1
    if len(b) - len(a) >= over:
        return over
    if not a:
        return len(b)
    places: dict[str, int] = {}
    for index, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << index
    full, top = (1 << len(a)) - 1, 1 << (len(a) - 1)
    plus, minus, score = full, 0, len(a)
    for done, char in enumerate(b, start=1):
        equal = places.get(char, 0)
        zero = (((equal & plus) + plus) ^ plus) | equal | minus
        step_up, step_down = minus | ~(zero | plus) & full, plus & zero
        score += 1 if step_up & top else -1 if step_down & top else 0
        # Each character still to come lowers the score by one at most.
        if score - (len(b) - done) >= over:
            return over
        step_up = step_up << 1 | 1
        plus, minus = (step_down << 1 | ~(zero | step_up)) & full, step_up & zero & full
    return min(score, over)
