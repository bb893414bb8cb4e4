"""Image exposure is granted where listings show no pictures, free while the market service runs, and ends with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import NothingToChange
from backend.kit import clock
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.hosting import HostingState, ImageHosting
from backend.markets.models import ListingState
from backend.operations import gate
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service as plans
from backend.shops.models import ProState, Shop
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import add_listing, add_product

KEY, HERE = "image_hosting", Market.COUPANG


@pytest.fixture
def listed(session: Session, shop: Shop) -> Shop:
    for number in (1, 2):
        add_listing(session, add_product(session, shop, number), HERE)
    session.commit()
    return shop


def only(session: Session) -> ImageHosting:
    return session.scalars(select(ImageHosting)).one()


def test_a_market_with_listings_and_no_grant_gets_one_for_as_long_as_the_service_runs(session, listed) -> None:
    findings, planned = look(session, listed, KEY, HERE)
    assert [(f.code, f.evidence) for f in findings] == [
        ("hosting_not_granted", {"market": "coupang", "listings": 2, "monthly_fee": 5_500})
    ]
    assert planned.rule == {
        "code": "free_with_market_service",
        "market": "coupang",
        "monthly_fee": 5_500,
        "listings": 2,
        "bearer": "pro",
    }
    assert carried_out(session, listed, KEY, HERE)[1] is RunState.DONE
    row = only(session)
    assert (row.market, row.state, row.granted_at, row.covers_until, row.monthly_fee_saved) == (
        HERE, HostingState.GRANTED, clock.now(), None, 5_500,
    )  # fmt: skip
    assert look(session, listed, KEY, HERE)[0] == []


@pytest.mark.parametrize("market", [m for m in OPEN_MARKETS if m is not HERE])
def test_a_market_without_listings_needs_none(session, listed, market) -> None:
    assert look(session, listed, KEY, market)[1].changes == []


def test_a_withdrawn_listing_shows_nothing_and_one_registered_by_hand_does(session, shop) -> None:
    product = add_product(session, shop, 1)
    withdrawn = add_listing(session, product, HERE)
    withdrawn.state, withdrawn.product_id = ListingState.WITHDRAWN, None
    assert look(session, shop, KEY, HERE)[0] == []
    add_listing(session, product, HERE).product_id = None
    assert look(session, shop, KEY, HERE)[0][0].evidence["listings"] == 1


@pytest.mark.parametrize("ending", [
    {"market_service": False}, {"pro_state": ProState.ENDED}, {"pro_state": ProState.NONE},
])  # fmt: skip
def test_the_grant_ends_with_the_market_service_and_comes_back_with_it(session, listed, ending) -> None:
    carried_out(session, listed, KEY, HERE)
    before = {name: getattr(listed, name) for name in ending}
    for name, value in ending.items():
        setattr(listed, name, value)
    session.commit()
    over = clock.now() + timedelta(days=3)
    with clock.frozen(over):
        tick()
    session.expire_all()
    row = only(session)
    assert (row.state, row.covers_until) == (HostingState.ENDED, over)
    assert gate.decide(session, listed, Unit(KEY, HERE), over).verdict == "service_not_active"
    for name, value in before.items():
        setattr(listed, name, value)
    session.commit()
    findings, _ = look(session, listed, KEY, HERE)
    assert (findings[0].code, findings[0].evidence["ended_at"]) == ("hosting_ended", over.isoformat())
    with clock.frozen(over + timedelta(days=10)):
        assert carried_out(session, listed, KEY, HERE)[1] is RunState.DONE
        assert (row.state, row.granted_at, row.covers_until) == (HostingState.GRANTED, clock.now(), None)


def test_a_pause_of_pro_does_not_end_it(session, listed) -> None:
    carried_out(session, listed, KEY, HERE)
    listed.pro_state = ProState.PAUSED
    session.commit()
    tick()
    session.expire_all()
    assert only(session).state is HostingState.GRANTED


def test_what_the_merchant_puts_back_is_not_granted_again_until_that_is_undone(session, listed, owner: Actor) -> None:
    run_id, _ = carried_out(session, listed, KEY, HERE)
    undo = take_back(session, owner, run_id)
    assert only(session).state is HostingState.OFF
    assert look(session, listed, KEY, HERE)[0] == []
    take_back(session, owner, undo, "plan")
    assert only(session).state is HostingState.GRANTED


def test_a_grant_given_again_and_put_back_is_left_ended(session, listed, owner: Actor) -> None:
    carried_out(session, listed, KEY, HERE)
    listed.market_service = False
    session.commit()
    tick()
    listed.market_service = True
    session.commit()
    session.expire_all()
    ended = [(r.state, r.granted_at, r.covers_until) for r in session.scalars(select(ImageHosting))]
    with clock.frozen(clock.now() + timedelta(days=20)):
        run_id, _ = carried_out(session, listed, KEY, HERE)
        assert only(session).state is HostingState.GRANTED
        take_back(session, owner, run_id)
        assert [(r.state, r.granted_at, r.covers_until) for r in session.scalars(select(ImageHosting))] == ended
        assert look(session, listed, KEY, HERE)[0] == []


def test_after_the_service_ended_there_is_nothing_to_put_back(session, listed, owner: Actor) -> None:
    run_id, _ = carried_out(session, listed, KEY, HERE)
    listed.market_service = False
    session.commit()
    tick()
    session.expire_all()
    with pytest.raises(NothingToChange):
        plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})


def test_an_off_leaves_the_grants_and_says_so(session, listed, owner: Actor, carry_out) -> None:
    carried_out(session, listed, KEY, HERE)
    plan = carry_out(owner, "ops.off", operation=KEY)
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert told["hosting_stays"] == {"markets": ["coupang"], "monthly_fee_saved": 5_500}
    assert only(session).state is HostingState.GRANTED


def test_the_markets_answer_tells_the_grant_and_what_it_saves(session, listed, owner: Actor, client) -> None:
    me = client(owner)
    assert me.get("/api/markets").json()[1]["image_hosting"] is None
    carried_out(session, listed, KEY, HERE)
    rows = {row["market"]: row for row in me.get("/api/markets").json()}
    assert (rows["coupang"]["image_hosting"]["state"], rows["coupang"]["image_hosting"]["monthly_fee_saved"]) == (
        "granted",
        5_500,
    )
    assert rows["smartstore"]["image_hosting"] is None


def test_another_shops_listings_and_grants_do_not_count(session, listed, stranger: Actor) -> None:
    theirs = session.get_one(Shop, stranger.shop_id)
    assert look(session, theirs, KEY, HERE)[0] == []
    carried_out(session, listed, KEY, HERE)
    add_listing(session, add_product(session, theirs, 9), HERE)
    assert [f.code for f in look(session, theirs, KEY, HERE)[0]] == ["hosting_not_granted"]
