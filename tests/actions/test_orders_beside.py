"""What a sentence about an order wishes beside the intents; taken for its nearest intent it would do something else."""

from types import SimpleNamespace
from typing import Any

import pytest

from actions.orders_beside import UNLOCK, wish_said


def turn(text: str, number: bool = False, on_an_order: bool = False) -> Any:
    return SimpleNamespace(
        text=text, focus={"order_id": "ord_1"} if on_an_order else {}, all_of=lambda name: ["0012"] if number else []
    )


@pytest.mark.parametrize(("text", "wish"), [
    ("이 주문 합포장 금지 걸어줘", "order_merge_lock"), ("합포금지 풀어줘", "order_merge_lock"), ("합포장금지걸어줘", "order_merge_lock"),
    ("0015 주문은 합포장 하지 마", "order_merge_lock"), ("다른 주문이랑 합치지 말아줘", "order_merge_lock"),
    ("이 주문 목록에서 빼줘", "order_remove"), ("0015 주문 삭제해줘", "order_remove"), ("이 주문 지워줘", "order_remove"),
    ("삭제한 주문 복구해줘", "order_restore"), ("아까 지운 주문 다시 살려줘", "order_restore"), ("0015 주문 되살려줘", "order_restore"),
    ("이 주문에 메모 남겨줘", "order_note"),
    ("합포금지가 뭐야?", None), ("합포금지 설정 바꿔줘", None), ("합포금지된 주문 보여줘", None), ("이 주문 합포해줘", None),
    ("주문 전부 지워줘", None), ("주문 데이터 복구해줘", None), ("이 쿠폰 지워줘", None), ("삭제한 주문 보여줘", None),
    ("이 주문 왜 안 나가?", None), ("0012 주문 메모 지워줘", None), ("이 주문 보류 풀어줘", None), ("이 주문 송장 지워줘", None),
    ("주문 보여줘", None), ("주문 취소해줘", None),
])  # fmt: skip
def test_the_words_say_which(text: str, wish: str | None) -> None:
    assert wish_said(turn(text, on_an_order=True)) == wish


@pytest.mark.parametrize("text", ["메모 남겨줘", "목록에서 빼줘"])
def test_without_an_order_in_sight_nothing_is_read_into_it(text: str) -> None:
    assert wish_said(turn(text)) is None
    assert wish_said(turn(text, number=True)) is not None


@pytest.mark.parametrize(("text", "lifts"), [
    ("합포금지 풀어줘", True), ("합포장 금지 해제해주세요", True), ("합포 금지를 취소해줘", True), ("합포장 금지 걸어줘", False), ("합포하지 마", False),
])  # fmt: skip
def test_lifting_is_told_from_setting(text: str, lifts: bool) -> None:
    assert (UNLOCK.search(text) is not None) is lifts
