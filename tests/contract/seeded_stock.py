"""The stock of a small shop: two options of one product, one more item, a supplier, an arrival, a checked file."""

import io
from datetime import timedelta

import xlsxwriter
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.inventory import ledger
from backend.inventory.models import Inbound, MovementType, StockItem, Supplier
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.inventory.states import Direction, MovementReason
from backend.kit import clock
from backend.products.models import Product
from backend.shops.models import Member, Shop

OPTIONS = ("블랙 / M", "아이보리 / L")


def furnish_stock(session: Session, shop: Shop, product: Product) -> dict[str, str]:
    mall, owner = shop.mall_id, member_actor(session.get_one(Member, f"mem_{shop.mall_id}_owner"))
    supplier = Supplier(id=f"sup_{mall}", shop_id=shop.id, name=f"secret of {mall}")
    kind = MovementType(id=f"mvt_{mall}", shop_id=shop.id, name=f"secret of {mall}", direction=Direction.OUT)
    session.add_all([supplier, kind])
    session.flush()
    for number, option in enumerate(OPTIONS, 1):
        colour, size = option.split(" / ")
        add_item(
            session, owner, f"itm_{mall}_{number}", f"{product.code}-{number:02d}", f"{product.name} / {option}", 10 * number,
            product_id=product.id, option_name=option, options={"색상": colour, "사이즈": size}, safety=3,
            supplier_id=supplier.id, location=f"secret of {mall}",
        )  # fmt: skip
    add_item(session, owner, f"itm_{mall}_3", f"X{mall}-01", f"secret of {mall}", 0, safety=2)
    session.add(
        Inbound(
            id=f"inb_{mall}", shop_id=shop.id, item_id=f"itm_{mall}_3", quantity=20, note=f"secret of {mall}",
            due_on=clock.today() - timedelta(days=3), created_at=clock.now(),
        )
    )  # fmt: skip
    handed_in = hand_in(
        session, owner, ImportKind.RECEIVE, f"secret of {mall}.xlsx",
        workbook([["품목코드", "수량"], [f"{product.code}-01", 5], [f"X{mall}-01", 7]]),
    )  # fmt: skip
    return {
        "item": f"itm_{mall}_1", "item_2": f"itm_{mall}_2", "item_3": f"itm_{mall}_3", "supplier": supplier.id,
        "movement_type": kind.id, "inbound": f"inb_{mall}", "stock_import": handed_in.id,
    }  # fmt: skip


def add_item(
    session: Session, actor: Actor, item_id: str, code: str, name: str, stocked: int = 0, **more: object
) -> StockItem:
    """An item whose stock came in by a line of the ledger."""
    item = StockItem(id=item_id, shop_id=actor.shop_id, code=code, name=name, **more)
    session.add(item)
    session.flush()
    if stocked:
        ledger.post(session, actor, item_id, stocked, ledger.Why(MovementReason.RECEIVE, "seed", "seed"))
        session.flush()
    return item


def workbook(rows: list[list[object]]) -> bytes:
    """An .xlsx with these cells; None stays empty."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    return out.getvalue()
