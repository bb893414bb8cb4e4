"""What the markets tell is written down once, forwards, and never over what we did."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.inventory.models import StockItem
from backend.kit import clock
from backend.markets.codes import Market
from backend.orders.allocate import allocate_waiting
from backend.orders.models import GiftRule, Order, OrderLine, Shipment
from backend.orders.states import FULFILMENT, GONE, OPEN, F, Fulfilment, ShipmentState
from backend.orders.told import step
from backend.shops.models import Shop
from tests.backend.orders.build import (
    add_item,
    check_books,
    do,
    line,
    lines_of,
    order,
    parcels_of,
    put,
    the_order,
    took,
)


@pytest.fixture
def item(session: Session, shop: Shop) -> StockItem:
    return add_item(session, shop, 1, stocked=10)


def counts(session: Session) -> tuple[int, ...]:
    return tuple(session.scalar(select(func.count()).select_from(model)) or 0 for model in (Order, OrderLine, Shipment))


def test_a_new_order_is_one_order_with_its_lines_in_one_parcel(session: Session, shop: Shop, item: StockItem) -> None:
    taken = took(session, shop, order(1, line("a"), line("b", quantity=2)))
    assert (taken.new, taken.changed, taken.unmatched) == (1, 0, 0)
    made = the_order(session, 1)
    assert (made.order_no, made.collected_at, made.recipient_name) == ("20261118001", clock.now(), "김민수")
    assert [(one.item_id, one.matched_by, one.raw_status) for one in lines_of(session, 1)] == [
        (item.id, "code", "PAYED")
    ] * 2
    assert [one.number for one in parcels_of(session, 1)] == ["S20261118-00001"]
    check_books(session, shop)


def test_told_twice_it_is_one_order(session: Session, shop: Shop, item: StockItem) -> None:
    said = order(1, line("a"), line("b"))
    took(session, shop, said)
    before = counts(session)
    assert took(session, shop, said).unchanged == 1
    again = took(session, shop, said, said)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert counts(session) == before
    assert not session.scalars(select(AuditEvent)).all()


def test_twice_in_one_page_it_is_one_order_with_the_lines_of_both(
    session: Session, shop: Shop, item: StockItem
) -> None:
    taken = took(session, shop, order(1, line("a")), order(1, line("b")))
    assert (taken.new, taken.unchanged) == (1, 1)
    assert len(lines_of(session, 1)) == 2


def test_an_order_of_another_shop_is_another_order(session: Session, shop: Shop, item: StockItem) -> None:
    other = session.get_one(Shop, "shop_other")
    took(session, shop, order(1))
    assert took(session, other, order(1)).new == 1
    assert session.scalar(select(func.count()).select_from(Order)) == 2


def test_an_older_telling_after_a_newer_one_changes_nothing(session: Session, shop: Shop, item: StockItem) -> None:
    newer = order(1, line("a", fulfilment=F.CANCELLED, raw_status="CANCELED"), address="새 주소")
    took(session, shop, newer)
    older = order(1, line("a"), changed_at=newer.changed_at - timedelta(minutes=5), address="옛 주소")  # type: ignore[operator]
    assert took(session, shop, older).unchanged == 1
    assert the_order(session, 1).address == "새 주소"
    assert lines_of(session, 1)[0].fulfilment is F.CANCELLED


def test_an_older_telling_still_brings_a_line_we_never_heard_of(session: Session, shop: Shop, item: StockItem) -> None:
    newer = order(1, line("a"))
    took(session, shop, newer)
    took(session, shop, order(1, line("b"), changed_at=newer.changed_at - timedelta(minutes=5)))  # type: ignore[operator]
    assert [one.market_line_no for one in lines_of(session, 1)] == ["a", "b"]
    assert len(parcels_of(session, 1)) == 1
    check_books(session, shop)


def test_every_pair_of_what_we_know_and_what_is_told_goes_forwards_or_nowhere() -> None:
    rank = {
        F.AWAITING_PAYMENT: 0,
        F.UNALLOCATED: 1,
        F.PARTLY_ALLOCATED: 1,
        F.ALLOCATED: 1,
        F.SHIPPED: 2,
        F.DELIVERED: 3,
        F.CONFIRMED: 4,
    }
    for ours in Fulfilment:
        for said in Fulfilment:
            moved = step(ours, said)
            if moved is None:
                continue
            if moved is F.CANCELLED:
                assert ours in OPEN
            else:
                assert rank[moved] > rank[ours]
            assert moved in FULFILMENT[ours] or (moved in GONE and (ours in OPEN or ours in GONE)), (ours, said)
    assert step(F.CANCELLED, F.UNALLOCATED) is None, "what we cancelled stays cancelled"
    assert step(F.ALLOCATED, F.UNALLOCATED) is None, "a promise is our own matter"
    assert step(F.SHIPPED, F.CANCELLED) is None, "what has left comes back as a claim"
    assert step(F.AWAITING_PAYMENT, F.UNALLOCATED) is F.UNALLOCATED


def test_awaiting_payment_it_gets_no_stock_until_it_is_paid(session: Session, shop: Shop, item: StockItem) -> None:
    unpaid = order(1, line("a", fulfilment=F.AWAITING_PAYMENT, raw_status="PAYMENT_WAITING"), paid_at=None)
    took(session, shop, unpaid)
    assert allocate_waiting(session, shop.id) == 0
    paid = replace(order(1, line("a")), changed_at=clock.now())
    assert took(session, shop, paid).changed == 1
    assert allocate_waiting(session, shop.id) == 1
    assert (lines_of(session, 1)[0].raw_status, the_order(session, 1).paid_at) == ("PAYED", paid.paid_at)
    told = session.scalars(select(AuditEvent).where(AuditEvent.field == "fulfilment")).one()
    assert (told.before, told.after, told.action) == ("awaiting_payment", "unallocated", "orders.told")


def test_cancelled_at_the_market_its_stock_is_free_and_its_parcel_void(
    session: Session, shop: Shop, item: StockItem
) -> None:
    took(session, shop, order(1))
    allocate_waiting(session, shop.id)
    took(session, shop, order(1, line("1-1", fulfilment=F.CANCELLED, raw_status="CANCELED"), changed_at=clock.now()))
    session.refresh(item)
    assert item.reserved == 0
    assert parcels_of(session, 1)[0].state is ShipmentState.VOID
    check_books(session, shop)


def test_a_part_that_is_cancelled_leaves_the_rest_of_the_parcel(session: Session, shop: Shop, item: StockItem) -> None:
    took(session, shop, order(1, line("a"), line("b")))
    allocate_waiting(session, shop.id)
    took(session, shop, order(1, line("a", fulfilment=F.CANCELLED), line("b"), changed_at=clock.now()))
    assert [one.fulfilment for one in lines_of(session, 1)] == [F.CANCELLED, F.ALLOCATED]
    assert parcels_of(session, 1)[0].state is ShipmentState.PREPARING
    check_books(session, shop)


def test_fewer_pieces_than_before_free_the_rest(session: Session, shop: Shop, item: StockItem) -> None:
    took(session, shop, order(1, line("a", quantity=5)))
    allocate_waiting(session, shop.id)
    took(session, shop, order(1, line("a", quantity=2), changed_at=clock.now()))
    only = lines_of(session, 1)[0]
    assert (only.quantity, only.cancelled, only.allocated, only.fulfilment) == (5, 3, 2, F.ALLOCATED)
    check_books(session, shop)


def test_sent_from_the_markets_own_page_it_leaves_our_stock_too(session: Session, shop: Shop, item: StockItem) -> None:
    took(session, shop, order(1, line("a", quantity=3)))
    allocate_waiting(session, shop.id)
    shipped = order(1, line("a", quantity=3, fulfilment=F.SHIPPED, raw_status="DELIVERING"), changed_at=clock.now())
    took(session, shop, shipped)
    session.refresh(item)
    assert (item.stocked, item.reserved) == (7, 0)
    assert parcels_of(session, 1)[0].state is ShipmentState.SHIPPED
    took(session, shop, shipped)
    session.refresh(item)
    assert item.stocked == 7, "told again, it leaves once"
    delivered = order(1, line("a", quantity=3, fulfilment=F.DELIVERED, raw_status="DELIVERED"), changed_at=clock.now())
    took(session, shop, delivered)
    assert parcels_of(session, 1)[0].state is ShipmentState.DELIVERED
    check_books(session, shop)


def test_what_had_left_before_we_heard_of_it_moves_no_stock(session: Session, shop: Shop, item: StockItem) -> None:
    took(session, shop, order(1, line("a", fulfilment=F.DELIVERED, raw_status="DELIVERED")))
    session.refresh(item)
    assert item.stocked == 10
    assert parcels_of(session, 1)[0].state is ShipmentState.DELIVERED
    check_books(session, shop)


def test_products_that_are_not_collected_are_left_out_by_whole_words(
    session: Session, shop: Shop, item: StockItem
) -> None:
    put(session, shop, "collection_excluded", ["샘플"])
    taken = took(
        session, shop, order(1, line("a", name="[샘플] 립밤")), order(2, line("b", name="샘플러 세트")),
        order(3, line("c", name="무료 샘플 증정"), line("d")),
    )  # fmt: skip
    assert (taken.new, taken.excluded) == (2, 1)
    assert [one.market_line_no for one in lines_of(session, 3)] == ["d"]


@pytest.fixture
def by_hand(session: Session, shop: Shop) -> Order:
    """An order registered by hand bears the number that the market will tell."""
    made = Order(
        id="ord_hand", shop_id=shop.id, order_no="20261118001", market=Market.MALL, buyer_name="김민수", ordered_at=clock.now(),
        total=1000,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_another_order_with_the_same_number_is_skipped(session: Session, shop: Shop, by_hand: Order) -> None:
    taken = took(session, shop, order(1), order(2))
    assert (taken.new, taken.duplicate) == (1, 1)
    assert session.scalar(select(func.count()).select_from(Order)) == 2


def test_another_order_with_the_same_number_gets_a_suffix(session: Session, shop: Shop, by_hand: Order) -> None:
    put(session, shop, "duplicate_order_no", "add_suffix")
    taken = took(session, shop, order(1))
    assert (taken.new, taken.duplicate, the_order(session, 1).order_no) == (1, 1, "20261118001-2")
    assert took(session, shop, order(1)).unchanged == 1, "known by its market's number from now on"
    took(session, shop, order(1, market=Market.COUPANG))
    assert sorted(session.scalars(select(Order.order_no))) == ["20261118001", "20261118001-2", "20261118001-3"]


def test_another_order_with_the_same_number_is_updated(
    session: Session, shop: Shop, item: StockItem, by_hand: Order
) -> None:
    put(session, shop, "duplicate_order_no", "update")
    taken = took(session, shop, order(1, address="새 주소"))
    assert (taken.new, taken.duplicate, taken.changed) == (0, 1, 1)
    made = the_order(session, 1)
    assert (made.id, made.market, made.address) == (by_hand.id, Market.SMARTSTORE, "새 주소")
    assert [one.item_id for one in lines_of(session, 1)] == [item.id]
    check_books(session, shop)


def test_two_markets_orders_are_never_one_even_when_told_to_update(
    session: Session, shop: Shop, item: StockItem
) -> None:
    put(session, shop, "duplicate_order_no", "update")
    took(session, shop, order(1))
    took(session, shop, order(1, market=Market.COUPANG))
    assert sorted(session.scalars(select(Order.order_no))) == ["20261118001", "20261118001-2"]


def test_far_places_are_marked_only_where_the_setting_is_on(session: Session, shop: Shop, item: StockItem) -> None:
    took(session, shop, order(1, postcode="63100"), order(2))
    put(session, shop, "remote_area_marking", False)
    took(session, shop, order(3, postcode="63100"))
    assert the_order(session, 1).remote_area
    assert the_order(session, 2).remote_area is None
    assert the_order(session, 3).remote_area is None


def test_with_integrated_orders_off_it_is_written_down_and_not_handled(
    session: Session, shop: Shop, item: StockItem
) -> None:
    put(session, shop, "integrated_orders", False)
    took(session, shop, order(1))
    assert the_order(session, 1).collected_at is None
    assert parcels_of(session, 1) == []
    assert allocate_waiting(session, shop.id) == 0
    put(session, shop, "integrated_orders", True)
    assert took(session, shop, order(1)).changed == 1
    assert allocate_waiting(session, shop.id) == 1
    check_books(session, shop)


def test_a_removed_order_stays_removed_whatever_is_told(
    session: Session, shop: Shop, item: StockItem, owner: Actor
) -> None:
    took(session, shop, order(1))
    do(session, owner, "order.remove", order_id="20261118001")
    took(session, shop, order(1, line("1-1"), line("1-2"), changed_at=clock.now()))
    assert the_order(session, 1).removed_at is not None
    assert len(lines_of(session, 1)) == 2
    assert allocate_waiting(session, shop.id) == 0
    check_books(session, shop)


def test_a_parcel_follows_its_orders_new_address_until_it_bears_a_label(
    session: Session, shop: Shop, item: StockItem
) -> None:
    took(session, shop, order(1), order(2))
    parcel = parcels_of(session, 2)[0]
    parcel.state = ShipmentState.LABELLED
    session.flush()
    took(session, shop, *(order(n, address="새 주소", changed_at=clock.now()) for n in (1, 2)))
    assert parcels_of(session, 1)[0].address == "새 주소"
    assert parcels_of(session, 2)[0].address != "새 주소"


@pytest.fixture
def gift(session: Session, shop: Shop, item: StockItem) -> GiftRule:
    pouch = add_item(session, shop, 9, stocked=5, name="파우치")
    made = GiftRule(id="gft_1", shop_id=shop.id, name="파우치 증정", item_id=pouch.id, min_amount=15_000)
    session.add(made)
    session.flush()
    return made


def test_a_gift_goes_along_with_what_deserves_it_once_it_is_paid(
    session: Session, shop: Shop, item: StockItem, gift: GiftRule
) -> None:
    dear = line("a", amount=20_000)
    took(session, shop, order(1, dear), order(2), order(3, replace(dear, fulfilment=F.AWAITING_PAYMENT), paid_at=None))
    assert [[bool(one.gift_rule_id) for one in lines_of(session, n)] for n in (1, 2, 3)] == [
        [False, True],
        [False],
        [False],
    ]
    took(session, shop, order(3, dear, changed_at=clock.now()))
    took(session, shop, order(3, dear, changed_at=clock.now() + timedelta(minutes=1)))
    assert [bool(one.gift_rule_id) for one in lines_of(session, 3)] == [False, True]
    allocate_waiting(session, shop.id)
    took(session, shop, order(1, replace(dear, fulfilment=F.CANCELLED), changed_at=clock.now()))
    assert {one.fulfilment for one in lines_of(session, 1)} == {F.CANCELLED}, "no gift without what was bought"
    check_books(session, shop)


def test_a_piece_is_cancelled_though_the_market_sent_what_was_promised_to_it(session: Session, shop: Shop) -> None:
    item = add_item(session, shop, 1, stocked=4)
    first, other = order(1, line("a", quantity=4)), order(2, line("b", quantity=2))
    took(session, shop, first, other)
    allocate_waiting(session, shop.id)
    later = clock.now() + timedelta(minutes=1)
    took(session, shop, replace(other, changed_at=later, lines=(line("b", quantity=2, fulfilment=F.SHIPPED),)))
    assert (item.stocked, item.reserved) == (2, 2), "what is gone is promised to nobody"
    assert lines_of(session, 1)[0].fulfilment is F.PARTLY_ALLOCATED
    check_books(session, shop)
    took(session, shop, replace(first, changed_at=later, lines=(line("a", quantity=3),)))
    assert (item.stocked, item.reserved) == (2, 2)
    check_books(session, shop)
