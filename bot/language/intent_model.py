"""The intent model: one linear classifier over all full intent names, with confidences that mean something.

Confidences are the softmax of the decision values at a temperature fitted on sentences the model had not seen
(cross-validation inside the training data). `Verdict.familiarity` is the cosine to the nearest training sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.language.features import SentenceFeatures, clean
from bot.language.verdict import Verdict

WEIGHTS = {"characters": 1.0, "letters": 1.0, "morphemes": 1.0, "entities": 0.5, "meaning": 1.0}
_MEANINGFUL = re.compile(r"[가-힣0-9]")
_FOLDS = 3
_SEED = 7


class IntentModel:
    """Fit on sentences and full intent names; then ask for verdicts."""

    def __init__(
        self, weights: dict[str, float] | None = None, *, cost: float = 0.5, min_df: int = 1, anchors: int = 400
    ) -> None:
        self.cost = cost
        self.features = SentenceFeatures(weights or WEIGHTS, min_df, anchors)
        self.labels: list[str] = []
        self.temperature = 1.0
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._known_grams = sparse.csr_matrix((0, 0), dtype=np.float32)
        self._known_meaning = np.zeros((0, 0), dtype=np.float32)
        self._shorthand: set[str] = set()

    def fit(self, texts: Sequence[str], intents: Sequence[str], *, calibrate: bool = True) -> IntentModel:
        """Train on all sentences; calibration costs four more, smaller, fits."""
        cleaned = [clean(text) for text in texts]
        self.labels = sorted(set(intents))
        numbers = np.array([self.labels.index(intent) for intent in intents])
        rows = self.features.fit(cleaned).matrix(cleaned)
        self._weights, self._bias = self._train(rows, numbers)
        self._remember(rows)
        self._shorthand = {word for text in cleaned for word in shorthands(text)}
        if calibrate:
            self.temperature = fit_temperature(*self._unseen_decisions(rows, numbers))
        return self

    def verdict(self, text: str) -> Verdict:
        """Rank all intents for one sentence."""
        text = clean(text)
        row = self.features.matrix([text])
        confidences = softmax(self._decide(row)[0] / self.temperature)
        order = np.argsort(-confidences)
        familiarity = 0.0 if self._is_noise(text) else self._nearest(row)
        return Verdict([(self.labels[place], float(confidences[place])) for place in order], familiarity)

    def _is_noise(self, text: str) -> bool:
        """No syllable, no digit, and no shorthand seen in training (ㅇㅇ, ok): a cat on the keyboard."""
        return not _MEANINGFUL.search(text) and not any(word in self._shorthand for word in shorthands(text))

    def _nearest(self, row: sparse.csr_matrix) -> float:
        row = _unit(row)
        border = self.features.grams_width
        cosines = self._known_meaning @ row[:, border:].toarray()[0]
        cosines += (row[:, :border] @ self._known_grams).toarray()[0]
        return float(cosines.max())

    def _remember(self, rows: sparse.csr_matrix) -> None:
        # the meaning block is dense: as a sparse matrix its product takes most of a parse
        border = self.features.grams_width
        rows = _unit(rows)
        self._known_grams = rows[:, :border].T.tocsr()
        self._known_meaning = rows[:, border:].toarray()

    def _train(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        svm = LinearSVC(C=self.cost, class_weight="balanced", random_state=_SEED, tol=1e-3, max_iter=2000)
        svm.fit(rows, numbers)
        coefficients, bias = svm.coef_, svm.intercept_
        if len(self.labels) == 2:
            coefficients, bias = np.vstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
        # features × classes, contiguous: a sparse row then reads whole lines (a transposed view costs 10×)
        return np.ascontiguousarray(coefficients.T.astype(np.float32)), bias.astype(np.float32)

    def _decide(self, rows: sparse.csr_matrix) -> np.ndarray:
        return rows @ self._weights + self._bias

    def _unseen_decisions(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        decisions = np.full((len(numbers), len(self.labels)), -2.0, dtype=np.float32)
        rarest = int(np.bincount(numbers).min())
        if rarest < 2:
            return self._decide(rows), numbers
        folds = StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=_SEED)
        for seen, unseen in folds.split(rows, numbers):
            weights, bias = self._train(rows[seen], numbers[seen])
            decisions[unseen] = rows[unseen] @ weights + bias
        return decisions, numbers

    def state(self) -> dict[str, Any]:
        """Plain values and arrays, for storage."""
        return {
            "cost": self.cost,
            "features": self.features.state(),
            "labels": self.labels,
            "temperature": self.temperature,
            # half precision: the file halves, no decision changes
            "weights": self._weights.astype(np.float16),
            "bias": self._bias,
            "known_grams": self._known_grams,
            "known_meaning": self._known_meaning.astype(np.float16),
            "shorthand": self._shorthand,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> IntentModel:
        model = cls(state["features"]["weights"], cost=state["cost"])
        model.features = SentenceFeatures.from_state(state["features"])
        model.labels, model.temperature = state["labels"], state["temperature"]
        model._weights, model._bias = state["weights"].astype(np.float32), state["bias"]
        model._known_grams, model._known_meaning = state["known_grams"], state["known_meaning"].astype(np.float32)
        model._shorthand = state["shorthand"]
        return model


def shorthands(text: str) -> set[str]:
    """Words without a Hangul syllable, repeats folded (ㄱㅅㄱㅅ → ㄱㅅ)."""
    words = re.findall(r"[ㄱ-ㅣa-z]+|[?!.~^]+", text.lower())
    return {re.sub(r"^(.+?)\1+$", r"\1", word) for word in words}


def softmax(scores: np.ndarray) -> np.ndarray:
    """Positive shares summing to one along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def fit_temperature(decisions: np.ndarray, numbers: np.ndarray) -> float:
    """The temperature with the smallest log loss on the given decisions; a fine grid is enough."""
    grid = np.geomspace(0.02, 2.0, 60)
    losses = [-np.log(softmax(decisions / heat)[np.arange(len(numbers)), numbers] + 1e-9).mean() for heat in grid]
    return float(grid[int(np.argmin(losses))])


def _unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags((1 / np.where(lengths == 0, 1, lengths)).astype(np.float32)) @ rows
