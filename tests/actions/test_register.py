"""Who writes 하십시오체 is greeted and thanked in kind; a set phrase alone says nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from actions.register import speaks_formally


def turn(*said: str) -> Any:
    events = [{"event": "user", "text": text} for text in said]
    return SimpleNamespace(tracker=SimpleNamespace(events=events), text=said[-1], is_payload=said[-1].startswith("/"))


@pytest.mark.parametrize("said", [
    ("안녕하십니까",), ("메인 진열을 꺼 주시기 바랍니다.", "감사합니다"), ("쿠폰이 왜 나갔습니까?", "잘 알았습니다"), ("확인해 주십시오", "네", "감사합니다"),
    ("메인진열 꺼주십시오", "/affirm", "감사합니다"),
])  # fmt: skip
def test_a_formal_merchant_is_answered_formally(said: tuple[str, ...]) -> None:
    assert speaks_formally(turn(*said))


@pytest.mark.parametrize("said", [
    ("안녕",), ("안녕하세요",), ("감사합니다",), ("고맙습니다!",), ("메인 진열 꺼줘", "감사합니다"), ("왜 안 나가요?", "네 감사합니다"),
    ("확인했습니다", "근데 쿠폰은 왜 이래요"), ("0012",), ("/greet",), ("ㅇㅇ", "ㄱㅅ"),
])  # fmt: skip
def test_everyone_else_is_not(said: tuple[str, ...]) -> None:
    assert not speaks_formally(turn(*said))
