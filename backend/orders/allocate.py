"""The engine's allocation: what lies free is promised to the orders that wait, in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db.among import among
from backend.db.bulk import update_many
from backend.db.locks import take_turn
from backend.inventory.models import StockItem
from backend.inventory.promises import forget, promise_many
from backend.inventory_settings.catalogue import AllocationBasis, AllocationPriority
from backend.inventory_settings.read import values_of
from backend.kit.garbage import without_collecting
from backend.orders.models import OrderLine
from backend.orders.sharing import Sharing, share_out
from backend.orders.states import promised
from backend.orders.waiting import Line, has_free_stock, lacking_lines, lines_of_orders

RULES = ("allocation_basis", "allocation_priority", "gift_allocation")
Rules = Mapping[str, Any]


@without_collecting
def allocate_waiting(session: Session, shop_id: str, item_ids: Collection[str] | None = None) -> int:
    """Promise free stock to waiting lines by the shop's settings; of these items only where they are named.

    Returns the units that were promised. Two at once never promise the same piece: the shop's turn is taken before
    anything is looked at. Held shipments keep what they have and get no more.
    """
    take_turn(session, [shop_id])
    session.flush()
    take_turn(session, [shop_id])
    if item_ids is not None and not item_ids:
        return 0
    rules = values_of(session, shop_id, *RULES)
    free_only = [has_free_stock()] if rules["allocation_basis"] is AllocationBasis.CURRENT else []
    lines = lacking_lines(session, shop_id, item_ids, *free_only)
    if not lines:
        return 0
    free = free_units(session, shop_id, {line.item_id for line in lines if line.item_id})
    return give(session, shop_id, share(session, shop_id, lines, free, rules))


def share(
    session: Session, shop_id: str, lines: Sequence[Line], free: Mapping[str, int], rules: Rules | None = None
) -> Sharing:
    """What these lines would get now, reading only; siblings are read where the settings look at whole orders."""
    rules = rules or values_of(session, shop_id, *RULES)
    whole_orders = rules["allocation_priority"] is AllocationPriority.COMPLETE_FIRST
    orders = {line.order_id for line in lines if whole_orders or line.gift_rule_id}
    chosen = {line.id for line in lines}
    siblings = [line for line in lines_of_orders(session, shop_id, orders) if line.id not in chosen]
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
    rows: list[dict[str, Any]] = []
    for line in sharing.queue:
        more = sharing.given.get(line.id)
        if more:
            units[line.item_id or ""] += more
            after = line.allocated + more
            rows.append({"id": line.id, "allocated": after, "fulfilment": promised(after, line.open_quantity)})
    promise_many(session, shop_id, units, limited=False)
    rows.sort(key=itemgetter("id"))
    update_many(session, OrderLine, ("allocated", "fulfilment"), rows)
    forget(session, OrderLine, sharing.given)
    return sum(units.values())


def free_units(session: Session, shop_id: str, item_ids: Collection[str]) -> dict[str, int]:
    """Units that nobody was promised, reading only."""
    item: Any = StockItem.__table__.c
    query = select(item.id, item.stocked - item.reserved).where(item.shop_id == shop_id, among(item.id, item_ids))
    return dict(session.execute(query).tuples().all())
