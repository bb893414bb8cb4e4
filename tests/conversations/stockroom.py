"""What the small shop has in store: two options of each product, one sold out and late, a supplier, a kind of its own."""

import io
from datetime import datetime, timedelta
from typing import Any

import httpx
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import member_actor
from backend.db.engine import unit_of_work
from backend.inventory import ledger
from backend.inventory.models import Inbound, MovementType, StockItem, Supplier
from backend.inventory.states import Direction, MovementReason
from backend.inventory.sync import sync_products
from backend.inventory_settings.models import InventorySetting
from backend.kit import clock
from backend.kit.ids import new_id
from backend.shops.models import Member
from tests.contract.seeded_stock import workbook

#: pieces by item code; all others have ten
STOCKED = {
    "P00001-01": 12, "P00001-02": 3, "P00002-01": 0, "P00002-02": 8, "P00003-01": 0, "P00003-02": 1, "P00010-01": 2,
}  # fmt: skip
SAFETY = 3


def fill(session: Session, shop_id: str, mall_id: str, now: datetime) -> None:
    """Counted for ten days; black corduroy is sold out and should have come three days ago."""
    owner = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
    supplier = Supplier(id=f"sup_{mall_id}", shop_id=shop_id, name="한결상사")
    session.add_all([
        supplier, MovementType(id=f"mvt_{mall_id}", shop_id=shop_id, name="샘플 증정", direction=Direction.OUT),
    ])  # fmt: skip
    session.flush()
    sync_products(session, shop_id)
    items = {i.code: i for i in session.scalars(select(StockItem).where(StockItem.shop_id == shop_id))}
    with clock.frozen(now - timedelta(days=10)):
        for code, item in sorted(items.items()):
            item.safety, item.supplier_id = SAFETY, supplier.id
            if pieces := STOCKED.get(code, 10):
                why = ledger.Why(MovementReason.RECEIVE, "seed", mall_id, note="처음 재고")
                ledger.post(session, owner, item.id, pieces, why)
    today = clock.seoul(now).date()
    for number, (code, quantity, days) in enumerate(
        (("P00002-01", 20, -3), ("P00003-01", 30, 5), ("P00005-01", 15, 12))
    ):
        session.add(
            Inbound(
                id=f"inb_{mall_id}_{number}", shop_id=shop_id, item_id=items[code].id, supplier_id=supplier.id,
                quantity=quantity, due_on=today + timedelta(days=days), created_at=now,
            )
        )  # fmt: skip


def stock_of(mall_id: str, code: str) -> StockItem:
    with unit_of_work(write=False) as session:
        query = select(StockItem).where(StockItem.shop_id == f"shop_{mall_id}", StockItem.code == code)
        return session.scalars(query).one()


def sold_elsewhere(stage: Any, mall_id: str, person: Any, code: str, pieces: int = 1) -> None:
    """An order leaves while a preview is on the screen."""
    with unit_of_work() as session:
        owner = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
        item = stock_of(mall_id, code)
        ledger.post(session, owner, item.id, -pieces, ledger.Why(MovementReason.SHIP, "shipment", "x"))


def promised(stage: Any, mall_id: str, person: Any, code: str, pieces: int) -> None:
    """Orders take some of it."""
    with unit_of_work() as session:
        ledger.reserve(session, f"shop_{mall_id}", stock_of(mall_id, code).id, pieces)


def file_is_handed_in(stage: Any, mall_id: str, person: Any, rows: list[list[Any]], kind: str = "receive") -> None:
    """On the page the chat gave; the thread then tells of it."""
    href = next(button["href"] for button in person.buttons() if "stock-files" in button.get("href", ""))
    files = {"file": ("재고.xlsx", workbook(rows))}
    answer = httpx.post(f"{person.url}{href}", data={"kind": kind}, files=files, timeout=20)
    assert answer.status_code == 200, answer.text
    person.read_notice()


def set_to(stage: Any, mall_id: str, person: Any, key: str, value: Any) -> None:
    """The shop has set something."""
    with unit_of_work() as session:
        session.add(
            InventorySetting(
                id=new_id("ist"), shop_id=f"shop_{mall_id}", key=key, value={"value": value}, changed_at=clock.now()
            )
        )


def stock_facts(person: Any) -> dict[str, int]:
    """Pieces of every item that is not as it was at first."""
    items = person.api("/api/inventory/items", limit=100)["items"]
    return {item["code"]: item["stocked"] for item in items if item["stocked"] != STOCKED.get(item["code"], 10)}


def last_pdf(person: Any) -> int:
    """Pages of the PDF that the last answer links to."""
    href = next(button["href"] for button in person.buttons() if "/documents/" in button.get("href", ""))
    answer = httpx.get(f"{person.url}{href}", timeout=60)
    assert answer.headers["content-type"] == "application/pdf"
    return len(PdfReader(io.BytesIO(answer.content)).pages)


HAPPENINGS = {
    "sold_elsewhere": sold_elsewhere, "promised": promised, "file_is_handed_in": file_is_handed_in, "set_to": set_to,
}  # fmt: skip
FACTS = {"stock": stock_facts, "pdf_pages": last_pdf}
