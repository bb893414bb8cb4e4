"""What the merchant told to be said, as the buyer reads it."""

import pytest

from backend.inquiries.spoken import as_said


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("내일 나간다", "내일 나가요."),
        ("오늘 부쳤다", "오늘 부쳤어요."),
        ("다음 주 화요일에 입고된다", "다음 주 화요일에 입고돼요."),
        ("국산이다", "국산이에요."),
        ("내일 보낼 거다", "내일 보낼 거예요."),
        ("확인해 보겠다", "확인해 볼게요."),
        ("내일까지 기다려 달라", "내일까지 기다려 주세요."),
        ("죄송하지만 어렵다", "죄송하지만 어려워요."),
        ("손세탁 권장", "손세탁 권장이에요."),
        ("금욜 재입고", "금욜 재입고예요."),
    ],
)
def test_a_plain_ending_becomes_a_polite_one(told: str, read: str) -> None:
    assert as_said(told) == read


@pytest.mark.parametrize("told", ["배송은 내일 나가요", "확인했습니다", "언제 필요하세요?"])
def test_what_is_polite_already_stays_as_it_is(told: str) -> None:
    assert as_said(told) == told
