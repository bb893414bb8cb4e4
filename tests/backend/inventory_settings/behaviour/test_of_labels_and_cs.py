"""The settings of labels and CS change what happens."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.claims.models import Claim
from backend.inventory.models import StockItem
from backend.kit import clock
from backend.orders.allocate import allocate_waiting
from backend.orders.models import OrderLine
from backend.orders.states import ShipmentState
from backend.shipping.delays import delayed
from backend.shipping.labels import page_of
from backend.shops.models import Shop
from tests.backend.inventory_settings.behaviour.coverage import differs_by
from tests.backend.inventory_settings.trading import change, effect
from tests.backend.orders.build import add_item, do, line, lines_of, order, parcels_of, the_order, took


@pytest.fixture
def labelled(session: Session, shop: Shop) -> list[str]:
    """Two parcels with a number: the earlier one to 하나, the later one to 가나."""
    add_item(session, shop, 1, stocked=9, barcode="8801234567893", location="B-2")
    add_item(session, shop, 2, stocked=9, location="A-1")
    now = clock.now()
    second = line("b", name="울 가디건 2", seller_code="P00002-01")
    took(
        session, shop, order(1, ordered_at=now - timedelta(hours=9), recipient_name="하나영"),
        order(2, second, ordered_at=now - timedelta(hours=1), recipient_name="가나영", address="부산 해운대구 1"),
    )  # fmt: skip
    allocate_waiting(session, shop.id)
    session.expire_all()
    parcels = [parcels_of(session, n)[0] for n in (1, 2)]
    for number, parcel in enumerate(parcels):
        parcel.state, parcel.courier, parcel.labelled_at = ShipmentState.LABELLED, "cj", now
        parcel.tracking_no = f"12345678901{number}"
    session.flush()
    return [parcel.id for parcel in parcels]


@differs_by("label_forms")
def test_a_label_has_its_couriers_form(session: Session, owner: Actor, shop: Shop, labelled: list[str]) -> None:
    before = page_of(session, shop, labelled)
    assert "123mm" in before.replace(" ", "")
    assert "하나영" not in before
    change(session, owner, "label_forms", part={"cj": {"width": 100, "height": 180, "mask_name": False}})
    after = page_of(session, shop, labelled)
    assert "100mm" in after.replace(" ", "")
    assert "180mm" in after.replace(" ", "")
    assert "하나영" in after


@differs_by("label_products")
def test_a_label_lists_what_is_set(session: Session, owner: Actor, shop: Shop, labelled: list[str]) -> None:
    assert "8801234567893" not in page_of(session, shop, labelled)
    change(session, owner, "label_products", add="barcode")
    assert "8801234567893" in page_of(session, shop, labelled)


@differs_by("label_print_order")
@pytest.mark.parametrize(
    ("by", "first"), [("ordered_at", 0), ("recipient", 1), ("location", 1), ("product", 0), ("order_no", 0)]
)
def test_labels_come_in_the_order_that_is_set(
    session: Session, owner: Actor, shop: Shop, labelled: list[str], by: str, first: int
) -> None:
    if by != "ordered_at":
        change(session, owner, "label_print_order", value=by)
    page = page_of(session, shop, labelled[::-1])
    places = [page.index(f"12345678901{number}") for number in (0, 1)]
    assert (places[0] > places[1]) == bool(first)


def split(session: Session, owner: Actor, number: int) -> list[bool]:
    last = lines_of(session, number)[-1]
    do(session, owner, "order.split", lines=[{"line_id": last.id}])
    return [parcel.merge_forbidden for parcel in parcels_of(session, number)]


@differs_by("split_forbids_merge")
def test_parts_of_an_order_without_stock_may_be_merged_again_or_not(session: Session, owner: Actor, shop: Shop) -> None:
    took(session, shop, order(1, line("a"), line("b")), order(2, line("c"), line("d")))
    assert split(session, owner, 1) == [False, False]
    change(session, owner, "split_forbids_merge", value=True)
    assert split(session, owner, 2) == [True, True]


@differs_by("delay_marking")
def test_an_order_is_late_after_the_days_that_are_set(session: Session, owner: Actor, shop: Shop) -> None:
    paid = clock.now() - timedelta(days=6)
    took(session, shop, order(1, ordered_at=paid, paid_at=paid))
    late = lambda: delayed(session, shop.id, 10, 0)  # noqa: E731
    assert (late().on, late().total) == (True, 1)
    done = change(session, owner, "delay_marking", part={"days": 10})
    assert (late().on, late().total) == (True, 0)
    assert effect(done, "setting_late_orders") == {"before": 1, "after": 0, "on": True}
    change(session, owner, "delay_marking", part={"days": 1, "on": False})
    assert (late().on, late().total) == (False, 0)


def sent(session: Session, shop: Shop, owner: Actor) -> OrderLine:
    """The first of two lines of an order has left; the other is at home."""
    add_item(session, shop, 1, stocked=9)
    add_item(session, shop, 2, stocked=9)
    took(session, shop, order(1, line("a"), line("b", name="울 가디건 2", seller_code="P00002-01")))
    allocate_waiting(session, shop.id)
    session.expire_all()
    gone = lines_of(session, 1)[0]
    do(session, owner, "order.split", lines=[{"line_id": lines_of(session, 1)[1].id}])
    gone = session.get_one(OrderLine, gone.id)
    do(
        session,
        owner,
        "invoice.register",
        items=[{"shipment_id": gone.shipment_id, "courier": "cj", "tracking_no": "123456789012"}],
    )
    do(session, owner, "shipment.ship", shipment_ids=[gone.shipment_id])
    return session.get_one(OrderLine, gone.id)


def at_home(session: Session, number: int = 1) -> tuple[bool, bool]:
    session.expire_all()
    parcel = next(
        p for p in parcels_of(session, number) if p.state in (ShipmentState.PREPARING, ShipmentState.LABELLED)
    )
    return parcel.held, parcel.merge_forbidden


@differs_by("cancel_before_shipping")
@pytest.mark.parametrize(
    ("how", "then"), [({}, (True, False)), ({"hold": False, "merge_forbidden": True}, (False, True))]
)
def test_a_cancellation_before_shipping(session: Session, owner: Actor, shop: Shop, how: dict, then: tuple) -> None:
    if how:
        change(session, owner, "cancel_before_shipping", part=how)
    took(session, shop, order(1, line("a"), line("b", name="울 가디건 2", seller_code="P00002-01")))
    do(session, owner, "order.cancel", line_id=lines_of(session, 1)[0].id)
    assert at_home(session) == then


@differs_by("cancel_after_shipping")
@pytest.mark.parametrize(
    ("how", "then"), [({}, (True, False)), ({"hold": False, "merge_forbidden": True}, (False, True))]
)
def test_a_return_after_shipping(session: Session, owner: Actor, shop: Shop, how: dict, then: tuple) -> None:
    if how:
        change(session, owner, "cancel_after_shipping", part=how)
    do(session, owner, "order.return", line_id=sent(session, shop, owner).id)
    assert at_home(session) == then


@differs_by("exchange_before_shipping")
@pytest.mark.parametrize(("how", "fee"), [({}, 0), ({"exchange_fee": 2500}, 2500)])
def test_an_exchange_before_shipping(session: Session, owner: Actor, shop: Shop, how: dict, fee: int) -> None:
    if how:
        change(session, owner, "exchange_before_shipping", part=how)
    add_item(session, shop, 1, stocked=9)
    other = add_item(session, shop, 2, stocked=9)
    took(session, shop, order(1))
    do(session, owner, "order.exchange", line_id=lines_of(session, 1)[0].id, item_id=other.id)
    assert session.scalars(select(Claim.fee)).all() == [fee]


@differs_by("exchange_after_shipping")
@pytest.mark.parametrize(("how", "fee"), [({}, 5000), ({"exchange_fee": 6500}, 6500)])
def test_an_exchange_after_shipping(session: Session, owner: Actor, shop: Shop, how: dict, fee: int) -> None:
    if how:
        change(session, owner, "exchange_after_shipping", part=how)
    gone = sent(session, shop, owner)
    do(session, owner, "order.exchange", line_id=gone.id, item_id="itm_oneul_02")
    assert session.scalars(select(Claim.fee)).all() == [fee]


@differs_by("restock_on_pickup")
@pytest.mark.parametrize(("restocks", "stocked"), [(False, 8), (True, 9)])
def test_goods_that_came_back_are_in_stock_at_once_or_after_inspection(
    session: Session, owner: Actor, shop: Shop, restocks: bool, stocked: int
) -> None:
    if restocks:
        change(session, owner, "restock_on_pickup", value=True)
    gone = sent(session, shop, owner)
    do(session, owner, "order.return", line_id=gone.id)
    claim = session.scalars(select(Claim)).one()
    do(session, owner, "claim.collect", claim_id=claim.id)
    assert session.get_one(StockItem, "itm_oneul_01").stocked == stocked
    assert the_order(session, 1)
