"""Linking and exporting on real rows: what is found, what is written, what an undo takes back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, pro_actor
from backend.audit.record import Source
from backend.changes import undo
from backend.changes.apply import apply
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.limits import limits_of
from backend.markets.models import Listing, ListingState
from backend.operations.catalogue.product_name.improve import ProductFacts, improve
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.plans import service as plans
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import add_listing, add_product, add_run
from tests.backend.plans.whole_state import TRACES, difference, rolled_back, whole_state

KEY, HERE = "market_linking", Market.COUPANG


def by_hand(session: Session, shop: Shop, number: int, title: str, code: str | None = None) -> Listing:
    """A listing registered on the market, of no known product."""
    made = Listing(id=f"lst_hand_{number}", shop_id=shop.id, product_id=None, market=HERE, market_product_no=f"{number:010}",
                   title=title, seller_code=code, price=10_000)  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def mall(session: Session, shop: Shop) -> list[Product]:
    """Five products: the fourth is on the market already, the fifth is sold out."""
    names = [
        "울 브이넥 크롭 가디건",
        "캐시미어 라운드 가디건",
        "기모 하프넥 티셔츠",
        "데님 조거 청바지",
        "새틴 롱 스커트",
    ]
    made = [add_product(session, shop, number, name=name, brand="오늘담") for number, name in enumerate(names, 1)]
    made[4].status = SaleStatus.SOLD_OUT
    add_listing(session, made[3], HERE)
    session.commit()
    return made


def test_certain_ones_are_linked_the_rest_exported_and_doubts_told(session, shop, mall) -> None:
    coded, alike, unknown = (
        by_hand(session, shop, 1, "가을 신상 특가", "P00001"), by_hand(session, shop, 2, "라운드 가디건"), by_hand(session, shop, 3, "도매 견적 문의"),
    )  # fmt: skip
    findings, planned = look(session, shop, KEY, HERE)
    assert [(f.code, f.target_id) for f in findings] == [
        ("link_by_code", coded.id), ("product_not_on_market", mall[2].id), ("link_ambiguous", alike.id), ("link_unknown", unknown.id),
    ]  # fmt: skip
    link, export = planned.changes
    assert (link.target_id, link.field, link.before, link.after) == (coded.id, "product_id", None, mall[0].id)
    assert (export.op, export.after["product_id"], export.after["title"]) == (
        "create",
        mall[2].id,
        "오늘담 기모 하프넥 티셔츠",
    )
    assert planned.rule == {"code": "linked_when_certain", "market": "coupang", "linked": 1, "exported": 1, "left": 0,
                            "unsure": 2, "rules_version": limits_of(HERE).version}  # fmt: skip


def test_a_run_writes_it_and_the_next_finds_only_doubts(session, shop, mall) -> None:
    linked = by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    by_hand(session, shop, 2, "라운드 가디건")
    _, state = carried_out(session, shop, KEY, HERE)
    assert state is RunState.DONE
    assert linked.product_id == mall[0].id
    exported = session.scalars(select(Listing).where(Listing.product_id == mall[2].id, Listing.market == HERE)).one()
    assert (exported.state, exported.seller_code, exported.price) == (ListingState.EXPORTING, mall[2].code, None)
    facts = ProductFacts(mall[2].brand, mall[2].category, mall[2].attributes)
    assert improve(exported.title, facts, limits_of(HERE).title).reasons == []
    findings, planned = look(session, shop, KEY, HERE)
    assert ([f.code for f in findings], planned.changes) == (["link_ambiguous"], [])


def test_undo_unlinks_and_withdraws_and_neither_is_done_again(session, shop, owner: Actor, mall) -> None:
    linked = by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    run_id, _ = carried_out(session, shop, KEY, HERE)
    exported = session.scalars(select(Listing).where(Listing.product_id == mall[2].id, Listing.market == HERE)).one()
    undone = take_back(session, owner, run_id)
    assert (linked.product_id, exported.state, exported.product_id) == (None, ListingState.WITHDRAWN, None)
    assert look(session, shop, KEY, HERE)[0] == []
    take_back(session, owner, undone, "plan")
    assert (linked.product_id, exported.state, exported.product_id) == (mall[0].id, ListingState.EXPORTING, mall[2].id)
    assert look(session, shop, KEY, HERE)[0] == []


def test_one_product_of_a_run_can_be_taken_back_alone(session, shop, owner: Actor, mall) -> None:
    linked = by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    run_id, _ = carried_out(session, shop, KEY, HERE)
    plan = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id, "target_ids": [linked.id]})
    assert [(c["target_id"], c["field"], c["after"]) for c in plan.changes] == [(linked.id, "product_id", None)]


def test_an_undo_is_not_undone_once_another_listing_has_the_product(session, shop, owner: Actor, mall) -> None:
    by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    mall[1].status = mall[2].status = SaleStatus.HIDDEN
    run_id, _ = carried_out(session, shop, KEY, HERE)
    undone = take_back(session, owner, run_id)
    by_hand(session, shop, 2, "다른 이름").product_id = mall[0].id
    session.commit()
    plan = plans.preview(session, owner, "undo", {"source_type": "plan", "source_id": undone})
    assert not [change for change in plan.changes if change["target_type"] == "listing"]
    take_back(session, owner, undone, "plan")
    assert session.get_one(Listing, "lst_hand_1").product_id is None


def test_a_run_links_before_it_exports_and_keeps_to_its_limit(session, shop, mall) -> None:
    by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    planned = look(session, shop, KEY, HERE, per_run_limit=2)[1]
    assert [change.op for change in planned.changes] == ["set", "create"]
    assert (planned.rule["linked"], planned.rule["exported"], planned.rule["left"]) == (1, 1, 1)
    assert [change.op for change in look(session, shop, KEY, HERE, per_run_limit=1)[1].changes] == ["set"]


def test_a_product_in_doubt_hidden_or_sold_out_is_not_exported(session, shop, mall) -> None:
    mall[0].status = SaleStatus.HIDDEN
    by_hand(session, shop, 1, "라운드 가디건")
    assert [f.target_id for f in look(session, shop, KEY, HERE)[0] if f.code == "product_not_on_market"] == [mall[2].id]


def test_a_place_taken_after_the_look_is_respected(session, shop, mall) -> None:
    by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    mall[1].status = mall[2].status = SaleStatus.HIDDEN
    run = add_run(session, shop, KEY, HERE, scheduled_for=clock.now())
    session.commit()

    def take(at: str) -> None:
        if at == "computed":
            with unit_of_work() as other:
                add_listing(other, other.get_one(Product, mall[0].id), HERE)

    assert execute(run.id, "w1", take) is RunState.NOTHING
    session.expire_all()
    assert session.get_one(Listing, "lst_hand_1").product_id is None


def test_the_markets_answer_counts_what_belongs_to_no_product(session, shop, owner: Actor, mall, client) -> None:
    by_hand(session, shop, 1, "도매 견적 문의")
    session.commit()
    coupang = client(owner).get("/api/markets").json()[1]
    assert (coupang["listings"], coupang["unlinked"]) == (1, 1)


def test_the_history_of_a_product_tells_how_it_was_linked(session, shop, owner: Actor, mall, client) -> None:
    linked = by_hand(session, shop, 1, "울 브이넥 크롭 가디건")
    run_id, _ = carried_out(session, shop, KEY, HERE)
    (told,) = client(owner).get(f"/api/operations/explain?product_id={mall[0].id}").json()
    assert (told["label"], told["field"], told["after_shown"], told["run"]["id"]) == (
        linked.title,
        "product_id",
        mall[0].name,
        run_id,
    )
    assert [f["code"] for f in told["findings"]] == ["link_by_name"]


def test_where_nobody_can_be_told_products_are_linked_and_none_is_exported(session, shop, mall) -> None:
    found = Listing(
        id="lst_gmarket", shop_id=shop.id, product_id=None, market=Market.GMARKET, market_product_no="1", price=10_000,
        title="울 브이넥 크롭 가디건",
    )  # fmt: skip
    session.add(found)
    session.flush()
    findings, planned = look(session, shop, KEY, Market.GMARKET)
    assert [f.code for f in findings] == ["link_by_name"]
    assert [(c.op, c.target_id) for c in planned.changes] == [("set", found.id)]


def test_other_markets_and_other_shops_are_left_alone(session, shop, mall, stranger: Actor) -> None:
    theirs = session.get_one(Shop, stranger.shop_id)
    by_hand(session, theirs, 1, "울 브이넥 크롭 가디건", "P00001")
    findings, planned = look(session, shop, KEY, HERE)
    assert not [f for f in findings if f.target_type == "listing"]
    assert look(session, theirs, KEY, HERE)[1].changes == []
    assert {change.after["market"] for change in planned.changes} == {"coupang"}


TITLES = st.sampled_from([
    "울 브이넥 크롭 가디건", "[오늘담] 캐시미어 라운드 가디건", "라운드 가디건", "기모 하프넥 티셔츠", "데님 조거 청바지", "도매 문의",
])  # fmt: skip
CODES = st.none() | st.sampled_from(["P00001", "P00002", "P00004", "M-7"])


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(TITLES, CODES), max_size=4),
    st.lists(st.sampled_from(list(SaleStatus)), min_size=5, max_size=5),
    st.integers(0, 4),
)
def test_whatever_stands_there_the_plan_is_written_as_planned_once_and_taken_back_whole(
    session, shop, mall, titles, states, limit
) -> None:
    with rolled_back(session):
        for product, state in zip(mall, states, strict=True):
            product.status = state
        for number, (title, code) in enumerate(titles, 1):
            by_hand(session, shop, number, title, code)
        before = whole_state(session, TRACES, versions=False)
        planned = look(session, shop, KEY, HERE, per_run_limit=limit)[1]
        assert planned == look(session, shop, KEY, HERE, per_run_limit=limit)[1]
        assert not limit or len(planned.changes) <= limit
        assert difference(before, whole_state(session, TRACES, versions=False)) == {}
        source = Source("run", new_id("run"))
        written = apply(session, pro_actor(shop.id), "run.market_linking", source, planned.changes)
        assert [(c.field, c.after) for c in written] == [(c.field, c.after) for c in planned.changes]
        here = [
            row.product_id for row in session.scalars(select(Listing).where(Listing.market == HERE)) if row.product_id
        ]
        assert len(here) == len(set(here))
        if not limit:
            assert look(session, shop, KEY, HERE, per_run_limit=0)[1].changes == []
        events = undo.events_of(session, shop.id, "run", source.id)
        apply(session, pro_actor(shop.id), "undo", Source("plan", "pln"), undo.inverse(session, shop.id, events))
        gone, new = difference(before, whole_state(session, TRACES, versions=False)).get("listings", ([], []))
        assert gone == [] and all("WITHDRAWN" in " ".join(map(str, row)) for row in new)
