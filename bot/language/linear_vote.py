"""A linear classifier whose scores are turned into shares that mean something.

Shares are the softmax of the decision values at a temperature fitted on sentences the classifier had not seen
(cross-validation inside the training data).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

_FOLDS = 3
_SEED = 7
# a label with no example among the seen ones is far below all others
_UNHEARD_OF = -2.0


class LinearVote:
    """One-against-the-rest support vectors over `size` labels, given as numbers 0 … size-1."""

    def __init__(self, size: int, cost: float) -> None:
        self.size, self.cost = size, cost
        self.temperature = 1.0
        self._weights = np.zeros((0, size), dtype=np.float32)
        self._bias = np.zeros(size, dtype=np.float32)

    def fit(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> LinearVote:
        self._weights, self._bias = self._train(rows, numbers)
        return self

    def calibrate(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> np.ndarray:
        """Fit the temperature on unseen decisions; returns the log shares of those decisions."""
        decisions = self._unseen_decisions(rows, numbers)
        self.temperature = fit_temperature(decisions, numbers)
        return log_softmax(decisions / self.temperature)

    def log_shares(self, rows: sparse.csr_matrix) -> np.ndarray:
        """Rows × labels."""
        return log_softmax((rows @ self._weights + self._bias) / self.temperature)

    def _train(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counts = np.bincount(numbers, minlength=self.size)
        # between "every sentence counts the same" and "every label counts the same"
        weight = {n: float(np.sqrt(len(numbers) / self.size / count)) for n, count in enumerate(counts) if count}
        svm = LinearSVC(C=self.cost, class_weight=weight, random_state=_SEED, tol=1e-3, max_iter=2000)
        svm.fit(rows, numbers)
        found, found_bias = svm.coef_, svm.intercept_
        if len(svm.classes_) == 2:
            found, found_bias = np.vstack([-found, found]), np.array([-found_bias[0], found_bias[0]])
        # features × labels, contiguous: a sparse row then reads whole lines (a transposed view costs 10×)
        weights = np.zeros((rows.shape[1], self.size), dtype=np.float32)
        bias = np.full(self.size, _UNHEARD_OF, dtype=np.float32)
        weights[:, svm.classes_], bias[svm.classes_] = found.T, found_bias
        return weights, bias

    def _unseen_decisions(self, rows: sparse.csr_matrix, numbers: np.ndarray) -> np.ndarray:
        rarest = int(np.bincount(numbers).min())
        if rarest < 2:
            return rows @ self._weights + self._bias
        decisions = np.full((len(numbers), self.size), _UNHEARD_OF, dtype=np.float32)
        folds = StratifiedKFold(min(_FOLDS, rarest), shuffle=True, random_state=_SEED)
        for seen, unseen in folds.split(rows, numbers):
            weights, bias = self._train(rows[seen], numbers[seen])
            decisions[unseen] = rows[unseen] @ weights + bias
        return decisions

    def state(self) -> dict[str, Any]:
        return {
            "size": self.size,
            "cost": self.cost,
            "temperature": self.temperature,
            # half precision: the file halves, no decision changes
            "weights": self._weights.astype(np.float16),
            "bias": self._bias,
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> LinearVote:
        vote = cls(state["size"], state["cost"])
        vote.temperature = state["temperature"]
        vote._weights, vote._bias = state["weights"].astype(np.float32), state["bias"]
        return vote


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Logarithms of positive shares that sum to one along the last axis."""
    scores = scores - scores.max(axis=-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def fit_temperature(decisions: np.ndarray, numbers: np.ndarray) -> float:
    """The temperature with the smallest log loss on the given decisions; a fine grid is enough."""
    grid = np.geomspace(0.02, 2.0, 60)
    rows = np.arange(len(numbers))
    losses = [-np.maximum(log_softmax(decisions / heat)[rows, numbers], -20).mean() for heat in grid]
    return float(grid[int(np.argmin(losses))])
