"""The assistant down, slow, failing or silent: the message is kept, the person is told, a person can be reached."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.backend.conversations.assistant import Assistant, action_failed, after, echo, silent

Chat = Callable[..., TestClient]


def send(client: TestClient, client_id: str, text: str, payload: str | None = None) -> dict[str, Any]:
    answer = client.post("/chat/messages", json={"client_id": client_id, "text": text, "payload": payload})
    assert answer.status_code == 200, answer.text
    return answer.json()


def buttons_of(posted: dict[str, Any]) -> dict[str, str]:
    """Payload by title of the buttons of the only reply."""
    (reply,) = posted["replies"]
    return {b["title"]: b["payload"] for b in reply["blocks"][1]["buttons"]}


def press(client: TestClient, client_id: str, posted: dict[str, Any], title: str) -> dict[str, Any]:
    return send(client, client_id, title, buttons_of(posted)[title])


def broken(call: Any) -> dict[str, Any]:
    return {"unexpected": True}


@pytest.mark.parametrize(
    ("behave", "sentence"),
    [(action_failed, "끝까지 처리하지 못했어요"), (silent, "끝까지 처리하지 못했어요"), (broken, "답변을 드릴 수 없는"), (after(4), "너무 오래 걸려서")],
    ids=["action failed", "silent", "broken", "slow"],
)  # fmt: skip
def test_the_message_is_kept_and_the_person_told(chat: Chat, assistant: Assistant, behave: Any, sentence: str) -> None:
    assistant.behave = behave
    posted = send(chat(), "c1", "쿠폰 꺼줘")
    assert posted["message"]["state"] == "failed"
    assert sentence in posted["replies"][0]["text"]
    assert set(buttons_of(posted)) == {"상담원 연결", "다시 시도"}
    assert posted["conversation"]["state"] == "pending"


def test_what_was_said_before_an_action_failed_is_told(chat: Chat, assistant: Assistant) -> None:
    assistant.behave = lambda _: {"error": "action_failed", "messages": [{"text": "쿠폰을 껐어요."}]}
    posted = send(chat(), "c1", "쿠폰 끄고 상태 보여줘")
    assert posted["message"]["state"] == "failed"
    assert posted["replies"][0]["text"] == "쿠폰을 껐어요."
    assert "끝까지 처리하지 못했어요" in posted["replies"][1]["text"]


def test_a_refused_connection_is_told_at_once(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    assistant.stop()
    posted = send(widget, "c1", "쿠폰 꺼줘")
    assert posted["message"]["state"] == "failed"
    assert "답변을 드릴 수 없는" in posted["replies"][0]["text"]
    assert widget.get("/ready").status_code == 503
    assert widget.get("/ready").json() == {"status": "down", "db": "ok", "rasa": "down"}
    assert widget.get("/health").json() == {"status": "ok"}


def test_ready_when_the_assistant_answers(chat: Chat) -> None:
    assert chat().get("/ready").json() == {"status": "ok", "db": "ok", "rasa": "ok"}


def test_try_again_asks_the_first_message_again_with_its_payload(chat: Chat, assistant: Assistant) -> None:
    widget, payload = chat(), '/affirm{"plan_id": "plan_1"}'
    assistant.behave = action_failed
    failed = send(widget, "c1", "진행할게요", payload)
    failed_again = press(widget, "c2", failed, "다시 시도")
    assistant.behave = echo
    answered = press(widget, "c3", failed_again, "다시 시도")
    assert assistant.texts() == [payload] * 3
    assert answered["message"]["state"] == "answered"
    states = {m["client_id"]: m["state"] for m in widget.get("/chat/messages").json()["messages"] if m["client_id"]}
    assert states["c1"] == "answered"


def test_try_again_of_what_was_answered_meanwhile_asks_nothing(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    assistant.behave = action_failed
    failed = send(widget, "c1", "진행할게요", "/affirm")
    assistant.behave = echo
    press(widget, "c2", failed, "다시 시도")
    stale = press(widget, "c3", failed, "다시 시도")
    assert len(assistant.calls) == 2
    assert "이미 답변해 드린" in stale["replies"][0]["text"]


def test_try_again_reaches_no_message_of_another_person(chat: Chat, assistant: Assistant) -> None:
    assistant.behave = action_failed
    theirs = send(chat("other"), "c1", "비밀")
    assistant.behave = echo
    mine = send(chat(), "c1", "다시 시도", buttons_of(theirs)["다시 시도"])
    assert assistant.texts() == ["비밀"]
    assert "이미 답변해 드린" in mine["replies"][0]["text"]


def test_a_person_can_be_reached_while_the_assistant_is_down(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    assistant.stop()
    failed = send(widget, "c1", "쿠폰 꺼줘")
    queued = press(widget, "c2", failed, "상담원 연결")
    assert queued["conversation"]["state"] == "open"
    assert queued["message"]["state"] == "answered"
    assert "1번째 순서" in queued["replies"][0]["text"]


def test_a_silent_assistant_is_fine_when_it_handed_over(chat: Chat, assistant: Assistant) -> None:
    widget = chat()

    def hand_over(call: Any) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {call.body['metadata']['turn_token']}"}
        body = {"reason": "requested", "summary": {"topics": ["ops_off"], "focus": {"operation": "main_display"}}}
        assert widget.post("/api/conversation/handoff", json=body, headers=headers).status_code == 200
        return silent(call)

    assistant.behave = hand_over
    posted = send(widget, "c1", "상담원 연결해 주세요")
    assert (posted["message"]["state"], posted["replies"]) == ("answered", [])
    assert posted["conversation"]["state"] == "open"


def test_an_answer_that_cannot_be_stored_is_not_asked_for_again(chat: Chat, assistant: Assistant) -> None:
    assistant.behave = lambda _: {"messages": [{"text": json.loads('"\\ud800"')}]}
    posted = send(chat(), "c1", "안녕하세요")
    assert posted["message"]["state"] == "failed"
    assert len(assistant.calls) == 1


def test_messages_behind_a_slow_one_are_answered_in_their_turn(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    assistant.behave = lambda call: after(4)(call) if call.text == "느린 질문" else echo(call)
    assert send(widget, "c1", "느린 질문")["message"]["state"] == "failed"
    assert send(widget, "c2", "빠른 질문")["message"]["state"] == "answered"
