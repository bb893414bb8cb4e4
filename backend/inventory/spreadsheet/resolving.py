"""What the rows of a file mean for this shop's stock as it is now: which item, from how many to how many."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import InvalidInput
from backend.inventory.barcode_digits import check_barcode
from backend.inventory.customs_data import REFUSED, customs_value
from backend.inventory.models import MovementType, StockImport, StockItem, Supplier
from backend.inventory.spreadsheet.columns import ImportKind, words
from backend.inventory.spreadsheet.understanding import Row
from backend.inventory.states import Direction, ItemState
from backend.inventory_settings.read import allocation_is_limited, value_of
from backend.products.models import Product

#: columns of an item that a file may set
SET = (
    "name", "option_name", "options", "barcode", "safety", "location", "supplier_id", "cost", "tags", "product_id",
    "english_name", "hs_code", "origin_country", "weight_g",
)  # fmt: skip


@dataclass
class Shelf:
    """The shop's items by code and barcode, and what else rows may name."""

    by_code: dict[str, Any] = field(default_factory=dict)
    by_barcode: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    suppliers: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    limited: bool = True


def resolve(session: Session, shop_id: str, kind: ImportKind, rows: Sequence[Row], *, lock: bool = False) -> list[Row]:
    """The same rows with "item_id", "item", "before", "after" or the "error" that keeps a row out.

    With `lock` the items stay as they are until the transaction ends.
    """
    shelf = _shelf(session, shop_id, kind, rows, lock)
    taken: dict[str, int] = {}
    step = _item_row if kind is ImportKind.ITEMS else _stock_row
    resolved = []
    for said in rows:
        row = {key: value for key, value in said.items() if key not in STATE}
        if "wrong" in row:
            row["error"] = row["wrong"]
        else:
            step(shelf, kind, row)
            key = row.get("item_id") or row.get("code")
            if "error" not in row and key is not None:
                if key in taken:
                    row |= {"error": "row_duplicate", "data": {"first": taken[key]}}
                else:
                    taken[key] = row["row"]
        resolved.append(row)
    return resolved


#: what resolving adds to a row
STATE = frozenset({"item_id", "item", "before", "after", "error", "new", "set", "was", "type_id"})


def fingerprint(rows: Iterable[Row]) -> str:
    """Of what the good rows would do: another one means that the shop moved."""
    told = "|".join(
        f"{row['row']} {row['item_id']} {row['before']} {row['after']} {row.get('set', '')}" for row in rows
    )
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Resolved:
    """`moved_on`: they mean something else than is kept with the file."""

    rows: list[Row]
    moved_on: bool


def resolve_to_write(session: Session, file: StockImport) -> Resolved:
    """What will be written, with the items held; looked up once for a preview's check and for its writing, as long as
    none of the shop's items was touched since before the first look (which may have waited for another's to be written)."""
    key = f"rows of {file.id}"
    stamp = _stamp(session, file.shop_id)
    kept: tuple[Any, Resolved] | None = session.info.get(key)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    rows = resolve(session, file.shop_id, ImportKind(file.kind), file.rows, lock=True)
    made = Resolved(rows, rows != file.rows)
    session.info[key] = (stamp, made)
    return made


def _stamp(session: Session, shop_id: str) -> tuple[Any, ...]:
    """Changes with every write to any item of the shop: versions only grow."""
    counted = select(func.count(), func.sum(StockItem.version)).where(StockItem.shop_id == shop_id)
    return (*session.execute(counted).one(), allocation_is_limited(session, shop_id))


def _shelf(session: Session, shop_id: str, kind: ImportKind, rows: Sequence[Row], lock: bool) -> Shelf:
    shelf = Shelf(limited=allocation_is_limited(session, shop_id))
    columns = (StockItem.id, StockItem.code, StockItem.barcode, StockItem.state, StockItem.stocked, StockItem.reserved)
    more = (
        [getattr(StockItem, name) for name in SET if name != "barcode"]
        if kind is ImportKind.ITEMS
        else [StockItem.name]
    )
    query = select(*columns, *more).where(StockItem.shop_id == shop_id).order_by(StockItem.id)
    for item in session.execute(query.with_for_update() if lock else query):
        shelf.by_code[item.code.upper()] = item
        if item.barcode:
            shelf.by_barcode[item.barcode] = item
    if any("type" in row for row in rows):
        way = Direction.IN if kind is ImportKind.RECEIVE else Direction.OUT
        types = select(MovementType.name, MovementType.id).where(
            MovementType.shop_id == shop_id, MovementType.direction == way, MovementType.active.is_(True)
        )
        shelf.types = dict(session.execute(types).tuples().all())
    if kind is ImportKind.ITEMS:
        suppliers = select(Supplier.name, Supplier.id).where(Supplier.shop_id == shop_id, Supplier.active.is_(True))
        shelf.suppliers = dict(session.execute(suppliers).tuples().all())
        products = select(Product.code, Product.id).where(Product.shop_id == shop_id)
        shelf.products = dict(session.execute(products).tuples().all())
        shelf.tags = frozenset(value_of(session, shop_id, "option_tags"))
    return shelf


