"""Nobody comes in without the token that fits."""

from datetime import timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from backend.access import tokens
from backend.errors import PROBLEM
from backend.settings import get_settings
from tests.contract.routes import CLOSED, DESK, OWN_CONVERSATION, ROUTES, ask, bearer
from tests.contract.seeded_shop import Served


def test_a_token_for_someone_elses_conversation_opens_nothing(http: TestClient, shop: Served) -> None:
    for theirs in (shop.ids["other"]["conversation"], shop.ids["oneul"]["conversation_of_sub"]):
        crossed = tokens.issue("session", "mem_oneul_owner", tokens.SESSION_FOR, conversation=theirs)
        for route in sorted(OWN_CONVERSATION - {"GET /api/conversation/hours"}):
            body = {"json": {"client_id": "c", "text": "x", "seq": 0, "rating": 5}} if route.startswith("POST") else {}
            assert ask(http, route, crossed, **body).status_code == 404, route


def refused_tokens(route: str, shop: Served) -> dict[str, tuple[str | None, str]]:
    """Each with the code of its refusal."""
    fitting = "staff" if route in DESK else "session"
    subject = "stf_ops" if route in DESK else "mem_oneul_owner"
    talk = {"conversation": shop.ids["oneul"]["conversation"]}
    good = tokens.issue(fitting, subject, tokens.SESSION_FOR, **talk)
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    other_body = jwt.encode({**claims, "sub": "mem_other_owner"}, "k" * 40, "HS256").split(".")[1]
    wrong = {"identity", "refresh"} | ({"session", "turn"} if route in DESK else {"staff"})
    wrong |= {"turn"} if " /chat/" in route else set()
    return {
        "none": (None, "unauthenticated"),
        "nonsense": ("nonsense", "unauthenticated"),
        "empty claims": (jwt.encode({}, get_settings().secret(), "HS256"), "unauthenticated"),
        "tampered body": (f"{head}.{other_body}.{signature}", "unauthenticated"),
        "tampered signature": (f"{head}.{body}.{signature[:-4]}AAAA", "unauthenticated"),
        "another key": (jwt.encode(claims, "another-secret-another-secret-another-secret", "HS256"), "unauthenticated"),
        "no signature": (jwt.encode(claims, None, "none"), "unauthenticated"),
        "expired": (tokens.issue(fitting, subject, timedelta(seconds=-1), **talk), "token_expired"),
        "of nobody": (tokens.issue(fitting, "mem_gone", tokens.SESSION_FOR, **talk), "unauthenticated"),
        "a mall's identity": (
            tokens.issue_identity("oneul", "owner", "identity-secret-of-oneul-0123456789"),
            "unauthenticated",
        ),
    } | {
        f"for {audience}": (tokens.issue(audience, subject, tokens.SESSION_FOR, **talk), "unauthenticated")
        for audience in sorted(wrong)
    }


@pytest.mark.parametrize("route", CLOSED)
def test_a_token_that_does_not_fit_is_refused_everywhere(route: str, http: TestClient, shop: Served) -> None:
    for why, (token, code) in refused_tokens(route, shop).items():
        answer = ask(http, route, token)
        assert answer.status_code == 401, (why, answer.text)
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["code"] == code, why


@pytest.mark.parametrize("route", CLOSED)
def test_a_closed_route_says_so_in_the_description(route: str) -> None:
    assert ROUTES[route]["security"]
    assert "401" in ROUTES[route]["responses"]


def test_a_turn_acts_for_its_member_but_writes_nothing_into_the_thread(http: TestClient, shop: Served) -> None:
    turn = shop.turn_token()
    assert http.get("/api/me", headers=bearer(turn)).json()["member"]["id"] == "mem_oneul_owner"
    said = {"client_id": "forged", "text": "forged"}
    assert http.post("/chat/messages", json=said, headers=bearer(turn)).status_code == 401
