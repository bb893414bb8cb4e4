"""Stock that left without us was promised to somebody: the promises that nothing is behind any more are taken back."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory import ledger
from backend.inventory.models import StockItem
from backend.inventory_settings.read import allocation_is_limited
from backend.orders.models import OrderLine
from backend.orders.states import WAITING, Fulfilment, promised

Moved = tuple[OrderLine, str, int | Fulfilment, int | Fulfilment]  # line, field, before, after


def take_back(session: Session, shop_id: str, item_ids: Collection[str]) -> Iterator[Moved]:
    """Of each item the last lines first, until no more is promised than there is; they wait for stock again."""
    if not item_ids or not allocation_is_limited(session, shop_id):
        return
    fresh = {"populate_existing": True}
    items = select(StockItem).where(StockItem.shop_id == shop_id, StockItem.id.in_(item_ids)).order_by(StockItem.id)
    for item in session.scalars(items.execution_options(**fresh)).all():
        beyond = item.reserved - item.stocked
        if beyond <= 0:
            continue
        lines = select(OrderLine).where(
            OrderLine.shop_id == shop_id, OrderLine.item_id == item.id, OrderLine.fulfilment.in_(WAITING),
            OrderLine.allocated > 0,
        )  # fmt: skip
        for line in session.scalars(lines.order_by(OrderLine.id.desc()).execution_options(**fresh)).all():
            taken = min(beyond, line.allocated)
            ledger.release(session, shop_id, item.id, taken)
            before, was = line.allocated, line.fulfilment
            line.allocated -= taken
            line.fulfilment = promised(line.allocated, line.open_quantity)
            line.version += 1
            yield line, "allocated", before, line.allocated
            yield line, "fulfilment", was, line.fulfilment
            beyond -= taken
            if beyond <= 0:
                break
    session.flush()
