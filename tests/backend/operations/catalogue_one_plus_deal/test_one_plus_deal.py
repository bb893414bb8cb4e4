"""1+1 deals are proposed for what sells on SmartStore at a price that bears two pieces, and promise nothing."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from backend.deals.models import DealProposal
from backend.deals.states import DealState
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.one_plus_deal.figures import figures, profit_in_deal
from backend.operations.catalogue.one_plus_deal.rules import Rules
from backend.operations.models import Run
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service as plans
from backend.products.models import SaleStatus
from tests.backend.operations.acting import carried_out, look, take_back
from tests.backend.operations.conftest import add_listing, add_order, add_product

KEY, PLACE = "one_plus_deal", Market.SMARTSTORE
RULES = Rules.model_validate(operation_named(KEY).config.rules)


def seller(session, shop, number: int, orders: int, days_ago: int = 3, market: Market = PLACE, **over):
    """A product listed on SmartStore with that many orders there, `days_ago` days ago."""
    product = add_product(session, shop, number, **{"price": 20_000, **over})
    add_listing(session, product, PLACE)
    for one in range(orders):
        order = add_order(
            session, shop, product, clock.now() - timedelta(days=days_ago), f"구*{one}", amount=product.price
        )
        order.market = market
    session.flush()
    return product


def proposed(session) -> list[DealProposal]:
    return list(session.scalars(select(DealProposal).order_by(DealProposal.id)))


def test_good_sellers_are_proposed_best_first_with_figures_that_add_up(session, shop) -> None:
    seller(session, shop, 1, orders=3)
    seller(session, shop, 2, orders=6)
    findings, plan = look(session, shop, KEY, PLACE)
    assert [f.label for f in findings] == ["상품 2", "상품 1"]
    shown = plan.changes[0].after["figures"]
    assert (shown["profit_now"], shown["profit_in_deal"], shown["break_even_orders"]) == (12_000, 4_000, 18)
    assert (shown["orders"], shown["price_each"], shown["cost_percent_assumed"]) == (6, 10_000, 40)
    assert plan.changes[0].after["valid_until"] == "2026-12-01T15:00:00+00:00"  # 14 days, today counted


@pytest.mark.parametrize("over", [
    {"status": SaleStatus.SOLD_OUT}, {"status": SaleStatus.HIDDEN}, {"price": 4_999}, {"price": 60_001},
    {"orders": 2}, {"days_ago": 30}, {"days_ago": 0}, {"market": Market.MALL}, {"market": Market.COUPANG},
])  # fmt: skip
def test_what_does_not_sell_there_or_cannot_bear_it_is_not_proposed(session, shop, over) -> None:
    seller(session, shop, 1, **{"orders": 5, **over})
    findings, plan = look(session, shop, KEY, PLACE)
    assert findings == [] and plan.changes == []


def test_a_product_that_is_not_on_smartstore_is_not_proposed(session, shop) -> None:
    product = seller(session, shop, 1, orders=5)
    session.execute(delete(Listing).where(Listing.product_id == product.id))
    assert look(session, shop, KEY, PLACE)[0] == []


def test_the_same_is_not_proposed_again_for_a_while_whatever_was_answered(session, shop) -> None:
    seller(session, shop, 1, orders=5)
    carried_out(session, shop, KEY, PLACE)
    for state in DealState:
        proposed(session)[0].state = state
        assert look(session, shop, KEY, PLACE)[0] == []
    proposed(session)[0].proposed_at -= timedelta(days=RULES.repeat_after_days)
    assert len(look(session, shop, KEY, PLACE)[0]) == 1


def test_no_more_wait_at_once_than_the_rule_says(session, shop) -> None:
    for number in range(1, 8):
        seller(session, shop, number, orders=3)
    carried_out(session, shop, KEY, PLACE)
    findings, plan = look(session, shop, KEY, PLACE)
    assert (len(proposed(session)), len(findings), len(plan.changes), plan.rule["left"]) == (3, 4, 2, 2)


def test_a_run_writes_what_was_planned_once_and_an_undo_takes_it_back(session, shop, owner) -> None:
    seller(session, shop, 1, orders=5)
    planned = [change.after for change in look(session, shop, KEY, PLACE)[1].changes]
    run_id, state = carried_out(session, shop, KEY, PLACE)
    (deal,) = proposed(session)
    assert state is RunState.DONE and deal.run_id == run_id and deal.state is DealState.PROPOSED
    assert [deal.figures] == [after["figures"] for after in planned]
    assert carried_out(session, shop, KEY, PLACE)[1] is RunState.NOTHING
    assert len(proposed(session)) == 1
    undo = take_back(session, owner, run_id)
    assert (deal.state, session.get_one(Run, run_id).state) == (DealState.EXPIRED, RunState.REVERTED)
    take_back(session, owner, undo, "plan")
    assert deal.state is DealState.PROPOSED


def test_the_merchants_answer_outlives_the_undo_of_the_run(session, shop, owner) -> None:
    for number in (1, 2):
        seller(session, shop, number, orders=5)
    run_id, _ = carried_out(session, shop, KEY, PLACE)
    yes, other = proposed(session)
    answer = plans.preview(session, owner, "deal.answer", {"proposal_id": yes.id, "accept": True})
    plans.confirm(session, owner, answer.id, "k")
    undo = plans.preview(session, owner, "undo", {"source_type": "run", "source_id": run_id})
    assert undo.effects[0]["data"]["count"] == 1
    plans.confirm(session, owner, undo.id, "k2")
    assert (yes.state, other.state) == (DealState.ACCEPTED, DealState.EXPIRED)


def test_an_off_leaves_what_waits_to_be_answered_and_says_until_when(session, shop, owner) -> None:
    seller(session, shop, 1, orders=5)
    carried_out(session, shop, KEY, PLACE)
    plan = plans.preview(session, owner, "ops.off", {"operation": KEY})
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert told["deals_stay_open"] == {"count": 1, "products": ["상품 1"], "until": "2026-12-01"}


def test_what_nobody_answers_expires_by_itself(session, shop) -> None:
    seller(session, shop, 1, orders=5)
    carried_out(session, shop, KEY, PLACE)
    over = proposed(session)[0].valid_until
    session.commit()
    with clock.frozen(over):
        assert tick(start=lambda run_id: None).broken == []
    session.expire_all()
    assert proposed(session)[0].state is DealState.EXPIRED


@given(price=st.integers(1, 1_000_000), orders=st.integers(1, 500), more=st.integers(0, 500), cost=st.integers(0, 49))
def test_break_even_is_the_least_number_of_orders_that_earns_as_much(price, orders, more, cost) -> None:
    rules = RULES.model_copy(update={"cost_percent": cost})
    if profit_in_deal(price, rules) <= 0:
        return
    shown = figures(price, orders, orders + more, rules)
    now = shown["quantity"] * shown["profit_now"]
    assert shown["break_even_orders"] * shown["profit_in_deal"] >= now
    assert (shown["break_even_orders"] - 1) * shown["profit_in_deal"] < now
    assert shown["break_even_orders"] >= shown["quantity"]  # a deal never earns more with fewer orders


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1_000, 80_000), st.sampled_from(list(SaleStatus))), max_size=6),
    st.integers(0, 6), st.integers(0, 4),
)  # fmt: skip
def test_whatever_sells_proposals_keep_the_rules_and_come_out_the_same_twice(
    session, shop, products, waiting, limit
) -> None:
    with session.begin_nested() as savepoint:
        for number, (orders, price, status) in enumerate(products, 1):
            seller(session, shop, number, orders, price=price, status=status)
        for number in range(waiting):
            product = seller(session, shop, 90 + number, 0)
            listing = add_listing(session, add_product(session, shop, 80 + number), PLACE)
            session.add(DealProposal(
                id=f"deal_{number}", shop_id=shop.id, product_id=product.id, listing_id=listing.id, figures={},
                proposed_at=clock.now(), valid_until=clock.now() + timedelta(days=2),
            ))  # fmt: skip
        first, again = (
            look(session, shop, KEY, PLACE, per_run_limit=limit),
            look(session, shop, KEY, PLACE, per_run_limit=limit),
        )
        assert first == again
        findings, plan = first
        assert len(plan.changes) <= max(0, RULES.max_open - waiting)
        assert not limit or len(plan.changes) <= limit
        assert len({change.after["product_id"] for change in plan.changes}) == len(plan.changes)
        for finding in findings:
            assert RULES.least_price <= finding.evidence["price"] <= RULES.largest_price
            assert finding.evidence["profit_in_deal"] >= RULES.least_profit
        savepoint.rollback()
    session.expire_all()
