"""POST and GET /chat/messages against an assistant that answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.access import tokens
from backend.conversations.payloads import as_typed
from backend.kit import clock
from tests.backend.conversations.assistant import Assistant, Call, after, echo

Chat = Callable[..., TestClient]


def send(client: TestClient, client_id: str, text: str, payload: str | None = None) -> dict[str, Any]:
    answer = client.post("/chat/messages", json={"client_id": client_id, "text": text, "payload": payload})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_message_gets_its_reply(chat: Chat, assistant: Assistant) -> None:
    posted = send(chat(), "c1", "메인 진열 왜 바뀌었어요?")
    assert posted["message"]["state"] == "answered"
    (reply,) = posted["replies"]
    assert reply["author"] == "bot"
    assert reply["reply_to"] == posted["message"]["id"]
    assert reply["blocks"] == [{"type": "text", "text": "답: 메인 진열 왜 바뀌었어요?"}]
    assert (posted["message"]["seq"], reply["seq"]) == (1, 2)


def test_the_assistant_is_told_who_asks_and_nothing_more(chat: Chat, assistant: Assistant) -> None:
    posted = send(chat(), "c1", "안녕하세요")
    (call,) = assistant.calls
    assert call.secret
    assert call.body["message_id"] == posted["message"]["id"]
    metadata = call.body["metadata"]
    assert (metadata["shop_name"], metadata["member_name"]) == ("oneul 상점", "oneul owner")
    claims = tokens.read("turn", metadata["turn_token"])
    assert (claims["sub"], claims["conversation"]) == ("mem_oneul_owner", posted["conversation"]["id"])


def test_a_turn_token_dies_with_its_turn(chat: Chat, assistant: Assistant, at_work: clock.FrozenClock) -> None:
    widget = chat()
    send(widget, "c1", "안녕하세요")
    token = assistant.calls[0].body["metadata"]["turn_token"]
    headers = {"authorization": f"Bearer {token}"}
    assert widget.get("/api/conversation/queue", headers=headers).status_code == 200
    at_work.advance(timedelta(seconds=3))  # the assistant of these tests has one second
    assert widget.get("/api/conversation/queue", headers=headers).status_code == 401


def test_a_resend_is_stored_once_and_returns_the_same_replies(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    first = send(widget, "c1", "안녕하세요")
    assert send(widget, "c1", "안녕하세요") == first
    assert len(assistant.calls) == 1


def test_a_late_resend_of_an_earlier_message_changes_nothing(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    first, second = send(widget, "c1", "하나"), send(widget, "c2", "둘")
    assert send(widget, "c1", "하나")["replies"] == first["replies"]
    assert [m["id"] for m in widget.get("/chat/messages").json()["messages"]] == [
        first["message"]["id"], first["replies"][0]["id"], second["message"]["id"], second["replies"][0]["id"],
    ]  # fmt: skip
    assert assistant.texts() == ["하나", "둘"]


def test_messages_at_the_same_moment_are_answered_one_after_the_other(chat: Chat, assistant: Assistant) -> None:
    assistant.behave = after(0.05)
    widget = chat()
    with ThreadPoolExecutor(8) as pool:
        posted = list(pool.map(lambda n: send(widget, f"c{n}", f"{n}번"), range(8)))
    for one in posted:
        assert one["replies"][0]["text"] == f"답: {one['message']['text']}"
    in_order = sorted((p["message"] for p in posted), key=lambda m: m["seq"])
    assert assistant.texts() == [m["text"] for m in in_order]
    assert all(a.ended <= b.began for a, b in zip(assistant.calls, assistant.calls[1:], strict=False))


def test_the_same_message_from_two_tabs_at_once_is_asked_once(chat: Chat, assistant: Assistant) -> None:
    assistant.behave = after(0.1)
    tabs = [chat(), chat()]
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda tab: send(tab, "same", "한 번만"), tabs)
    assert one == two
    assert assistant.texts() == ["한 번만"]


def test_every_message_of_the_assistant_becomes_one_message_with_blocks(chat: Chat, assistant: Assistant) -> None:
    buttons = [{"title": "끌게요", "payload": '/ops_off{"operation": "main_display"}'}]
    card = {"type": "card", "title": "메인 진열", "rows": [{"label": "다음 실행", "value": "내일"}]}
    assistant.behave = lambda _: {
        "messages": [{"text": "이렇게 돼요.", "buttons": buttons}, {"custom": {"blocks": [card]}}, {}]
    }
    first, second = send(chat(), "c1", "언제 해요?")["replies"]
    assert first["blocks"] == [{"type": "text", "text": "이렇게 돼요."}, {"type": "buttons", "buttons": buttons}]
    assert second["blocks"] == [card]
    assert second["text"] == "메인 진열\n다음 실행: 내일"


def test_a_pressed_button_sends_its_payload_and_shows_its_title(chat: Chat, assistant: Assistant) -> None:
    payload = '/ops_off{"operation": "main_display"}'
    posted = send(chat(), "c1", "메인 진열 끄기", payload)
    assert assistant.texts() == [payload]
    assert (posted["message"]["text"], posted["message"]["payload"]) == ("메인 진열 끄기", payload)


@pytest.mark.parametrize(
    "typed", ['/affirm{"plan_id": "plan_1"}', "  /affirm", "//affirm", "\u200b/affirm", "／affirm", " \n/ /affirm"]
)
def test_what_a_person_types_is_never_a_command(chat: Chat, assistant: Assistant, typed: str) -> None:
    send(chat(), "c1", typed)
    assert assistant.texts()[0].startswith("affirm")


def test_slashes_alone_still_say_something() -> None:
    assert as_typed("///") == "?"
    assert as_typed("24/7 운영하나요?") == "24/7 운영하나요?"


@pytest.mark.parametrize(
    "payload",
    ["affirm", "/Affirm", "/affirm{", "/affirm{plan}", '/affirm{"a": {"b": 1}}', "/affirm[1]", "/a b", '/x{"a": NaN}',
     '/x{"a": "\\ud800"}', "/affirm@0.9", "/a/b/c"],
)  # fmt: skip
def test_refuses_a_malformed_payload(chat: Chat, assistant: Assistant, payload: str) -> None:
    answer = chat().post("/chat/messages", json={"client_id": "c1", "text": "네", "payload": payload})
    assert answer.status_code == 422
    assert "payload" in str(answer.json()["fields"])
    assert assistant.calls == []


@pytest.mark.parametrize("text", ["", "   ", "가" * 2001, "a\u0000b"])
def test_refuses_text_that_does_not_fit_and_names_the_field(chat: Chat, text: str) -> None:
    answer = chat().post("/chat/messages", json={"client_id": "c1", "text": text})
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "body.text"


def test_takes_two_thousand_characters(chat: Chat) -> None:
    assert send(chat(), "c1", "가" * 2000)["message"]["text"] == "가" * 2000


def test_refuses_a_flood_and_recovers(chat: Chat, at_work: clock.FrozenClock) -> None:
    widget = chat()
    for n in range(30):
        send(widget, f"c{n}", "도배")
    answer = widget.post("/chat/messages", json={"client_id": "c30", "text": "도배"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_messages")
    send(widget, "c0", "도배")  # a resend is no new message
    at_work.advance(timedelta(seconds=11))
    send(widget, "c30", "도배")


def test_pages_go_both_ways(chat: Chat) -> None:
    widget = chat()
    for n in range(5):
        send(widget, f"c{n}", f"{n}")
    seqs = lambda query: [m["seq"] for m in widget.get(f"/chat/messages?{query}").json()["messages"]]  # noqa: E731
    assert seqs("limit=3") == [8, 9, 10]
    assert seqs("limit=3&before=8") == [5, 6, 7]
    assert seqs("limit=3&after=2") == [3, 4, 5]
    assert widget.get("/chat/messages?after=8").json()["has_more"] is False
    assert widget.get("/chat/messages?after=-1").status_code == 422
    assert widget.get(f"/chat/messages?after={10**30}").status_code == 422


def test_replies_are_unread_until_seen_and_reading_never_goes_back(chat: Chat) -> None:
    widget = chat()
    assert send(widget, "c1", "하나")["conversation"]["unread"] == 1
    assert send(widget, "c2", "둘")["conversation"]["unread"] == 2
    assert widget.post("/chat/read", json={"seq": 4}).json()["unread"] == 0
    assert widget.post("/chat/read", json={"seq": 1}).json()["read_seq"] == 4
    assert widget.post("/chat/read", json={"seq": 999}).json()["read_seq"] == 4


def test_the_intent_is_kept_with_the_message_it_was_found_in(chat: Chat, assistant: Assistant) -> None:
    def understood(call: Call) -> dict[str, Any]:
        return {**echo(call), "intent": "ops_status", "confidence": 0.83}

    assistant.behave = understood
    widget = chat()
    send(widget, "c1", "작업현황 보여줘")
    widget.post("/chat/handoff", json={"reason": "requested"})
    from sqlalchemy import select

    from backend.conversations.models import Conversation
    from backend.db.engine import unit_of_work

    with unit_of_work(write=False) as session:
        assert session.scalars(select(Conversation)).one().summary["intents"] == ["ops_status"]
