"""When the bot asks back instead of acting."""

from __future__ import annotations

from bot.language.refusal import Thresholds, is_refused
from bot.language.verdict import Verdict

ASKED = Thresholds(confidence=0.4, faq=0.5, margin=0.1, familiarity=0.3, unfamiliar_confidence=0.7)


def verdict(name: str, best: float, second: float = 0.0, familiarity: float = 0.6) -> Verdict:
    return Verdict([(name, best), ("greet", second)], familiarity)


def test_an_unsure_meaning_is_refused() -> None:
    assert is_refused(verdict("ops_off", 0.39), ASKED)
    assert not is_refused(verdict("ops_off", 0.41), ASKED)


def test_an_answer_about_the_service_needs_more_certainty() -> None:
    assert is_refused(verdict("faq/market_scope", 0.45), ASKED)
    assert not is_refused(verdict("faq/market_scope", 0.55), ASKED)


def test_two_meanings_close_together_are_refused() -> None:
    assert is_refused(verdict("ops_off", 0.45, 0.40), ASKED)


def test_far_from_every_known_sentence_more_certainty_is_needed() -> None:
    assert is_refused(verdict("ops_off", 0.65, familiarity=0.2), ASKED)
    assert not is_refused(verdict("ops_off", 0.75, familiarity=0.2), ASKED)


def test_noise_is_refused_however_sure() -> None:
    assert is_refused(verdict("affirm", 0.99, familiarity=0.0), ASKED)
