"""A note is what the sentence says beside the wish to write one; a question about notes wishes nothing."""

import pytest

from actions.notes_said import corrected_note, note_said, wants_note


@pytest.mark.parametrize(("text", "said"), [
    ("이 주문에 메모 남겨줘", None), ("주문 메모 남겨주세요", None), ("이주문메모추가해줘", None), ("0012 메모 ㄱ", None),
    ("김민수님 주문에 내부 메모 달아줘", None), ("이 주문에 메모 남겨줘 선물포장 요청", "선물포장 요청"),
    ("0015 주문 메모: 부재시 경비실", "부재시 경비실"), ("0012번 주문에 '깨지기 쉬움' 이라고 메모해줘", "깨지기 쉬움"),
    ("0031 주문에 부재시 경비실이라고 메모해줘", "부재시 경비실"), ("0012에 전화 먼저 달라고 적어줘", "전화 먼저 달라고"),
    ("0012 주문에 메모 하나 남겨주세요 택배기사 연락 요망", "택배기사 연락 요망"), ("0015 주문 선물포장 요청 메모해줘", "선물포장 요청"),
])  # fmt: skip
def test_the_note_is_read_out_of_the_wish(text: str, said: str | None) -> None:
    assert wants_note(text)
    assert note_said(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "이 주문에 메모 있어?",
        "메모 보여줘",
        "배송메모 바꿔줘",
        "고객 메모 남겨줘",
        "메모 뭐라고 적혀 있어",
        "주문 보류해줘",
    ],
)
def test_a_question_about_notes_writes_none(text: str) -> None:
    assert not wants_note(text)


@pytest.mark.parametrize(("text", "said"), [
    ("아니 '선물'이라고", "선물"), ("아니요 경비실에 맡김으로 바꿔줘", "경비실에 맡김"), ("메모는 경비실로 바꿔줘", "경비실"), ("네", None), ("아니", None),
    ("그대로 해줘", None), ("이대로 해줘", None),
])  # fmt: skip
def test_a_note_is_corrected_before_it_is_written(text: str, said: str | None) -> None:
    assert corrected_note(text) == said
