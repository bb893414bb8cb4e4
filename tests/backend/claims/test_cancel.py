"""Calling an order back: what has not left is free again, what has left comes back first."""

import pytest
from sqlalchemy import select

from backend.claims.models import Claim
from backend.errors import OpsTalkError
from backend.kit.wording import wording
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.orders.models import OrderLine
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, RefundState, ShipmentState
from backend.plans import service
from tests.backend.conftest import NOW
from tests.backend.shipping.build import (
    add_item,
    add_line,
    add_order,
    carry_out,
    label,
    laws,
    lines,
    parcel_of,
    set_to,
    undo,
)


def claims(session) -> list[Claim]:
    session.expire_all()
    return list(session.scalars(select(Claim).order_by(Claim.id)))


def refusal(session, actor, kind, **params) -> OpsTalkError:
    with pytest.raises(OpsTalkError) as caught:
        service.preview(session, actor, kind, params)
    if f"problem.{caught.value.error_code}" in wording():
        assert wording().say(f"problem.{caught.value.error_code}", data=caught.value.data)
    return caught.value


def test_a_whole_order_before_shipping_frees_its_stock_and_owes_its_money(session, shop, owner) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 2), (item, 1)])
    plan = carry_out(session, owner, "order.cancel", order_id=order.id, reason="변심")
    assert (item.stocked, item.reserved) == (10, 0)
    assert {line.fulfilment for line in lines(session, order)} == {Fulfilment.CANCELLED}
    assert parcel_of(session, order).state is ShipmentState.VOID
    assert [(c.state, c.refund, c.refund_amount, c.reason) for c in claims(session)] == [
        (ClaimState.ACCEPTED, RefundState.DUE, 30_000, "변심")
    ] * 2
    told = session.scalars(select(MarketCommand)).all()
    assert [(w.kind, w.payload["action"]) for w in told] == [(CommandKind.CLAIM, "cancel")] * 2
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    laws(session)
    undo(session, owner, plan)
    assert (item.stocked, item.reserved) == (10, 3)
    assert parcel_of(session, order).state is ShipmentState.PREPARING
    assert {c.state for c in claims(session)} == {ClaimState.WITHDRAWN}
    assert {w.state for w in session.scalars(select(MarketCommand))} == {CommandState.REPLACED}
    laws(session)


def test_some_pieces_leave_the_rest_to_be_sent_and_money_adds_up_to_the_won(session, shop, owner) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 3)], amount=10_000)
    line = lines(session, order)[0]
    for left in (2, 1):
        carry_out(session, owner, "order.cancel", line_id=line.id, quantity=1)
        session.expire_all()
        assert (line.open_quantity, line.allocated, line.fulfilment) == (left, left, Fulfilment.ALLOCATED)
        laws(session)
    carry_out(session, owner, "order.cancel", line_id=line.id)
    assert sorted(c.refund_amount for c in claims(session)) == [3333, 3333, 3334]
    laws(session)


def test_an_unpaid_order_owes_nothing(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=Fulfilment.AWAITING_PAYMENT)
    carry_out(session, owner, "order.cancel", order_id=order.id)
    (claim,) = claims(session)
    assert (claim.state, claim.refund, claim.refund_amount) == (ClaimState.DONE, RefundState.NONE, 0)


def test_what_has_left_becomes_a_return_and_the_rest_is_cancelled(session, shop, owner) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 1)], state=Fulfilment.SHIPPED)
    from tests.backend.shipping.build import add_parcel

    add_line(session, order, add_parcel(session, order, 9), item, 2, 2)
    plan = carry_out(session, owner, "order.cancel", order_id=order.id)
    assert [(c.kind, c.after_shipping) for c in claims(session)] == [
        (ClaimKind.RETURN, True),
        (ClaimKind.CANCEL, False),
    ]
    assert [line.fulfilment for line in lines(session, order)] == [Fulfilment.SHIPPED, Fulfilment.CANCELLED]
    assert {"lines_cancelled", "lines_returned"} <= {e["code"] for e in plan.effects}
    laws(session)


@pytest.mark.parametrize("hold", [True, False])
def test_the_settings_hold_and_keep_apart_what_remains(session, shop, owner, hold) -> None:
    set_to(session, shop, "cancel_before_shipping", {"hold": hold, "merge_forbidden": not hold})
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 2), (item, 1)])
    plan = carry_out(session, owner, "order.cancel", line_id=lines(session, order)[0].id)
    parcel = parcel_of(session, order)
    assert (parcel.held, parcel.merge_forbidden) == (hold, not hold)
    (claim,) = claims(session)
    assert claim.held is hold
    assert ("parcels_held_by_claim" in {e["code"] for e in plan.effects}) is hold
    carry_out(session, owner, "claim.finish", claim_id=claim.id)
    session.expire_all()
    assert parcel.held is False and claims(session)[0].refund is RefundState.DONE


