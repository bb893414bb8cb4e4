"""Who gets stock: which lines may have some, in which order, and how much. The engine decides by it, and explains by it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from backend.inventory_settings.catalogue import AllocationPriority, GiftAllocation
from backend.orders.states import GONE, LIVE, WAITING, ClaimKind, Fulfilment
from backend.orders.waiting import Line

FAR = date.max


class Stop(StrEnum):
    """Why a line gets no stock promised."""

    NOT_HANDLED = "not_handled"  # told while integrated orders were off, or older than the integration
    REMOVED = "removed"
    AWAITING_PAYMENT = "awaiting_payment"
    UNMATCHED = "unmatched"
    HELD = "held"  # what it has it keeps, but it gets no more
    CLAIM_OPEN = "claim_open"  # the buyer wants to cancel
    GIFT_WAITS = "gift_waits"


def stop_of(line: Line) -> Stop | None:
    """The one check of whether a line may be promised stock; a gift's turn is asked of `gift_may_go` beside."""
    if line.collected_at is None:
        return Stop.NOT_HANDLED
    if line.removed_at is not None:
        return Stop.REMOVED
    if line.fulfilment is Fulfilment.AWAITING_PAYMENT:
        return Stop.AWAITING_PAYMENT
    if line.item_id is None:
        return Stop.UNMATCHED
    if line.held:
        return Stop.HELD
    if line.claim_is_open and line.claim_kind is ClaimKind.CANCEL:
        return Stop.CLAIM_OPEN
    return None


def may_have_more(line: Line) -> bool:
    """It waits, lacks something, and nothing stands in the way but stock."""
    live = line.shipment_state is None or line.shipment_state in LIVE
    return line.fulfilment in WAITING and line.missing > 0 and live and stop_of(line) is None


def gift_may_go(policy: GiftAllocation, siblings: Iterable[Line], had: Mapping[str, int]) -> bool:
    """Whether a gift is promised along with the other lines of its order (source: 002, 사은품 할당기준).

    `had`: pieces promised to each line by now. Full only: everything else is promised or has left; partial too: anything.
    """
    bought = [line for line in siblings if line.gift_rule_id is None and line.fulfilment is not Fulfilment.CANCELLED]
    ready = [line.fulfilment in GONE or had.get(line.id, 0) >= line.open_quantity for line in bought]
    if policy is GiftAllocation.FULL_ONLY:
        return bool(ready) and all(ready)
    return any(is_ready or had.get(line.id, 0) > 0 for line, is_ready in zip(bought, ready, strict=True))


@dataclass
class Sharing:
    """`given` pieces by line; `queue` the lines in the order in which they were asked."""

    given: dict[str, int]
    queue: list[Line]


def share_out(
    lines: Sequence[Line],
    free: Mapping[str, int],
    *,
    limited: bool,
    priority: AllocationPriority,
    gifts: GiftAllocation,
) -> Sharing:
    """`lines`: all lines of the orders that want something, siblings included; `free`: units by item.

    An item that is not in `free` has nothing to give. Without `limited` everyone gets all they lack.
    """
    left = dict(free)
    had = {line.id: line.allocated for line in lines}
    of_order: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_order[line.order_id].append(line)
    wanting = [line for line in lines if may_have_more(line)]
    queue = queued(wanting, of_order, left, limited=limited, priority=priority)
    given: dict[str, int] = {}
    for line in sorted(queue, key=lambda one: one.gift_rule_id is not None):  # gifts follow what was bought
        if line.gift_rule_id is not None and not gift_may_go(gifts, of_order[line.order_id], had):
            continue
        assert line.item_id is not None
        units = min(line.missing, max(0, left.get(line.item_id, 0))) if limited else line.missing
        if units > 0:
            given[line.id] = units
            had[line.id] += units
            left[line.item_id] = left.get(line.item_id, 0) - units
    return Sharing(given, queue)


def queued(
    wanting: Sequence[Line],
    of_order: Mapping[str, Sequence[Line]],
    free: Mapping[str, int],
    *,
    limited: bool,
    priority: AllocationPriority,
) -> list[Line]:
    """The lines in the order of the shop's setting (source: 002, 재고할당); ties go to the older order."""
    by_age = sorted(wanting, key=_age)
    if priority is AllocationPriority.DEADLINE:
        return sorted(by_age, key=lambda line: line.ship_by or FAR)
    if priority is AllocationPriority.DEAREST:
        return sorted(by_age, key=lambda line: -line.total)
    if priority is AllocationPriority.COMPLETE_FIRST and limited:
        whole = _servable_whole(by_age, of_order, dict(free))
        return sorted(by_age, key=lambda line: line.order_id not in whole)
    return by_age


def _servable_whole(by_age: Iterable[Line], of_order: Mapping[str, Sequence[Line]], left: dict[str, int]) -> set[str]:
    """The orders that can have all they lack, the older first; what they take is gone for the next."""
    whole: set[str] = set()
    for order_id in dict.fromkeys(line.order_id for line in by_age):
        open_lines = [line for line in of_order[order_id] if line.fulfilment in WAITING and line.gift_rule_id is None]
        if any(line.missing > 0 and not may_have_more(line) for line in open_lines):
            continue
        need: dict[str, int] = defaultdict(int)
        for line in open_lines:
            if line.missing > 0 and line.item_id is not None:
                need[line.item_id] += line.missing
        if all(left.get(item, 0) >= units for item, units in need.items()):
            whole.add(order_id)
            for item, units in need.items():
                left[item] -= units
    return whole


def _age(line: Line) -> tuple[Any, ...]:
    return line.paid_at or line.ordered_at, line.ordered_at, line.order_no, line.id
