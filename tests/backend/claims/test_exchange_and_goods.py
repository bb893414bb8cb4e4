"""Other articles are sent as lines of their own; goods come back, are looked at, and only what can be sold is stock again."""

import pytest
from sqlalchemy import select

from backend.claims.models import Claim
from backend.errors import OpsTalkError
from backend.inventory.models import StockMovement
from backend.kit.wording import wording
from backend.orders.models import OrderLine, Shipment
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, RefundState, ShipmentState
from backend.plans import service
from tests.backend.operations.conftest import add_product
from tests.backend.shipping.build import CJ_NO, add_item, add_order, carry_out, laws, lines, parcel_of, set_to, undo


@pytest.fixture
def two(session, shop):
    first, second = add_product(session, shop, 1, price=30_000), add_product(session, shop, 2, price=34_000)
    return add_item(session, shop, 1, product_id=first.id), add_item(session, shop, 2, product_id=second.id)


def only(session) -> Claim:
    session.expire_all()
    return session.scalars(select(Claim)).one()


def sent_instead(session) -> OrderLine:
    return session.scalars(select(OrderLine).where(OrderLine.exchange_of.is_not(None))).one()


def spoken(plan) -> set[str]:
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    return {e["code"] for e in plan.effects}


def test_before_shipping_the_other_article_lies_in_the_same_parcel(session, shop, owner, two) -> None:
    order = add_order(session, shop, [(two[0], 2)])
    set_to(session, shop, "exchange_before_shipping", {"hold": False})
    plan = carry_out(
        session, owner, "order.exchange", line_id=lines(session, order)[0].id, quantity=1, item_id=two[1].id
    )
    new = sent_instead(session)
    assert (new.shipment_id, new.fulfilment, new.allocated, new.amount) == (
        parcel_of(session, order).id,
        Fulfilment.ALLOCATED,
        1,
        0,
    )
    assert [(i.reserved, i.stocked) for i in two] == [(1, 10), (1, 10)]
    assert only(session).exchange_line_id == new.id
    assert {"exchange_sends", "stock_freed", "stock_promised", "exchange_price_differs"} <= spoken(plan)
    laws(session)
    undo(session, owner, plan)
    assert [i.reserved for i in two] == [2, 0] and only(session).state is ClaimState.WITHDRAWN
    laws(session)


def test_after_shipping_a_parcel_of_its_own_waits_for_the_goods_then_leaves_and_ends_the_claim(
    session, shop, owner, two
) -> None:
    order = add_order(session, shop, [(two[0], 1)], state=Fulfilment.SHIPPED)
    plan = carry_out(session, owner, "order.exchange", line_id=lines(session, order)[0].id, item_id=two[1].id)
    assert {"exchange_fee", "parcels_held_by_claim"} <= spoken(plan)
    new = sent_instead(session)
    parcel = session.get_one(Shipment, new.shipment_id)
    assert (parcel.number, parcel.held, parcel.hold_reason) == ("S20261118-00001-X1", True, "claim_exchange")
    assert parcel.recipient_name == "김민수" and only(session).fee == 5_000
    with pytest.raises(OpsTalkError) as caught:
        carry_out(session, owner, "claim.finish", claim_id=only(session).id)
    assert caught.value.error_code == "exchange_not_sent"
    carry_out(session, owner, "claim.collect", claim_id=only(session).id)
    carry_out(session, owner, "claim.inspect", claim_id=only(session).id, outcomes={"defective": 1})
    session.expire_all()
    assert parcel.held is False and two[0].stocked == 10
    carry_out(
        session, owner, "invoice.register", items=[{"shipment_id": parcel.id, "courier": "cj", "tracking_no": CJ_NO}]
    )
    shipped = carry_out(session, owner, "shipment.ship", shipment_ids=[parcel.id])
    assert shipped.result == {"shipped": 1, "told": 1} and only(session).state is ClaimState.RESHIPPING
    arrived = carry_out(session, owner, "shipment.deliver", shipment_ids=[parcel.id])
    claim = only(session)
    assert claim.state is ClaimState.DONE and claim.closed_at is not None
    laws(session)
    undo(session, owner, arrived)
    assert only(session).state is ClaimState.RESHIPPING


def test_an_undone_exchange_after_shipping_leaves_no_parcel_and_no_promise(session, shop, owner, two) -> None:
    order = add_order(session, shop, [(two[0], 1)], state=Fulfilment.SHIPPED)
    plan = carry_out(session, owner, "order.exchange", line_id=lines(session, order)[0].id, item_id=two[1].id)
    undo(session, owner, plan)
    assert session.get_one(Shipment, sent_instead(session).shipment_id).state is ShipmentState.VOID
    assert two[1].reserved == 0
    laws(session)


