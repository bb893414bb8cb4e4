"""Writes all good rows of a checked file at once, and takes all of them back: as sets, however many there are."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes.change import Change
from backend.db.bulk import insert_many, update_many
from backend.errors import Conflict, EditConflict
from backend.inventory.models import StockImport, StockItem, StockMovement
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.resolving import SET, resolve_to_write
from backend.inventory.spreadsheet.understanding import Row
from backend.inventory.states import ItemState, MovementReason
from backend.inventory_settings.read import allocation_is_limited
from backend.kit import clock
from backend.kit.garbage import without_collecting
from backend.kit.ids import new_id

Values = dict[str, Any]
#: an item of which a file says nothing more
EMPTY: Values = {**dict.fromkeys(SET), "safety": 0, "tags": [], "options": {}}
REASON = {
    ImportKind.RECEIVE: MovementReason.RECEIVE, ImportKind.ISSUE: MovementReason.ISSUE,
    ImportKind.CORRECT: MovementReason.CORRECT, ImportKind.ITEMS: MovementReason.RECEIVE,
}  # fmt: skip


@without_collecting
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
    resolved = resolve_to_write(session, row)
    good = [entry for entry in resolved.rows if "error" not in entry]
    if resolved.moved_on:
        row.rows = resolved.rows
    made = _write_items(session, actor, good) if kind is ImportKind.ITEMS else set()
    moves = [
        {
            "item_id": entry["item_id"], "delta": entry["after"] - entry["before"], "balance": entry["after"],
            "type_id": entry.get("type_id"), "note": entry.get("note"), "undoes": None,
        }
        for entry in good
        if entry["after"] != entry["before"]
    ]  # fmt: skip
    _move(session, actor, row, REASON[kind], moves, stocked=made)


def put_back(session: Session, actor: Actor, row: StockImport) -> None:
    """Raises as `check_undo` does."""
    lines, stock = check_undo(session, actor.shop_id, row, lock=True)
    balance = dict(stock)
    moves = []
    for line in lines:
        balance[line.item_id] -= line.delta
        moves.append({
            "item_id": line.item_id, "delta": -line.delta, "balance": balance[line.item_id], "type_id": None,
            "note": None, "undoes": line.id,
        })  # fmt: skip
    _move(session, actor, row, MovementReason.UNDO, moves)
    if row.kind == ImportKind.ITEMS:
        _take_items_back(session, [entry for entry in row.rows if "error" not in entry])


def check_undo(
    session: Session, shop_id: str, row: StockImport, *, lock: bool = False
) -> tuple[Sequence[Any], dict[str, int]]:
    """The lines of its last application and the stock of every item. Raises Conflict `stock_short` when what came in
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
    return lines, {item_id: item.stocked for item_id, item in items.items()}


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


def _write_items(session: Session, actor: Actor, good: Sequence[Row]) -> set[str]:
    """The ids of items that were made, with the stock they begin with; its lines follow in the same transaction."""
    made = [
        {**EMPTY, **entry["set"], "id": entry["item_id"], "code": entry["code"], "stocked": entry["after"]}
        for entry in good
        if "was" not in entry
    ]
    insert_many(
        session, StockItem, ("id", "code", *SET, "stocked"), made, shop_id=actor.shop_id, state=ItemState.ACTIVE,
        reserved=0, version=1,
    )  # fmt: skip
    set_again = [entry for entry in good if "was" in entry]
    _set(session, [(entry["item_id"], {**entry["set"], **_active(entry)}) for entry in set_again])
    return {row["id"] for row in made}


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
            by_columns.setdefault(tuple(sorted(values)), []).append({"id": item_id, **values})
    for columns, rows in by_columns.items():
        update_many(session, StockItem, columns, rows)
    _look_again(session)


def _move(
    session: Session, actor: Actor, row: StockImport, reason: MovementReason, moves: Sequence[Values],
    stocked: Collection[str] = (),
) -> None:  # fmt: skip
    """Lines with the stock after them; the items are held by this transaction. Those that are `stocked` have it already."""
    first = new_id("mov")  # the lines of one file follow each other: 00001, 00002 …
    for number, move in enumerate(moves, 1):
        move["id"] = f"{first}{number:05d}"
    insert_many(
        session, StockMovement, None, moves, shop_id=actor.shop_id, reason=reason, at=clock.now(), by_id=actor.id,
        by_name=actor.name, source_type="import", source_id=row.id,
    )  # fmt: skip
    last = {move["item_id"]: move["balance"] for move in moves if move["item_id"] not in stocked}
    update_many(session, StockItem, ("stocked",), [
        {"id": item_id, "stocked": balance} for item_id, balance in sorted(last.items())
    ])  # fmt: skip
    _look_again(session)


def _look_again(session: Session) -> None:
    """Items this session holds were written behind its back."""
    for held in list(session.identity_map.values()):
        if isinstance(held, StockItem):
            session.expire(held)
