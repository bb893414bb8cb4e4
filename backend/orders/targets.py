"""Which fields of orders, lines and shipments a change may write; stock promised to a line follows its `allocated`."""

from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes import registry
from backend.changes.change import Change
from backend.changes.registry import Target
from backend.inventory import ledger
from backend.inventory_settings.read import allocation_is_limited
from backend.orders.models import GiftRule, LineMatch, Order, OrderLine, OrderNote, Shipment
from backend.orders.states import FULFILMENT, SHIPMENT


def _keeps_promise(session: Session, actor: Actor, line: OrderLine, change: Change) -> None:
    if line.item_id is None or (change.op == "set" and change.field != "allocated"):
        return
    delta = line.allocated if change.op == "create" else change.after - change.before
    if delta > 0:
        limited = allocation_is_limited(session, actor.shop_id)
        ledger.reserve(session, actor.shop_id, line.item_id, delta, limited=limited)
    elif delta < 0:
        ledger.release(session, actor.shop_id, line.item_id, -delta)


def _not_sent(line: OrderLine) -> dict[str, Any]:
    """A line that a plan added (an exchange's) sends nothing any more; what was promised to it is free again."""
    return {"allocated": 0, "cancelled": line.quantity, "fulfilment": "cancelled"}


registry.register("order", Target(Order, frozenset({
    "recipient_name", "recipient_phone", "postcode", "address", "message", "remote_area", "removed_at", "ship_by",
}), "ord"))  # fmt: skip
registry.register("order_line", Target(
    OrderLine,
    frozenset({"item_id", "product_id", "matched_by", "shipment_id", "quantity", "cancelled", "allocated", "fulfilment",
               "claim_kind", "claim_state", "amount", "discount", "raw_status", "raw_claim"}),
    "orl", {"fulfilment": FULFILMENT}, written=_keeps_promise, undo_create=_not_sent,
))  # fmt: skip
registry.register("shipment", Target(
    Shipment,
    frozenset({"state", "held", "hold_reason", "merge_forbidden", "merged_into", "courier", "tracking_no", "labelled_at",
               "printed_at", "shipped_at", "delivered_at", "recipient_name", "recipient_phone", "postcode", "address", "message"}),
    "shp", {"state": SHIPMENT}, undo_create=lambda row: {"state": "void"},
))  # fmt: skip
registry.register("line_match", Target(
    LineMatch, frozenset({"item_id", "active"}), "lmt", undo_create=lambda row: {"active": False},
))  # fmt: skip
registry.register("gift_rule", Target(
    GiftRule, frozenset({"name", "item_id", "quantity", "min_amount", "product_ids", "starts_on", "ends_on", "active"}),
    "gft", undo_create=lambda row: {"active": False},
))  # fmt: skip
registry.register("order_note", Target(OrderNote, frozenset({"text"}), "onn"))
