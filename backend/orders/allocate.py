"""The engine's allocation: what lies free is promised to the orders that wait, in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import batched
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.db.locks import take_turn
from backend.inventory.models import StockItem
from backend.inventory.promises import forget, promise_many, stock_now
from backend.inventory_settings.catalogue import AllocationBasis, AllocationPriority
from backend.inventory_settings.read import values_of
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.sharing import Sharing, share_out
from backend.orders.states import F, promised
from backend.orders.waiting import lines_of_orders, lines_with_ids

AT_ONCE = 500
LACKING = (F.UNALLOCATED, F.PARTLY_ALLOCATED)


def allocate_waiting(session: Session, shop_id: str, item_ids: Collection[str] | None = None) -> int:
    """Promise free stock to waiting lines by the shop's settings; of these items only where they are named.

    Returns the units that were promised. Two at once never promise the same piece: the shop's turn is taken before
    anything is looked at. Held shipments keep what they have and get no more.
    """
    take_turn(session, [shop_id])
    session.flush()
    take_turn(session, [shop_id])
    candidates = _candidates(session, shop_id, item_ids)
    if not candidates:
        return 0
    stock = stock_now(session, shop_id, set(candidates.values()))
    free = {item_id: stocked - reserved for item_id, (stocked, reserved) in stock.items()}
    sharing = share(session, shop_id, candidates, free)
    return give(session, shop_id, sharing)


def share(session: Session, shop_id: str, candidates: Collection[str], free: Mapping[str, int]) -> Sharing:
    """What these lines would get now, reading only; siblings are read where the settings look at whole orders."""
    rules = values_of(session, shop_id, "allocation_basis", "allocation_priority", "gift_allocation")
    lines = lines_with_ids(session, shop_id, candidates)
    whole_orders = rules["allocation_priority"] is AllocationPriority.COMPLETE_FIRST
    orders = {line.order_id for line in lines if whole_orders or line.gift_rule_id}
    known = {line.id for line in lines}
    siblings = [line for line in lines_of_orders(session, shop_id, orders) if line.id not in known]
    chosen = set(candidates)
    free = dict(free)
    if siblings and whole_orders:
        others = {line.item_id for line in siblings if line.item_id and line.item_id not in free}
        free |= free_units(session, shop_id, others)
    made = share_out(
        [*lines, *siblings], free, limited=rules["allocation_basis"] is AllocationBasis.CURRENT,
        priority=rules["allocation_priority"], gifts=rules["gift_allocation"],
    )  # fmt: skip
    return Sharing({line: units for line, units in made.given.items() if line in chosen}, made.queue)


def give(session: Session, shop_id: str, sharing: Sharing) -> int:
    """Write what was shared out, in the turn in which it was decided."""
    if not sharing.given:
        return 0
    units: dict[str, int] = defaultdict(int)
    rows = []
    for line in sharing.queue:
        more = sharing.given.get(line.id)
        if more:
            units[line.item_id or ""] += more
            after = line.allocated + more
            rows.append({"line": line.id, "now": after, "state": promised(after, line.open_quantity)})
    promise_many(session, shop_id, units, limited=False)
    write_promises(session, rows)
    return sum(units.values())


def write_promises(session: Session, rows: list[dict[str, object]]) -> None:
    """Rows of `line`, `now` pieces promised, `state`; the items' side is written with `promise_many`."""
    table: Any = OrderLine.__table__
    session.execute(
        update(table)
        .where(table.c.id == bindparam("line"))
        .values(allocated=bindparam("now"), fulfilment=bindparam("state"), version=table.c.version + 1),
        rows,
    )
    forget(session, OrderLine, (row["line"] for row in rows))


def _candidates(session: Session, shop_id: str, item_ids: Collection[str] | None) -> dict[str, str]:
    """Line and item of whatever lacks stock and whose item has some."""
    limited = values_of(session, shop_id, "allocation_basis")["allocation_basis"] is AllocationBasis.CURRENT
    query = (
        select(OrderLine.id, OrderLine.item_id)
        .join(StockItem, StockItem.id == OrderLine.item_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Shipment, Shipment.id == OrderLine.shipment_id)
        .where(OrderLine.shop_id == shop_id, OrderLine.fulfilment.in_(LACKING))
        .where(Order.removed_at.is_(None), Order.collected_at.is_not(None), Shipment.held.is_(False))
        .order_by(OrderLine.id)
    )
    if limited:
        query = query.where(StockItem.stocked > StockItem.reserved)
    if item_ids is None:
        return dict(session.execute(query).tuples().all())  # type: ignore[arg-type]
    found: dict[str, str] = {}
    for some in batched(sorted(set(item_ids)), AT_ONCE):
        found |= dict(session.execute(query.where(OrderLine.item_id.in_(some))).tuples().all())  # type: ignore[arg-type]
    return found


def free_units(session: Session, shop_id: str, item_ids: Collection[str]) -> dict[str, int]:
    """Units that nobody was promised, reading only."""
    found: dict[str, int] = {}
    for some in batched(sorted(item_ids), AT_ONCE):
        query = select(StockItem.id, StockItem.stocked - StockItem.reserved).where(
            StockItem.shop_id == shop_id, StockItem.id.in_(some)
        )
        found |= dict(session.execute(query).tuples().all())
    return found
