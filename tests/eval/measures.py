"""Numbers over predictions; shares are 0–1, times milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np


def macro_f1(truth: Sequence[str], guessed: Sequence[str]) -> float:
    """Mean F1 over the intents that occur in the truth; a refusal counts as a miss."""
    scores = []
    for label in sorted(set(truth)):
        hits = sum(t == g == label for t, g in zip(truth, guessed, strict=True))
        scores.append(2 * hits / max(1, truth.count(label) + guessed.count(label)))  # type: ignore[attr-defined]
    return float(np.mean(scores))


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected distance between confidence and share of right answers, in ten equal bins."""
    sure, hit = np.array(confidences), np.array(right)
    places = np.minimum((sure * bins).astype(int), bins - 1)
    return float(
        sum(abs(sure[places == b].mean() - hit[places == b].mean()) * (places == b).mean() for b in set(places))
    )


def confusions(truth: Sequence[str], guessed: Sequence[str], most: int = 15) -> list[dict[str, Any]]:
    pairs = Counter((t, g) for t, g in zip(truth, guessed, strict=True) if t != g)
    return [{"meant": t, "served": g, "times": n} for (t, g), n in pairs.most_common(most)]


#: what only the shop's own data can name: the recogniser leaves it to the actions, which look it up there
RESOLVED = frozenset({
    "product", "option", "quantity", "reason", "setting", "setting_value", "movement_type", "supplier", "buyer",
})  # fmt: skip


class EntityScore:
    """Counts per entity; an expected entity without value is met by its name alone. A surplus entity is reported apart."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()
        self.surplus: Counter[str] = Counter()

    def add(self, expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
        left = list(found)
        for want in expected:
            self.wanted[want["entity"]] += 1
            match = next((have for have in left if _meets(want, have)), None)
            if match is not None:
                self.hits[want["entity"]] += 1
                left.remove(match)
        self.surplus.update(have["entity"] for have in left)

    def table(self) -> dict[str, dict[str, float]]:
        rows = {}
        for name in sorted(set(self.wanted) | set(self.surplus)):
            hits, wanted, extra = self.hits[name], self.wanted[name], self.surplus[name]
            rows[name] = {
                "wanted": wanted,
                "recall": round(hits / wanted, 3) if wanted else float("nan"),
                "f1": round(2 * hits / max(1, wanted + hits + extra), 3),
                "surplus": extra,
            }
        rows["all"] = self._sum(set(self.wanted) | set(self.surplus))
        rows["read from the sentence"] = self._sum((set(self.wanted) | set(self.surplus)) - RESOLVED)
        return rows

    def _sum(self, kinds: set[str]) -> dict[str, float]:
        hits, total, extra = (sum(c[k] for k in kinds) for c in (self.hits, self.wanted, self.surplus))
        return {
            "wanted": total,
            "recall": round(hits / max(1, total), 3),
            "f1": round(2 * hits / max(1, total + hits + extra), 3),
            "surplus": extra,
        }


def _meets(want: dict[str, Any], have: dict[str, Any]) -> bool:
    if want["entity"] != have["entity"]:
        return False
    if "role" in want and want["role"] != have.get("role"):
        return False
    return want.get("value") is None or str(want["value"]) == str(have["value"])
