"""The hub's door to Rasa, with the trained model; the action server runs where a test asks for it."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
ACTIONS_PYTHON = ROOT / ".venv" / "bin" / "python"
SECRET = "a secret for this test run"

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not PYTHON.exists(), reason="the bot's environment is not installed"),
]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture(scope="module")
def actions_port() -> int:
    return free_port()


@pytest.fixture
def actions(actions_port: int) -> Iterator[Callable[[], None]]:
    """Starts the action server, which stops with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [ACTIONS_PYTHON, "-m", "actions.serve", "--port", str(actions_port)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", actions_port)) == 0:
                    return
            time.sleep(0.2)
        raise AssertionError("the action server did not start")

    yield start
    for server in running:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def hub(actions_port: int) -> Iterator[httpx.Client]:
    trained = subprocess.run([PYTHON, "-m", "bot.train"], cwd=ROOT, capture_output=True, text=True, check=True)
    model = trained.stdout.strip().splitlines()[-1]
    port = free_port()
    environment = {**os.environ, "OPSTALK_RASA_SECRET": SECRET}
    server = subprocess.Popen(
        [PYTHON, "-m", "bot.serve", "--port", str(port), "--actions-port", str(actions_port), "--model", model],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}/webhooks/hub", headers={"X-Opstalk-Secret": SECRET}, timeout=20
    )
    try:
        wait_until_ready(client, server)
        yield client
    finally:
        client.close()
        server.terminate()
        server.wait(timeout=20)


def wait_until_ready(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until and server.poll() is None:
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError("the Rasa server did not start")


def say(hub: httpx.Client, text: str, conversation: str = "c1") -> httpx.Response:
    """The token opens nothing: a thank-you asks the backend for nothing."""
    said = {"conversation_id": conversation, "message_id": "m", "text": text, "metadata": {"turn_token": "none"}}
    return hub.post("/turn", json=said)


def test_refuses_a_wrong_and_a_missing_secret(hub: httpx.Client) -> None:
    body = {"conversation_id": "c", "message_id": "m", "text": "안녕하세요"}
    assert httpx.post(f"{hub.base_url}turn", json=body).status_code == 403
    assert httpx.post(f"{hub.base_url}turn", json=body, headers={"X-Opstalk-Secret": "guess"}).status_code == 403
    assert httpx.get(f"{hub.base_url}health").status_code == 403


def test_refuses_a_turn_without_text(hub: httpx.Client) -> None:
    assert say(hub, "   ").status_code == 400
    assert hub.post("/turn", content=b"not json").status_code == 400


def test_returns_the_replies_and_what_was_understood(hub: httpx.Client, actions: Callable[[], None]) -> None:
    actions()
    response = say(hub, "고맙습니다")
    assert response.status_code == 200
    body = response.json()
    assert body["intent"] == "thank"
    assert body["confidence"] > 0.5
    assert body["messages"]


def test_a_button_with_a_full_name_is_understood(hub: httpx.Client) -> None:
    assert say(hub, "/faq/market_scope").json()["intent"] == "faq/market_scope"


def test_an_unknown_button_is_not_taken_for_a_sentence(hub: httpx.Client) -> None:
    assert say(hub, "/faq/no_such_answer").json()["intent"] == "nlu_fallback"


def test_a_keyboard_mash_is_refused(hub: httpx.Client) -> None:
    assert say(hub, "ㅁㄴㅇㄹㅁㄴㅇㄹ").json()["intent"] == "nlu_fallback"


def test_a_dead_action_server_is_told_once_and_the_conversation_goes_on(
    hub: httpx.Client, actions: Callable[[], None]
) -> None:
    failed = say(hub, "메인진열 꺼주세요", "c2")
    assert failed.status_code == 502
    assert failed.json()["error"] == "action_failed"
    assert len(failed.json()["failed_actions"]) == 1
    actions()
    again = say(hub, "고맙습니다", "c2")
    assert again.status_code == 200
    assert again.json()["messages"]


def test_reset_and_delete_forget_a_conversation(hub: httpx.Client, actions: Callable[[], None]) -> None:
    actions()
    say(hub, "고맙습니다", "c3")
    assert hub.post("/reset", json={"conversation_id": "c3"}).json() == {"status": "reset"}
    assert hub.delete("/conversations/c3").json() == {"status": "reset"}
    assert say(hub, "고맙습니다", "c3").status_code == 200
