"""The intent model: a vote over all full intent names, steadied by a vote over the areas they belong to.

Areas are few and have many sentences each, so theirs is the surer opinion on what a sentence is about; it keeps a sentence
about orders from reaching an operation of the same verb. Confidences are calibrated on sentences the model had not seen.
`Verdict.familiarity` is the cosine to the nearest training sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from bot.language.courtesy import beside_courtesy
from bot.language.features import SentenceFeatures, clean
from bot.language.linear_vote import LinearVote, fit_temperature, log_softmax
from bot.language.spelling import Spelling
from bot.language.verdict import Verdict

WEIGHTS = {"characters": 1.0, "letters": 1.0, "morphemes": 1.0, "entities": 0.5, "meaning": 1.0}
# the area's say, chosen with one writing style held out at a time (docs/decisions/0009-understanding-all-areas.md)
AREA_SAY = 0.5
_MEANINGFUL = re.compile(r"[가-힣0-9]")


class IntentModel:
    """Fit on sentences and full intent names; then ask for verdicts."""

    def __init__(
        self, weights: dict[str, float] | None = None, *, cost: float = 0.5, min_df: int = 1, anchors: int = 400
    ) -> None:
        self.cost = cost
        self.features = SentenceFeatures(weights or WEIGHTS, min_df, anchors)
        self.labels: list[str] = []
        self.temperature = 1.0
        self._intents = LinearVote(0, cost)
        self._areas: LinearVote | None = None
        self._area_of = np.zeros(0, dtype=np.int64)
        self._known_grams = sparse.csr_matrix((0, 0), dtype=np.float32)
        self._known_meaning = np.zeros((0, 0), dtype=np.float32)
        self._shorthand: set[str] = set()
        self._spelling = Spelling()

    def fit(
        self,
        texts: Sequence[str],
        intents: Sequence[str],
        areas: Mapping[str, str] | None = None,
        *,
        calibrate: bool = True,
    ) -> IntentModel:
        """Train on all sentences; `areas` names the area of each intent. Calibration costs three more, smaller, fits."""
        cleaned = [clean(text) for text in texts]
        self.labels = sorted(set(intents))
        place = {label: number for number, label in enumerate(self.labels)}
        numbers = np.array([place[intent] for intent in intents])
        named = [(areas or {}).get(label, "") for label in self.labels]
        kinds = sorted(set(named))
        self._area_of = np.array([kinds.index(area) for area in named])
        rows = self.features.fit(cleaned).matrix(cleaned)
        self._intents = LinearVote(len(self.labels), self.cost).fit(rows, numbers)
        self._areas = LinearVote(len(kinds), self.cost).fit(rows, self._area_of[numbers]) if len(kinds) > 1 else None
        self._remember(rows)
        self._shorthand = {word for text in cleaned for word in shorthands(text)}
        self._spelling.fit(cleaned)
        if calibrate:
            unseen = self._intents.calibrate(rows, numbers)
            if self._areas:
                unseen = unseen + AREA_SAY * self._areas.calibrate(rows, self._area_of[numbers])[:, self._area_of]
            self.temperature = fit_temperature(unseen, numbers)
        return self

    def verdict(self, text: str) -> Verdict:
        """Rank all intents for one sentence."""
        text = clean(text)
        return beside_courtesy(text, self._ranked(text), self._ranked)

    def _ranked(self, text: str) -> Verdict:
        row, confidences = max(map(self._read, self._readings(text)), key=lambda read: float(read[1].max()))
        order = np.argsort(-confidences)
        familiarity = 0.0 if self._is_noise(text) else self._nearest(row)
        return Verdict([(self.labels[place], float(confidences[place])) for place in order], familiarity)

    def _readings(self, text: str) -> list[str]:
        """As typed, and as it may have been meant; the repaired one counts only where it is understood more surely."""
        repaired = self._spelling.repair(text)
        return [text] if repaired == text else [text, repaired]

    def _read(self, text: str) -> tuple[sparse.csr_matrix, np.ndarray]:
        row = self.features.matrix([text])
        return row, np.exp(log_softmax(self._votes(row)[0] / self.temperature))

    def _votes(self, rows: sparse.csr_matrix) -> np.ndarray:
        votes = self._intents.log_shares(rows)
        return votes + AREA_SAY * self._areas.log_shares(rows)[:, self._area_of] if self._areas else votes

    def _is_noise(self, text: str) -> bool:
        """No syllable, no digit, and no shorthand seen in training (ㅇㅇ, ok): a cat on the keyboard."""
        return not _MEANINGFUL.search(text) and not any(word in self._shorthand for word in shorthands(text))

    def _nearest(self, row: sparse.csr_matrix) -> float:
        """The row's own length is divided out at the end: making it a unit first costs as much as the products."""
        border = self.features.grams_width
        meaning = np.zeros(self._known_meaning.shape[1], dtype=np.float32)
        dense = row.indices >= border
        meaning[row.indices[dense] - border] = row.data[dense]
        grams = sparse.csr_matrix((row.data[~dense], row.indices[~dense], [0, int((~dense).sum())]), shape=(1, border))
        shared = grams @ self._known_grams
        products = self._known_meaning @ meaning
        products[shared.indices] += shared.data
        length = float(np.sqrt(row.data @ row.data))
        return float(products.max()) / (length or 1.0)

    def _remember(self, rows: sparse.csr_matrix) -> None:
        # the meaning block is dense: as a sparse matrix its product takes most of a parse
        border = self.features.grams_width
        rows = _unit(rows)
        self._known_grams = rows[:, :border].T.tocsr()
        self._known_meaning = rows[:, border:].toarray()

    def state(self) -> dict[str, Any]:
        """Plain values and arrays, for storage."""
        return {
            "cost": self.cost,
            "features": self.features.state(),
            "labels": self.labels,
            "temperature": self.temperature,
            "intents": self._intents.state(),
            "areas": self._areas.state() if self._areas else None,
            "area_of": self._area_of,
            "known_grams": self._known_grams,
            "known_meaning": self._known_meaning.astype(np.float16),
            "shorthand": self._shorthand,
            "spelling": self._spelling.state(),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> IntentModel:
        model = cls(state["features"]["weights"], cost=state["cost"])
        model.features = SentenceFeatures.from_state(state["features"])
        model.labels, model.temperature = state["labels"], state["temperature"]
        model._intents = LinearVote.from_state(state["intents"])
        model._areas = LinearVote.from_state(state["areas"]) if state["areas"] else None
        model._area_of = state["area_of"]
        model._known_grams, model._known_meaning = state["known_grams"], state["known_meaning"].astype(np.float32)
        model._shorthand = state["shorthand"]
        model._spelling = Spelling.from_state(state["spelling"])
        return model


def shorthands(text: str) -> set[str]:
    """Words without a Hangul syllable, repeats folded (ㄱㅅㄱㅅ → ㄱㅅ)."""
    words = re.findall(r"[ㄱ-ㅣa-z]+|[?!.~^]+", text.lower())
    return {re.sub(r"^(.+?)\1+$", r"\1", word) for word in words}


def _unit(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.diags((1 / np.where(lengths == 0, 1, lengths)).astype(np.float32)) @ rows