def _found(shelf: Shelf, row: Row) -> Any:
    item = shelf.by_code.get(row["code"].upper()) if "code" in row else shelf.by_barcode.get(row["barcode"])
    return item if item is not None and item.state is ItemState.ACTIVE else None


def _stock_row(shelf: Shelf, kind: ImportKind, row: Row) -> None:
    item = _found(shelf, row)
    if item is None:
        row |= {"error": "code_unknown", "data": {"found": row.get("code") or row.get("barcode")}}
        return
    if "type" in row and row["type"] not in shelf.types:
        row |= {"error": "type_unknown", "data": {"found": row["type"], "known": sorted(shelf.types)}}
        return
    if "type" in row:
        row["type_id"] = shelf.types[row["type"]]
    sign = {ImportKind.RECEIVE: 1, ImportKind.ISSUE: -1}.get(kind)
    after = row["counted"] if sign is None else item.stocked + sign * row["quantity"]
    row |= {"item_id": item.id, "item": item.name, "before": item.stocked, "after": after}
    if kind is ImportKind.ISSUE and shelf.limited and after < item.reserved:
        row |= {"error": "stock_short", "data": {
            "stocked": item.stocked, "reserved": item.reserved, "available": max(0, item.stocked - item.reserved),
        }}  # fmt: skip


def _item_row(shelf: Shelf, kind: ImportKind, row: Row) -> None:
    """A code that is not known yet is a new item; one that was taken out of the list comes back."""
    item = shelf.by_code.get(row["code"].upper())
    is_new = item is None or item.state is not ItemState.ACTIVE
    if is_new and not row.get("name") and item is None:
        row |= {"error": "name_missing", "data": {}}
        return
    if problem := _item_problem(shelf, row, item):
        row |= problem
        return
    wished = _wished(shelf, row, item)
    before = item.stocked if item is not None else 0
    was = {name: getattr(item, name) for name in wished} if item is not None else None
    changed = wished if was is None else {name: value for name, value in wished.items() if was[name] != value}
    row |= {
        "item_id": item.id if item is not None else row["new_id"], "item": wished.get("name", item and item.name), "before": before, "new": is_new, "set": changed,
        "after": row.get("opening", before) if is_new else before,
    }  # fmt: skip
    if was is not None:
        row["was"] = {name: was[name] for name in changed}


def _item_problem(shelf: Shelf, row: Row, item: Any) -> Row | None:
    if "supplier" in row and row["supplier"] not in shelf.suppliers:
        return {"error": "supplier_unknown", "data": {"found": row["supplier"]}}
    if unknown := [tag for tag in row.get("tags", ()) if tag not in shelf.tags]:
        return {"error": "tag_unknown", "data": {"tags": unknown, "known": sorted(shelf.tags)}}
    try:
        for field in REFUSED:
            if field in row:
                row[field] = customs_value(field, row[field])
        if "barcode" in row:
            check_barcode(row["barcode"])
    except InvalidInput as refused:
        return {"error": refused.error_code, "data": {k: v for k, v in refused.data.items() if k != "fields"}}
    if "barcode" in row:
        holder = shelf.by_barcode.get(row["barcode"])
        if holder is not None and (item is None or holder.id != item.id):
            return {"error": "barcode_taken", "data": {"barcode": row["barcode"], "item": holder.code}}
        shelf.by_barcode.setdefault(row["barcode"], item or _Claimed(row["code"]))
    return None


@dataclass(frozen=True)
class _Claimed:
    """A row above this one wants the barcode for an item that is not there yet."""

    code: str
    id: str = ""
    state: ItemState = ItemState.REMOVED


def _wished(shelf: Shelf, row: Row, item: Any) -> dict[str, Any]:
    wished: dict[str, Any] = {
        name: row[name]
        for name in ("barcode", "safety", "location", "cost", "tags", "weight_g", *REFUSED)
        if name in row
    }
    if "supplier" in row:
        wished["supplier_id"] = shelf.suppliers[row["supplier"]]
    if "name" in row or "option" in row:
        option = row.get("option", item.option_name if item is not None else None)
        kept = item.name.removesuffix(f" / {item.option_name}") if item is not None else ""
        base = row.get("name") or kept
        wished |= {"name": f"{base} / {option}" if option else base, "option_name": option}
        if item is None or option != item.option_name:
            wished["options"] = options_from(option)
    if item is None:
        wished["product_id"] = shelf.products.get(row["code"].rpartition("-")[0] or row["code"])
    return wished


@lru_cache(maxsize=10_000)
def options_from(option: str | None) -> dict[str, str]:
    """ "블랙 / M" as {"옵션1": "블랙", "옵션2": "M"}; one and the same for the same option, so nobody may change it."""
    values = [value for part in (option or "").split("/") if (value := part.strip())]
    key = str(words()["option_key"])
    return {key if len(values) == 1 else f"{key}{place}": value for place, value in enumerate(values, 1)}
