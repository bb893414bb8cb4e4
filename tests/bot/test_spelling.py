"""A mistyped syllable is read as the neighbour that was meant, and what is rightly typed stays."""

from __future__ import annotations

import pytest

from bot.language.jamo import neighbours
from bot.language.spelling import Spelling

KNOWN = (
    "주문 취소해 주세요", "주문 취소하고 싶어요", "취소해 주세요", "재고 확인해 주세요", "재고 알려 주세요",
    "송장 출력해 주세요", "송장 출력", "주문 보류해 주세요", "주문 보여 주세요", "쿠폰 꺼 주세요",
)  # fmt: skip


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    # what is said often enough to be a witness
    return Spelling().fit(KNOWN * 8)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("주문 취소해 주새요", "주문 취소해 주세요"),
        ("송장 출럭해 주세요", "송장 출력해 주세요"),
        ("재고 확인해 주세용", "재고 확인해 주세요"),
        ("송장 력출", "송장 출력"),
    ],
)
def test_reads_a_slip_as_what_was_meant(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.repair(typed) == meant


@pytest.mark.parametrize(
    "sentence", [*KNOWN, "신발 교환해 주세요", "ㅇㅇ", "", "20261121-0000012", "asdf", "날씨가 좋네요"]
)
def test_leaves_right_spelling_and_unknown_words_alone(spelling: Spelling, sentence: str) -> None:
    assert spelling.repair(sentence) == sentence


def test_keeps_the_spaces_as_typed(spelling: Spelling) -> None:
    assert spelling.repair("주문  취소해주새요") == "주문  취소해주세요"


def test_repairs_nothing_before_it_has_learnt() -> None:
    assert Spelling().repair("주문 취소해 주새요") == "주문 취소해 주새요"


def test_is_the_same_after_storage(spelling: Spelling) -> None:
    assert Spelling.from_state(spelling.state()).repair("송장 출럭해 주세요") == "송장 출력해 주세요"


def test_neighbours_differ_in_one_letter() -> None:
    assert {"취", "최", "칙"} & set(neighbours("치")) == {"취", "최", "칙"}
    assert "치" not in neighbours("치")
    assert neighbours("a") == ()
