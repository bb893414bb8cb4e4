"""How stock changes through a previewed change: a movement carries its balance, so that a preview is exact or stale."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.changes.change import Change, create
from backend.changes.registry import Target
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, NOW, SOURCE_ID
from backend.errors import Conflict, EditConflict
from backend.inventory import ledger
from backend.inventory.models import Inbound, MovementType, StockItem, StockMovement, Supplier
from backend.inventory.states import INBOUND_TRANSITIONS, ItemState, MovementReason
from backend.inventory_settings.read import allocation_is_limited


def movement(
    item: StockItem, delta: int, reason: MovementReason, *, before: int | None = None, **values: Any
) -> Change:
    """A ledger line to be written; `before` is the stock it starts from where an earlier one of the same plan moved it."""
    stocked = item.stocked if before is None else before
    after = {
        "item_id": item.id, "reason": reason.value, "delta": delta, "balance": stocked + delta, "at": NOW,
        "by_id": ACTOR_ID, "by_name": ACTOR_NAME, "source_type": "plan", "source_id": SOURCE_ID, **values,
    }  # fmt: skip
    return create("stock_movement", after, item.name)


#: what a person takes away of their own will must not be promised to an order
BY_HAND = frozenset({MovementReason.ISSUE, MovementReason.UNDO})


def _moves_stock(session: Session, actor: Actor, row: StockMovement, _: Change) -> None:
    """Raises EditConflict when stock moved since the preview, Conflict `stock_short` when it was promised since."""
    free = row.delta < 0 and row.reason in BY_HAND and row.line_id is None
    free = free and allocation_is_limited(session, actor.shop_id)
    balance = ledger.moved(session, actor.shop_id, row.item_id, row.delta, floor=False, free=free)
    if balance != row.balance:
        raise EditConflict(
            "stock moved since the preview", target="stock_item", target_id=row.item_id, field="stocked",
            expected=row.balance - row.delta, found=balance - row.delta,
        )  # fmt: skip


def _moved_back(session: Session, row: StockMovement, _: AuditEvent) -> list[Change]:
    """The ledger is never rewritten: an undo is one more line, from the stock there is now."""
    item = session.get_one(StockItem, row.item_id)
    reason = MovementReason.SHIP_UNDONE if row.reason is MovementReason.SHIP else MovementReason.UNDO
    return [movement(item, -row.delta, reason, undoes=row.id, line_id=row.line_id)]


def _in_turn(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    """Several lines of one item follow each other. Raises Conflict `stock_short` when what came in is gone since."""
    limited = allocation_is_limited(session, shop_id)
    stock: dict[str, int] = {}
    settled = []
    for change in changes:
        after = change.after
        item = session.get_one(StockItem, after["item_id"])
        before = stock.get(item.id, item.stocked)
        stock[item.id] = before + after["delta"]
        settled.append(replace(change, after={**after, "balance": stock[item.id]}))
    fallen = {change.after["item_id"]: change.after["line_id"] is None for change in changes}
    for item_id, by_hand in fallen.items():
        item, after_all = session.get_one(StockItem, item_id), stock[item_id]
        if limited and after_all < item.stocked and after_all < (item.reserved if by_hand else 0):
            raise Conflict(
                "it is gone since", code="stock_short", item_id=item.id, item=item.name, stocked=item.stocked,
                reserved=item.reserved, available=max(0, item.available), asked=item.stocked - after_all, way="undo",
            )  # fmt: skip
    return settled


def _barcodes_free(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    """Raises Conflict `barcode_taken` when another item has got the old barcode since."""
    back = {c.after: c.target_id for c in changes if c.field == "barcode" and c.after is not None}
    query = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.barcode.in_(back))
    for holder in session.scalars(query):
        if holder.id != back[holder.barcode]:
            raise Conflict("another item has it", code="barcode_taken", barcode=holder.barcode, item=holder.name)
    return changes


def _names_free(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    """Raises Conflict `movement_type_exists` when the old name was given to another kind since."""
    for change in changes:
        row = session.get_one(MovementType, change.target_id)
        query = select(MovementType).where(
            MovementType.shop_id == shop_id, MovementType.direction == row.direction, MovementType.name == change.after
        )
        if change.field == "name" and session.scalars(query).first() is not None:
            raise Conflict("it exists", code="movement_type_exists", name=change.after, direction=row.direction.value)
    return changes


registry.register(
    "stock_movement",
    Target(StockMovement, frozenset(), "mov", written=_moves_stock, undo_by=_moved_back, settled=_in_turn),
)
registry.register("stock_item", Target(
    StockItem,
    frozenset({"name", "barcode", "tags", "state", "safety", "mall_quantity", "location", "supplier_id", "cost",
               "english_name", "hs_code", "origin_country", "weight_g"}),
    "itm", undo_create=lambda item: {"state": ItemState.REMOVED.value}, settled=_barcodes_free,
))  # fmt: skip
registry.register("inbound", Target(
    Inbound, frozenset({"quantity", "received", "due_on", "state", "note"}), "inb", {"state": INBOUND_TRANSITIONS},
    undo_create=lambda inbound: {"state": "cancelled"},
))  # fmt: skip
registry.register("movement_type", Target(
    MovementType, frozenset({"name", "active"}), "mvt", undo_create=lambda row: {"active": False}, settled=_names_free,
))  # fmt: skip
registry.register("supplier", Target(
    Supplier, frozenset({"name", "contact", "phone", "email", "address", "lead_days", "active"}), "sup",
    undo_create=lambda row: {"active": False},
))  # fmt: skip
