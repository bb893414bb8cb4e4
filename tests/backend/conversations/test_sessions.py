"""POST /chat/sessions: who gets a conversation."""

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from backend.access import tokens
from backend.kit import clock

SECRET = "identity-secret-of-oneul-0123456789"
Client = Callable[..., TestClient]


def signed(secret: str = SECRET, **claims: object) -> str:
    now = clock.now().timestamp()
    body = {"iss": "oneul", "sub": "owner", "aud": "opstalk:identity", "iat": now, "exp": now + 300, **claims}
    return jwt.encode(body, secret, algorithm="HS256")


def open_with(client: TestClient, identity: str) -> tuple[int, str]:
    answer = client.post("/chat/sessions", json={"identity": identity})
    return answer.status_code, answer.json().get("code", "")


def test_opens_the_members_own_conversation(client: Client) -> None:
    opened = client(None).post("/chat/sessions", json={"identity": signed()}).json()
    assert opened["member"] == {"id": "mem_oneul_owner", "name": "oneul owner", "role": "owner"}
    assert opened["shop"]["mall_id"] == "oneul"
    assert opened["conversation"]["state"] == "pending"
    assert tokens.read("session", opened["token"])["conversation"] == opened["conversation"]["id"]


def test_the_same_person_finds_the_same_conversation_again(client: Client) -> None:
    ids = {
        client(None).post("/chat/sessions", json={"identity": signed()}).json()["conversation"]["id"] for _ in range(3)
    }
    assert len(ids) == 1


def test_colleagues_of_one_shop_have_conversations_of_their_own(client: Client) -> None:
    ids = {
        client(None).post("/chat/sessions", json={"identity": signed(sub=sub)}).json()["conversation"]["id"]
        for sub in ("owner", "sub")
    }
    assert len(ids) == 2


def test_refuses_a_tampered_token(client: Client) -> None:
    head, _, signature = signed().split(".")
    _, other_body, _ = signed(sub="sub").split(".")
    assert open_with(client(None), f"{head}.{other_body}.{signature}") == (401, "unauthenticated")


def test_refuses_another_shops_signature(client: Client) -> None:
    assert open_with(client(None), signed("identity-secret-of-other-0123456789")) == (401, "unauthenticated")


def test_refuses_an_unsigned_token(client: Client) -> None:
    now = clock.now().timestamp()
    unsigned = jwt.encode(
        {"iss": "oneul", "sub": "owner", "aud": "opstalk:identity", "iat": now, "exp": now + 60}, None, algorithm="none"
    )
    assert open_with(client(None), unsigned) == (401, "unauthenticated")


@pytest.mark.parametrize("text", ["", "not a token", "a.b.c", "é"])
def test_refuses_what_is_no_token(client: Client, text: str) -> None:
    assert open_with(client(None), text) == (401, "unauthenticated")


def test_refuses_an_expired_token(client: Client) -> None:
    now = clock.now().timestamp()
    assert open_with(client(None), signed(iat=now - 500, exp=now - 1)) == (401, "token_expired")


def test_refuses_a_token_that_lives_too_long(client: Client) -> None:
    assert open_with(client(None), signed(exp=clock.now().timestamp() + 601)) == (401, "identity_too_long")


def test_refuses_a_person_whom_the_shop_does_not_know(client: Client) -> None:
    assert open_with(client(None), signed(sub="nobody")) == (401, "member_unknown")


def test_refuses_an_unknown_mall(client: Client) -> None:
    assert open_with(client(None), signed(iss="nowhere")) == (401, "unauthenticated")


def test_a_session_token_is_no_identity(client: Client) -> None:
    token = tokens.issue("session", "mem_oneul_owner", timedelta(minutes=5), conversation="cnv_x")
    assert open_with(client(None), token) == (401, "unauthenticated")


def test_a_stranger_meets_404_on_every_route_of_anothers_conversation(client: Client, conversation_id: str) -> None:
    token = tokens.issue("session", "mem_other_owner", timedelta(minutes=5), conversation=conversation_id)
    stranger = client(None)
    stranger.headers["authorization"] = f"Bearer {token}"
    message = {"client_id": "c1", "text": "안녕하세요"}
    answers = [
        stranger.post("/chat/messages", json=message),
        stranger.get("/chat/messages"),
        stranger.get("/chat/events"),
        stranger.post("/chat/read", json={"seq": 0}),
        stranger.post("/chat/handoff", json={}),
        stranger.post("/api/conversation/handoff", json={}),
        stranger.get("/api/conversation/queue"),
        stranger.post("/api/conversation/rating", json={"rating": 5}),
        stranger.post("/api/conversation/priority", json={}),
    ]
    assert {a.status_code for a in answers} == {404}


def test_the_chat_needs_a_session_token(client: Client, conversation_id: str) -> None:
    anyone = client(None)
    assert anyone.get("/chat/messages").status_code == 401
    turn = tokens.issue("turn", "mem_oneul_owner", timedelta(minutes=1), conversation=conversation_id)
    anyone.headers["authorization"] = f"Bearer {turn}"
    assert anyone.get("/chat/messages").status_code == 401
