"""Turns sentences into one feature row each: letters, morphemes, entities and pretrained meaning, block by block."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from bot.language.entities import find_entities
from bot.language.jamo import compact, decompose, normalise
from bot.language.morphology import analyse
from bot.language.semantics import MeaningSpace

_STRETCHED = re.compile(r"([^\d])\1{2,}")
_SILENT_TAGS = ("SF", "SP", "SS", "SE", "SO", "SW", "UN")


def clean(text: str) -> str:
    """Composed Unicode, laughing and crying cut to two letters (ㅋㅋㅋㅋ → ㅋㅋ)."""
    return _STRETCHED.sub(r"\1\1", normalise(text)).strip()


def character_grams(text: str) -> list[str]:
    """One to four characters, spaces ignored, the sentence's ends marked."""
    return _grams(f"^{compact(text)[0]}$", 1, 4)


def letter_grams(text: str) -> list[str]:
    """Two to six letters (jamo), spaces ignored: a typo leaves most of them alone."""
    return _grams(f"^{decompose(compact(text)[0])}$", 2, 6)


def morpheme_grams(text: str) -> list[str]:
    """Dictionary forms with their part of speech, and pairs of neighbours."""
    words = [f"{m.form.lower()}/{m.tag}" for m in analyse(text) if not m.tag.startswith(_SILENT_TAGS)]
    return words + [f"{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True)]


@functools.lru_cache(maxsize=16_384)
def entity_marks(text: str) -> list[str]:
    """Which kinds of thing are named, so that any operation's name counts as an operation."""
    marks = []
    covered = 0
    for entity in find_entities(text):
        covered += entity["end"] - entity["start"]
        marks.append(entity["entity"])
        if entity.get("role"):
            marks.append(f"{entity['entity']}!{entity['role']}")
    share = covered / max(1, len(text))
    marks.append("nothing" if not marks else "bare" if share > 0.6 else "among")
    return marks


def _grams(text: str, shortest: int, longest: int) -> list[str]:
    return [text[i : i + n] for n in range(shortest, longest + 1) for i in range(len(text) - n + 1)]


ANALYSERS: dict[str, Callable[[str], list[str]]] = {
    "characters": character_grams,
    "letters": letter_grams,
    "morphemes": morpheme_grams,
    "entities": entity_marks,
}


class WeightedGrams:
    """Sublinear tf-idf of one analyser's grams, unit length; grams seen in fewer than `min_df` sentences are dropped."""

    def __init__(self, analyser: str, min_df: int = 1) -> None:
        self.analyser, self.min_df = analyser, min_df
        self.places: dict[str, int] = {}
        self.idf = np.zeros(0, dtype=np.float32)

    def fit(self, texts: Sequence[str]) -> None:
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(ANALYSERS[self.analyser](text)))
        kept = sorted(gram for gram, count in counts.items() if count >= self.min_df)
        self.places = {gram: place for place, gram in enumerate(kept)}
        frequency = np.array([counts[gram] for gram in kept], dtype=np.float32)
        self.idf = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Column numbers and weights of one sentence."""
        counts: Counter[int] = Counter()
        for gram in ANALYSERS[self.analyser](text):
            place = self.places.get(gram)
            if place is not None:
                counts[place] += 1
        columns = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[columns]
        length = float(np.sqrt((values * values).sum()))
        return columns, values / length if length else values


class SentenceFeatures:
    """The full feature row: weighted blocks of grams followed by the dense meaning block."""

    def __init__(self, weights: dict[str, float], min_df: int = 1, anchors: int = 400) -> None:
        self.weights = {name: weight for name, weight in weights.items() if weight}
        # letter grams are many and mostly unique: those of one sentence only are weight without use
        self.blocks = [
            WeightedGrams(name, max(2, min_df) if name == "letters" else min_df)
            for name in ANALYSERS
            if name in self.weights
        ]
        self.meaning = MeaningSpace(anchors) if "meaning" in self.weights else None

    def fit(self, texts: Sequence[str]) -> SentenceFeatures:
        for block in self.blocks:
            block.fit(texts)
        if self.meaning:
            self.meaning.fit(texts)
        return self

    def matrix(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Sentences × features, float32, blocks scaled by their weight."""
        columns: list[np.ndarray] = []
        values: list[np.ndarray] = []
        ends = [0]
        for text in texts:
            offset = 0
            for block in self.blocks:
                places, weights = block.row(text)
                columns.append(places + offset)
                values.append(weights * self.weights[block.analyser])
                offset += len(block.places)
            if self.meaning:
                vector = self.meaning.vector(text)
                columns.append(np.arange(offset, offset + len(vector), dtype=np.int32))
                values.append(vector * self.weights["meaning"])
                offset += len(vector)
            ends.append(ends[-1] + sum(len(part) for part in columns[len(columns) - self._parts :]))
        shape = (len(ends) - 1, self.width)
        return sparse.csr_matrix(
            (np.concatenate(values).astype(np.float32), np.concatenate(columns), np.array(ends)), shape=shape
        )

    @property
    def width(self) -> int:
        return self.grams_width + (self.meaning.size if self.meaning else 0)

    @property
    def grams_width(self) -> int:
        """Columns before the meaning block."""
        return sum(len(block.places) for block in self.blocks)

    @property
    def _parts(self) -> int:
        return len(self.blocks) + (1 if self.meaning else 0)

    def state(self) -> dict[str, Any]:
        """Everything needed to rebuild this object; plain values and arrays."""
        return {
            "weights": self.weights,
            "blocks": {block.analyser: (block.places, block.idf) for block in self.blocks},
            "meaning": self.meaning.state() if self.meaning else None,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> SentenceFeatures:
        features = cls(state["weights"])
        for block in features.blocks:
            block.places, block.idf = state["blocks"][block.analyser]
        if state["meaning"]:
            features.meaning = MeaningSpace.from_state(state["meaning"])
        return features
