"""A small mall with something on every page, and browsers that behave: they send the Origin of the page they are on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.conversations.messages import append
from backend.conversations.models import Author, Conversation, ConversationState
from backend.conversations.sessions import conversation_of
from backend.conversations.states import set_state
from backend.coupons.models import Coupon, CouponMaker, CouponState, DiscountKind
from backend.db.engine import unit_of_work
from backend.desk.models import Staff
from backend.desk.passwords import hash_password
from backend.desk.sign_in import attempts
from backend.display.models import DisplayGroup, DisplaySlot
from backend.markets.codes import Market
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.operations.models import OffSwitch, Run
from backend.operations.states import RunState
from backend.products.models import Product
from backend.shops.models import Member, Shop
from backend.work_requests.models import WorkRequest
from tests.backend.plans.whole_state import State, whole_state

PASSWORD = "a long enough password"
ORIGIN = "http://testserver"


def make_product(number: int, name: str) -> Product:
    return Product(
        id=f"prd_{number}", shop_id="shop_oneul", code=f"P{number:05d}", name=name, brand="오늘담",
        category="여성의류 > 니트", price=39_000 + number, image=None, registered_on=date(2026, 3, 2),
    )  # fmt: skip


@pytest.fixture
def mall(session: Session, shop: Shop, now: datetime) -> Shop:
    """Products on two markets, a title PRO changed, a main page, a coupon, an OFF, a run, a request, an expired account."""
    with unit_of_work() as writing:
        fill(writing, now)
    return shop


def fill(session: Session, now: datetime) -> None:
    session.add_all(make_product(n, name) for n, name in enumerate(("울 가디건", "린넨 셔츠", "데님 팬츠"), 1))
    session.add(DisplayGroup(id="dgr_1", shop_id="shop_oneul", number=2, name="추천상품"))
    session.flush()
    for n in (1, 2, 3):
        session.add(
            DisplaySlot(id=f"slot_{n}", shop_id="shop_oneul", group_id="dgr_1", position=n, product_id=f"prd_{n}")
        )
    session.add(
        Listing(
            id="lst_1", shop_id="shop_oneul", product_id="prd_1", market=Market.COUPANG, market_product_no="77",
            title="특가 울 가디건",
        )
    )  # fmt: skip
    session.add(
        Run(
            id="run_1", shop_id="shop_oneul", operation="product_name", market=Market.COUPANG, state=RunState.DONE,
            trigger="schedule", scheduled_for=now - timedelta(days=2), finished_at=now - timedelta(days=2),
            rule={"code": "market_name_rules", "market": "coupang", "limit": 100, "unit": "chars"}, result={"changed": 1},
        )
    )  # fmt: skip
    session.add(
        Run(
            id="run_2", shop_id="shop_oneul", operation="main_display", market=None, state=RunState.FAILED,
            trigger="schedule", scheduled_for=now - timedelta(days=1), reason="worker_lost",
        )
    )  # fmt: skip
    session.flush()
    change = Change("listing", "lst_1", "title", "특가 울 가디건", "오늘담 울 가디건", "P00001")
    apply(session, pro_actor("shop_oneul"), "run.product_name", Source("run", "run_1"), [change])
    session.add(
        Coupon(
            id="cpn_1", shop_id="shop_oneul", name="첫 구매 10% 할인 쿠폰", made_by=CouponMaker.PRO, run_id=None,
            audience="first_purchase", kind=DiscountKind.RATE, value=10, max_discount=5000, min_order=30_000,
            state=CouponState.LIVE, starts_at=now - timedelta(days=3), ends_at=now + timedelta(days=11),
            issue_limit=100, issued=40, used=7, used_amount=24_300,
        )
    )  # fmt: skip
    session.add(
        OffSwitch(
            id="off_1", shop_id="shop_oneul", operation="smartstore_seo", area=None, market=None, until=None,
            reason="직접 관리해요", set_by="oneul owner", set_by_id="mem_oneul_owner", set_at=now - timedelta(days=4),
        )
    )  # fmt: skip
    session.add(
        WorkRequest(
            id="wrq_1", shop_id="shop_oneul", type="category_tidy", fields={"content": "아우터를 맨 위로", "scope": "mall"},
            requested_by="oneul sub", requested_by_id="mem_oneul_sub", created_at=now - timedelta(days=1),
        )
    )  # fmt: skip
    session.get_one(MarketAccount, "mka_oneul_coupang").state = AccountState.EXPIRED


@pytest.fixture
def browser(client: Callable[[Actor | None], TestClient]) -> TestClient:
    made = client(None)
    made.headers["origin"] = ORIGIN
    made.follow_redirects = False
    return made


@pytest.fixture
def waiting(mall: Shop) -> str:
    """The owner's conversation, in the queue."""
    with unit_of_work() as session:
        conversation = conversation_of(session, session.get_one(Member, "mem_oneul_owner"))
        append(session, conversation, Author.MEMBER, text="쿠폰 <b>왜</b> 멈췄나요", author_name="oneul owner")
        card = {
            "type": "card",
            "title": "첫 구매 쿠폰",
            "badge": {"text": "발급 중지", "tone": "warn"},
            "rows": [{"label": "기간", "value": "11월"}],
        }
        append(
            session,
            conversation,
            Author.BOT,
            text="쿠폰이에요",
            blocks=[card, {"type": "text", "text": "**중지**했어요"}],
        )
        conversation.summary = {
            "intents": ["ops_off", "handoff_request"],
            "operations": ["promotion_coupon"],
            "messages": [],
            "note": None,
        }
        set_state(session, conversation, ConversationState.OPEN, reason="requested")
        return conversation.id


@pytest.fixture
def staff_browser(browser: TestClient, session: Session) -> Iterator[Callable[[str], TestClient]]:
    """`staff_browser("agent")` is signed in to the console."""
    for login in ("agent", "ops"):
        attempts.forgive(login)
    with unit_of_work() as writing:
        for staff_id in ("stf_agent", "stf_ops"):
            writing.get_one(Staff, staff_id).password_hash = hash_password(PASSWORD)

    def signed_in(login: str) -> TestClient:
        answer = browser.post("/console/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303
        return browser

    yield signed_in


@pytest.fixture
def database_copy(engine: Engine) -> Callable[[], State]:
    """Every row of every table, to see whether anything was written."""

    def dump() -> State:
        with unit_of_work(write=False, engine=engine) as session:
            return whole_state(session)

    return dump


def anew(session: Session) -> Session:
    """The same session, which forgets what it read before the application wrote."""
    session.rollback()
    session.expire_all()
    return session


def conversation_of_owner(session: Session, conversation_id: str) -> Conversation:
    return anew(session).get_one(Conversation, conversation_id)
