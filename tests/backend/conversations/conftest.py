from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
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
from backend.desk.models import Staff, StaffRole
from backend.desk.passwords import hash_password
from backend.kit import clock
from backend.kit.korean_tokens import tokenize
from backend.operations.catalogue.loader import operations
from backend.settings import get_settings
from backend.shops.models import Member, Shop
from tests.backend.conftest import make_shop
from tests.backend.conversations.assistant import Assistant, echo
from tests.backend.conversations.serving import Server
from tests.databases import own_database

PASSWORD = "a long enough password"
_numbers = count(1)


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
        second = Staff(
            id="stf_second", login="second", name="둘째 상담원", role=first.role, password_hash=first.password_hash
        )
        writing.add(second)
        return first, second


@pytest.fixture
def at_work(now: datetime) -> Iterator[clock.FrozenClock]:
    """A clock the test may move; it starts on Wednesday noon in Seoul."""
    with clock.frozen(now) as frozen:
        yield frozen


Chat = Callable[..., TestClient]


@cache
def warm_up() -> None:
    """What a start reads (backend/warm_up.py) is there: a turn's seconds are the assistant's, not those of a start."""
    operations()
    tokenize("a")


@pytest.fixture
def chat(engine: Engine, shop: Shop, assistant: Assistant) -> Iterator[Chat]:
    """`chat()` is the owner's widget on the real application, which asks the assistant of this test."""
    warm_up()
    app = create_app()
    rasa = RasaClient(assistant.url, get_settings().channel_secret(), timeout_seconds=2.5)
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


@dataclass
class Site:
    """Real processes on one database, with the real clock, that ask one assistant."""

    var_dir: Path
    database_url: str
    assistant: Assistant
    engine: Engine
    mall: str = ""
    running: list[Server] = field(default_factory=list)

    def serve(self, turn_timeout: float = 2.0) -> Server:
        server = Server(self.var_dir, self.database_url, self.assistant.port, turn_timeout)
        self.running.append(server)
        return server

    def open_desk(self, server: Server) -> httpx.Client:
        answer = httpx.post(f"{server.url}/desk/login", json={"login": "agent", "password": PASSWORD}, timeout=20)
        return server.client(answer.raise_for_status().json()["token"])

    def open_chat(self, server: Server) -> httpx.Client:
        """A browser of this test's shop owner on one of the processes."""
        identity = tokens.issue_identity(self.mall, "owner", f"identity-secret-of-{self.mall}-0123456789")
        answer = httpx.post(f"{server.url}/chat/sessions", json={"identity": identity}, timeout=20)
        return server.client(answer.raise_for_status().json()["token"])


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two processes that live as long as the module, for starting one takes seconds."""
    var_dir = tmp_path_factory.mktemp("site")
    with own_database(var_dir) as engine:
        url = get_settings().database
        with unit_of_work(engine=engine) as session:
            staff = Staff(
                id="stf_agent",
                login="agent",
                name="상담원",
                role=StaffRole.AGENT,
                password_hash=hash_password(PASSWORD),
            )
            session.add(staff)
        site = Site(var_dir, url, Assistant(), engine)
        site.serve()
        site.serve()
        yield site
        for server in site.running:
            server.kill()
        site.assistant.stop()


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The shared processes with a shop of this test's own and an assistant that echoes."""
    shared_site.mall = f"mall{next(_numbers)}"
    with unit_of_work(engine=shared_site.engine) as session:
        make_shop(session, shared_site.mall)
    shared_site.assistant.behave = echo
    shared_site.assistant.calls.clear()
    return shared_site
