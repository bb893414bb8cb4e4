"""What a change may write of purchase orders; a draft that is undone is cancelled and keeps its number."""

from backend.changes import registry
from backend.changes.registry import Target
from backend.orders.states import PurchaseState
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine

P = PurchaseState
PURCHASE: dict[PurchaseState, frozenset[PurchaseState]] = {
    P.DRAFT: frozenset({P.ORDERED, P.CANCELLED}),
    P.ORDERED: frozenset({P.RECEIVED, P.CANCELLED, P.DRAFT}),  # back only by undoing the order
    P.RECEIVED: frozenset({P.ORDERED}),  # only by undoing an arrival or what ended the rest
    P.CANCELLED: frozenset({P.DRAFT, P.ORDERED}),  # only by undoing the cancellation
}

registry.register("purchase_order", Target(
    PurchaseOrder, frozenset({"state", "ordered_on", "due_on", "note"}), "pur", {"state": PURCHASE},
    undo_create=lambda row: {"state": P.CANCELLED.value},
))  # fmt: skip
registry.register("purchase_line", Target(PurchaseOrderLine, frozenset({"quantity", "cost"}), "pul"))
