"""How people say that stock moved: the way, the number, and when a sentence moves nothing."""

import pytest

from actions.stock_words import Said, copies_in, said_change, tells_a_change


@pytest.mark.parametrize(("text", "way", "number"), [
    ("머플러 50개 들어왔어요", "receive", 50), ("블랙M +30", "receive", 30), ("P00012 +20", "receive", 20),
    ("니트 불량 3장 출고처리", "issue", 3), ("화병 3개 파손 -3", "issue", 3), ("사진 촬영용으로 한 벌을 뺐으니", "issue", 1),
    ("실사 결과 반영 로퍼 245 → 12", "correct", 12), ("연필깎이 재고를 열일곱 개로 수정해 줘", "correct", 17),
    ("트렌치코트 재고 0으로 잡아", "correct", 0), ("손수건이 일흔두 장이에요 그걸로 고쳐줘요", "correct", 72),
    ("밴드100개들어옴재고추가", "receive", 100), ("입고잡아 SKU-3310 x 500", "receive", 500), ("마흔 병 더 있는 걸로 해줘요", "receive", 40),
    ("아니 3개", None, 3), ("아 3개 말고 4개 입고", "receive", 4), ("두 번째 거 10개 입고해줘", "receive", 10), ("입고", "receive", None),
])  # fmt: skip
def test_the_way_and_the_number_are_read(text: str, way: str | None, number: int | None) -> None:
    said = said_change(text)
    assert (said.way, said.number) == (way, number)


def test_two_numbers_are_nobodys_guess() -> None:
    said = said_change("다섯박스 왔는데 한박스에 백켤레에요 입고")
    assert (said.number, said.several) == (None, True)


def test_a_number_in_the_name_is_no_quantity() -> None:
    assert said_change("로퍼 240 다섯 켤레 입고", ("로퍼 / 240",)) == Said("receive", 5)
    assert copies_in("로퍼 240 바코드 12장", ("로퍼 / 240",)) == 12


@pytest.mark.parametrize(("text", "moves"), [
    ("코듀로이 팬츠 3개 입고", True), ("5개 더 들어왔어 입고해줘", True), ("입고 예정인 거 뭐 있어요?", False),
    ("데님 셔츠 블랙 5개 출고하지 마", False), ("재고 5개 이하로 남은 상품을 보여 주세요", False),
    ("단체주문 50개 들어왔는데 물량이 되나요", False), ("12월 3일 입고 30개 예정", False), ("재고가 왜 5개 빠졌지", False),
])  # fmt: skip
def test_a_question_or_a_plan_moves_nothing(text: str, moves: bool) -> None:
    assert tells_a_change(text) is moves
