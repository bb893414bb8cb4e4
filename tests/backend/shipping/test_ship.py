"""A parcel leaves once: its stock goes out, its promise is kept, its market is told."""

import pytest
from sqlalchemy import select

from backend.errors import OpsTalkError
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason
from backend.kit.wording import wording
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, ShipmentState
from backend.plans import service
from tests.backend.shipping.build import add_item, add_line, add_order, carry_out, label, laws, lines, parcel_of, undo


@pytest.fixture
def ready(session, shop, owner):
    """Two lines of one article and one of another, labelled."""
    first, second = add_item(session, shop, 1), add_item(session, shop, 2, stocked=5)
    order = add_order(session, shop, [(first, 2), (second, 1)])
    add_line(session, order, parcel_of(session, order), first, 3, 3)
    label(session, owner, order)
    return order


def words(session) -> list[MarketCommand]:
    session.expire_all()
    return list(session.scalars(select(MarketCommand).order_by(MarketCommand.id)))


def test_stock_goes_out_promises_are_kept_and_the_market_is_told(session, shop, owner, ready) -> None:
    plan = carry_out(session, owner, "shipment.ship", order_ids=[ready.order_no])
    assert [(i.stocked, i.reserved) for i in session.scalars(select(StockItem).order_by(StockItem.id))] == [
        (5, 0),
        (4, 0),
    ]
    assert {line.fulfilment for line in lines(session, ready)} == {Fulfilment.SHIPPED}
    assert parcel_of(session, ready).state is ShipmentState.SHIPPED and parcel_of(session, ready).shipped_at
    told = words(session)
    assert plan.result == {"shipped": 1, "told": 3} and len(told) == 3
    assert {(w.kind, w.market, w.payload["courier_code"], w.payload["tracking_no"]) for w in told} == {
        (CommandKind.INVOICE, Market.SMARTSTORE, "CJGLS", "612345678901")
    }
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    laws(session)


def test_confirmed_twice_it_left_once(session, shop, owner, ready) -> None:
    plan = service.preview(session, owner, "shipment.ship", {"order_ids": [ready.order_no]})
    for _ in range(2):
        service.confirm(session, owner, plan.id, "key")
    assert len(words(session)) == 3
    laws(session)


def test_an_undo_brings_all_of_it_back_while_the_market_knows_nothing(session, shop, owner, ready) -> None:
    plan = carry_out(session, owner, "shipment.ship", order_ids=[ready.order_no])
    back = undo(session, owner, plan)
    assert {w.state for w in words(session)} == {CommandState.REPLACED}
    assert [(i.stocked, i.reserved) for i in session.scalars(select(StockItem).order_by(StockItem.id))] == [
        (10, 5),
        (5, 1),
    ]
    assert parcel_of(session, ready).state is ShipmentState.LABELLED
    undone = session.scalars(select(StockMovement).where(StockMovement.undoes.is_not(None)))
    assert {m.reason for m in undone} == {MovementReason.SHIP_UNDONE}
    laws(session)
    undo(session, owner, back)
    assert {w.state for w in words(session)} == {CommandState.QUEUED}
    assert parcel_of(session, ready).state is ShipmentState.SHIPPED
    laws(session)


@pytest.mark.parametrize("state", [CommandState.SENT, CommandState.SENDING])
def test_what_a_market_has_accepted_is_final(session, shop, owner, ready, state) -> None:
    plan = carry_out(session, owner, "shipment.ship", order_ids=[ready.order_no])
    words(session)[0].state = state
    session.flush()
    with pytest.raises(OpsTalkError) as caught:
        undo(session, owner, plan)
    assert caught.value.error_code == "market_told"
    assert wording().say("problem.market_told", data=caught.value.data)


def test_what_is_sent_between_the_preview_of_an_undo_and_its_confirmation_stays(session, shop, owner, ready) -> None:
    plan = carry_out(session, owner, "shipment.ship", order_ids=[ready.order_no])
    preview = service.preview(session, owner, "undo", {"source_type": "plan", "source_id": plan.id})
    words(session)[0].state = CommandState.SENT
    session.flush()
    with pytest.raises(OpsTalkError) as caught:
        service.confirm(session, owner, preview.id, "key")
    assert caught.value.error_code == "market_told"
    assert parcel_of(session, ready).state is ShipmentState.SHIPPED


