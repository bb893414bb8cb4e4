"""Splits and merges that are undone after a market moved: nothing is lost, and the preview says what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import OpsTalkError
from backend.inventory.models import StockItem
from backend.kit import clock
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.states import OPEN, F, ShipmentState
from backend.shops.models import Shop
from tests.backend.orders.build import (
    add_item,
    check_books,
    do,
    line,
    lines_of,
    no,
    order,
    parcels_of,
    refusal,
    took,
    undo,
)


def retold(session: Session, shop: Shop, told: CollectedOrder, lines: tuple[CollectedLine, ...]) -> None:
    """The market speaks of the order again, a minute later."""
    took(session, shop, replace(told, changed_at=clock.now() + timedelta(minutes=1), lines=lines))


@pytest.fixture
def item(session: Session, shop: Shop) -> StockItem:
    return add_item(session, shop, 1, stocked=3)


@pytest.mark.parametrize("said", [3, 2, 1])
@pytest.mark.parametrize("first_made_first", [True, False])
def test_after_a_market_cancelled_pieces_of_a_split_its_undo_leaves_no_empty_parcel(
    session: Session, shop: Shop, item: StockItem, owner: Actor, said: int, first_made_first: bool
) -> None:
    told = order(1, line("a", quantity=4))
    took(session, shop, told)
    first = lines_of(session, 1)[0].id
    plans_made = [do(session, owner, "order.split", lines=[{"line_id": first, "quantity": 2}])]
    retold(session, shop, told, (line("a", quantity=said),))
    check_books(session, shop)
    for one in [one for one in lines_of(session, 1) if one.open_quantity > 1]:
        plans_made.append(do(session, owner, "order.split", lines=[{"line_id": one.id, "quantity": 1}]))
    for plan in plans_made if first_made_first else reversed(plans_made):
        try:
            back = undo(session, owner, plan)
        except OpsTalkError:
            session.expire_all()
            continue
        check_books(session, shop)
        undo(session, owner, back)
        check_books(session, shop)


@pytest.mark.parametrize("which", [0, 1])
def test_a_merge_is_undone_though_a_line_was_split_off_since(
    session: Session, shop: Shop, item: StockItem, owner: Actor, which: int
) -> None:
    took(session, shop, order(1), order(2))
    merged = do(session, owner, "order.merge", order_ids=[no(1), no(2)])
    both = [lines_of(session, number)[0] for number in (1, 2)]
    do(session, owner, "order.split", lines=[{"line_id": both[which].id}])
    try:
        undo(session, owner, merged)
    except OpsTalkError:  # the line that the merge moved is elsewhere since
        session.expire_all()
    check_books(session, shop)


def test_what_a_market_cancelled_of_both_parts_stays_cancelled_when_the_split_is_undone(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a", quantity=2, fulfilment=F.AWAITING_PAYMENT), paid_at=None)
    took(session, shop, told)
    plan = do(session, owner, "order.split", lines=[{"line_id": lines_of(session, 1)[0].id, "quantity": 1}])
    retold(session, shop, told, (replace(told.lines[0], fulfilment=F.CANCELLED),))
    back = undo(session, owner, plan)
    first = lines_of(session, 1)[0]
    assert (first.quantity, first.cancelled, first.fulfilment) == (2, 2, F.CANCELLED)
    check_books(session, shop)
    undo(session, owner, back)
    check_books(session, shop)


def test_the_last_line_that_is_still_here_is_not_split_off(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a"), line("b", seller_code="?", name="?"))
    took(session, shop, told)
    sent = replace(told.lines[0], fulfilment=F.SHIPPED)
    retold(session, shop, told, (sent, told.lines[1]))
    last = next(one for one in lines_of(session, 1) if one.fulfilment in OPEN)
    assert refusal(session, owner, "order.split", lines=[{"line_id": last.id}]).error_code == "nothing_left_behind"
    check_books(session, shop)


def test_a_part_does_not_go_back_into_a_parcel_that_has_left(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a"), line("b", seller_code="?", name="?"))
    took(session, shop, told)
    first, second = lines_of(session, 1)
    plan = do(session, owner, "order.split", lines=[{"line_id": second.id}])
    sent = next(one for one in told.lines if one.market_line_no == first.market_line_no)
    rest = [one for one in told.lines if one is not sent]
    retold(session, shop, told, (replace(sent, fulfilment=F.SHIPPED), *rest))
    assert refusal(session, owner, "undo", source_type="plan", source_id=plan.id).error_code == "already_shipped"
    check_books(session, shop)


def test_of_a_cancelled_part_no_stock_comes_back_with_it(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a", quantity=3))
    took(session, shop, told)
    allocate_waiting(session, shop.id)
    plan = do(session, owner, "order.split", lines=[{"line_id": lines_of(session, 1)[0].id, "quantity": 1}])
    retold(session, shop, told, (replace(told.lines[0], quantity=2),))
    undo(session, owner, plan)
    first = lines_of(session, 1)[0]
    assert (first.quantity, first.cancelled, first.allocated, first.fulfilment) == (3, 1, 2, F.ALLOCATED)
    check_books(session, shop)


def test_what_was_promised_to_a_removed_order_comes_back_as_far_as_it_still_wants(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a", quantity=3))
    took(session, shop, told)
    allocate_waiting(session, shop.id)
    removed = do(session, owner, "order.remove", order_id=no(1))
    only = lines_of(session, 1)[0]
    for kind, params in (
        ("order.split", {"lines": [{"line_id": only.id, "quantity": 1}]}),
        ("order.hold", {"shipment_id": only.shipment_id}),
    ):
        assert refusal(session, owner, kind, **params).error_code == "order_removed"
    retold(session, shop, told, (replace(told.lines[0], quantity=2),))
    back = undo(session, owner, removed)
    only = lines_of(session, 1)[0]
    assert (only.open_quantity, only.allocated, only.fulfilment) == (2, 2, F.ALLOCATED)
    check_books(session, shop)
    undo(session, owner, back)
    check_books(session, shop)


@pytest.mark.parametrize("sent", [1, 2])
def test_when_a_merge_is_undone_after_one_of_them_left_that_one_has_left(
    session: Session, shop: Shop, item: StockItem, owner: Actor, sent: int
) -> None:
    told = {number: order(number) for number in (1, 2)}
    took(session, shop, *told.values())
    merged = do(session, owner, "order.merge", order_ids=[no(1), no(2)])
    gone = replace(told[sent].lines[0], fulfilment=F.SHIPPED)
    retold(session, shop, told[sent], (gone,))
    back = undo(session, owner, merged)
    (left,), (here,) = parcels_of(session, sent), parcels_of(session, 3 - sent)
    assert (left.state, here.state) == (ShipmentState.SHIPPED, ShipmentState.PREPARING)
    check_books(session, shop)
    undo(session, owner, back)
    check_books(session, shop)


def test_what_a_market_sent_of_a_parcel_has_left_when_the_rest_is_cancelled(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    told = order(1, line("a"), line("b"))
    took(session, shop, told)
    sent = replace(told.lines[0], fulfilment=F.SHIPPED)
    retold(session, shop, told, (sent, told.lines[1]))
    last = next(one for one in lines_of(session, 1) if one.fulfilment in OPEN)
    cancelled = do(session, owner, "order.cancel", line_id=last.id)
    assert [one.state for one in parcels_of(session, 1)] == [ShipmentState.SHIPPED]
    check_books(session, shop)
    undo(session, owner, cancelled)
    assert [one.state for one in parcels_of(session, 1)] == [ShipmentState.PREPARING]
    check_books(session, shop)
