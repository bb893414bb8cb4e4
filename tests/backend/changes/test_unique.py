"""Whoever comes second to a unique value is told so by name, whatever they looked at before; on both databases."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.audit.record import Source
from backend.changes import apply as writer
from backend.changes.change import Change, create
from backend.changes.registry import target
from backend.db.engine import unit_of_work
from backend.db.unique import code_when_taken
from backend.errors import EditConflict, install_error_handlers
from backend.inventory.models import StockItem
from backend.kit.wording import wording
from backend.shops.models import Shop
from tests.backend.shipping.build import add_item, add_supplier

SOURCE = Source("direct", "edit_1", "because")
MANY = 6


@pytest.fixture
def goods(session: Session, shop: Shop) -> list[str]:
    supplier = add_supplier(session, shop)
    items = [add_item(session, shop, n, supplier_id=supplier.id).id for n in range(1, MANY + 1)]
    session.commit()
    return items


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a writer had forgotten to take its shop's turn: on PostgreSQL they really meet at the key."""
    monkeypatch.setattr(writer, "take_turn", lambda *_: None)


def barcode(item_id: str) -> Change:
    return Change("stock_item", item_id, "barcode", None, "ABC-77")


MADE: dict[str, tuple[str, dict[str, Any], str]] = {
    "movement type": ("movement_type", {"name": "sample", "direction": "in"}, "movement_type_exists"),
    "supplier": ("supplier", {"name": "one supplier"}, "edit_conflict"),
    "order match": (
        "line_match", {"market": "coupang", "market_key": "1:black", "item_id": "itm_oneul_01"}, "edit_conflict",
    ),
    "purchase order": (
        "purchase_order",
        {"number": "PO20261118-01", "supplier_id": "sup_oneul_1", "state": "draft", "due_on": "2026-11-20",
         "by_name": "oneul owner", "created_at": "2026-11-18T03:00:00+00:00"},
        "edit_conflict",
    ),
    "parcel": (
        "shipment", {"number": "S20261118-00001-2", "state": "preparing", "created_at": "2026-11-18T03:00:00+00:00"},
        "edit_conflict",
    ),
}  # fmt: skip


def at_once(acts: Sequence[Callable[[Session], Any]]) -> list[str]:
    gate = threading.Barrier(len(acts))

    def go(act: Callable[[Session], Any]) -> str:
        gate.wait()
        try:
            with unit_of_work() as session:
                act(session)
        except EditConflict as error:
            assert wording().say(f"problem.{error.error_code}", data=error.data)
            return error.error_code
        return "written"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def test_one_barcode_for_many_items_at_once(
    session: Session, owner: Actor, goods: list[str], nobody_waits: None
) -> None:
    told = at_once([lambda s, one=one: writer.apply(s, owner, "test", SOURCE, [barcode(one)]) for one in goods])
    assert sorted(told) == ["barcode_taken"] * (MANY - 1) + ["written"]
    session.rollback()
    assert session.scalar(select(func.count()).where(StockItem.barcode == "ABC-77")) == 1
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1, "nothing of the others was written"


@pytest.mark.parametrize("what", list(MADE))
def test_one_name_or_number_for_many_at_once(
    session: Session, owner: Actor, goods: list[str], nobody_waits: None, what: str
) -> None:
    kind, values, code = MADE[what]
    made = [create(kind, values, what)]
    told = at_once([lambda s: writer.apply(s, owner, "test", SOURCE, made)] * MANY)
    assert sorted(told) == sorted([code] * (MANY - 1) + ["written"])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(target(kind).model)) == 1 + (what == "supplier")


def test_what_is_wrong_otherwise_stays_our_fault(session: Session, owner: Actor, goods: list[str]) -> None:
    _, values, _ = MADE["order match"]
    nowhere = create("line_match", {**values, "item_id": "itm_none"})
    with pytest.raises(IntegrityError) as wrong, unit_of_work() as own:
        writer.apply(own, owner, "test", SOURCE, [nowhere])
    assert code_when_taken(wrong.value) is None


def test_a_route_tells_it_the_same_way(session: Session, owner: Actor, goods: list[str]) -> None:
    app = FastAPI()
    install_error_handlers(app)

    @app.post("/{item_id}")
    def mark(item_id: str) -> None:
        with unit_of_work() as own:
            own.get_one(StockItem, item_id).barcode = "ABC-77"

    http = TestClient(app)
    assert http.post(f"/{goods[0]}").status_code == 200
    second = http.post(f"/{goods[1]}")
    assert (second.status_code, second.json()["code"]) == (409, "barcode_taken")
