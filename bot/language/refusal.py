"""When the bot says it did not understand instead of guessing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.verdict import Verdict

FALLBACK = "nlu_fallback"
FAQ = "faq"
SEPARATOR = "/"


@dataclass(frozen=True)
class Thresholds:
    """Confidences are calibrated shares (0–1); chosen in config.yml, with the reason there.

    `confidence`: below it every intent is refused. `faq`: the same for answers about the service, which would
    otherwise answer nonsense confidently. `margin`: the smallest lead over the second meaning.
    `form`: while a form waits for an answer, anything less sure is taken as that answer.
    `familiarity`: below this cosine to every training sentence, `unfamiliar_confidence` is asked instead.
    """

    confidence: float = 0.4
    faq: float = 0.5
    margin: float = 0.05
    form: float = 0.8
    familiarity: float = 0.35
    unfamiliar_confidence: float = 0.7


def is_refused(verdict: Verdict, thresholds: Thresholds) -> bool:
    """Whether the best meaning is too unsure to act on."""
    if verdict.familiarity <= 0.0:
        return True
    name, confidence = verdict.ranking[0]
    asked = thresholds.faq if name.startswith(FAQ + SEPARATOR) else thresholds.confidence
    if verdict.familiarity < thresholds.familiarity:
        asked = max(asked, thresholds.unfamiliar_confidence)
    if confidence < asked:
        return True
    runner_up = verdict.ranking[1][1] if len(verdict.ranking) > 1 else 0.0
    return confidence - runner_up < thresholds.margin
