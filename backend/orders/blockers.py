"""Why something is not leaving, and what would free it: asked of the very predicates that decide.

`stops` says what is stopped: allocation (no stock is promised), sending (the parcel may not leave), merging.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.inventory_settings.catalogue import AllocationPriority, GiftAllocation, PostcodeRange
from backend.orders.models import Order, Shipment
from backend.orders.sharing import Stop, gift_may_go, may_have_more, queued, stop_of
from backend.orders.states import LIVE, OPEN, WAITING, ShipmentState
from backend.orders.waiting import Line


class Stops(StrEnum):
    ALLOCATION = "allocation"
    SENDING = "sending"
    MERGING = "merging"


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
    stops = Stops.SENDING if stop is Stop.HELD and not any(line.missing > 0 for line in lines) else Stops.ALLOCATION
    shipment = lines[0].shipment_id if stop is Stop.HELD else None
    return Blocker(stop.value, stops, data, frees, ids, shipment)


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


@dataclass
class Parcel:
    """A shipment with the orders and lines in it, and the region where parcels do not arrive just now."""

    shipment: Shipment
    orders: Sequence[Order]
    lines: Sequence[Line]
    disrupted: PostcodeRange | None = None


def of_parcel(parcel: Parcel) -> list[Blocker]:
    """What keeps a parcel from leaving though its stock may be there; nothing for one that has left or is void."""
    shipment = parcel.shipment
    if shipment.state not in LIVE:
        return []
    found: list[Blocker] = []

    def stop(code: str, data: dict[str, Any], *frees: Free, stops: Stops = Stops.SENDING) -> None:
        found.append(Blocker(code, stops, data, list(frees), [], shipment.id))

    named: dict[str, Any] = {"shipment_id": shipment.id}
    if shipment.held:
        stop(
            "held", {"reason": shipment.hold_reason, "number": shipment.number}, Free("release", "order.release", named)
        )
    claims = [line for line in parcel.lines if line.claim_is_open and line.fulfilment in OPEN]
    if claims:
        stop("claim_open", {"claim": claims[0].claim_kind, "state": claims[0].claim_state}, Free("settle_claim"))
    if not (shipment.address or "").strip():
        stop("address_missing", {}, Free("ask_the_buyer"))
    elif shipment.country == "KR" and not is_postcode(shipment.postcode):
        stop("postcode_bad", {"postcode": shipment.postcode}, Free("ask_the_buyer"))
    if parcel.disrupted is not None:
        region = parcel.disrupted.name or f"{parcel.disrupted.start}-{parcel.disrupted.end}"
        stop(
            "disrupted",
            {"region": region, "postcode": shipment.postcode},
            Free("region_recovers"),
            Free("other_courier"),
        )
    if shipment.state is ShipmentState.PREPARING:
        stop("not_labelled", {}, Free("register_invoice", "invoice.register", named))
    else:
        if not shipment.tracking_no or not shipment.courier:
            stop("tracking_missing", {}, Free("register_invoice", "invoice.register", named))
        if len(parcel.orders) == 1 and _moved(shipment, parcel.orders[0]):
            stop("address_changed", {"address": parcel.orders[0].address}, Free("label_again"))
    if shipment.merge_forbidden:
        stop(
            "merge_forbidden",
            {},
            Free("allow_merge", "order.merge_lock", {**named, "forbidden": False}),
            stops=Stops.MERGING,
        )
    return found


def is_postcode(postcode: str | None) -> bool:
    """Korean postcodes have five digits since 2015."""
    return postcode is not None and len(postcode.strip()) == 5 and postcode.strip().isdigit()


def _moved(shipment: Shipment, order: Order) -> bool:
    return bool(order.address) and (shipment.address, shipment.postcode) != (order.address, order.postcode)


def is_freed_by_stock(blockers: Iterable[Blocker]) -> bool:
    """Only stock is missing."""
    found = [one for one in blockers if one.stops is Stops.ALLOCATION]
    return bool(found) and all(one.code in ("out_of_stock", "waits_its_turn") for one in found)
