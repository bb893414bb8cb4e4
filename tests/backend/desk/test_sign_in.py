"""POST /desk/login: who gets to the desk."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from backend.desk import sign_in
from backend.desk.attempts import Attempts
from backend.errors import TooMany
from tests.backend.conversations.conftest import PASSWORD

Console = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def fresh_attempts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sign_in, "attempts", Attempts(burst=5, refill_seconds=20))
    return


def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Console) -> None:
    answer = desk().post("/desk/login", json={"login": "agent", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.json()["staff"] == {"id": "stf_agent", "name": "상담원", "role": "agent"}


def test_a_cookie_or_a_bearer_token_opens_the_desk(desk: Console) -> None:
    console = desk()
    assert console.get("/desk/me").json()["id"] == "stf_agent"
    token = console.post("/desk/login", json={"login": "second", "password": PASSWORD}).json()["token"]
    console.cookies.clear()
    assert console.get("/desk/me").status_code == 401
    assert console.get("/desk/me", headers={"authorization": f"Bearer {token}"}).json()["id"] == "stf_second"


def test_signing_out_ends_the_cookie(desk: Console) -> None:
    console = desk()
    assert console.post("/desk/logout").status_code == 204
    assert console.get("/desk/me").status_code == 401


@pytest.mark.parametrize(("login", "password"), [("agent", "wrong"), ("nobody", PASSWORD), ("ops", "!"), ("", "")])
def test_a_wrong_login_does_not_tell_what_was_wrong(desk: Console, login: str, password: str) -> None:
    answer = desk().post("/desk/login", json={"login": login, "password": password})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_failed")


def test_guessing_is_stopped_and_the_right_password_waits_too(desk: Console) -> None:
    console = desk()
    for _ in range(5):
        console.post("/desk/login", json={"login": "agent", "password": "guess"})
    answer = console.post("/desk/login", json={"login": "agent", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= answer.json()["retry_after"] <= 21
    assert console.post("/desk/login", json={"login": "second", "password": PASSWORD}).status_code == 200


def test_a_try_comes_back_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 0.0
    monkeypatch.setattr("backend.desk.attempts.time.monotonic", lambda: seconds)
    attempts = Attempts(burst=2, refill_seconds=10)
    attempts.spend("a")
    attempts.spend("a")
    with pytest.raises(TooMany):
        attempts.spend("a")
    seconds = 10.0
    attempts.spend("a")


def test_a_members_token_does_not_open_the_desk(desk: Console, chat: Console) -> None:
    console = desk()
    console.cookies.clear()
    token = chat().headers["authorization"]
    for path in ("/desk/me", "/desk/conversations", "/desk/shops", "/desk/events", "/desk/work-requests"):
        assert console.get(path, headers={"authorization": token}).status_code == 401
