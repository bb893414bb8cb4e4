"""What the intent model says about one sentence."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """Intents best first with their confidences (summing to 1), and how close the nearest known sentence is (0–1)."""

    ranking: list[tuple[str, float]]
    familiarity: float
