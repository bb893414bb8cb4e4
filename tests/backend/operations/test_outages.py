"""A market that does not answer is told once with everything it stops, and once when it answers again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.conversations.models import Message
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.operations import notices
from backend.operations.models import MarketOutage, Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import tick
from tests.backend.operations.conftest import add_listing, add_product, switch_off


@pytest.fixture
def told(monkeypatch) -> list[dict]:
    heard: list[dict] = []
    listener = lambda session, shop, code, data: heard.append({"code": code, **data})  # noqa: E731
    monkeypatch.setattr(notices, "listeners", [*notices.listeners, listener])
    return heard


@pytest.fixture
def silent(session, shop) -> MarketAccount:
    """Everything of SmartStore is due, and SmartStore does not answer."""
    add_listing(session, add_product(session, shop, 1, attributes={"소재": "울"}), Market.SMARTSTORE)
    account = session.get_one(MarketAccount, f"mka_{shop.mall_id}_smartstore")
    account.state, account.failing_since = AccountState.UNREACHABLE, clock.now() - timedelta(hours=1)
    session.commit()
    return account


def live(days: float) -> None:
    """A round every twenty minutes of the hours at which operations start and are repeated."""
    start = clock.now()
    for minute in range(0, int(days * 24 * 60), 20):
        at = start + timedelta(minutes=minute)
        if 9 <= clock.seoul(at).hour < 13:
            with clock.frozen(at):
                tick()


def texts(session, shop) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Message.text).where(Message.shop_id == shop.id).order_by(Message.id)))


def test_many_operations_stopped_by_one_market_are_one_notice(session, shop, silent, told) -> None:
    live(3)
    session.expire_all()
    failed = list(session.scalars(select(Run).where(Run.state == RunState.FAILED)))
    assert len({run.operation for run in failed}) > 4
    assert {run.reason for run in failed} == {"market_unreachable"}
    about_failing = [one for one in told if one["code"] in ("market_silent", "run_failed")]
    assert [one["code"] for one in about_failing] == ["market_silent"]
    assert {run.operation for run in failed} <= set(about_failing[0]["operations"])
    assert about_failing[0]["since"] == silent.failing_since.isoformat()
    said = next(text for text in texts(session, shop) if wording().name("market", "smartstore") in text)
    assert all(wording().name("operation", key) in said for key in about_failing[0]["operations"])


def test_a_market_known_to_be_silent_is_asked_once_a_turn(session, shop, silent, told) -> None:
    live(3)
    session.expire_all()
    later = clock.now() + timedelta(hours=48)
    runs = list(session.scalars(select(Run).where(Run.operation == "smartstore_seo", Run.finished_at > later)))
    assert [(run.trigger, run.attempts) for run in runs] == [("schedule", 1)]


def test_its_return_is_told_once_and_the_work_goes_on(session, shop, silent, told) -> None:
    live(2)
    silent.state, silent.failing_since = AccountState.CONNECTED, None
    session.commit()
    with clock.frozen(clock.now() + timedelta(days=2)):
        live(2)
    codes = [one["code"] for one in told if one["code"].startswith("market_")]
    assert codes == ["market_silent", "market_answers"]
    session.expire_all()
    outage = session.scalars(select(MarketOutage)).one()
    assert (outage.open_key, outage.ended_at) == (None, clock.now() + timedelta(days=2))
    seo = select(Run).where(Run.operation == "smartstore_seo", Run.state == RunState.DONE)
    assert session.scalars(seo).one().attempts == 1


def test_a_second_outage_is_told_again(session, shop, silent, told) -> None:
    live(1.5)
    for day, state in ((2, AccountState.CONNECTED), (3, AccountState.UNREACHABLE)):
        silent.state = state
        session.commit()
        with clock.frozen(clock.now() + timedelta(days=day)):
            live(1)
    codes = [one["code"] for one in told if one["code"].startswith("market_")]
    assert codes[:2] == ["market_silent", "market_answers"] and codes.count("market_answers") == 1


def test_refused_credentials_are_no_return(session, shop, silent, told) -> None:
    live(1)
    silent.state = AccountState.EXPIRED
    session.commit()
    with clock.frozen(clock.now() + timedelta(days=1)):
        live(0.1)
    assert "market_answers" not in {one["code"] for one in told}
    silent.state = AccountState.DISCONNECTED
    session.commit()
    with clock.frozen(clock.now() + timedelta(days=2)):
        live(0.1)
    assert "market_answers" not in {one["code"] for one in told}
    session.expire_all()
    assert session.scalars(select(MarketOutage)).one().ended_at


def test_what_is_switched_off_is_not_named(session, shop, silent, told) -> None:
    switch_off(session, shop, operation="thumbnail")
    session.commit()
    live(1)
    (notice,) = [one for one in told if one["code"] == "market_silent"]
    assert "thumbnail" not in notice["operations"] and "smartstore_seo" in notice["operations"]


def test_another_market_and_another_shop_are_not_touched(session, shop, silent, told) -> None:
    live(1)
    session.expire_all()
    outages = list(session.scalars(select(MarketOutage)))
    assert [(one.shop_id, one.market) for one in outages] == [(shop.id, Market.SMARTSTORE)]
    elsewhere = select(Run).where(Run.state == RunState.FAILED, Run.shop_id != shop.id)
    assert list(session.scalars(elsewhere)) == []


def test_two_workers_that_give_up_at_once_tell_it_once(session, shop, silent, told, monkeypatch) -> None:
    from backend.operations import outages

    with clock.frozen(clock.now() + timedelta(days=1)):
        tick(start=lambda _: None)
        session.expire_all()
        ids = list(session.scalars(select(Run.id).where(Run.market == Market.SMARTSTORE)))
        for run_id in ids[:2]:
            run = session.get_one(Run, run_id)
            run.scheduled_for, run.attempts = clock.now(), 2
        session.commit()
        known = iter([False, False, False, False])
        monkeypatch.setattr(outages, "is_known", lambda *_: next(known))  # each looked before the other wrote
        for run_id in ids[:2]:
            assert execute(run_id, "w") is RunState.FAILED
    assert [one["code"] for one in told].count("market_silent") == 1
