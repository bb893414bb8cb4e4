"""Which fields of orders, lines and shipments a change may write; stock promised to a line follows its `allocated`."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.changes import registry
from backend.changes.change import Change
from backend.changes.registry import Target
from backend.inventory import ledger
from backend.inventory_settings.read import allocation_is_limited
from backend.orders.models import GiftRule, LineMatch, Order, OrderLine, OrderNote, Shipment
from backend.orders.parcels import parcels_as_their_lines
from backend.orders.pieces import cancelled_with_its_piece
from backend.orders.states import FULFILMENT, SHIPMENT, WAITING, Fulfilment, promised


def _keeps_promise(session: Session, actor: Actor, line: OrderLine, change: Change) -> None:
    """Stock follows what is promised: to a line that is made with some, to one that gets more or less, and to none when
    the line becomes another item (the engine may have promised some since the match that is now put back)."""
    if change.op == "create":
        _promise(session, actor, line.item_id, line.allocated)
    elif change.field == "allocated":
        _promise(session, actor, line.item_id, change.after - change.before)
        if change.after > change.before:
            _derive(line)
    elif change.field == "quantity":
        _derive(line)
    elif change.field == "item_id" and line.allocated:
        _promise(session, actor, change.before, -line.allocated)
        line.allocated = 0
        if line.fulfilment in WAITING:
            line.fulfilment = Fulfilment.UNALLOCATED


def _derive(line: OrderLine) -> None:
    """Splitting and its undo move pieces between lines, whatever the engine promised in between."""
    if line.fulfilment in WAITING and line.open_quantity > 0:
        line.fulfilment = promised(line.allocated, line.open_quantity)


def _promise(session: Session, actor: Actor, item_id: str | None, units: int) -> None:
    if item_id is None or units == 0:
        return
    if units > 0:
        limited = allocation_is_limited(session, actor.shop_id)
        ledger.reserve(session, actor.shop_id, item_id, units, limited=limited)
    else:
        ledger.release(session, actor.shop_id, item_id, -units)


def _no_more_than_open(session: Session, shop_id: str, changes: list[Change]) -> list[Change]:
    """What was promised before comes back as far as there are pieces: a market may have cancelled some since."""
    will_be = {(change.target_id, change.field): change.after for change in changes}

    def fits(change: Change) -> Change:
        if change.field != "allocated":
            return change
        line = session.get_one(OrderLine, change.target_id)
        quantity, cancelled = (will_be.get((line.id, name), getattr(line, name)) for name in ("quantity", "cancelled"))
        return replace(change, after=min(change.after, max(0, quantity - cancelled)))

    return [fits(change) for change in changes]


def _taken_back(line: OrderLine) -> dict[str, Any]:
    """A piece that was split off goes back into its line: nothing of it is left to send, to count or to pay. Another line
    that a plan added (an exchange's) sends nothing any more; what was promised to it is free again."""
    if line.split_from is not None:
        return {"allocated": 0, "quantity": 0, "cancelled": 0, "amount": 0, "discount": 0, "fulfilment": "cancelled"}
    return {"allocated": 0, "cancelled": line.quantity, "fulfilment": "cancelled"}


registry.register("order", Target(Order, frozenset({
    "recipient_name", "recipient_phone", "postcode", "address", "message", "remote_area", "removed_at", "ship_by",
}), "ord"))  # fmt: skip
registry.register("order_line", Target(
    OrderLine,
    frozenset({"item_id", "product_id", "matched_by", "shipment_id", "quantity", "cancelled", "allocated", "fulfilment",
               "claim_kind", "claim_state", "amount", "discount", "raw_status", "raw_claim"}),
    "orl", {"fulfilment": FULFILMENT}, written=_keeps_promise,
    undo_create=_taken_back, settled=_no_more_than_open, afterwards=(cancelled_with_its_piece, parcels_as_their_lines),
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
registry.register("order_note", Target(
    OrderNote, frozenset({"text", "data"}), "onn", undo_create=lambda row: {"data": {**row.data, "withdrawn": True}},
))  # fmt: skip
