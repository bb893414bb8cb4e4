"""상담원 연결: the queue, its order and expected wait, the summary, priority, rating, notices."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.conversations.handoff import queue_sentence, raise_priority, request_handoff
from backend.conversations.models import Author, Conversation, ConversationState, Handoff, Message
from backend.conversations.notices import deliver
from backend.conversations.queue import waiting
from backend.conversations.rating import rate
from backend.conversations.sessions import conversation_of
from backend.conversations.states import set_state
from backend.db.engine import unit_of_work
from backend.errors import Conflict
from backend.kit import clock
from backend.shops.models import Member, Shop
from tests.backend.conversations.assistant import Assistant

Chat = Callable[..., TestClient]


def person(session: Session, member_id: str) -> Actor:
    member = session.get_one(Member, member_id)
    return member_actor(member, conversation_of(session, member).id)


@pytest.fixture
def three(session: Session, shop: Shop) -> list[Actor]:
    """Owner, sub-operator and a stranger, each with a conversation of their own."""
    return [person(session, m) for m in ("mem_oneul_owner", "mem_oneul_sub", "mem_other_owner")]


def handled(session: Session, conversation_id: str, minutes: int, ended: datetime, agent: str = "stf_agent") -> None:
    conversation = session.get_one(Conversation, conversation_id)
    session.add(
        Handoff(
            id=f"hnd_{session.query(Handoff).count()}", shop_id=conversation.shop_id, conversation_id=conversation_id,
            reason="requested", queued_at=ended - timedelta(minutes=minutes + 3),
            claimed_at=ended - timedelta(minutes=minutes), claimed_by=agent, closed_at=ended,
        )
    )  # fmt: skip
    session.flush()


def test_who_asked_first_is_first(session: Session, three: list[Actor], at_work: clock.FrozenClock) -> None:
    places = []
    for actor in three:
        places.append(request_handoff(session, actor, "requested").position)
        at_work.advance(timedelta(minutes=1))
    assert places == [1, 2, 3]


def test_asking_again_keeps_the_place_and_says_nothing_twice(
    session: Session, three: list[Actor], at_work: clock.FrozenClock
) -> None:
    first = request_handoff(session, three[0], "requested")
    at_work.advance(timedelta(minutes=1))
    request_handoff(session, three[1], "requested")
    assert request_handoff(session, three[0], "angry") == first
    notes = session.scalars(select(Message).where(Message.author == Author.SYSTEM)).all()
    assert len(notes) == 2


def test_a_raised_priority_goes_first(session: Session, three: list[Actor], at_work: clock.FrozenClock) -> None:
    for actor in three:
        request_handoff(session, actor, "requested")
        at_work.advance(timedelta(minutes=1))
    raise_priority(session, three[2])
    session.flush()
    places = [waiting(session, session.get_one(Conversation, a.conversation_id)).position for a in three]
    assert places == [2, 3, 1]


def test_the_expected_wait_comes_from_recent_handling(session: Session, three: list[Actor], now: datetime) -> None:
    conversation_id = str(three[2].conversation_id)
    assert request_handoff(session, three[0], "requested").wait_minutes is None  # nothing is known yet
    for minutes in (6, 10, 50):
        handled(session, conversation_id, minutes, now - timedelta(hours=1))
    place = waiting(session, session.get_one(Conversation, three[0].conversation_id))
    assert (place.position, place.wait_minutes) == (1, 10)
    assert "10분쯤" in queue_sentence(place)


def test_two_agents_at_work_halve_the_wait(session: Session, agents: Any, three: list[Actor], now: datetime) -> None:
    for minutes, agent in ((10, "stf_agent"), (10, "stf_second"), (10, "stf_second")):
        handled(session, str(three[2].conversation_id), minutes, now - timedelta(hours=1), agent)
    assert request_handoff(session, three[0], "requested").wait_minutes == 5


def test_outside_opening_hours_the_next_opening_is_told(
    session: Session, three: list[Actor], at_work: clock.FrozenClock, now: datetime
) -> None:
    at_work.move_to(now + timedelta(days=2, hours=8))  # Friday, eight in the evening
    place = request_handoff(session, three[0], "requested")
    assert (place.open_now, place.wait_minutes) == (False, None)
    assert "11월 23일(월) 오전 9시 30분" in queue_sentence(place)


def test_the_bot_is_silent_while_the_conversation_waits(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    assert widget.post("/chat/handoff", json={"reason": "requested"}).json()["position"] == 1
    posted = widget.post("/chat/messages", json={"client_id": "c1", "text": "계세요?"}).json()
    assert (posted["replies"], posted["message"]["state"]) == ([], "answered")
    assert assistant.calls == []


def test_the_summary_tells_what_was_wanted_shown_and_said(chat: Chat, assistant: Assistant) -> None:
    widget = chat()
    button = {"title": "끄기", "payload": '/ops_off{"operation": "promotion_coupon"}'}
    assistant.behave = lambda _: {
        "messages": [{"custom": {"blocks": [{"type": "card", "title": "쿠폰", "rows": [], "buttons": [button]}]}}],
        "intent": "ops_status", "confidence": 0.9,
    }  # fmt: skip
    for n in range(5):
        widget.post("/chat/messages", json={"client_id": f"c{n}", "text": f"질문 {n}"})
    note = {"topics": ["ops_status"], "focus": {"operation": "promotion_coupon"}, "waiting_for_yes": None}
    widget.post("/chat/handoff", json={"reason": "angry", "summary": note})
    with unit_of_work(write=False) as session:
        kept = session.scalars(select(Conversation).where(Conversation.state == ConversationState.OPEN)).one()
    assert kept.handoff_reason == "angry"
    assert kept.summary["intents"] == ["ops_status"] * 5
    assert kept.summary["operations"] == ["promotion_coupon"]
    assert [m["text"] for m in kept.summary["messages"]] == ["질문 2", "쿠폰", "질문 3", "쿠폰", "질문 4", "쿠폰"]
    assert kept.summary["note"] == note


@pytest.mark.parametrize("summary", [{"x": "가" * 20_000}, {"x": float("nan")}, "a\u0000b"])
def test_refuses_a_summary_that_cannot_be_kept(chat: Chat, summary: Any) -> None:
    import json

    body = json.dumps({"reason": "requested", "summary": summary})
    assert chat().post("/chat/handoff", content=body, headers={"content-type": "application/json"}).status_code == 422


def test_hours_and_queue_for_the_actions(chat: Chat) -> None:
    widget = chat()
    hours = widget.get("/api/conversation/hours").json()
    assert (hours["open_now"], hours["opens_at"], hours["closes_at"]) == (True, None, "2026-11-18T18:00:00+09:00")
    assert hours["text"].startswith("평일")
    assert widget.get("/api/conversation/queue").json()["position"] is None
    assert widget.post("/api/conversation/priority", json={"level": "high"}).json()["priority"] == "high"
    assert widget.post("/api/conversation/priority", json={"level": "normal"}).json()["priority"] == "high"


def test_there_is_nothing_to_rate_before_a_person_finished(session: Session, three: list[Actor]) -> None:
    conversation = session.get_one(Conversation, three[0].conversation_id)
    with pytest.raises(Conflict) as refused:
        rate(session, three[0], 5)
    assert refused.value.error_code == "nothing_to_rate"
    set_state(session, conversation, ConversationState.OPEN)
    set_state(session, conversation, ConversationState.RESOLVED)
    rate(session, three[0], 5)
    rate(session, three[0], 2)  # a change of mind
    assert session.scalars(select(Handoff)).one().rating == conversation.rating == 2


@pytest.mark.parametrize("rating", [0, 6, "아주 좋아요"])
def test_a_rating_is_one_to_five(chat: Chat, rating: Any) -> None:
    assert chat().post("/api/conversation/rating", json={"rating": rating}).status_code == 422


def test_a_notice_reaches_everyone_of_the_shop_unread_and_nobody_else(chat: Chat, shop: Shop) -> None:
    widget, stranger = chat(), chat("other")
    blocks = [{"type": "text", "text": "내일 메인 진열이 바뀌어요."}]
    with unit_of_work() as session:
        sent = deliver(session, shop.id, blocks)
    assert len(sent) == 2
    seen = widget.get("/chat/messages").json()
    assert [(m["author"], m["text"], m["blocks"]) for m in seen["messages"]] == [
        ("bot", "내일 메인 진열이 바뀌어요.", blocks)
    ]
    assert (seen["conversation"]["unread"], seen["conversation"]["state"]) == (1, "pending")
    assert chat("oneul", "sub").get("/chat/messages").json()["conversation"]["unread"] == 1
    assert stranger.get("/chat/messages").json()["messages"] == []
