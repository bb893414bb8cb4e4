"""Writes all good rows of a checked file at once, and takes all of them back: as sets, however many there are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes.change import Change
from backend.errors import Conflict, EditConflict
from backend.inventory.models import StockImport, StockItem, StockMovement
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.resolving import SET, fingerprint, resolve
from backend.inventory.spreadsheet.understanding import Row
from backend.inventory.states import ItemState, MovementReason
from backend.inventory_settings.read import allocation_is_limited
from backend.kit import clock
from backend.kit.ids import new_id

Values = dict[str, Any]
REASON = {
    ImportKind.RECEIVE: MovementReason.RECEIVE, ImportKind.ISSUE: MovementReason.ISSUE,
    ImportKind.CORRECT: MovementReason.CORRECT, ImportKind.ITEMS: MovementReason.RECEIVE,
}  # fmt: skip


def write(session: Session, actor: Actor, row: StockImport, change: Change) -> None:
    """`applied_at` set: the rows are written; taken away: they are put back. Of two at once one finds it done."""
    held = select(StockImport.applied_at).where(StockImport.id == row.id).with_for_update()
    with session.no_autoflush:
        found = session.scalar(held)
    if (found is None) != (change.before is None):
        raise EditConflict("another one was faster", target="stock_import", target_id=row.id, field="applied_at")
    if change.after is not None:
        apply_rows(session, actor, row)
    else:
        put_back(session, actor, row)


def apply_rows(session: Session, actor: Actor, row: StockImport) -> None:
    kind = ImportKind(row.kind)
    rows = resolve(session, actor.shop_id, kind, row.rows, lock=True)
    good = [entry for entry in rows if "error" not in entry]
    if fingerprint(good) != fingerprint(e for e in row.rows if "error" not in e):
        row.rows = rows
    if kind is ImportKind.ITEMS:
        _write_items(session, actor, good)
    moves = [
        _line(actor, row, entry["item_id"], REASON[kind], entry["after"] - entry["before"], entry["after"], entry)
        for entry in good
        if entry["after"] != entry["before"]
    ]
    _move(session, moves)


def put_back(session: Session, actor: Actor, row: StockImport) -> None:
    """Raises as `check_undo` does."""
    lines, stock = check_undo(session, actor.shop_id, row, lock=True)
    balance = {item_id: stocked for item_id, (stocked, _) in stock.items()}
    moves = []
    for line in lines:
        balance[line.item_id] -= line.delta
        move = _line(actor, row, line.item_id, MovementReason.UNDO, -line.delta, balance[line.item_id], {})
        moves.append({**move, "undoes": line.id})
    _move(session, moves)
    if row.kind == ImportKind.ITEMS:
        _take_items_back(session, [entry for entry in row.rows if "error" not in entry])


def check_undo(session: Session, shop_id: str, row: StockImport, *, lock: bool = False) -> tuple[Sequence[Any], Any]:
    """The lines of its last application and {item: (stocked, reserved)}. Raises Conflict `stock_short` when what came in
    is gone, EditConflict when an item it set was edited since, Conflict `item_promised` when orders hold a new item."""
    undone = select(StockMovement.undoes).where(
        StockMovement.shop_id == shop_id, StockMovement.source_type == "import", StockMovement.source_id == row.id,
        StockMovement.undoes.is_not(None),
    )  # fmt: skip
    lines = session.execute(
        select(StockMovement.id, StockMovement.item_id, StockMovement.delta).where(
            StockMovement.shop_id == shop_id, StockMovement.source_type == "import", StockMovement.source_id == row.id,
            StockMovement.undoes.is_(None), StockMovement.id.not_in(undone),
        ).order_by(StockMovement.item_id, StockMovement.id)
    ).all()  # fmt: skip
    columns = [
        StockItem.id,
        StockItem.name,
        StockItem.stocked,
        StockItem.reserved,
        *(getattr(StockItem, n) for n in SET[1:]),
    ]
    query = select(*columns).where(StockItem.shop_id == shop_id).order_by(StockItem.id)
    items = {item.id: item for item in session.execute(query.with_for_update() if lock else query)}
    limited = allocation_is_limited(session, shop_id)
    for line in lines:
        item = items[line.item_id]
        if limited and line.delta > 0 and item.stocked - line.delta < item.reserved:
            raise Conflict(
                "it is gone since", code="stock_short", item_id=item.id, item=item.name, stocked=item.stocked,
                reserved=item.reserved, available=max(0, item.stocked - item.reserved), asked=line.delta, way="undo",
            )  # fmt: skip
    if row.kind == ImportKind.ITEMS:
        _check_items_unedited(items, [entry for entry in row.rows if "error" not in entry])
    return lines, {item_id: (item.stocked, item.reserved) for item_id, item in items.items()}


def _check_items_unedited(items: dict[str, Any], rows: Sequence[Row]) -> None:
    for entry in rows:
        item = items[entry["item_id"]]
        if entry["new"] and item.reserved:
            raise Conflict("orders hold it", code="item_promised", item=item.name, reserved=item.reserved, count=1)
        for name, value in entry["set"].items():
            if getattr(item, name) != value and not (name == "tags" and not value and not item.tags):
                raise EditConflict(
                    "edited since", target="stock_item", target_id=item.id, field=name, expected=value,
                    found=getattr(item, name),
                )  # fmt: skip


def _write_items(session: Session, actor: Actor, good: Sequence[Row]) -> None:
    made = [
        {
            "id": entry["item_id"], "shop_id": actor.shop_id, "code": entry["code"],
            **{name: entry["set"].get(name) for name in SET}, "safety": entry["set"].get("safety", 0),
            "tags": entry["set"].get("tags", []), "options": entry["set"].get("options", {}),
        }
        for entry in good if "was" not in entry
    ]  # fmt: skip
    if made:
        session.execute(insert(StockItem), made)
    set_again = [entry for entry in good if "was" in entry]
    _set(session, [(entry["item_id"], {**entry["set"], **_active(entry)}) for entry in set_again])


def _active(entry: Row) -> Values:
    return {"state": ItemState.ACTIVE} if entry["new"] else {}


def _take_items_back(session: Session, rows: Sequence[Row]) -> None:
    gone = {"state": ItemState.REMOVED}
    _set(session, [
        (entry["item_id"], {**entry.get("was", {}), **(gone if entry["new"] else {})}) for entry in rows
    ])  # fmt: skip


def _set(session: Session, wished: Sequence[tuple[str, Values]]) -> None:
    """One statement for each set of columns that is written."""
    by_columns: dict[tuple[str, ...], list[Values]] = {}
    for item_id, values in wished:
        if values:
            named = {"of_item": item_id, **{f"to_{name}": value for name, value in values.items()}}
            by_columns.setdefault(tuple(sorted(values)), []).append(named)
    table = StockItem.__table__
    for columns, rows in by_columns.items():
        values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
        query = update(table).where(table.c.id == bindparam("of_item"))  # type: ignore[arg-type]
        session.connection().execute(query.values(version=table.c.version + 1, **values), rows)
    _look_again(session)


def _line(
    actor: Actor, row: StockImport, item_id: str, reason: MovementReason, delta: int, balance: int, entry: Row
) -> Values:
    return {
        "id": new_id("mov"), "shop_id": actor.shop_id, "item_id": item_id, "reason": reason,
        "type_id": entry.get("type_id"), "delta": delta, "balance": balance, "note": entry.get("note"),
        "at": clock.now(), "by_id": actor.id, "by_name": actor.name, "source_type": "import", "source_id": row.id,
        "undoes": None,
    }  # fmt: skip


def _move(session: Session, moves: Sequence[Values]) -> None:
    """Lines with the stock after them; the items are held by this transaction."""
    if not moves:
        return
    session.flush()
    session.execute(insert(StockMovement), list(moves))
    table = StockItem.__table__
    query = update(table).where(table.c.id == bindparam("of_item"))  # type: ignore[arg-type]
    last = {move["item_id"]: move["balance"] for move in moves}
    rows = [{"of_item": item_id, "to_stocked": balance} for item_id, balance in sorted(last.items())]
    session.connection().execute(query.values(stocked=bindparam("to_stocked"), version=table.c.version + 1), rows)
    _look_again(session)


def _look_again(session: Session) -> None:
    """Items this session holds were written behind its back."""
    for held in list(session.identity_map.values()):
        if isinstance(held, StockItem):
            session.expire(held)
