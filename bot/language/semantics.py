"""Pretrained meaning without a download: similarities to anchor morphemes, from the analyser's own language model.

A sentence is the idf-weighted sum of its content morphemes, each a Nyström vector over the anchors,
mean-centred and of unit length; zero when no morpheme is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.language.morphology import Morpheme, analyse, analyser

_CONTENT = ("NNG", "NNP", "VV", "VA", "VX", "MAG", "XR", "NP", "IC", "SL", "VCN", "MM")
_SMALLEST_EIGENVALUE = 1e-2
_MEMORY = 20_000


class MeaningSpace:
    """Vectors of sentences in the space spanned by the commonest content morphemes of the training data."""

    def __init__(self, anchors: int = 400) -> None:
        self._wanted = anchors
        self._anchors: list[int] = []
        self._projection = np.zeros((0, 0), dtype=np.float32)
        self._mean = np.zeros(0, dtype=np.float32)
        self._idf: dict[tuple[str, str], float] = {}
        self._rarest = 1.0
        self._known: dict[int, np.ndarray | None] = {}

    @property
    def size(self) -> int:
        return self._projection.shape[1]

    def fit(self, texts: Sequence[str]) -> None:
        seen: Counter[tuple[str, str, int]] = Counter()
        for text in texts:
            seen.update({(m.form, m.tag, m.id) for m in _content(text)})
        self._idf = {
            (form, tag): float(np.log((1 + len(texts)) / (1 + count)) + 1) for (form, tag, _), count in seen.items()
        }
        self._rarest = max(self._idf.values(), default=1.0)
        self._anchors = [place for (_, _, place), _ in seen.most_common() if _is_known(place)][: self._wanted]
        kernel = np.array([self._similarities(place) for place in self._anchors], dtype=np.float64)
        values, vectors = np.linalg.eigh((kernel + kernel.T) / 2)
        kept = values > _SMALLEST_EIGENVALUE
        self._projection = (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
        self._known.clear()
        self._mean = np.zeros(self.size, dtype=np.float32)
        raw = np.array([self._sum(text) for text in texts])
        self._mean = raw[np.abs(raw).sum(axis=1) > 0].mean(axis=0)

    def vector(self, text: str) -> np.ndarray:
        """Unit vector of the sentence (float32, `size` long), or zeros."""
        total = self._sum(text)
        if not total.any():
            return total
        total = total - self._mean
        return total / (np.linalg.norm(total) or 1.0)

    def _sum(self, text: str) -> np.ndarray:
        total = np.zeros(self.size, dtype=np.float32)
        for morpheme in _content(text):
            vector = self._morpheme_vector(morpheme.id)
            if vector is not None:
                total += self._idf.get((morpheme.form, morpheme.tag), self._rarest) * vector
        length = np.linalg.norm(total)
        return total / length if length else total

    def _morpheme_vector(self, place: int) -> np.ndarray | None:
        if place not in self._known:
            if len(self._known) > _MEMORY:
                self._known.clear()
            self._known[place] = self._similarities(place) @ self._projection if _is_known(place) else None
        return self._known[place]

    def _similarities(self, place: int) -> np.ndarray:
        similarity = analyser().morpheme_similarity
        return np.array([similarity(place, anchor) for anchor in self._anchors], dtype=np.float32)

    def state(self) -> dict[str, Any]:
        return {
            "anchors": self._anchors,
            "projection": self._projection,
            "mean": self._mean,
            "idf": self._idf,
            "rarest": self._rarest,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> MeaningSpace:
        space = cls(len(state["anchors"]))
        space._anchors = state["anchors"]
        space._projection = np.ascontiguousarray(state["projection"])
        space._mean, space._idf, space._rarest = state["mean"], state["idf"], state["rarest"]
        return space


def _content(text: str) -> list[Morpheme]:
    return [m for m in analyse(text) if m.tag.startswith(_CONTENT)]


def _is_known(place: int) -> bool:
    """Words taught to the analyser or unknown to it have no place in the pretrained model."""
    return analyser().morpheme_similarity(place, place) > 0.5
