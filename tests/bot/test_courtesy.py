"""A wish beside a greeting or thanks is heard; a greeting with nothing beside it stays one."""

from __future__ import annotations

import pytest

from bot.language.courtesy import beside_courtesy
from bot.language.verdict import Verdict

#: what a model may say of the parts; anything else with a courtesy in it is read as that courtesy
PARTS = {
    "쿠폰 꺼주세요": ("ops_off", 0.95), "쿠폰꺼주세요": ("ops_off", 0.95), "재고 좀": ("stock_check", 0.5),
    "사장입니다": ("inform", 0.9), "해결됐어요": ("chitchat", 0.99), "여쭤볼게요": ("ops_status", 0.4),
}  # fmt: skip
WORDS = {"안녕하세요": "greet", "수고": "greet", "고마": "thank", "감사": "thank"}


def read(text: str) -> Verdict:
    courtesy = next((name for word, name in WORDS.items() if word in text), "out_of_scope")
    name, sure = PARTS.get(text, (courtesy, 0.99))
    return Verdict([(name, sure)], 0.5)


@pytest.mark.parametrize("said", [
    "안녕하세요 쿠폰 꺼주세요", "안녕하세요! 쿠폰 꺼주세요", "안녕하세요쿠폰꺼주세요", "수고 많으세요 안녕하세요 쿠폰 꺼주세요",
    "쿠폰 꺼주세요 고마워요", "쿠폰 꺼주세요. 정말 감사합니다",
])  # fmt: skip
def test_the_wish_is_heard(said: str) -> None:
    assert beside_courtesy(said, read(said), read).ranking[0][0] == "ops_off"


@pytest.mark.parametrize("said", [
    "안녕하세요", "안녕하세요 사장입니다", "감사합니다 해결됐어요", "안녕하세요 재고 좀", "안녕하세요 여쭤볼게요",
])  # fmt: skip
def test_what_is_no_clear_wish_leaves_the_courtesy(said: str) -> None:
    assert beside_courtesy(said, read(said), read) == read(said)


def test_a_sentence_that_was_learnt_is_what_it_was_learnt_as() -> None:
    learnt = Verdict([("thank", 0.9)], 1.0)
    assert beside_courtesy("쿠폰 꺼주세요 고마워요", learnt, read) == learnt