def test_after_shipping_the_settings_fee_and_hold_decide_the_refund(session, shop, owner) -> None:
    set_to(session, shop, "cancel_after_shipping", {"hold": False, "exchange_fee": 3_000})
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=Fulfilment.DELIVERED)
    carry_out(session, owner, "order.return", line_id=lines(session, order)[0].id)
    (claim,) = claims(session)
    assert (claim.refund, claim.refund_amount, claim.fee) == (RefundState.DUE, 27_000, 3_000)


def test_a_label_that_was_made_is_named_and_a_gift_goes_with_its_order(session, shop, owner) -> None:
    item, gift = add_item(session, shop), add_item(session, shop, 2)
    order = add_order(session, shop, [(item, 2)])
    add_line(session, order, parcel_of(session, order), gift, 1, 5, gift_rule_id="gft_1", market_line_no=None, amount=0)
    label(session, owner, order)
    plan = carry_out(session, owner, "order.cancel", line_id=lines(session, order)[0].id, quantity=1)
    assert "label_must_be_redone" in {e["code"] for e in plan.effects}
    assert gift.reserved == 1
    carry_out(session, owner, "order.cancel", line_id=lines(session, order)[0].id)
    assert gift.reserved == 0 and len(claims(session)) == 2
    assert parcel_of(session, order).state is ShipmentState.VOID
    laws(session)


@pytest.mark.parametrize(
    "state, code", [(Fulfilment.CANCELLED, "line_cancelled"), (Fulfilment.CONFIRMED, "line_confirmed")]
)
@pytest.mark.parametrize("kind", ["order.cancel", "order.return", "order.exchange"])
def test_what_is_over_is_refused(session, shop, owner, kind, state, code) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=state)
    other = {"item_id": add_item(session, shop, 2).id} if kind == "order.exchange" else {}
    assert refusal(session, owner, kind, line_id=lines(session, order)[0].id, **other).error_code == code


def test_absurd_quantities_and_things_that_are_not_there_are_refused(session, shop, owner, stranger) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    line = lines(session, order)[0].id
    for quantity in (0, -1, 3, 10**9, "viele"):
        assert refusal(session, owner, "order.cancel", line_id=line, quantity=quantity).status == 422
    assert refusal(session, owner, "order.cancel").status == 422
    assert refusal(session, owner, "order.cancel", order_id="x").status == 404
    assert refusal(session, owner, "order.return", line_id=line).error_code == "line_not_sent"
    for params in ({"line_id": line}, {"order_id": order.id}):
        assert refusal(session, stranger, "order.cancel", **params).status == 404


def test_a_return_cannot_be_claimed_twice(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)], state=Fulfilment.SHIPPED)
    line = lines(session, order)[0].id
    carry_out(session, owner, "order.return", line_id=line, quantity=1)
    assert refusal(session, owner, "order.return", line_id=line, quantity=2).error_code == "claim_quantity"
    carry_out(session, owner, "order.return", line_id=line, quantity=1)
    assert refusal(session, owner, "order.return", line_id=line).error_code == "line_claimed_whole"


def test_a_buyers_request_is_accepted_by_the_merchants_own_wish(session, shop, owner) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    line = lines(session, order)[0]
    session.add(Claim(
        id="clm_b", shop_id=shop.id, order_id=order.id, line_id=line.id, kind=ClaimKind.CANCEL, state=ClaimState.REQUESTED,
        quantity=2, by="buyer", after_shipping=False, market_key="smartstore:5:M00001-1", requested_at=NOW,
    ))  # fmt: skip
    session.flush()
    assert refusal(session, owner, "order.cancel", line_id=line.id, quantity=1).error_code == "claim_waits"
    carry_out(session, owner, "order.cancel", order_id=order.id)
    (claim,) = claims(session)
    assert (claim.id, claim.state) == ("clm_b", ClaimState.ACCEPTED)
    word = session.scalars(select(MarketCommand)).one()
    assert (word.payload["action"], word.payload["claim_no"]) == ("approve", "5")


def test_stock_that_went_to_another_order_cannot_be_promised_back(session, shop, owner) -> None:
    item = add_item(session, shop, stocked=2)
    order = add_order(session, shop, [(item, 2)])
    plan = carry_out(session, owner, "order.cancel", order_id=order.id)
    add_order(session, shop, [(item, 2)], 2)
    with pytest.raises(OpsTalkError) as caught:
        undo(session, owner, plan)
    assert caught.value.error_code == "stock_short"


def test_a_withdrawn_cancellation_is_sent_after_all_unless_the_rest_has_left(session, shop, owner) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 2)])
    set_to(session, shop, "cancel_before_shipping", {"hold": False})
    carry_out(session, owner, "order.cancel", line_id=lines(session, order)[0].id, quantity=1)
    (claim,) = claims(session)
    plan = carry_out(session, owner, "claim.withdraw", claim_id=claim.id)
    line = session.get_one(OrderLine, claim.line_id)
    assert (line.open_quantity, line.fulfilment) == (2, Fulfilment.PARTLY_ALLOCATED)
    laws(session)
    undo(session, owner, plan)
    label(session, owner, order)
    carry_out(session, owner, "shipment.ship", order_ids=[order.order_no])
    assert refusal(session, owner, "claim.withdraw", claim_id=claim.id).error_code == "cancelled_rest_left"
    laws(session)
