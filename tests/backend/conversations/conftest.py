from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.app import create_app
from backend.conversations.hub import Hub
from backend.conversations.rasa_client import RasaClient
from backend.conversations.sessions import conversation_of
from backend.db.engine import unit_of_work
from backend.desk.models import Staff
from backend.desk.passwords import hash_password
from backend.kit import clock
from backend.settings import get_settings
from backend.shops.models import Member, Shop
from tests.backend.conversations.assistant import Assistant
from tests.backend.conversations.serving import Server

PASSWORD = "a long enough password"


@pytest.fixture
def assistant() -> Iterator[Assistant]:
    running = Assistant()
    yield running
    running.stop()


@pytest.fixture
def conversation_id(session: Session, shop: Shop) -> str:
    """The owner's conversation."""
    with unit_of_work() as writing:
        return conversation_of(writing, writing.get_one(Member, "mem_oneul_owner")).id


@pytest.fixture
def agents(session: Session, shop: Shop) -> tuple[Staff, Staff]:
    """Two agents who can sign in as `agent` and `second`."""
    with unit_of_work() as writing:
        first = writing.get_one(Staff, "stf_agent")
        first.password_hash = hash_password(PASSWORD)
        second = Staff(id="stf_second", login="second", name="둘째 상담원", role=first.role, password_hash=first.password_hash)
        writing.add(second)
        return first, second


@pytest.fixture
def at_work(now: datetime) -> Iterator[clock.FrozenClock]:
    """A clock the test may move; it starts on Wednesday noon in Seoul."""
    with clock.frozen(now) as frozen:
        yield frozen


Chat = Callable[..., TestClient]


@pytest.fixture
def chat(engine: Engine, shop: Shop, assistant: Assistant) -> Iterator[Chat]:
    """`chat()` is the owner's widget on the real application, which asks the assistant of this test."""
    app = create_app()
    rasa = RasaClient(f"http://127.0.0.1:{assistant.port}", get_settings().channel_secret(), timeout_seconds=1.0)
    app.state.hub = Hub(rasa)
    opened: list[TestClient] = []

    def widget(mall: str = "oneul", member: str = "owner") -> TestClient:
        client = TestClient(app)
        client.__enter__()
        opened.append(client)
        identity = tokens.issue_identity(mall, member, f"identity-secret-of-{mall}-0123456789")
        token = client.post("/chat/sessions", json={"identity": identity}).raise_for_status().json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        return client

    yield widget
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def desk(chat: Chat, agents: tuple[Staff, Staff]) -> Callable[..., TestClient]:
    """`desk()` is the first agent's console on the same application, `desk("second")` the other's."""
    app = chat().app

    def console(login: str = "agent") -> TestClient:
        client = TestClient(app)
        client.post("/desk/login", json={"login": login, "password": PASSWORD}).raise_for_status()
        return client

    return console


Serve = Callable[..., Server]


@pytest.fixture
def serve(engine: Engine, session: Session, tmp_path: Path, assistant: Assistant) -> Iterator[Serve]:
    """Real processes on one database, with the real clock; `serve()` starts one more."""
    from tests.backend.conftest import make_shop

    make_shop(session, "oneul", datetime.now(UTC) - timedelta(days=1))  # noqa: DTZ005 - other processes cannot be frozen
    session.commit()
    running: list[Server] = []

    def start(**options: float) -> Server:
        server = Server(tmp_path, assistant.port, **options)
        running.append(server)
        return server

    yield start
    for server in running:
        server.kill()


def open_chat(server: Server, member: str = "owner") -> httpx.Client:
    """A browser of the member on one of the processes."""
    identity = tokens.issue_identity("oneul", member, "identity-secret-of-oneul-0123456789")
    answer = httpx.post(f"{server.url}/chat/sessions", json={"identity": identity})
    return server.client(answer.raise_for_status().json()["token"])
