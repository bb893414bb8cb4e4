"""Several real processes on one database: order, one question a message, killed turns, events across processes."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.backend.conversations.assistant import after
from tests.backend.conversations.conftest import Site
from tests.backend.conversations.serving import listening


def post(client: httpx.Client, client_id: str, text: str) -> dict[str, Any]:
    return client.post("/chat/messages", json={"client_id": client_id, "text": text}).raise_for_status().json()


def thread_of(client: httpx.Client) -> list[dict[str, Any]]:
    return client.get("/chat/messages?limit=100").raise_for_status().json()["messages"]


@contextmanager
def both(site: Site) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """The same person's browsers on two processes."""
    with site.open_chat(site.running[0]) as one, site.open_chat(site.running[1]) as two:
        yield one, two


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_two_processes_keep_one_order_and_ask_once_a_message(site: Site) -> None:
    site.assistant.behave = after(0.1)
    with both(site) as (one, two), ThreadPoolExecutor(10) as pool:
        sends = [(client, f"{name}{n}") for n in range(5) for name, client in (("a", one), ("b", two))]
        posted = list(pool.map(lambda s: post(s[0], s[1], f"{s[1]} 질문"), sends))
        thread = thread_of(one)
    for answer in posted:
        assert [r["text"] for r in answer["replies"]] == [f"답: {answer['message']['text']}"]
    assert [m["seq"] for m in thread] == list(range(1, 21))
    assert site.assistant.texts() == [m["text"] for m in thread if m["author"] == "member"]
    assert all(a.ended <= b.began for a, b in zip(site.assistant.calls, site.assistant.calls[1:], strict=False))


def test_the_same_message_sent_to_two_processes_is_asked_once(site: Site) -> None:
    site.assistant.behave = after(0.3)
    with both(site) as (one, two), ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: post(client, "same", "한 번만"), (one, two)))
    assert answers[0]["replies"] == answers[1]["replies"] != []
    assert site.assistant.texts() == ["한 번만"]


def test_a_turn_whose_process_was_killed_is_taken_up_by_another(site: Site) -> None:
    site.assistant.behave = after(1.0)
    doomed = site.serve()
    with site.open_chat(doomed) as client, site.open_chat(site.running[0]) as other:
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(post, client, "c1", "끄지 마세요")
            wait_for(lambda: len(site.assistant.calls) == 1)
            doomed.kill()
            assert isinstance(sending.exception(10), httpx.HTTPError)
        assert [m["state"] for m in thread_of(other)] == ["received"]
        wait_for(lambda: len(thread_of(other)) == 2)
        message, reply = thread_of(other)
    assert (message["state"], reply["reply_to"], reply["text"]) == ("answered", message["id"], "답: 끄지 마세요")
    assert site.assistant.texts() == ["끄지 마세요", "끄지 마세요"]


def test_a_browser_that_goes_away_does_not_abort_the_turn(site: Site) -> None:
    site.assistant.behave = after(0.7)
    with site.open_chat(site.running[0]) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/chat/messages", json={"client_id": "c1", "text": "먼저 갈게요"}, timeout=0.3)
        wait_for(lambda: len(thread_of(client)) == 2)
        assert post(client, "c1", "먼저 갈게요")["replies"][0]["text"] == "답: 먼저 갈게요"
    assert len(site.assistant.calls) == 1


def test_events_arrive_in_order_whichever_process_they_happen_in(site: Site) -> None:
    with both(site) as (here, there), listening(here, "/chat/events?after=0") as events:
        assert events.until("state")["data"]["state"] == "pending"
        for n in range(3):
            post(there, f"c{n}", f"{n}번")
        seen = [events.until("message") for _ in range(6)]
    assert [e["id"] for e in seen] == ["1", "2", "3", "4", "5", "6"]
    assert [e["data"]["author"] for e in seen] == ["member", "bot"] * 3


def test_a_stream_resumes_after_the_last_event_it_saw(site: Site) -> None:
    with site.open_chat(site.running[0]) as client:
        for n in range(3):
            post(client, f"c{n}", f"{n}번")
        with listening(client, **{"last-event-id": "3"}) as events:
            assert [events.until("message")["id"] for _ in range(3)] == ["4", "5", "6"]
        with listening(client, "/chat/events?after=5") as events:
            assert events.until("message")["id"] == "6"
        with listening(client) as events:  # without a memory: only what is new
            events.until("state")
            post(client, "c9", "새 메시지")
            assert events.until("message")["id"] == "7"


def test_one_sees_the_bot_think(site: Site) -> None:
    site.assistant.behave = after(0.8)
    with site.open_chat(site.running[0]) as client, listening(client) as events, ThreadPoolExecutor(1) as pool:
        assert events.until("typing")["data"]["active"] is False
        sending = pool.submit(post, client, "c1", "생각해 보세요")
        assert events.until("typing")["data"] == {"author": "bot", "name": "OpsTalk", "active": True}
        assert events.until("typing")["data"]["active"] is False
        sending.result()


def test_a_caller_behind_a_long_line_is_told_to_listen(site: Site) -> None:
    site.assistant.behave = after(1.0)
    with site.open_chat(site.running[0]) as client, ThreadPoolExecutor(6) as pool:
        sends = [
            pool.submit(client.post, "/chat/messages", json={"client_id": f"c{n}", "text": f"{n}"}) for n in range(6)
        ]
        statuses = sorted(s.result().status_code for s in sends)
        assert (statuses[0], statuses[-1]) == (200, 202)
        wait_for(lambda: len(thread_of(client)) == 12)
    assert len(site.assistant.calls) == 6


def test_the_desk_sees_the_queue_change_and_the_merchant_sees_the_agent_type(site: Site) -> None:
    here, there = site.running[:2]
    with site.open_chat(here) as widget, site.open_desk(there) as desk, listening(desk, "/desk/events") as queue:
        before = [c["id"] for c in queue.until("queue")["data"]["conversations"]]
        widget.post("/chat/handoff", json={"reason": "requested"}).raise_for_status()
        (waiting,) = [c for c in queue.until("queue")["data"]["conversations"] if c["id"] not in before]
        with listening(widget) as events:
            events.until("typing")
            path = f"/desk/conversations/{waiting['id']}"
            desk.post(f"{path}/claim").raise_for_status()
            assert events.until("state")["data"]["agent"] == "상담원"
            desk.post(f"{path}/typing").raise_for_status()
            assert events.until("typing")["data"] == {"author": "agent", "name": "상담원", "active": True}
            desk.post(f"{path}/reply", json={"text": "안녕하세요"}).raise_for_status()
            assert events.until("message")["data"]["author"] == "agent"
            assert events.until("typing")["data"]["active"] is False
        with listening(desk, f"{path}/events?after=0") as thread:
            assert [thread.until("message")["data"]["author"] for _ in range(3)] == ["system", "system", "agent"]