def test_without_stock_the_other_article_waits_like_any_order(session, shop, owner, two) -> None:
    empty = add_item(session, shop, 3, stocked=0)
    order = add_order(session, shop, [(two[0], 2)])
    plan = carry_out(session, owner, "order.exchange", line_id=lines(session, order)[0].id, item_id=empty.id)
    assert "exchange_waits_for_stock" in spoken(plan) and "exchange_price_unknown" in spoken(plan)
    assert sent_instead(session).fulfilment is Fulfilment.UNALLOCATED
    set_to(session, shop, "allocation_basis", "unlimited")
    laws(session)


def test_the_same_article_and_a_strangers_are_refused(session, shop, owner, stranger, two) -> None:
    from backend.shops.models import Shop

    order = add_order(session, shop, [(two[0], 1)])
    line = lines(session, order)[0].id
    theirs = add_item(session, session.get_one(Shop, "shop_other"), 1)
    for item, code in ((two[0], "exchange_same_item"), (theirs, "item_not_found")):
        with pytest.raises(OpsTalkError) as caught:
            service.preview(session, owner, "order.exchange", {"line_id": line, "item_id": item.id})
        assert caught.value.error_code == code


@pytest.mark.parametrize("restock", [True, False])
@pytest.mark.parametrize(
    "outcomes, sold_again", [({"restock": 2}, 2), ({"restock": 1, "defective": 1}, 1), ({"quarantine": 2}, 0)]
)
def test_stock_after_inspection_is_what_can_be_sold_whatever_the_pick_up_added(
    session, shop, owner, two, restock, outcomes, sold_again
) -> None:
    set_to(session, shop, "restock_on_pickup", restock)
    order = add_order(session, shop, [(two[0], 2)], state=Fulfilment.SHIPPED)
    carry_out(session, owner, "order.return", line_id=lines(session, order)[0].id)
    assert only(session).refund is RefundState.HELD
    collected = carry_out(session, owner, "claim.collect", claim_id=only(session).id)
    assert ("restocked_unseen" if restock else "inspect_next") in spoken(collected)
    assert two[0].stocked == (12 if restock else 10)
    plan = carry_out(session, owner, "claim.inspect", claim_id=only(session).id, outcomes=outcomes)
    spoken(plan)
    assert two[0].stocked == 10 + sold_again
    assert (only(session).refund, only(session).restocked) == (RefundState.DUE, sold_again)
    laws(session)
    finished = carry_out(session, owner, "claim.finish", claim_id=only(session).id)
    assert only(session).refund is RefundState.DONE
    for done in (finished, plan, collected):
        undo(session, owner, done)
        laws(session)
    assert two[0].stocked == 10 and only(session).state is ClaimState.ACCEPTED


def test_every_piece_gets_one_outcome(session, shop, owner, two) -> None:
    order = add_order(session, shop, [(two[0], 2)], state=Fulfilment.SHIPPED)
    carry_out(session, owner, "order.return", line_id=lines(session, order)[0].id)
    carry_out(session, owner, "claim.collect", claim_id=only(session).id)
    for outcomes in ({}, {"restock": 1}, {"restock": 3}, {"restock": -1, "defective": 3}):
        with pytest.raises(OpsTalkError) as caught:
            service.preview(session, owner, "claim.inspect", {"claim_id": only(session).id, "outcomes": outcomes})
        assert caught.value.status == 422


def test_rejecting_what_was_restocked_takes_it_out_again(session, shop, owner, two) -> None:
    set_to(session, shop, "restock_on_pickup", True)
    order = add_order(session, shop, [(two[0], 2)], state=Fulfilment.SHIPPED)
    carry_out(session, owner, "order.return", line_id=lines(session, order)[0].id)
    carry_out(session, owner, "claim.collect", claim_id=only(session).id)
    plan = carry_out(session, owner, "claim.reject", claim_id=only(session).id, reason="사용 흔적")
    assert "goods_go_back" in spoken(plan) and two[0].stocked == 10
    assert (only(session).refund, only(session).reason) == (RefundState.NONE, "사용 흔적")
    assert session.scalars(select(StockMovement).where(StockMovement.line_id.is_not(None))).all()
    laws(session)


def test_claims_are_listed_with_what_may_follow(session, shop, owner, stranger, client, two) -> None:
    order = add_order(session, shop, [(two[0], 2)], state=Fulfilment.SHIPPED)
    carry_out(session, owner, "order.return", line_id=lines(session, order)[0].id, quantity=1)
    session.commit()
    http = client(owner)
    (found,) = http.get("/api/claims").json()["items"]
    assert (found["order_no"], found["kind"], found["steps"]) == (
        order.order_no,
        ClaimKind.RETURN,
        ["collect", "finish", "reject", "withdraw"],
    )
    assert http.get("/api/claims", params={"kind": "cancel"}).json()["items"] == []
    assert http.get("/api/claims", params={"text": "니트 1", "order_id": order.order_no}).json()["total"] == 1
    assert http.get("/api/claims").json()["counts"] == {"return": 1}
    assert http.get(f"/api/claims/{found['id']}").json() == found
    assert client(stranger).get(f"/api/claims/{found['id']}").status_code == 404
    assert client(stranger).get("/api/claims").json()["items"] == []
