"""Buyers' questions: collected once, answered once, and an answer that a market refuses is told of like an invoice."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.models import Message
from backend.db.engine import unit_of_work
from backend.errors import NothingToChange
from backend.inquiries.models import Inquiry
from backend.inquiries.service import inquiry_of
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.markets.questions import collect_questions
from backend.markets.send import LEASE
from backend.plans import service as plans
from backend.plans.models import Plan
from backend.shops.models import Shop
from tests.backend.markets.conftest import LINKED, Sandbox
from tests.backend.markets.rounds import Killed, dies_at, later, sent
from tests.backend.operations.conftest import add_product

each_market = pytest.mark.parametrize("market", LINKED)
PATH = {Market.MALL: "comments", Market.SMARTSTORE: "qnas", Market.COUPANG: "replies"}


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    session.commit()


def inquiries(session: Session) -> list[Inquiry]:
    session.rollback()
    return list(session.scalars(select(Inquiry).where(Inquiry.shop_id == "shop_oneul").order_by(Inquiry.asked_at)))


def answer(session: Session, owner: Actor, inquiry: Inquiry, text: str = "내일 보내 드려요.") -> Plan:
    plan = plans.preview(session, owner, "inquiry.send_draft", {"inquiry_id": inquiry.id, "text": text})
    done = plans.confirm(session, owner, plan.id, new_id("key"))
    session.commit()
    return done


def words(session: Session) -> list[MarketCommand]:
    session.rollback()
    return list(session.scalars(select(MarketCommand).where(MarketCommand.kind == CommandKind.ANSWER)))


def asked_one(session: Session, sandbox: Sandbox, market: Market) -> Inquiry:
    sandbox.ask(market, "언제 오나요?", buyer="김*연")
    assert collect_questions() == 1
    return inquiries(session)[0]


@each_market
def test_a_question_is_collected_once_with_its_product(
    market: Market, session: Session, shop: Shop, sandbox: Sandbox
) -> None:
    product = add_product(session, shop, 1)
    session.add(Listing(
        id="lst_1", shop_id=shop.id, product_id=product.id, market=market, market_product_no="777", title="x"
    ))  # fmt: skip
    session.commit()
    number = sandbox.ask(market, "언제 오나요?", product_no="777", buyer="김*연")
    assert (collect_questions(), collect_questions()) == (1, 0)
    [found] = inquiries(session)
    assert (found.market, found.market_inquiry_no, found.text) == (market, number, "언제 오나요?")
    assert (found.product_id, found.asked_at) == (product.id, clock.now())
    assert found.buyer_name == ("익명" if market is Market.COUPANG else "김*연")


@each_market
def test_many_questions_come_over_several_pages(market: Market, session: Session, sandbox: Sandbox) -> None:
    for number in range(130):
        sandbox.ask(market, f"질문 {number}")
    assert collect_questions() == 130
    assert len({one.market_inquiry_no for one in inquiries(session)}) == 130


@each_market
def test_an_answer_reaches_the_market_once_and_is_shown_as_sent(
    market: Market, session: Session, owner: Actor, sandbox: Sandbox
) -> None:
    inquiry = asked_one(session, sandbox, market)
    assert answer(session, owner, inquiry).result == {"market": market.value}
    assert inquiry_of(session, owner.shop_id, inquiry.id).delivery == "waiting"
    assert sent() == {"sent": 1}
    assert sent() == {}
    assert [one["detail"]["text"] for one in sandbox.effects("answer")] == ["내일 보내 드려요."]
    session.rollback()
    assert inquiry_of(session, owner.shop_id, inquiry.id).delivery == "sent"
    assert collect_questions() == 0
    with pytest.raises(NothingToChange):
        answer(session, owner, inquiry)


@each_market
@pytest.mark.parametrize("step", ["claimed", "told"])
def test_a_sender_killed_anywhere_answers_exactly_once(
    market: Market, step: str, session: Session, owner: Actor, sandbox: Sandbox
) -> None:
    answer(session, owner, asked_one(session, sandbox, market))
    with pytest.raises(Killed):
        sent(dies_at(step))
    with later(sandbox, LEASE + timedelta(seconds=1)):
        sent()
    assert [word.state for word in words(session)] == [CommandState.SENT]
    texts = [one["detail"]["text"] for one in sandbox.effects("answer")]
    # Naver registers and changes an answer with one call: the same text again is the same answer
    assert set(texts) == {"내일 보내 드려요."} and (len(texts) == 1 or market is Market.SMARTSTORE)


@each_market
def test_an_answer_that_is_lost_on_the_way_is_told_again(
    market: Market, session: Session, owner: Actor, sandbox: Sandbox
) -> None:
    inquiry = asked_one(session, sandbox, market)
    answer(session, owner, inquiry)
    sandbox.fault("error", market, path=PATH[market])
    assert sent() == {"queued": 1}
    with later(sandbox, timedelta(minutes=2)):
        assert sent() == {"sent": 1}
    assert len(sandbox.effects("answer")) == 1


@pytest.mark.parametrize("market", [Market.MALL, Market.COUPANG])
def test_a_refused_answer_is_told_to_the_merchant_and_shown(
    market: Market, session: Session, owner: Actor, sandbox: Sandbox
) -> None:
    inquiry = asked_one(session, sandbox, market)
    sandbox.answer(market, str(inquiry.market_inquiry_no), "다른 곳에서 답했어요.")
    answer(session, owner, inquiry)
    assert sent() == {"failed": 1}
    session.rollback()
    shown = inquiry_of(session, owner.shop_id, inquiry.id)
    assert shown.delivery == "failed" and "ALREADY_ANSWERED" in str(shown.delivery_error)
    with unit_of_work(write=False) as reading:
        texts = list(reading.scalars(select(Message.text)))
    assert texts and all("문의 답변" in str(text) and "is answered" in str(text) for text in texts)


def test_an_inquiry_that_no_market_knows_is_answered_here_alone(
    session: Session, owner: Actor, sandbox: Sandbox
) -> None:
    session.add(Inquiry(
        id="inq_1", shop_id=owner.shop_id, market=Market.COUPANG, buyer_name="김*연", text="언제 오나요?", asked_at=clock.now()
    ))  # fmt: skip
    session.commit()
    assert answer(session, owner, session.get_one(Inquiry, "inq_1")).result == {}
    assert words(session) == []
    assert inquiry_of(session, owner.shop_id, "inq_1").delivery is None


def test_a_market_that_stumbles_holds_up_no_other(session: Session, sandbox: Sandbox) -> None:
    for market in LINKED:
        sandbox.ask(market, "언제 오나요?")
    sandbox.fault("error", Market.SMARTSTORE, times=1)
    assert collect_questions() == 2
    assert collect_questions() == 1


def test_a_market_that_will_not_tell_stops_no_orders(session: Session, sandbox: Sandbox) -> None:
    sandbox.ask(Market.COUPANG, "언제 오나요?")
    sandbox.fault("expired", Market.COUPANG, path="onlineInquiries", times=None)
    assert collect_questions() == 0
    session.rollback()
    assert session.get_one(MarketAccount, "mka_oneul_coupang").state is AccountState.CONNECTED
    sandbox.calm()
    assert collect_questions() == 1


def test_a_market_that_asks_for_a_pause_gets_it(session: Session, sandbox: Sandbox) -> None:
    sandbox.ask(Market.COUPANG, "언제 오나요?")
    sandbox.fault("throttle", Market.COUPANG, retry_after=30)
    assert (collect_questions(), collect_questions()) == (0, 0)
    with later(sandbox, timedelta(minutes=1)):
        assert collect_questions() == 1


def test_another_shops_questions_are_its_own(session: Session, sandbox: Sandbox) -> None:
    sandbox.ask(Market.COUPANG, "언제 오나요?", seller="other")
    assert collect_questions() == 1
    assert inquiries(session) == []
