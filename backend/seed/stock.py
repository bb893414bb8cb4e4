"""What the demo shops have in store: an item for each option, where it comes from, how it came to be there, what is due.

Planted last, so that it fits the products as they are by then; it throws dice of its own.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.inventory.barcode_digits import own_ean13
from backend.inventory.models import Inbound, MovementType, StockItem, StockMovement, Supplier
from backend.inventory.states import Direction, InboundState, ItemState, MovementReason
from backend.inventory.sync import options_of
from backend.inventory_settings.models import InventorySetting
from backend.products.models import Product, SaleStatus
from backend.seed import shops
from backend.seed.rows import put

STARTED_DAYS_AGO = 60  # since when the shop counts
#: supplier: (days to deliver, what it delivers by the beginning of the category)
SUPPLIERS = {
    "oneuldam": {"한결니트": (4, "여성의류 > 니트"), "도담어패럴": (6, "여성의류"), "소소잡화": (3, "")},
    "hwanggeumbat": {"들녘영농조합": (2, "식품 > 쌀"), "햇살과수원": (2, "식품 > 과일"), "고소한창고": (5, "")},
    "dalbitlab": {"라온코스메틱": (10, "화장품"), "포근포장": (3, "")},
}
TAGS = ("프로모션 상품", "한정판매", "시즌오프")
TYPES = ((Direction.IN, "위탁 입고"), (Direction.OUT, "샘플 증정"), (Direction.OUT, "촬영용"))
PLENTY, FEW, NONE = "plenty", "few", "none"


def plant(session: Session, mall_id: str, today: date) -> None:
    """The shop's stock as of `today`; its products must stand."""
    shop_id, dice = f"shop_{mall_id}", Random(f"stock of {mall_id}")
    suppliers = _suppliers(mall_id, shop_id)
    types = _types(mall_id, shop_id)
    session.execute(insert(Supplier), [row for row, _ in suppliers])
    session.execute(insert(MovementType), types)
    session.add(
        InventorySetting(
            id=f"ist_{mall_id}_tags", shop_id=shop_id, key="option_tags", value={"value": list(TAGS)},
            changed_at=shops.at(today, STARTED_DAYS_AGO, 10),
        )
    )  # fmt: skip
    items: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    products = session.execute(
        select(Product.id, Product.code, Product.name, Product.category, Product.price, Product.attributes, Product.status)
        .where(Product.shop_id == shop_id).order_by(Product.code)
    ).all()  # fmt: skip
    for product in products:
        supplier = next(row["id"] for row, begins in suppliers if product.category.startswith(begins))
        for number, options in enumerate(options_of(product.attributes), 1):
            item = _item(mall_id, product, number, options, supplier, len(items) + 1, dice)
            sold_out = product.status is SaleStatus.SOLD_OUT
            wanted = NONE if sold_out else dice.choices((PLENTY, FEW, NONE), (84, 11, 5))[0]
            lines += _history(mall_id, item, wanted, types, today, dice)
            items.append(item)
    put(session, StockItem, items)
    put(session, StockMovement, lines)
    put(session, Inbound, _inbounds(mall_id, items, today, dice))
    session.flush()


def _suppliers(mall_id: str, shop_id: str) -> list[tuple[dict[str, Any], str]]:
    return [
        ({
            "id": f"sup_{mall_id}_{number}", "shop_id": shop_id, "name": name, "lead_days": days,
            "email": f"order{number}@supplier.example", "active": True, "version": 1,
        }, begins)
        for number, (name, (days, begins)) in enumerate(SUPPLIERS[mall_id].items(), 1)
    ]  # fmt: skip


def _types(mall_id: str, shop_id: str) -> list[dict[str, Any]]:
    return [
        {"id": f"mvt_{mall_id}_{n}", "shop_id": shop_id, "name": name, "direction": way, "active": True, "version": 1}
        for n, (way, name) in enumerate(TYPES, 1)
    ]


