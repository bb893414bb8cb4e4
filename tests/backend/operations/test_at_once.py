"""People and workers at the same moment: an OFF is whole whatever runs meanwhile, and each message leaves once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.conversations.handoff import request_handoff
from backend.conversations.models import ConversationState, Handoff, Message
from backend.conversations.sessions import conversation_of
from backend.coupons.models import Coupon, CouponState
from backend.customers import outbox
from backend.customers.gateway import Receipt
from backend.customers.models import AddonCredit
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import MarketAccount
from backend.operations.models import MarketOutage, Run
from backend.operations.outages import begin
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service
from backend.plans.states import PlanState
from backend.shops.models import Member, Shop
from backend.web.demo.edits import connect_market
from tests.backend.customers.people import add_message
from tests.backend.operations.conftest import add_order, add_product, add_run
from tests.backend.plans.test_races import at_the_same_moment

MANY = 5


@pytest.fixture
def coupon_run(session: Session, shop: Shop) -> str:
    """A run that will make a coupon."""
    product = add_product(session, shop, 1)
    for number in range(40):
        add_order(session, shop, product, clock.now() - timedelta(days=100), f"고객{number}")
    run = add_run(session, shop, "promotion_coupon", scheduled_for=clock.now())
    session.commit()
    return run.id


def test_an_off_that_is_confirmed_while_a_run_writes_stops_what_the_run_made(
    session: Session, owner: Actor, coupon_run: str
) -> None:
    plan = service.preview(session, owner, "ops.off", {"operation": "promotion_coupon"}).id
    session.commit()
    written, confirming = threading.Event(), threading.Event()

    def pause(step: str) -> None:
        """The coupon is written and not yet committed; the merchant says yes now."""
        if step == "applied":
            written.set()
            confirming.wait(10)
            confirming.clear()
            confirming.wait(0.5)

    def off() -> PlanState:
        written.wait(10)
        confirming.set()
        with unit_of_work() as other:
            state = service.confirm(other, owner, plan, "k").state
        if state is PlanState.STALE:  # the fresh preview tells of the coupon; yes again
            with unit_of_work() as other:
                fresh = service.preview(other, owner, "ops.off", {"operation": "promotion_coupon"})
                state = service.confirm(other, owner, fresh.id, "k2").state
        return state

    with ThreadPoolExecutor(2) as pool:
        run, switch = pool.submit(execute, coupon_run, "w1", pause), pool.submit(off)
        assert (run.result(20), switch.result(20)) == (RunState.DONE, PlanState.EXECUTED)
    session.rollback()
    session.expire_all()
    assert session.scalars(select(Coupon)).one().state is CouponState.ISSUE_STOPPED


def test_rounds_at_the_same_moment_plan_each_run_once(session: Session, shop: Shop) -> None:
    rounds = [lambda _: tick(start=lambda _: None) for _ in range(MANY)]
    done = at_the_same_moment(rounds)
    session.rollback()
    keys = Counter(session.scalars(select(Run.open_key).where(Run.shop_id == shop.id)))
    assert keys and set(keys.values()) == {1}
    assert sum(one.planned for one in done) == session.scalar(select(func.count()).select_from(Run))
    assert [one.broken for one in done] == [[]] * MANY


def test_a_message_is_handed_over_once_however_many_workers_send(session: Session, shop: Shop) -> None:
    for number in range(1, 31):
        add_message(session, shop, number)
    session.commit()
    handed: Counter[str] = Counter()

    class Counting:
        def send(self, message: outbox.Outgoing) -> Receipt:
            handed[message.message_id] += 1
            return Receipt(f"ok {message.message_id}")

    done = at_the_same_moment([lambda _: outbox.send_due(Counting()) for _ in range(MANY)])
    assert sum(one["sent"] for one in done) == 30
    assert set(handed.values()) == {1} and len(handed) == 30
    session.rollback()
    used = session.scalar(select(func.count()).select_from(AddonCredit).where(AddonCredit.delta < 0))
    assert used == 30


def test_a_silent_market_met_by_many_workers_is_told_once(session: Session, shop: Shop) -> None:
    at_the_same_moment([
        lambda s: begin(s, s.get_one(Shop, shop.id), Market.COUPANG, clock.now()) for _ in range(MANY)
    ])  # fmt: skip
    session.rollback()
    assert session.scalar(select(func.count()).select_from(MarketOutage)) == 1
    told = Counter(session.scalars(select(Message.conversation_id)))
    assert len(told) == 2 and set(told.values()) == {1}, "owner and sub-operator, once each"


def test_a_person_asked_for_many_times_at_once_is_asked_for_once(session: Session, shop: Shop, owner: Actor) -> None:
    conversation = conversation_of(session, session.get_one(Member, owner.id)).id
    session.commit()
    actor = member_actor(session.get_one(Member, owner.id), conversation)
    session.commit()
    answers = at_the_same_moment([lambda s: request_handoff(s, actor, "requested").state for _ in range(MANY)])
    assert answers == [ConversationState.OPEN] * MANY
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Handoff)) == 1
    assert list(session.scalars(select(Message.seq))) == [1], "one note in the thread"


def test_a_market_connected_twice_at_once_is_one_account(session: Session, shop: Shop, owner: Actor) -> None:
    at_the_same_moment([lambda s: connect_market(s, owner, Market.GMARKET, "seller") for _ in range(MANY)])
    session.rollback()
    found = session.scalars(select(MarketAccount.seller_id).where(MarketAccount.market == Market.GMARKET))
    assert list(found) == ["seller"]
