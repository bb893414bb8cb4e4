"""Collecting: every order once, whatever dies, stumbles or comes twice on the way."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.audit.models import AuditEvent
from backend.claims.models import Claim
from backend.conversations.models import Message
from backend.conversations.sessions import conversation_of
from backend.db.engine import unit_of_work
from backend.errors import Conflict, InvalidInput, NothingToChange
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets import brake
from backend.markets.codes import Market
from backend.markets.collect import LEASE, waiting
from backend.markets.collect_due import queue_due
from backend.markets.feed_models import Collection, CollectionState
from backend.markets.models import AccountState, MarketAccount
from backend.orders.states import ClaimState
from backend.plans import service as plans
from backend.shops.models import Member, Shop
from tests.backend.markets.conftest import LINKED, Sandbox
from tests.backend.markets.rounds import (
    Killed,
    carried_out,
    dies_at,
    feed,
    later,
    lines_count,
    new_round,
    order_numbers,
    results,
)  # fmt: skip

S = CollectionState


@pytest.fixture(autouse=True)
def _shop(session: Session, shop: Shop, sandbox: Sandbox) -> None:
    session.commit()


def account(market: Market) -> MarketAccount:
    with unit_of_work(write=False) as session:
        return session.get_one(MarketAccount, f"mka_oneul_{market.value}")


def placed(sandbox: Sandbox, each: int = 2) -> set[tuple[Market, str]]:
    return {(market, number) for market in LINKED for number in sandbox.orders(market, each)}


def test_brings_every_markets_orders_once(sandbox: Sandbox) -> None:
    expected = placed(sandbox, 3)
    first = new_round()
    assert carried_out(first) is S.DONE
    assert order_numbers() == dict.fromkeys(expected, 1)
    assert {market: r["new"] for market, r in results(first).items()} == {"mall": 3, "smartstore": 3, "coupang": 3}
    with later(sandbox, timedelta(minutes=6)):
        again = new_round()
        assert carried_out(again) is S.DONE
        assert sum(r["new"] for r in results(again).values()) == 0
    assert order_numbers() == dict.fromkeys(expected, 1)


@pytest.mark.parametrize(
    ("step", "time"), [("claimed", 1), ("fetched", 1), ("fetched", 14), ("taken", 1), ("taken", 14), ("finished", 1)]
)
def test_a_worker_killed_anywhere_loses_and_doubles_nothing(step: str, time: int, sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    asked = new_round()
    with pytest.raises(Killed):
        carried_out(asked, at=dies_at(step, time))
    assert carried_out(asked) is None  # its lease still holds
    with later(sandbox, LEASE + timedelta(seconds=1)), unit_of_work(write=False) as session:
        assert waiting(session) == [asked]
        assert carried_out(asked) is S.DONE
    assert order_numbers() == dict.fromkeys(expected, 1)
    assert sum(r["new"] for r in results(asked).values()) == len(expected)


def test_a_worker_whose_round_was_taken_over_writes_nothing_more(sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    asked = new_round()

    def overtaken(step: str) -> None:
        if step == "fetched" and not done:
            done.append(1)
            with later(sandbox, LEASE + timedelta(seconds=1)):
                assert carried_out(asked) is S.DONE

    done: list[int] = []
    assert carried_out(asked, at=overtaken) is None
    assert order_numbers() == dict.fromkeys(expected, 1)
    assert sum(r["new"] for r in results(asked).values()) == len(expected)


def test_two_rounds_of_one_shop_at_once_take_each_order_once(sandbox: Sandbox) -> None:
    expected = placed(sandbox, 40)
    rounds = [new_round() for _ in range(3)]
    ended: list[object] = []
    threads = [threading.Thread(target=lambda one=one: ended.append(carried_out(one))) for one in rounds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert ended == [S.DONE] * 3
    assert order_numbers() == dict.fromkeys(expected, 1)
    assert sum(r.get("new", 0) for one in rounds for r in results(one).values()) == len(expected)


def test_a_feed_of_ten_thousand_orders_comes_in_whole(sandbox: Sandbox) -> None:
    numbers = sandbox.orders(Market.SMARTSTORE, 10_000)
    asked = new_round((Market.SMARTSTORE,))
    assert carried_out(asked) is S.DONE
    assert order_numbers() == dict.fromkeys(((Market.SMARTSTORE, number) for number in numbers), 1)
    assert results(asked)["smartstore"]["new"] == 10_000
    expected = sum(len(sandbox.order(Market.SMARTSTORE, number)["lines"]) for number in numbers[:20])
    assert lines_count() >= 10_000 and expected >= 20


@pytest.mark.parametrize("market", LINKED)
def test_a_storm_of_429_is_waited_out_and_nothing_is_lost(market: Market, sandbox: Sandbox) -> None:
    expected = set(sandbox.orders(market, 800))
    sandbox.limit(market, 6, 0.05)  # six calls, then one in twenty seconds
    waits: list[float] = []
    rounds = 0
    for minute in range(40):
        with later(sandbox, timedelta(minutes=minute)):
            asked = new_round((market,))
            carried_out(asked, waits)
            rounds += 1
            if results(asked)[market.value]["error"] is None:
                break
            assert feed(market).retry_at is not None
            assert feed(market).failing_since is None  # slow is not broken
    assert rounds > 1
    assert order_numbers() == dict.fromkeys(((market, number) for number in expected), 1)


def test_a_short_pause_is_waited_for_within_the_round(sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    sandbox.fault("throttle", Market.SMARTSTORE, times=2, retry_after=2, path="last-changed")
    waits: list[float] = []
    assert carried_out(new_round(), waits) is S.DONE
    assert waits == [2, 2]
    assert order_numbers() == dict.fromkeys(expected, 1)


def test_one_market_that_does_not_answer_holds_up_no_other(sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    sandbox.fault("error", Market.COUPANG, times=None)
    asked = new_round()
    assert carried_out(asked) is S.DONE
    assert {market: r["error"] for market, r in results(asked).items()} == {
        "mall": None, "smartstore": None, "coupang": "unreachable",
    }  # fmt: skip
    assert set(order_numbers()) == {one for one in expected if one[0] is not Market.COUPANG}
    assert (feed(Market.COUPANG).failing_since, feed(Market.COUPANG).last_error) == (clock.now(), "unreachable")
    with later(sandbox, timedelta(seconds=10)):
        again = new_round((Market.COUPANG,))
        assert carried_out(again) is S.FAILED
        assert results(again)["coupang"]["error"] == "waiting"
    sandbox.calm()
    with later(sandbox, timedelta(minutes=1)):
        assert carried_out(new_round()) is S.DONE
    assert order_numbers() == dict.fromkeys(expected, 1)
    assert feed(Market.COUPANG).failing_since is None


def test_the_longer_a_market_fails_the_less_often_it_is_asked(sandbox: Sandbox) -> None:
    sandbox.fault("error", Market.COUPANG, times=None)
    pauses = []
    for minutes in (0, 5, 20, 300):
        with later(sandbox, timedelta(minutes=minutes)) as at:
            carried_out(new_round((Market.COUPANG,)))
            pauses.append(feed(Market.COUPANG).retry_at - at)  # type: ignore[operator]
    assert pauses == [brake.SHORTEST, timedelta(minutes=5), timedelta(minutes=20), brake.LONGEST]


@pytest.mark.parametrize("kind", ["garbage", "timeout", "error"])
def test_a_single_stumble_is_not_noticed(kind: str, sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    sandbox.fault(kind, Market.MALL, path="orders", seconds=2)
    assert carried_out(new_round()) is S.DONE
    assert order_numbers() == dict.fromkeys(expected, 1)


def test_refused_credentials_make_the_account_expired_and_taken_ones_mend_it(sandbox: Sandbox) -> None:
    expected = placed(sandbox)
    sandbox.refuse(Market.SMARTSTORE)
    asked = new_round()
    carried_out(asked)
    assert results(asked)["smartstore"]["error"] == "credentials_refused"
    expired = account(Market.SMARTSTORE)
    assert (expired.state, expired.failing_since) == (AccountState.EXPIRED, clock.now())
    with unit_of_work(write=False) as session:
        told = session.scalars(
            select(AuditEvent).where(AuditEvent.target_id == expired.id, AuditEvent.field == "state")
        ).one()
        assert (told.source_type, told.source_id, told.after) == ("collection", asked, "expired")
    sandbox.refuse(Market.SMARTSTORE, refused=False)
    with later(sandbox, timedelta(minutes=31)):
        carried_out(new_round())
    assert (account(Market.SMARTSTORE).state, account(Market.SMARTSTORE).failing_since) == (
        AccountState.CONNECTED,
        None,
    )
    assert order_numbers() == dict.fromkeys(expected, 1)


def test_an_account_that_was_taken_away_stays_so(sandbox: Sandbox) -> None:
    sandbox.orders(Market.SMARTSTORE)
    with unit_of_work() as session:
        session.get_one(MarketAccount, "mka_oneul_smartstore").state = AccountState.DISCONNECTED
    asked = new_round()
    carried_out(asked)
    assert results(asked)["smartstore"]["error"] == "no_gateway"
    assert account(Market.SMARTSTORE).state is AccountState.DISCONNECTED
    assert not order_numbers()


@pytest.mark.parametrize("market", LINKED)
def test_a_cancellation_that_arrives_between_collecting_and_shipping_is_seen(market: Market, sandbox: Sandbox) -> None:
    [number] = sandbox.orders(market)
    carried_out(new_round((market,)))
    with later(sandbox, timedelta(minutes=5)):
        sandbox.step(market, number, "claim", kind="cancel", reason="단순 변심")
        asked = new_round((market,))
        carried_out(asked)
        assert results(asked)[market.value]["claims"] == 1
    with unit_of_work(write=False) as session:
        claim = session.scalars(select(Claim)).one()
        assert claim.state in (ClaimState.REQUESTED, ClaimState.HELD)
        assert claim.reason == "단순 변심"
    assert sum(order_numbers().values()) == 1


def test_unknown_codes_and_unreadable_orders_are_told_of(sandbox: Sandbox) -> None:
    number, broken = sandbox.orders(Market.MALL, 2)
    for one in (number, broken):
        sandbox.step(Market.MALL, one, "raw", raw="N77")
    sandbox.fault("broken", Market.MALL)
    asked = new_round((Market.MALL,))
    assert carried_out(asked) is S.DONE
    result = results(asked)["mall"]
    assert len(result["unreadable"]) == 1 and {number, broken} >= set(result["unreadable"])
    assert result["unknown_codes"] == ["status:N77"]


# by the clock, and on request


def switch_off(session: Session) -> None:
    session.add(InventorySetting(
        id=new_id("ist"), shop_id="shop_oneul", key="integrated_orders", value={"value": False}, changed_at=clock.now(),
    ))  # fmt: skip
    session.commit()


def test_the_clock_queues_a_round_every_few_minutes_for_shops_whose_orders_are_handled_here(
    session: Session, sandbox: Sandbox
) -> None:
    assert len(queue_due()) == 2  # both shops
    assert not queue_due()
    with later(sandbox, timedelta(minutes=6)):
        assert not queue_due()  # the rounds of before were not carried out yet
        with unit_of_work(write=False) as reading:
            for one in waiting(reading):
                carried_out(one)
        assert len(queue_due()) == 2
    switch_off(session)
    with later(sandbox, timedelta(minutes=20)):
        for row in session.scalars(select(Collection)):
            row.state = S.DONE
        session.commit()
        with unit_of_work(write=False) as reading:
            queued = {reading.get_one(Collection, one).shop_id for one in queue_due()}
    assert queued == {"shop_other"}


def test_nobody_is_asked_where_there_is_nobody(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    from backend.settings import get_settings

    monkeypatch.setenv("OPSTALK_MARKETS_URL", "")
    get_settings.cache_clear()
    assert queue_due() == []


def test_a_wish_from_a_conversation_is_answered_there(session: Session, sandbox: Sandbox) -> None:
    placed(sandbox)
    sandbox.refuse(Market.COUPANG)
    talk = conversation_of(session, session.get_one(Member, "mem_oneul_owner"))
    owner = member_actor(session.get_one(Member, "mem_oneul_owner"), talk.id)
    plan = plans.preview(session, owner, "orders.collect", {})
    assert [effect["code"] for effect in plan.effects] == ["collection_starts"]
    done = plans.confirm(session, owner, plan.id, "key")
    assert plans.confirm(session, owner, plan.id, "key").result == done.result
    session.commit()
    assert carried_out(done.result["collection_id"]) is S.DONE
    with unit_of_work(write=False) as reading:
        [message] = reading.scalars(select(Message).where(Message.conversation_id == talk.id))
    assert "자사몰: 새 주문 2건" in message.text
    assert "쿠팡: 로그인 인증이 만료" in message.text
    carried_out(new_round())
    with unit_of_work(write=False) as reading:
        assert len(reading.scalars(select(Message).where(Message.conversation_id == talk.id)).all()) == 1


def test_a_round_is_refused_where_it_makes_no_sense(session: Session, owner: Actor) -> None:
    with pytest.raises(InvalidInput) as unlinked:
        plans.preview(session, owner, "orders.collect", {"markets": ["gmarket"]})
    assert unlinked.value.error_code == "market_not_linked"
    session.commit()
    new_round()
    with pytest.raises(NothingToChange) as busy:
        plans.preview(session, owner, "orders.collect", {})
    assert busy.value.error_code == "collection_under_way"
    switch_off(session)
    with pytest.raises(Conflict) as off:
        plans.preview(session, owner, "orders.collect", {})
    assert off.value.error_code == "integrated_orders_off"
