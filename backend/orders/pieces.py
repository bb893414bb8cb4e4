"""A piece that goes back into its line takes along what a market or a buyer cancelled of it meanwhile."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.changes.change import Change
from backend.orders.models import OrderLine
from backend.orders.states import OPEN, Fulfilment, promised


def cancelled_with_its_piece(session: Session, shop_id: str, changes: Sequence[Change]) -> list[Change]:
    """For each split that is undone: the line's cancelled pieces, and what the line is with them."""
    gone = [change for change in changes if change.field == "quantity" and change.before and change.after == 0]
    states = {change.target_id: change.before for change in changes if change.field == "fulfilment"}
    cancelled = {
        change.target_id: change.before for change in changes if change.field == "cancelled" and not change.after
    }
    found: list[Change] = []
    for change in gone:
        piece = session.get_one(OrderLine, change.target_id)
        line = session.get(OrderLine, piece.split_from) if piece.split_from else None
        if line is None or line.shop_id != shop_id:
            continue
        label = line.market_name or ""
        moved = cancelled.get(piece.id, 0)
        after = line.cancelled + moved
        kept = min(line.allocated, max(0, line.quantity - after))
        if kept != line.allocated:
            found.append(Change("order_line", line.id, "allocated", line.allocated, kept, label))
        if moved:
            found.append(Change("order_line", line.id, "cancelled", line.cancelled, after, label))
        was = Fulfilment(states.get(piece.id, piece.fulfilment))
        now = _fulfilment(line, kept, line.quantity - after, was)
        if now is not line.fulfilment:
            found.append(Change("order_line", line.id, "fulfilment", line.fulfilment.value, now.value, label))
    return found


def _fulfilment(line: OrderLine, allocated: int, open_quantity: int, of_the_piece: Fulfilment) -> Fulfilment:
    if line.fulfilment not in OPEN | {Fulfilment.CANCELLED}:
        return line.fulfilment
    if open_quantity <= 0:
        return Fulfilment.CANCELLED
    unpaid = line.fulfilment is Fulfilment.AWAITING_PAYMENT or (
        line.fulfilment is Fulfilment.CANCELLED and of_the_piece is Fulfilment.AWAITING_PAYMENT
    )
    return Fulfilment.AWAITING_PAYMENT if unpaid else promised(allocated, open_quantity)
