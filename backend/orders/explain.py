"""Why an order, a parcel, or everything that is stuck does not move: facts read once, judged by `sharing` and by
`shipping.readiness`, which decide."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import batched
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inventory.models import Inbound, StockItem
from backend.inventory.states import InboundState
from backend.inventory_settings.catalogue import AllocationBasis, AllocationPriority
from backend.inventory_settings.read import values_of
from backend.inventory_settings.remote_areas import disruptions
from backend.kit import clock
from backend.orders.allocate import free_units
from backend.orders.blockers import Blocker, Items, Rules, Stops, of_lines, queues_of
from backend.orders.invoices_refused import invoices_refused
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.parcel_blockers import of_parcel
from backend.orders.states import LIVE
from backend.orders.waiting import Line, lines_of_orders, open_lines
from backend.shipping.parcels import Parcel, filled

AT_ONCE = 500
LATER = frozenset({"not_labelled"})  # the next step rather than an obstacle, as long as something else is in the way
COMING = (InboundState.EXPECTED, InboundState.PARTLY)


def blockers(session: Session, subject: Order | Shipment) -> list[Blocker]:
    """What keeps an order, or one parcel, from leaving; empty when it has left or may leave now."""
    if isinstance(subject, Order):
        order_ids = {subject.id}
        shipments = None
    else:
        inside = select(OrderLine.order_id).where(OrderLine.shipment_id == subject.id)
        order_ids = set(session.scalars(inside))
        shipments = {subject.id}
    found = blockers_of(session, subject.shop_id, order_ids, shipments)
    return [blocker for order_id in sorted(order_ids) for blocker in found.get(order_id, [])]


def blockers_of(
    session: Session, shop_id: str, order_ids: Collection[str], shipment_ids: Collection[str] | None = None
) -> dict[str, list[Blocker]]:
    """By order; of these parcels only where they are named. A parcel shared by two orders is told with each."""
    lines = lines_of_orders(session, shop_id, order_ids)
    rules = rules_of(session, shop_id)
    items = _items(session, shop_id, lines, rules)
    parcels = _parcels(session, shop_id, lines)
    regions = disruptions(session, shop_id)
    unheard = invoices_refused(session, shop_id, lines)
    by_order: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    found: dict[str, list[Blocker]] = {}
    for order_id, own in by_order.items():
        judged = of_lines(order_id, own, items, rules)
        homes = dict.fromkeys(line.shipment_id for line in own if line.shipment_id in parcels)
        if shipment_ids is not None:
            kept = {line.id for line in own if line.shipment_id in shipment_ids}
            judged = [one for one in judged if kept & set(one.line_ids)]
            homes = {home: None for home in homes if home in shipment_ids}
        if not any(one.code in ("removed", "not_handled") for one in judged):
            judged += [one for home in homes for one in of_parcel(parcels[home or ""], order_id, regions)]
        judged += [one for line in own if line.id in unheard for one in unheard[line.id]]
        found[order_id] = _once(judged)
    return found


def stuck(session: Session, shop_id: str) -> tuple[dict[str, list[Blocker]], Counter[str]]:
    """Every order that waits with what is in its way; a parcel that only lacks its label is not stuck."""
    lines = open_lines(session, shop_id)
    found = blockers_of(session, shop_id, {line.order_id for line in lines})
    real = {
        order_id: kept
        for order_id, judged in found.items()
        if (kept := [one for one in judged if one.code not in LATER and one.stops is not Stops.MERGING])
    }
    counts = Counter(code for judged in real.values() for code in {one.code for one in judged})
    return real, counts


def rules_of(session: Session, shop_id: str) -> Rules:
    found = values_of(session, shop_id, "allocation_basis", "allocation_priority", "gift_allocation")
    limited = found["allocation_basis"] is AllocationBasis.CURRENT
    return Rules(limited, found["allocation_priority"], found["gift_allocation"])


def _once(judged: list[Blocker]) -> list[Blocker]:
    """A hold is seen from the lines and from the parcel; the parcel's telling has the reason."""
    codes = {one.code for one in judged if one.shipment_id and one.code == "held" and one.data}
    claims = any(one.code == "claim_open" and one.stops is Stops.ALLOCATION for one in judged)
    return [
        one
        for one in judged
        if not (one.code in codes and not one.data)
        and not (claims and one.code == "claim_open" and one.stops is Stops.SENDING)
    ]


def _items(session: Session, shop_id: str, lines: Sequence[Line], rules: Rules) -> Items:
    wanted = {line.item_id for line in lines if line.item_id and line.missing > 0}
    free = free_units(session, shop_id, wanted)
    names: dict[str, tuple[str, str]] = {}
    waiting: list[Line] = []
    for some in batched(sorted(wanted), AT_ONCE):
        query = select(StockItem.id, StockItem.code, StockItem.name).where(
            StockItem.shop_id == shop_id, StockItem.id.in_(some)
        )
        names |= {item_id: (code, name) for item_id, code, name in session.execute(query)}
        waiting += open_lines(session, shop_id, OrderLine.item_id.in_(some))
    if rules.priority is AllocationPriority.COMPLETE_FIRST and waiting:  # whole orders decide
        waiting = open_lines(session, shop_id)
        free |= free_units(session, shop_id, {line.item_id for line in waiting if line.item_id} - wanted)
    items = Items(names, free, _arriving(session, shop_id, wanted))
    items.queues = queues_of(waiting, free, rules)
    return items


def _arriving(session: Session, shop_id: str, item_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The arrival of each item that is due first, with the days it is late."""
    found: dict[str, dict[str, Any]] = {}
    today = clock.today()
    for some in batched(sorted(item_ids), AT_ONCE):
        query = (
            select(Inbound.item_id, Inbound.due_on, Inbound.quantity, Inbound.received)
            .where(Inbound.shop_id == shop_id, Inbound.item_id.in_(some), Inbound.state.in_(COMING))
            .order_by(Inbound.due_on, Inbound.id)
        )
        for item_id, due_on, quantity, received in session.execute(query):
            found.setdefault(item_id, {
                "due_on": due_on.isoformat(), "quantity": quantity - received, "days_late": max(0, (today - due_on).days),
            })  # fmt: skip
    return found


def _parcels(session: Session, shop_id: str, lines: Sequence[Line]) -> dict[str, Parcel]:
    """The parcels these lines are to leave in, whole: with the lines of other orders that are in them."""
    ids = sorted({line.shipment_id for line in lines if line.shipment_id and line.shipment_state in LIVE})
    made: dict[str, Parcel] = {}
    for some in batched(ids, AT_ONCE):
        query = select(Shipment).where(Shipment.shop_id == shop_id, Shipment.id.in_(some)).order_by(Shipment.id)
        made |= {one.shipment.id: one for one in filled(session, shop_id, list(session.scalars(query)))}
    return made
