"""Goods that were ordered arrive while the process dies anywhere: stock, arrival and order move together, once."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.inventory.models import Inbound, StockItem
from backend.inventory.states import InboundState
from backend.orders.states import PurchaseState
from backend.purchasing.models import PurchaseOrder
from backend.shops.models import Shop
from tests.backend.shipping.build import add_item, add_supplier, carry_out
from tests.simulation.plans_killed import dies_anywhere, its_undo_dies_anywhere

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def standing() -> tuple[list[int], set[InboundState], PurchaseState]:
    with unit_of_work(write=False) as session:
        stocked = list(session.scalars(select(StockItem.stocked).order_by(StockItem.id)))
        states = set(session.scalars(select(Inbound.state)))
        return stocked, states, session.scalars(select(PurchaseOrder)).one().state


def test_what_was_ordered_is_placed_received_and_sent_back(
    session: Session, shop: Shop, owner: Actor, kept: Path
) -> None:
    supplier = add_supplier(session, shop)
    for number in (1, 2):
        add_item(session, shop, number, stocked=2, safety=5, supplier_id=supplier.id)
    created = carry_out(session, owner, "purchase_order.create", supplier_id=supplier.id)
    order = {"purchase_order_id": created.changes[0]["target_id"]}
    dies_anywhere(kept, session, owner, "purchase_order.place", **order)
    assert standing() == ([2, 2], {InboundState.EXPECTED}, PurchaseState.ORDERED)
    received = dies_anywhere(kept, session, owner, "purchase_order.receive", **order)
    assert standing() == ([5, 5], {InboundState.RECEIVED}, PurchaseState.RECEIVED)
    its_undo_dies_anywhere(kept, session, owner, received)
    assert standing() == ([2, 2], {InboundState.EXPECTED}, PurchaseState.ORDERED)
