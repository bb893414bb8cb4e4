"""How stock changes through a previewed change: a movement carries its balance, so that a preview is exact or stale."""

from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.changes import registry
from backend.changes.change import Change, create
from backend.changes.registry import Target
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, NOW, SOURCE_ID
from backend.errors import EditConflict
from backend.inventory import ledger
from backend.inventory.models import Inbound, MovementType, StockItem, StockMovement, Supplier
from backend.inventory.states import INBOUND_TRANSITIONS, ItemState, MovementReason


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


def _moves_stock(session: Session, actor: Actor, row: StockMovement, _: Change) -> None:
    balance = ledger.moved(session, actor.shop_id, row.item_id, row.delta, floor=False)
    if balance != row.balance:
        raise EditConflict(
            "stock moved since the preview", target="stock_item", target_id=row.item_id, field="stocked",
            expected=row.balance - row.delta, found=balance - row.delta,
        )  # fmt: skip


def _moved_back(session: Session, row: StockMovement, event: AuditEvent) -> list[Change]:
    """The ledger is never rewritten: an undo is one more line, from the stock there is now."""
    item = session.get_one(StockItem, row.item_id)
    return [movement(item, -row.delta, MovementReason.UNDO, undoes=row.id, line_id=row.line_id)]


registry.register(
    "stock_movement", Target(StockMovement, frozenset(), "mov", written=_moves_stock, undo_by=_moved_back)
)
registry.register("stock_item", Target(
    StockItem,
    frozenset({"name", "barcode", "tags", "state", "safety", "mall_quantity", "location", "supplier_id", "cost",
               "english_name", "hs_code", "origin_country", "weight_g"}),
    "itm", undo_create=lambda item: {"state": ItemState.REMOVED.value},
))  # fmt: skip
registry.register("inbound", Target(
    Inbound, frozenset({"quantity", "received", "due_on", "state", "note"}), "inb", {"state": INBOUND_TRANSITIONS},
    undo_create=lambda inbound: {"state": "cancelled"},
))  # fmt: skip
registry.register("movement_type", Target(
    MovementType, frozenset({"name", "active"}), "mvt", undo_create=lambda row: {"active": False},
))  # fmt: skip
registry.register("supplier", Target(
    Supplier, frozenset({"name", "contact", "phone", "email", "address", "lead_days", "active"}), "sup",
    undo_create=lambda row: {"active": False},
))  # fmt: skip
