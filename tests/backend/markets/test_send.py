"""Telling: once, in order, until it arrives; a market that says no is quoted to the merchant."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.models import Message
from backend.db.engine import unit_of_work
from backend.errors import Conflict, NotFound
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.markets.models import AccountState, Listing, ListingState, MarketAccount
from backend.markets.send import LEASE
from backend.plans import service as plans
from backend.plans.states import PlanState
from backend.shops.models import Shop
from tests.backend.markets.conftest import LINKED, Sandbox
from tests.backend.markets.rounds import Killed, command, dies_at, feed, later, say, sent, ship
from tests.backend.operations.conftest import add_listing, add_product

S = CommandState
each_market = pytest.mark.parametrize("market", LINKED)


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    session.commit()


def messages() -> list[str]:
    with unit_of_work(write=False) as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))


@each_market
def test_an_invoice_arrives_once(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market)
    told = ship(sandbox, market, number)
    assert ship(sandbox, market, number) == told  # said twice, queued once
    assert sent() == {"sent": 1}
    assert sent() == {}
    assert (command(told).state, command(told).sent_at, command(told).error) == (S.SENT, clock.now(), None)
    assert len(sandbox.effects("invoice")) == 1


@each_market
@pytest.mark.parametrize("step", ["claimed", "told", "settled"])
def test_a_sender_killed_anywhere_makes_exactly_one_parcel(market: Market, step: str, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market)
    told = ship(sandbox, market, number)
    with pytest.raises(Killed):
        sent(dies_at(step))
    assert sent() == {}  # its lease still holds, or it is done
    with later(sandbox, LEASE + timedelta(seconds=1)):
        sent()
    assert command(told).state is S.SENT
    assert [effect["detail"]["no"] for effect in sandbox.effects("invoice")] == ["123456789012"]


@each_market
def test_an_answer_that_is_lost_on_the_way_makes_exactly_one_parcel(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market)
    path = {Market.MALL: "shipments", Market.SMARTSTORE: "dispatch", Market.COUPANG: "invoices"}[market]
    sandbox.fault("timeout_after", market, path=path, seconds=2)
    told = ship(sandbox, market, number)
    assert sent() == {"queued": 1}
    assert command(told).error == "unreachable"
    with later(sandbox, timedelta(minutes=2)):
        assert sent() == {"sent": 1}
    assert len(sandbox.effects("invoice")) == 1


def test_many_senders_at_once_tell_each_word_once(sandbox: Sandbox) -> None:
    numbers = sandbox.orders(Market.SMARTSTORE, 25)
    told = [ship(sandbox, Market.SMARTSTORE, number) for number in numbers]
    threads = [threading.Thread(target=sent) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {command(one).state for one in told} == {S.SENT}
    assert Counter(effect["order_no"] for effect in sandbox.effects("invoice")) == dict.fromkeys(numbers, 1)


def test_what_is_said_of_one_line_is_said_in_its_order(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.COUPANG)
    line = sandbox.order(Market.COUPANG, number)["lines"][0]["line_no"]
    subject = f"orl_{line}"
    names = {"market_order_no": number, "market_line_no": line}
    prepare = say(Market.COUPANG, CommandKind.STATUS, subject, {**names, "status": "preparing"})
    sandbox.fault("error", Market.COUPANG, path="acknowledgement")
    with later(sandbox, timedelta(seconds=1)):
        invoice = say(
            Market.COUPANG, CommandKind.INVOICE, subject, {**names, "courier": "cj", "tracking_no": "1234567890"}
        )
        assert sent() == {"queued": 1}  # the first stumbled; the second waits for it
        assert not sandbox.effects("invoice")
    with later(sandbox, timedelta(minutes=5)):
        assert sent() == {"sent": 1}
        assert sent() == {"sent": 1}
    assert {command(prepare).state, command(invoice).state} == {S.SENT}
    assert [effect["what"] for effect in sandbox.http.get("/_sandbox/effects").json()] == ["prepare", "invoice"]


@each_market
def test_a_refusal_is_told_to_the_merchant_in_the_markets_words(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market)
    sandbox.step(market, number, "claim", kind="cancel")
    told = ship(sandbox, market, number)
    assert sent() == {"failed": 1}
    assert command(told).state is S.FAILED and "cancel" in str(command(told).error)
    owner_and_sub = messages()
    assert len(owner_and_sub) == 2 and all(number in text and "asked to cancel" in text for text in owner_and_sub)
    with later(sandbox, timedelta(hours=1)):
        assert sent() == {}  # a refusal is not repeated by itself


def test_a_burst_of_refusals_is_one_message(sandbox: Sandbox) -> None:
    for number in sandbox.orders(Market.MALL, 5):
        sandbox.step(Market.MALL, number, "claim", kind="cancel")
        ship(sandbox, Market.MALL, number)
    assert sent() == {"failed": 5}
    assert len(messages()) == 2


def test_what_was_refused_is_told_again_when_a_person_says_so(session: Session, owner: Actor, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL)
    sandbox.step(Market.MALL, number, "claim", kind="cancel")
    told = ship(sandbox, Market.MALL, number)
    sent()
    sandbox.step(Market.MALL, number, "answer", to="rejected")
    session.rollback()  # what was sent since is to be seen
    plan = plans.preview(session, owner, "market_command.retry", {"command_id": told})
    assert plan.effects[0]["data"] == {"count": 1, "markets": ["mall"], "kinds": ["invoice"]}
    assert plans.confirm(session, owner, plan.id, "key").state is PlanState.EXECUTED
    session.commit()
    assert sent() == {"sent": 1}
    assert len(sandbox.effects("invoice")) == 1
    session.rollback()
    with pytest.raises(Conflict):
        plans.preview(session, owner, "market_command.retry", {})


def test_a_strangers_refusal_cannot_be_told_again(
    session: Session, owner: Actor, stranger: Actor, sandbox: Sandbox
) -> None:
    [number] = sandbox.orders(Market.MALL)
    sandbox.step(Market.MALL, number, "claim", kind="cancel")
    told = ship(sandbox, Market.MALL, number)
    sent()
    with pytest.raises(NotFound):
        plans.preview(session, stranger, "market_command.retry", {"command_id": told})


def test_an_undone_retry_is_refused_again(session: Session, owner: Actor, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL)
    sandbox.step(Market.MALL, number, "claim", kind="cancel")
    told = ship(sandbox, Market.MALL, number)
    sent()
    session.rollback()
    plan = plans.preview(session, owner, "market_command.retry", {})
    plans.confirm(session, owner, plan.id, "key")
    undo = plans.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    plans.confirm(session, owner, undo.id, "key2")
    session.commit()
    assert command(told).state is S.FAILED
    assert sent() == {}


@each_market
def test_a_throttled_market_rests_and_then_gets_everything(market: Market, sandbox: Sandbox) -> None:
    numbers = sandbox.orders(market, 12)
    for number in numbers:
        ship(sandbox, market, number)
    sandbox.limit(market, 5, 0.1)
    for minute in range(1, 40):
        with later(sandbox, timedelta(minutes=minute)):
            sent()
        if len(sandbox.effects("invoice")) == len(numbers):
            break
    with unit_of_work(write=False) as session:
        assert set(session.scalars(select(MarketCommand.state))) == {S.SENT}
    assert Counter(effect["order_no"] for effect in sandbox.effects("invoice")) == dict.fromkeys(numbers, 1)
    assert not messages()


def test_refused_credentials_hold_the_words_back_until_they_are_renewed(sandbox: Sandbox) -> None:
    numbers = sandbox.orders(Market.SMARTSTORE, 3)
    told = [ship(sandbox, Market.SMARTSTORE, number) for number in numbers]
    sandbox.refuse(Market.SMARTSTORE)
    assert sent() == {"queued": 1}  # and the others are not even tried
    with unit_of_work(write=False) as session:
        assert session.get_one(MarketAccount, "mka_oneul_smartstore").state is AccountState.EXPIRED
    assert feed(Market.SMARTSTORE).last_error == "credentials_refused"
    sandbox.refuse(Market.SMARTSTORE, refused=False)
    with later(sandbox, timedelta(minutes=31)):
        assert sent() == {"sent": 3}
    assert {command(one).state for one in told} == {S.SENT}


def test_a_market_that_answers_nobody_for_hours_is_told_of_at_last(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL)
    told = ship(sandbox, Market.MALL, number)
    sandbox.fault("error", Market.MALL, times=None)
    for half_hour in range(1, 30):
        with later(sandbox, timedelta(minutes=31 * half_hour)):
            sent()
    assert (command(told).state, command(told).error) == (S.FAILED, "unreachable")
    assert len(messages()) == 2


def test_one_shops_trouble_is_not_anothers(session: Session, sandbox: Sandbox) -> None:
    [mine] = sandbox.orders(Market.SMARTSTORE)
    [theirs] = sandbox.orders(Market.SMARTSTORE, seller="other")
    sandbox.refuse(Market.SMARTSTORE)
    ship(sandbox, Market.SMARTSTORE, mine)
    line = sandbox.order(Market.SMARTSTORE, theirs, "other")["lines"][0]["line_no"]
    payload = {"order_no": theirs, "line_no": line, "courier": "cj", "tracking_no": "1"}
    said = say(Market.SMARTSTORE, CommandKind.INVOICE, "orl_other", payload, shop_id="shop_other")
    assert sent() == {"queued": 1, "sent": 1}
    assert command(said).state is S.SENT


def test_a_word_that_lacks_what_the_market_needs_is_told_of_and_blocks_nothing(sandbox: Sandbox) -> None:
    [number] = sandbox.orders(Market.MALL)
    bad = say(Market.MALL, CommandKind.INVOICE, "orl_bad", {"market_order_no": number})
    good = ship(sandbox, Market.MALL, number)
    assert sent() == {"failed": 1, "sent": 1}
    assert (command(bad).state, command(good).state) == (S.FAILED, S.SENT)


def test_a_new_listing_learns_the_number_the_market_gives_it(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    product = add_product(session, shop, 1)
    listing = add_listing(session, product, Market.SMARTSTORE)
    listing.market_product_no, listing.state = None, ListingState.EXPORTING
    listing.seller_code, listing.category_code = product.code, "own-101"
    product.attributes, product.image = {"소재": "울"}, "/images/1.png"
    session.commit()
    say(Market.SMARTSTORE, CommandKind.LISTING, listing.id, {})
    assert sent() == {"sent": 1}
    [made] = sandbox.effects("listing")
    with unit_of_work(write=False) as reading:
        assert reading.get_one(Listing, listing.id).market_product_no == made["detail"]["product_no"]
