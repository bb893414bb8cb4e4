"""The merchant answers a proposal; only the answer is written, and it can be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.deals.models import DealProposal
from backend.deals.states import TRANSITIONS, DealState
from backend.errors import Forbidden, OpsTalkError
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.plans import service
from tests.backend.operations.conftest import add_listing, add_product


@pytest.fixture
def deal(session, shop) -> DealProposal:
    product = add_product(session, shop, 1)
    listing = add_listing(session, product, Market.SMARTSTORE)
    shown = {
        "formula": "break_even", "window_days": 28, "orders": 5, "quantity": 6, "price": 20_000, "price_each": 10_000,
        "cost_percent_assumed": 40, "profit_now": 12_000, "profit_in_deal": 4_000, "break_even_orders": 18,
    }  # fmt: skip
    made = DealProposal(
        id="deal_1", shop_id=shop.id, product_id=product.id, listing_id=listing.id, figures=shown,
        proposed_at=clock.now(), valid_until=clock.now() + timedelta(days=14),
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


def answer(session, actor, accept: bool, proposal_id: str = "deal_1"):
    return service.preview(session, actor, "deal.answer", {"proposal_id": proposal_id, "accept": accept})


@pytest.mark.parametrize(
    "accept, state, code", [(True, DealState.ACCEPTED, "deal_accepted"), (False, DealState.DECLINED, "deal_declined")]
)
def test_an_answer_is_recorded_with_who_and_when_and_can_be_undone(session, owner, deal, accept, state, code) -> None:
    plan = answer(session, owner, accept)
    assert plan.effects[0]["code"] == code and plan.undoable
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    service.confirm(session, owner, plan.id, "k")
    assert service.confirm(session, owner, plan.id, "k").state.value == "executed"
    assert (deal.state, deal.answered_by, deal.answered_at) == (state, owner.name, clock.now())
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.source_id == plan.id)).all()) == 3
    undo = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    service.confirm(session, owner, undo.id, "k")
    assert (deal.state, deal.answered_by, deal.answered_at) == (DealState.PROPOSED, None, None)


def test_accepting_says_that_the_application_is_the_merchants_own_step(session, owner, deal) -> None:
    assert "deal_apply_yourself" in [effect["code"] for effect in answer(session, owner, True).effects]
    assert "deal_apply_yourself" not in [effect["code"] for effect in answer(session, owner, False).effects]


def refusal(session, actor, accept: bool = True, proposal_id: str = "deal_1") -> str:
    with pytest.raises(OpsTalkError) as refused:
        answer(session, actor, accept, proposal_id)
    if not isinstance(refused.value, Forbidden):
        assert wording().say(f"problem.{refused.value.error_code}", data=refused.value.data)
    return refused.value.error_code


def test_what_cannot_be_answered_says_why(session, owner, stranger, agent, deal) -> None:
    assert refusal(session, owner, proposal_id="deal_none") == "deal_not_found"
    assert refusal(session, stranger) == "deal_not_found"
    assert refusal(session, agent) == "forbidden"
    plan = answer(session, owner, False)
    service.confirm(session, owner, plan.id, "k")
    assert refusal(session, owner, accept=False) == "deal_answered"
    assert refusal(session, owner, accept=True) == "deal_answered"


def test_after_its_last_day_it_cannot_be_answered(session, owner, client, deal) -> None:
    with clock.frozen(deal.valid_until):
        assert refusal(session, owner) == "deal_expired"
        assert client(owner).get("/api/deals").json()[0]["state"] == "expired"


def test_the_list_holds_own_proposals_by_state(owner, stranger, client, deal) -> None:
    mine = client(owner).get("/api/deals?state=proposed").json()
    assert [(d["id"], d["product"], d["last_day"]) for d in mine] == [("deal_1", "상품 1", "2026-12-02")]
    assert client(owner).get("/api/deals?state=accepted").json() == []
    assert client(stranger).get("/api/deals").json() == []
    assert wording().say("deals.intro", deals=mine, others=[]) and wording().say("deals.intro", deals=[], others=mine)


@pytest.mark.parametrize("before", DealState)
@pytest.mark.parametrize("after", DealState)
def test_every_pair_of_states_is_decided(session, owner, deal, before, after) -> None:
    from backend.access.actor import pro_actor
    from backend.audit.record import Source
    from backend.changes.apply import apply
    from backend.changes.change import Change
    from backend.errors import IllegalMove

    deal.state = before
    session.flush()
    change = Change("deal_proposal", deal.id, "state", before.value, after.value)
    source = Source("direct", "x")
    if after in TRANSITIONS[before]:
        apply(session, pro_actor(deal.shop_id), "x", source, [change])
        assert deal.state is after
    else:
        with pytest.raises(IllegalMove):
            apply(session, pro_actor(deal.shop_id), "x", source, [change])
