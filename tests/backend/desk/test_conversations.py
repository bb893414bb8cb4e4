"""What agents do with conversations: claim, answer, give back, resolve, snooze."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from backend.kit import clock
from tests.backend.conversations.assistant import Assistant

Console = Callable[..., TestClient]


def say(widget: TestClient, client_id: str, text: str, payload: str | None = None) -> dict[str, Any]:
    answer = widget.post("/chat/messages", json={"client_id": client_id, "text": text, "payload": payload})
    return answer.raise_for_status().json()


def queued(widget: TestClient) -> str:
    """The id of a conversation that waits for a person."""
    say(widget, "q1", "도와주세요")
    widget.post("/chat/handoff", json={"reason": "requested"}).raise_for_status()
    return str(widget.get("/chat/messages").json()["conversation"]["id"])


def act(console: TestClient, conversation_id: str, verb: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    answer = console.post(f"/desk/conversations/{conversation_id}/{verb}", json=body)
    return answer.status_code, answer.json() if answer.content else {}


def test_the_queue_shows_who_waits_why_and_since_when(chat: Console, desk: Console) -> None:
    conversation_id = queued(chat())
    (item,) = desk().get("/desk/conversations").json()
    assert item["id"] == conversation_id
    assert (item["state"], item["reason"], item["agent"]) == ("open", "requested", None)
    assert (item["shop"]["name"], item["member"]["name"]) == ("oneul 상점", "oneul owner")
    assert item["last_message"]["author"] == "system"
    assert item["queued_at"]


def test_the_queue_is_in_the_order_in_which_it_is_answered(
    chat: Console, desk: Console, at_work: clock.FrozenClock
) -> None:
    ids = []
    for mall, member in (("oneul", "owner"), ("oneul", "sub"), ("other", "owner")):
        widget = chat(mall, member)
        ids.append(queued(widget))
        at_work.advance(timedelta(minutes=1))
    widget.post("/api/conversation/priority", json={"level": "high"}).raise_for_status()
    assert [i["id"] for i in desk().get("/desk/conversations").json()] == [ids[2], ids[0], ids[1]]


def test_an_agent_answers_and_the_bot_is_silent(chat: Console, desk: Console, assistant: Assistant) -> None:
    widget = chat()
    conversation_id = queued(widget)
    console = desk()
    assert act(console, conversation_id, "claim")[0] == 200
    asked_before = len(assistant.calls)
    assert say(widget, "c2", "여보세요?")["replies"] == []
    status, reply = act(console, conversation_id, "reply", {"text": "네, 말씀하세요.", "client_id": "a1"})
    assert (status, reply["author"], reply["author_name"]) == (200, "agent", "상담원")
    assert (
        act(console, conversation_id, "reply", {"text": "네, 말씀하세요.", "client_id": "a1"})[1]["id"] == reply["id"]
    )
    thread = widget.get("/chat/messages").json()
    assert thread["messages"][-1]["text"] == "네, 말씀하세요."
    assert thread["conversation"]["agent"] == "상담원"
    assert len(assistant.calls) == asked_before


def test_of_two_agents_at_once_one_wins(chat: Console, desk: Console) -> None:
    conversation_id = queued(chat())
    consoles = [desk(), desk("second")]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda c: act(c, conversation_id, "claim"), consoles))
    assert sorted(status for status, _ in results) == [200, 409]
    winner = next(body for status, body in results if status == 200)
    loser = next(body for status, body in results if status == 409)
    assert loser["code"] == "already_claimed"
    assert (loser["agent"], loser["agent_id"]) == (winner["agent"]["name"], winner["agent"]["id"])


def test_claiming_twice_is_once(chat: Console, desk: Console) -> None:
    widget = chat()
    conversation_id, console = queued(widget), desk()
    act(console, conversation_id, "claim")
    count = len(widget.get("/chat/messages").json()["messages"])
    assert act(console, conversation_id, "claim")[0] == 200
    assert len(widget.get("/chat/messages").json()["messages"]) == count


def test_a_conversation_is_taken_from_a_colleague_only_knowingly(chat: Console, desk: Console) -> None:
    conversation_id = queued(chat())
    act(desk(), conversation_id, "claim")
    second = desk("second")
    assert act(second, conversation_id, "claim")[0] == 409
    status, taken = act(second, conversation_id, "claim", {"take_from": "stf_agent"})
    assert (status, taken["agent"]["id"]) == (200, "stf_second")


def test_an_agent_takes_over_from_the_bot(chat: Console, desk: Console, assistant: Assistant) -> None:
    widget, console = chat(), desk()
    posted = say(widget, "c1", "안녕하세요")
    (item,) = [i for i in console.get("/desk/conversations?state=pending").json() if i["last_seq"]]
    status, taken = act(console, posted["conversation"]["id"], "claim")
    assert (item["id"], status, taken["state"], taken["reason"]) == (taken["id"], 200, "open", "taken_over")
    assert taken["summary"]["messages"][0]["text"] == "안녕하세요"
    assert say(widget, "c2", "네?")["replies"] == []
    assert len(assistant.calls) == 1


def test_an_agent_who_takes_over_in_the_middle_of_a_turn_ends_the_bots_part(
    chat: Console, desk: Console, assistant: Assistant
) -> None:
    widget, console = chat(), desk()
    conversation_id = str(widget.get("/chat/messages").json()["conversation"]["id"])

    def taken_over_meanwhile(call: Any) -> dict[str, Any]:
        assert act(console, conversation_id, "claim")[0] == 200
        return {"messages": [{"text": "쿠폰을 껐어요."}]}

    assistant.behave = taken_over_meanwhile
    # what the bot was doing when it was interrupted is told, for it may have changed something; then it is silent
    assert say(widget, "c1", "쿠폰 꺼줘")["replies"][0]["text"] == "쿠폰을 껐어요."
    assert say(widget, "c2", "고마워요")["replies"] == []
    assert len(assistant.calls) == 1


def test_only_the_holder_acts(chat: Console, desk: Console) -> None:
    conversation_id = queued(chat())
    first, second = desk(), desk("second")
    verbs = {"reply": {"text": "안녕하세요"}, "give-back": None, "resolve": None, "snooze": None, "typing": None}
    for verb, body in verbs.items():
        status, problem = act(first, conversation_id, verb, body)
        assert (status, problem["code"]) == (409, "not_claimed")
    act(first, conversation_id, "claim")
    for verb, body in verbs.items():
        status, problem = act(second, conversation_id, verb, body)
        assert (status, problem["code"], problem["agent"]) == (409, "already_claimed", "상담원")


def test_given_back_the_bot_answers_again(chat: Console, desk: Console, assistant: Assistant) -> None:
    widget, console = chat(), desk()
    conversation_id = queued(widget)
    act(console, conversation_id, "claim")
    say(widget, "c2", "상담원에게만 하는 말")
    status, body = act(console, conversation_id, "give-back")
    assert (status, body["state"], body["agent"]) == (200, "pending", None)
    assert say(widget, "c3", "이제 누구세요?")["replies"][0]["text"] == "답: 이제 누구세요?"
    assert "상담원에게만 하는 말" not in assistant.texts()
    assert act(console, conversation_id, "reply", {"text": "늦은 답"})[1]["code"] == "not_claimed"


def test_resolving_asks_for_a_rating_and_the_next_message_wakes_the_bot(
    chat: Console, desk: Console, assistant: Assistant
) -> None:
    widget, console = chat(), desk()
    conversation_id = queued(widget)
    act(console, conversation_id, "claim")
    act(console, conversation_id, "reply", {"text": "해결됐어요."})
    assert act(console, conversation_id, "resolve")[1]["state"] == "resolved"
    last = widget.get("/chat/messages").json()["messages"][-1]
    assert last["blocks"][0]["type"] == "rating"
    rated = widget.post("/api/conversation/rating", json={"rating": 5}).json()
    assert (rated["state"], rated["rating"]) == ("resolved", 5)
    posted = say(widget, "c2", "하나 더요")
    assert (posted["conversation"]["state"], posted["replies"][0]["text"]) == ("pending", "답: 하나 더요")
    assert console.get(f"/desk/conversations/{conversation_id}").json()["conversation"]["handoffs"][0]["rating"] == 5


def test_a_snoozed_conversation_comes_back_with_the_next_message(
    chat: Console, desk: Console, assistant: Assistant
) -> None:
    widget, console = chat(), desk()
    conversation_id = queued(widget)
    act(console, conversation_id, "claim")
    assert act(console, conversation_id, "snooze")[1]["state"] == "snoozed"
    asked_before = len(assistant.calls)
    posted = say(widget, "c2", "확인했어요")
    assert (posted["conversation"]["state"], posted["conversation"]["agent"]) == ("open", "상담원")
    assert len(assistant.calls) == asked_before


def test_a_snooze_ends_by_itself(chat: Console, desk: Console, at_work: clock.FrozenClock) -> None:
    import asyncio

    widget, console = chat(), desk()
    conversation_id = queued(widget)
    act(console, conversation_id, "claim")
    until = (clock.now() + timedelta(hours=2)).isoformat()
    assert act(console, conversation_id, "snooze", {"until": until})[0] == 200
    assert "오후 2시에 이어서" in widget.get("/chat/messages").json()["messages"][-1]["text"]
    at_work.advance(timedelta(hours=3))
    asyncio.run(widget.app.state.hub.sweep())
    body = console.get(f"/desk/conversations/{conversation_id}").json()["conversation"]
    assert (body["state"], body["agent"]["id"]) == ("open", "stf_agent")


def test_a_snooze_into_the_past_is_refused(chat: Console, desk: Console) -> None:
    console = desk()
    conversation_id = queued(chat())
    act(console, conversation_id, "claim")
    status, problem = act(console, conversation_id, "snooze", {"until": "2020-01-01T00:00:00Z"})
    assert (status, problem["code"]) == (422, "snooze_in_the_past")


def test_an_unknown_conversation_is_404_on_every_route(desk: Console) -> None:
    console, path = desk(), "/desk/conversations/cnv_nowhere"
    answers = [console.get(path), console.get(f"{path}/events")]
    answers += [console.post(f"{path}/{verb}") for verb in ("claim", "give-back", "resolve", "snooze", "typing")]
    answers.append(console.post(f"{path}/reply", json={"text": "x"}))
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "conversation_not_found")}


def test_a_shop_is_looked_up_with_what_is_open(chat: Console, desk: Console) -> None:
    queued(chat())
    console = desk()
    shops = {s["mall_id"]: s for s in console.get("/desk/shops").json()}
    assert (shops["oneul"]["open_conversations"], shops["other"]["open_conversations"]) == (1, 0)
    overview = console.get(f"/desk/shops/{shops['oneul']['id']}").json()
    assert [m["role"] for m in overview["members"]] == ["owner", "sub_operator"]
    assert console.get("/desk/shops/shop_nowhere").status_code == 404
