"""Which words of a sentence are for somebody else, and which only say to whom."""

import pytest

from actions.quoting import words_to_send


@pytest.mark.parametrize(
    ("said", "text", "reported"),
    [
        ("배송은 내일 나가요 라고 답해줘", "배송은 내일 나가요", False),
        ("'내일 출고됩니다'라고 답장 보내주세요", "내일 출고됩니다", False),
        ("3번 문의한테 내일 보낸다고 답 좀 달아주세요", "내일 보낸다", True),
        ("보리차 언제 오냐고 묻는 분 있죠? 오늘 부쳤다고 좀 전해주세요", "오늘 부쳤다", True),
        ("답장해줘 출고는 월욜부터라고", "출고는 월욜부터", True),
        ("2번문의 답변ㄱㄱ 금욜 재입고", "금욜 재입고", True),
        ("배송문의 내일출고라고답해줘", "내일출고", True),
        ("세탁 문의건 손세탁 권장으로 답변 올리셈", "손세탁 권장", True),
        ("아니 모레 나간다고 해줘", "모레 나간다", True),
    ],
)
def test_the_message_is_told_from_what_stands_around_it(said: str, text: str, reported: bool) -> None:
    words = words_to_send(said)
    assert words is not None and (words.text, words.reported) == (text, reported)


@pytest.mark.parametrize(
    "said",
    [
        "초안 보내줘",
        "그거 그대로 보내줘",
        "방금 들어온 배송 문의에 답변을 남기고 싶어요",
        "답하지 말고 두라고",
        "초안으로 답해줘",
    ],
)
def test_a_wish_without_words_holds_none(said: str) -> None:
    assert words_to_send(said) is None


def test_what_stands_outside_names_whom_it_is_for() -> None:
    words = words_to_send("사이즈 문의하신 고객님께 평소 사이즈로 주문하시면 된다고 답변해 주세요")
    assert words is not None and "사이즈 문의하신 고객님께" in words.before and "주문하시면" not in words.before
