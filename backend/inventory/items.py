"""The stock list: searched, filtered, page by page, fewest first where little is left."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from backend.inventory import labels
from backend.inventory.asked import Asked, ItemsAsked, Low, LowAsked
from backend.inventory.find import find_items
from backend.inventory.models import StockItem, Supplier
from backend.inventory.schemas import ArrivalOut, ItemOut, ItemPage, LowOut
from backend.inventory.states import ItemState, StockLabel
from backend.inventory_settings.read import values_of
from backend.kit.paging import Page

LOW = (StockLabel.SOLD_OUT, StockLabel.ARRIVING, StockLabel.NEARLY_OUT)
FOUND_AT_MOST = 500


def items_of(session: Session, shop_id: str, asked: ItemsAsked) -> ItemPage:
    """Ordered by code; by nearness where `text` is searched for."""
    query = _active(shop_id)
    if asked.product_id is not None:
        query = query.where(StockItem.product_id == asked.product_id)
    if asked.supplier_id is not None:
        query = query.where(StockItem.supplier_id == asked.supplier_id)
    if asked.label is not None:
        query = query.where(labels.has_label(asked.label))
    if asked.tag is not None:
        query = query.where(StockItem.id.in_(_tagged(session, shop_id, asked.tag)))
    if asked.text.strip():
        order = [item.id for item in find_items(session, shop_id, asked.text, FOUND_AT_MOST)]
        found = {item.id: item for item in session.scalars(query.where(StockItem.id.in_(order)))}
        rows = [found[item_id] for item_id in order if item_id in found]
        return _page(session, shop_id, rows[asked.offset : asked.offset + asked.limit], len(rows), asked)
    return _counted(session, shop_id, query, asked, StockItem.code)


def low_items(session: Session, shop_id: str, asked: LowAsked) -> LowOut:
    """Fewest first."""
    counts = {label: _count(session, _active(shop_id).where(labels.has_label(label))) for label in LOW}
    free = StockItem.stocked - StockItem.reserved
    query = _active(shop_id).where(_is_low(asked.which) if asked.at_most is None else free <= asked.at_most)
    page = _counted(session, shop_id, query, asked, free, StockItem.code)
    return LowOut(**page.model_dump(), counts=counts)


def _is_low(which: Low) -> ColumnElement[bool]:
    kinds = {"low": LOW, "sold_out": LOW[:2], "nearly_out": LOW[2:]}[which]
    return or_(*(labels.has_label(label) for label in kinds))


def item_out(session: Session, shop_id: str, item: StockItem) -> ItemOut:
    return shown(session, shop_id, [item])[0]


def shown(session: Session, shop_id: str, items: Sequence[StockItem]) -> list[ItemOut]:
    due = labels.arrivals(session, shop_id, [item.id for item in items])
    settings = values_of(session, shop_id, "market_stock_basis", "market_stock_arbitrary")
    suppliers = _suppliers(session, shop_id, {item.supplier_id for item in items if item.supplier_id})
    return [
        ItemOut(
            id=item.id, code=item.code, name=item.name, product_id=item.product_id, product_name=product_name(item),
            option_name=item.option_name, options=item.options, barcode=item.barcode, tags=item.tags, state=item.state,
            label=labels.label_of(item, item.id in due), stocked=item.stocked, reserved=item.reserved,
            available=item.available, safety=item.safety, mall_quantity=item.mall_quantity,
            market_quantity=labels.quantity_by(settings, item), location=item.location, supplier_id=item.supplier_id,
            supplier=suppliers.get(item.supplier_id or ""), cost=item.cost, english_name=item.english_name,
            hs_code=item.hs_code, origin_country=item.origin_country, weight_g=item.weight_g,
            arriving=ArrivalOut(quantity=due[item.id][0], due_on=due[item.id][1]) if item.id in due else None,
        )
        for item in items
    ]  # fmt: skip


def product_name(item: StockItem) -> str:
    """The item's name without its option."""
    return item.name.removesuffix(f" / {item.option_name}") if item.option_name else item.name


def _active(shop_id: str) -> Select[StockItem]:
    return select(StockItem).where(StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE)


def _tagged(session: Session, shop_id: str, tag: str) -> list[str]:
    """A JSON list is read alike on every database only in Python; items with tags are few."""
    rows = session.execute(
        select(StockItem.id, StockItem.tags).where(
            StockItem.shop_id == shop_id, func.length(cast(StockItem.tags, String)) > 2
        )
    )
    return [item_id for item_id, tags in rows if tag in tags]


def _suppliers(session: Session, shop_id: str, ids: set[str]) -> dict[str, str]:
    rows = session.execute(select(Supplier.id, Supplier.name).where(Supplier.shop_id == shop_id, Supplier.id.in_(ids)))
    return dict(rows.tuples().all())


def _count(session: Session, query: Select[StockItem]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _counted(session: Session, shop_id: str, query: Select[StockItem], asked: Asked, *order: Any) -> ItemPage:
    rows = list(session.scalars(query.order_by(*order).limit(asked.limit).offset(asked.offset)))
    return _page(session, shop_id, rows, _count(session, query), asked)


def _page(session: Session, shop_id: str, rows: Sequence[StockItem], total: int, asked: Asked) -> ItemPage:
    page = Page(shown(session, shop_id, rows), total, asked.limit, asked.offset)
    return ItemPage(items=page.items, total=total, limit=asked.limit, offset=asked.offset, next_offset=page.next_offset)