def _item(
    mall_id: str, product: Any, number: int, options: dict[str, str], supplier: str, count: int, dice: Random
) -> dict[str, Any]:
    option = " / ".join(options.values()) or None
    return {
        "id": f"itm_{mall_id}_{product.code}_{number:02d}", "shop_id": f"shop_{mall_id}",
        "code": f"{product.code}-{number:02d}", "product_id": product.id,
        "name": f"{product.name} / {option}" if option else product.name, "option_name": option, "options": options,
        "barcode": own_ean13(count) if dice.random() < 0.7 else None,
        "tags": [dice.choice(TAGS)] if dice.random() < 0.06 else [], "state": ItemState.ACTIVE, "stocked": 0,
        "reserved": 0, "safety": dice.choice((2, 3, 3, 5)), "mall_quantity": dice.choice((None, 50, 100, 999)),
        "location": f"{dice.choice('ABCD')}-{dice.randint(1, 6)}-{dice.randint(1, 4)}", "supplier_id": supplier,
        "cost": product.price * dice.randint(35, 55) // 100 // 100 * 100, "origin_country": "KR", "version": 1,
    }  # fmt: skip


def _history(
    mall_id: str, item: dict[str, Any], wanted: str, types: list[dict[str, Any]], today: date, dice: Random
) -> list[dict[str, Any]]:
    """Opening stock, and for some what happened since, ending where `wanted` says; writes the item's stock."""
    final = {PLENTY: item["safety"] + dice.randint(4, 45), FEW: dice.randint(1, item["safety"]), NONE: 0}[wanted]
    steps: list[tuple[MovementReason, int, int, str | None, str | None]] = []
    if dice.random() < 0.12:
        steps.append((MovementReason.RECEIVE, dice.randint(5, 20), dice.randint(8, 30), None, None))
    if dice.random() < 0.08:
        steps.append((MovementReason.ISSUE, -dice.randint(1, 2), dice.randint(3, 25), types[1]["id"], None))
    if dice.random() < 0.05 and final:
        steps.append((MovementReason.CORRECT, dice.choice((-1, 1, 2)), dice.randint(1, 20), None, "실사 결과"))
    steps.sort(key=lambda step: -step[2])
    opening = max(final - sum(step[1] for step in steps), 3)
    final = opening + sum(step[1] for step in steps)
    if wanted == NONE and final:
        steps.append((MovementReason.CORRECT, -final, 1, None, "실사 결과"))
    steps.insert(0, (MovementReason.RECEIVE, opening, STARTED_DAYS_AGO, None, "재고관리 시작"))
    balance, lines = 0, []
    for number, (reason, delta, days_ago, type_id, note) in enumerate(steps, 1):
        balance += delta
        lines.append({
            "id": f"mov_{item['id'][4:]}_{number}", "shop_id": item["shop_id"], "item_id": item["id"], "reason": reason,
            "type_id": type_id, "delta": delta, "balance": balance, "note": note,
            "at": _at(today, days_ago, number), "by_id": f"mem_{mall_id}_owner", "by_name": "대표운영자",
            "source_type": "seed", "source_id": mall_id,
        })  # fmt: skip
    item["stocked"] = balance
    return lines


def _at(today: date, days_ago: int, number: int) -> datetime:
    return shops.at(today, days_ago, 9) + timedelta(minutes=number)


def _inbounds(mall_id: str, items: list[dict[str, Any]], today: date, dice: Random) -> list[dict[str, Any]]:
    """Half of what is sold out is on its way, and some of the rest; the first is three days late."""
    empty = [item for item in items if not item["stocked"]]
    few = [item for item in items if 0 < item["stocked"] <= item["safety"]]
    awaited = [*empty[::2], *few[: max(2, len(few) // 4)]] or items[:2]
    rows = []
    for number, item in enumerate(awaited[:40], 1):
        due = -3 if number == 1 else dice.randint(1, 16)
        quantity = dice.choice((10, 20, 30, 50))
        partly = number == 2
        rows.append({
            "id": f"inb_{mall_id}_{number:03d}", "shop_id": item["shop_id"], "item_id": item["id"],
            "supplier_id": item["supplier_id"], "quantity": quantity, "received": 4 if partly else 0,
            "due_on": today + timedelta(days=due), "state": InboundState.PARTLY if partly else InboundState.EXPECTED,
            "created_at": shops.at(today, 9, 11), "version": 1,
        })  # fmt: skip
    return rows
