"""One Kiwi analyser for the process: morphemes with places, and pretrained similarity between morphemes."""

from __future__ import annotations

import functools
import threading
from collections.abc import Collection
from typing import NamedTuple

from kiwipiepy import Kiwi

_MODEL = "cong-global"
_lock = threading.Lock()


class Morpheme(NamedTuple):
    """A dictionary form with its part of speech and its place in the sentence; `start == end` never holds."""

    form: str
    tag: str
    start: int
    end: int
    id: int


@functools.lru_cache(maxsize=1)
def analyser() -> Kiwi:
    """The shared analyser; loading takes about 1.3 s, so nothing else builds one."""
    return Kiwi(model_type=_MODEL, num_workers=1)


def teach_words(words: Collection[str]) -> None:
    """Make shop and operation names single proper nouns, so that particles after them become tokens of their own."""
    kiwi = analyser()
    with _lock:
        # a word it already knows whole keeps its place in the pretrained model;
        # all are looked at before any is added, because the first look after an addition rebuilds the dictionary
        unknown = [word for word in sorted(set(words) - _taught) if len(kiwi.tokenize(word)) > 1]
        for word in unknown:
            kiwi.add_user_word(word, "NNP", 3.0)
        _taught.update(words)
        analyse.cache_clear()


_taught: set[str] = set()


@functools.lru_cache(maxsize=16_384)
def analyse(text: str) -> tuple[Morpheme, ...]:
    """Split a sentence into morphemes, ordered by place."""
    return tuple(
        Morpheme(token.form, str(token.tag), token.start, token.start + token.len, token.id)
        for token in analyser().tokenize(text)
    )


@functools.lru_cache(maxsize=16_384)
def plausibility(text: str) -> float:
    """How likely the analyser's language model finds a piece of text: natural logarithm, only differences mean something."""
    return float(analyser().analyze(text)[0][1])


def surface_spans(text: str) -> list[tuple[int, int]]:
    """Merge morphemes that share letters (꺼 = 끄 + 어) so that spans never overlap."""
    spans: list[tuple[int, int]] = []
    for morpheme in analyse(text):
        start, end = morpheme.start, morpheme.end
        if end <= start:
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
