"""The same cast in every test: a shop, its owner and sub-operator, a stranger with another shop, an agent."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor, member_actor, staff_actor
from backend.coupons.models import CouponPolicy
from backend.db.engine import unit_of_work
from backend.desk.models import Staff, StaffRole
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import MarketAccount
from backend.shops.models import Member, ProState, Role, Shop
from tests.databases import own_database

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # Wednesday noon in Seoul


@pytest.fixture
def now() -> Iterator[datetime]:
    with clock.frozen(NOW):
        yield NOW


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own for this test, wired into the settings as the product's."""
    with own_database(tmp_path) as built:
        yield built


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session under the test's own control: commit what others shall see, and before calling the application."""
    with unit_of_work(write=False, engine=engine) as session:
        yield session


def make_shop(session: Session, mall_id: str, now: datetime = NOW) -> Shop:
    """A shop with everything PRO needs: app, MarketPlus, sender number, brand, two connected markets."""
    shop = Shop(
        id=f"shop_{mall_id}", mall_id=mall_id, name=f"{mall_id} 상점", identity_secret=f"identity-secret-of-{mall_id}-0123456789",
        pro_state=ProState.ACTIVE, pro_since=date(2026, 1, 5), market_service=True, monthly_run_quota=60,
        pro_app_installed_at=now - timedelta(days=300), marketplus_linked_at=now - timedelta(days=300),
        sender_number="0212345678", sender_number_verified_at=now - timedelta(days=299),
        alimtalk_profile=f"@{mall_id}", mail_sender=f"help@{mall_id}.example", brand_name="오늘담", brand_intro="매일 입는 옷",
        created_at=now - timedelta(days=320),
    )  # fmt: skip
    session.add(shop)
    session.flush()
    for role, external in ((Role.OWNER, "owner"), (Role.SUB_OPERATOR, "sub")):
        session.add(
            Member(
                id=f"mem_{mall_id}_{external}",
                shop_id=shop.id,
                external_id=external,
                name=f"{mall_id} {external}",
                role=role,
            )
        )
    for market in (Market.SMARTSTORE, Market.COUPANG):
        session.add(
            MarketAccount(
                id=f"mka_{mall_id}_{market.value}", shop_id=shop.id, market=market, seller_id=mall_id,
                credentials_until=now + timedelta(days=90), checked_at=now,
            )
        )  # fmt: skip
    session.add(CouponPolicy(shop_id=shop.id))
    session.flush()
    return shop


@pytest.fixture
def shop(session: Session, now: datetime) -> Shop:
    made = make_shop(session, "oneul")
    make_shop(session, "other")
    session.add(Staff(id="stf_agent", login="agent", name="상담원", role=StaffRole.AGENT, password_hash="!"))
    session.add(Staff(id="stf_ops", login="ops", name="PRO 운영팀", role=StaffRole.OPERATIONS, password_hash="!"))
    session.commit()
    return made


@pytest.fixture
def owner(session: Session, shop: Shop) -> Actor:
    return member_actor(session.get_one(Member, "mem_oneul_owner"))


@pytest.fixture
def sub_operator(session: Session, shop: Shop) -> Actor:
    return member_actor(session.get_one(Member, "mem_oneul_sub"))


@pytest.fixture
def stranger(session: Session, shop: Shop) -> Actor:
    return member_actor(session.get_one(Member, "mem_other_owner"))


@pytest.fixture
def agent(session: Session, shop: Shop) -> Actor:
    return staff_actor(session.get_one(Staff, "stf_agent"), shop.id)


@pytest.fixture
def operations_staff(session: Session, shop: Shop) -> Actor:
    return staff_actor(session.get_one(Staff, "stf_ops"), shop.id)


@pytest.fixture
def client(engine: Engine, shop: Shop, session: Session) -> Iterator[Callable[[Actor | None], TestClient]]:
    """`client(owner)` calls the real application as that person; `client(None)` without a token.

    Commit what the test wrote first: the application has a connection of its own.
    """
    from backend.app import create_app

    session.commit()
    app = create_app()
    opened: list[TestClient] = []

    def as_actor(actor: Actor | None) -> TestClient:
        headers = {}
        if actor is not None:
            audience = "session" if actor.kind.value == "member" else "staff"
            token = tokens.issue(audience, actor.id, tokens.SESSION_FOR, conversation=actor.conversation_id)
            headers["authorization"] = f"Bearer {token}"
        made = TestClient(app, headers=headers)
        made.__enter__()
        opened.append(made)
        return made

    yield as_actor
    for made in opened:
        made.__exit__(None, None, None)
