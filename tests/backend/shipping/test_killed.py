"""A parcel's step whose process dies anywhere: number, stock, promise and the market's word move together, once."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.inventory.models import StockItem
from backend.markets.codes import Market
from backend.orders.models import Order, Shipment
from backend.orders.states import Fulfilment, ShipmentState
from backend.shops.models import Shop
from tests.backend.shipping.build import add_item, add_order, label, lines, parcel_of
from tests.simulation.plans_killed import dies_anywhere, its_undo_dies_anywhere, words

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def ordered(session: Session, shop: Shop) -> list[Order]:
    """Two parcels, of two lines and of one."""
    first, second = add_item(session, shop, 1), add_item(session, shop, 2)
    return [
        add_order(session, shop, [(first, 2), (second, 1)], 1),
        add_order(session, shop, [(first, 1)], 2, market=Market.MALL),
    ]


def parcels(ids: list[str]) -> list[Shipment]:
    with unit_of_work(write=False) as session:
        return [session.get_one(Shipment, one) for one in ids]


def stock() -> list[tuple[int, int]]:
    with unit_of_work(write=False) as session:
        return [(item.stocked, item.reserved) for item in session.query(StockItem).order_by(StockItem.id)]


def test_numbers_of_two_parcels_are_registered_and_taken_off_again(
    session: Session, ordered: list[Order], owner: Actor, kept: Path
) -> None:
    ids = [parcel_of(session, order).id for order in ordered]
    items = [
        {"order_id": order.order_no, "courier": "cj", "tracking_no": f"61234567890{n}"}
        for n, order in enumerate(ordered)
    ]
    plan = dies_anywhere(kept, session, owner, "invoice.register", items=items)
    assert [(one.state, one.tracking_no) for one in parcels(ids)] == [
        (ShipmentState.LABELLED, "612345678900"), (ShipmentState.LABELLED, "612345678901"),
    ]  # fmt: skip
    its_undo_dies_anywhere(kept, session, owner, plan)
    assert {(one.state, one.tracking_no) for one in parcels(ids)} == {(ShipmentState.PREPARING, None)}


def test_labels_that_were_printed_are_noted_once(
    session: Session, ordered: list[Order], owner: Actor, kept: Path
) -> None:
    ids = [parcel_of(session, order).id for order in ordered]
    for number, order in enumerate(ordered):
        label(session, owner, order, f"61234567890{number}")
    dies_anywhere(kept, session, owner, "labels.mark_printed", shipment_ids=ids)
    assert all(one.printed_at for one in parcels(ids))


def test_parcels_leave_and_come_back(session: Session, ordered: list[Order], owner: Actor, kept: Path) -> None:
    ids = [parcel_of(session, order).id for order in ordered]
    for number, order in enumerate(ordered):
        label(session, owner, order, f"61234567890{number}")
    plan = dies_anywhere(kept, session, owner, "shipment.ship", shipment_ids=ids)
    assert stock() == [(7, 0), (9, 0)]
    assert {one.state for one in parcels(ids)} == {ShipmentState.SHIPPED}
    assert words(plan) == [("invoice", "queued")] * 3
    its_undo_dies_anywhere(kept, session, owner, plan)
    assert stock() == [(10, 3), (10, 1)]
    assert words(plan) == [("invoice", "replaced")] * 3


def test_parcels_arrive(session: Session, shop: Shop, owner: Actor, kept: Path) -> None:
    items = [add_item(session, shop, n) for n in (1, 2)]
    order = add_order(session, shop, [(item, 1) for item in items], market=Market.MALL, state=Fulfilment.SHIPPED)
    home, line_ids = parcel_of(session, order).id, {line.id for line in lines(session, order)}
    plan = dies_anywhere(kept, session, owner, "shipment.deliver", shipment_ids=[home])
    assert parcels([home])[0].state is ShipmentState.DELIVERED
    with unit_of_work(write=False) as own:
        assert {line.fulfilment for line in lines(own, order)} == {Fulfilment.DELIVERED}
    assert words(plan) == [("status", "queued")] * len(line_ids)