def test_a_part_of_what_a_market_was_told_is_not_undone(session, shop, owner, ready) -> None:
    plan = carry_out(session, owner, "shipment.ship", order_ids=[ready.order_no])
    with pytest.raises(OpsTalkError) as caught:
        params = {"source_type": "plan", "source_id": plan.id, "target_ids": [lines(session, ready)[0].id]}
        service.preview(session, owner, "undo", params)
    assert caught.value.error_code == "undo_whole_only"


@pytest.mark.parametrize("state", list(ShipmentState))
@pytest.mark.parametrize(
    "kind, starts", [("shipment.ship", ShipmentState.LABELLED), ("shipment.deliver", ShipmentState.SHIPPED)]
)
def test_a_step_starts_from_its_own_state_only(session, shop, owner, kind, starts, state) -> None:
    fulfilled = {ShipmentState.SHIPPED: Fulfilment.SHIPPED, ShipmentState.DELIVERED: Fulfilment.DELIVERED}
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=fulfilled.get(state, Fulfilment.ALLOCATED))
    parcel = parcel_of(session, order)
    parcel.state, parcel.courier, parcel.tracking_no = state, "cj", "612345678901"
    if state is starts:
        carry_out(session, owner, kind, shipment_ids=[parcel.id])
        assert parcel.state is not state
        laws(session)
        return
    with pytest.raises(OpsTalkError) as caught:
        service.preview(session, owner, kind, {"shipment_ids": [parcel.id]})
    said = caught.value
    assert said.status == 409 and wording().say(f"problem.{said.error_code}", data=said.data)


def test_of_all_labelled_ones_those_that_may_not_leave_stay_and_are_named(session, shop, owner) -> None:
    item = add_item(session, shop)
    orders = [add_order(session, shop, [(item, 1)], n) for n in (1, 2, 3)]
    for n, order in enumerate(orders):
        label(session, owner, order, f"61234567890{n}")
    parcel_of(session, orders[0]).held = True
    line = lines(session, orders[1])[0]
    line.claim_kind, line.claim_state = ClaimKind.CANCEL, ClaimState.REQUESTED
    plan = carry_out(session, owner, "shipment.ship", all_labelled=True)
    states = [parcel_of(session, order).state for order in orders]
    assert states == [ShipmentState.LABELLED, ShipmentState.LABELLED, ShipmentState.SHIPPED]
    left = next(e for e in plan.effects if e["code"] == "parcels_stay")
    assert [row["code"] for row in left["data"]["rows"]] == ["shipment_held", "claim_undecided"]
    assert wording().say("effect.parcels_stay", data=left["data"])
    laws(session)


def test_a_parcel_that_was_held_since_the_preview_does_not_leave(session, shop, owner, ready) -> None:
    plan = service.preview(session, owner, "shipment.ship", {"order_ids": [ready.order_no]})
    parcel_of(session, ready).held = True
    with pytest.raises(OpsTalkError) as caught:
        service.confirm(session, owner, plan.id, "key")
    assert caught.value.error_code == "shipment_held"
    laws(session)


def test_arriving_is_told_to_the_own_mall_only_and_is_undone(session, shop, owner) -> None:
    item = add_item(session, shop)
    for number, market in ((1, Market.MALL), (2, Market.COUPANG)):
        order = add_order(session, shop, [(item, 1)], number, market=market, state=Fulfilment.SHIPPED)
        plan = carry_out(session, owner, "shipment.deliver", order_ids=[order.order_no])
        assert plan.result["told"] == (1 if market is Market.MALL else 0)
        assert lines(session, order)[0].fulfilment is Fulfilment.DELIVERED and parcel_of(session, order).delivered_at
        undo(session, owner, plan)
        assert (
            lines(session, order)[0].fulfilment is Fulfilment.SHIPPED and parcel_of(session, order).delivered_at is None
        )


def test_with_unlimited_stock_what_is_not_there_leaves_all_the_same(session, shop, owner) -> None:
    from tests.backend.shipping.build import set_to

    set_to(session, shop, "allocation_basis", "unlimited")
    item = add_item(session, shop, stocked=0)
    order = add_order(session, shop, [(item, 3)])
    label(session, owner, order)
    carry_out(session, owner, "shipment.ship", order_ids=[order.order_no])
    assert (item.stocked, item.reserved) == (-3, 0)
    laws(session)


def test_a_stranger_and_an_agent_ship_nothing(session, shop, stranger, agent, ready) -> None:
    for actor, status in ((stranger, 404), (agent, 403)):
        with pytest.raises(OpsTalkError) as caught:
            service.preview(session, actor, "shipment.ship", {"shipment_ids": [parcel_of(session, ready).id]})
        assert caught.value.status == status
