"""Clear questions find their topic, however they are typed; everything else is a person's."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.inquiries.states import Topic
from backend.inquiries.topics import topic_of, topic_rules


@pytest.mark.parametrize("text, topic", [
    ("배송 언제 되나요? 아직 송장이 안떴어요", Topic.DELIVERY),
    ("주문한거 언제쯤 도착할까요", Topic.DELIVERY),
    ("지난주에 주문했는데 배송이 아직이에요", Topic.DELIVERY),
    ("언제발송하세요급해요", Topic.DELIVERY),
    ("사이즈가 어떻게 되나요?", Topic.SIZE),
    ("기장이 몇 센치인가요", Topic.SIZE),
    ("용량이 얼마나 되나요", Topic.SIZE),
    ("교환하고 싶은데 어떻게 하나요", Topic.EXCHANGE),
    ("큰걸로 바꾸고 싶어요", Topic.EXCHANGE),
    ("반품은 언제까지 할 수 있어요?", Topic.EXCHANGE),
    ("재입고 언제 되나요?", Topic.STOCK),
    ("이거 다시 들어오나요", Topic.STOCK),
    ("재고있나요", Topic.STOCK),
])  # fmt: skip
def test_a_clear_question_has_its_topic(text, topic) -> None:
    assert topic_of(text) is topic


@pytest.mark.parametrize("text", [
    "반품 신청했는데요 환불은 언제 되나요", "택배가 파손돼서 왔어요", "받았는데 안감이 찢어져 있어요", "색상이 사진이랑 다른가요",
    "배송지 변경해 주세요", "배송비 얼마예요", "제주도 배송 되나요", "66인데 M 사이즈 맞을까요", "사이즈 추천해 주세요",
    "사이즈 교환 되나요", "배송이 왜 이래요 너무 화나요", "안녕하세요", "ㅋㅋ", "", "   ", "사기 아닌가요 신고할게요",
])  # fmt: skip
def test_money_damage_anger_advice_and_several_things_are_left_to_a_person(text) -> None:
    assert topic_of(text) is Topic.OTHER


def test_every_topic_but_other_has_rules_and_none_is_also_a_persons() -> None:
    rules = topic_rules()
    assert rules.topics.keys() == set(Topic) - {Topic.OTHER}
    for words in rules.topics.values():
        assert words and not words & rules.for_a_person
    every = [word for words in rules.topics.values() for word in words]
    assert len(every) == len(set(every))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_the_same_twice(text) -> None:
    assert topic_of(text) is topic_of(text)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["환불", "불량", "파손", "취소"]), st.sampled_from(["배송", "교환", "재고", "사이즈"]))
def test_a_persons_word_wins_over_every_topic(hard, easy) -> None:
    assert topic_of(f"{easy} 문의드려요. {hard}도 되나요?") is Topic.OTHER
