"""Which fields of orders, lines and shipments a change may write; stock promised to a line follows its `allocated`."""

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
    if change.field != "allocated" or line.item_id is None:
        return
    delta = change.after - change.before
    if delta > 0:
        limited = allocation_is_limited(session, actor.shop_id)
        ledger.reserve(session, actor.shop_id, line.item_id, delta, limited=limited)
    elif delta < 0:
        ledger.release(session, actor.shop_id, line.item_id, -delta)


registry.register("order", Target(Order, frozenset({
    "recipient_name", "recipient_phone", "postcode", "address", "message", "remote_area", "removed_at", "ship_by",
}), "ord"))  # fmt: skip
registry.register("order_line", Target(
    OrderLine,
    frozenset({"item_id", "product_id", "matched_by", "shipment_id", "quantity", "cancelled", "allocated", "fulfilment",
               "claim_kind", "claim_state", "amount", "discount", "raw_status", "raw_claim"}),
    "orl", {"fulfilment": FULFILMENT}, written=_keeps_promise,
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
