"""Why something is not leaving, and what would free it: asked of the very predicates that decide.

`stops` says what is stopped: allocation (no stock is promised), sending (the parcel may not leave), merging; arriving (it
may leave, but not where it should) and telling (it has left, and its market does not know).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.inventory_settings.catalogue import AllocationPriority, GiftAllocation
from backend.orders.sharing import Stop, gift_may_go, may_have_more, queued, stop_of
from backend.orders.states import OPEN, WAITING
from backend.orders.waiting import Line


class Stops(StrEnum):
    ALLOCATION = "allocation"
    SENDING = "sending"
    MERGING = "merging"
    ARRIVING = "arriving"
    TELLING = "telling"


#: what keeps goods here
KEEPING = frozenset({Stops.ALLOCATION, Stops.SENDING})


@dataclass
class Free:
    """What would free it: a plan kind with its parameters, or something that only people or time do."""

    code: str
    kind: str | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass
class Blocker:
    code: str
    stops: Stops
    data: dict[str, Any]
    frees_it: list[Free]
    line_ids: list[str] = field(default_factory=list)
    shipment_id: str | None = None


#: what stops a line that lacks stock, and is asked of its parcel otherwise
OF_PARCELS = frozenset({Stop.HELD, Stop.CLAIM_OPEN})


@dataclass
class Rules:
    limited: bool
    priority: AllocationPriority
    gifts: GiftAllocation


@dataclass
class Items:
    """What is known of the items that are lacking: names, free units, the next arrival, and who waits for them."""

    names: Mapping[str, tuple[str, str]]  # code, name
    free: Mapping[str, int]
    arriving: Mapping[str, dict[str, Any]]
    queues: dict[str, list[Line]] = field(default_factory=dict)


def queues_of(waiting: Sequence[Line], free: Mapping[str, int], rules: Rules) -> dict[str, list[Line]]:
    """The lines that want each item, in the order in which the engine will ask them."""
    of_order: dict[str, list[Line]] = defaultdict(list)
    for line in waiting:
        of_order[line.order_id].append(line)
    wanting = [line for line in waiting if may_have_more(line)]
    made: dict[str, list[Line]] = defaultdict(list)
    for line in queued(wanting, of_order, free, limited=rules.limited, priority=rules.priority):
        made[line.item_id or ""].append(line)
    return made


def of_lines(order_id: str, lines: Sequence[Line], items: Items, rules: Rules) -> list[Blocker]:
    """What keeps the open lines of one order from having all their stock; several lines with one reason are one blocker."""
    found: list[Blocker] = []
    had = {line.id: line.allocated for line in lines}
    stopped: dict[Stop, list[Line]] = defaultdict(list)
    for line in lines:
        if line.fulfilment not in OPEN:
            continue
        stop = stop_of(line)
        if stop is None and line.gift_rule_id and line.missing > 0 and not gift_may_go(rules.gifts, lines, had):
            stop = Stop.GIFT_WAITS
        if stop in OF_PARCELS and line.missing <= 0:
            continue  # all it needs is there: whether it may leave is the parcel's question
        if stop is not None:
            stopped[stop].append(line)
        elif line.fulfilment in WAITING and line.missing > 0:
            found.append(_short(order_id, line, items, rules))
    return [_stopped(order_id, stop, some) for stop, some in stopped.items()] + found


def _stopped(order_id: str, stop: Stop, lines: Sequence[Line]) -> Blocker:
    ids = [line.id for line in lines]
    named = [{"line_id": line.id, "name": line.market_name, "option": line.market_option} for line in lines]
    data: dict[str, Any] = {}
    match stop:
        case Stop.AWAITING_PAYMENT:
            data = {"total": lines[0].total, "ordered_at": lines[0].ordered_at.isoformat()}
            frees = [Free("buyer_pays")]
        case Stop.UNMATCHED:
            data = {"lines": named}
            frees = [Free("match", "order.match", {"line_ids": ids})]
        case Stop.HELD:
            frees = [Free("release", "order.release", {"order_id": order_id})]
        case Stop.CLAIM_OPEN:
            data = {"claim": lines[0].claim_kind, "state": lines[0].claim_state, "lines": named}
            frees = [Free("settle_claim")]
        case Stop.REMOVED:
            frees = [Free("restore", "order.restore", {"order_id": order_id})]
        case Stop.NOT_HANDLED:
            frees = [
                Free(
                    "switch_on_integrated_orders",
                    "inventory_setting.change",
                    {"key": "integrated_orders", "value": True},
                )
            ]
        case Stop.GIFT_WAITS:
            data = {"lines": named}
            frees = [Free("rest_has_stock")]
    shipment = lines[0].shipment_id if stop is Stop.HELD else None
    return Blocker(stop.value, Stops.ALLOCATION, data, frees, ids, shipment)


def _short(order_id: str, line: Line, items: Items, rules: Rules) -> Blocker:
    """Not enough for it: who is asked before it, and what arrives next. Enough for all before it: only its turn is missing."""
    item = line.item_id or ""
    code, name = items.names.get(item, ("", line.market_name or ""))
    queue = items.queues.get(item, [])
    at = next((number for number, one in enumerate(queue) if one.id == line.id), len(queue))
    before = [{"order_id": one.order_id, "order_no": one.order_no, "quantity": one.missing} for one in queue[:at]]
    ahead = sum(one.missing for one in queue[:at])
    free = max(0, items.free.get(item, 0))
    data = {
        "item_id": item, "code": code, "item": name, "needed": line.missing, "available": free, "ahead": ahead,
        "ahead_orders": before[:5], "ahead_count": len(before), "next_inbound": items.arriving.get(item),
    }  # fmt: skip
    allocate = Free("allocate", "order.allocate", {"order_ids": [order_id]})
    if not rules.limited or free - ahead >= line.missing:
        return Blocker("waits_its_turn", Stops.ALLOCATION, data, [allocate], [line.id])
    frees = [Free("receive", "stock.adjust", {"item_id": item})]
    if items.arriving.get(item):
        frees.insert(0, Free("arrives"))
    if free >= line.missing:
        frees.insert(0, allocate)
    return Blocker("out_of_stock", Stops.ALLOCATION, data, frees, [line.id])
