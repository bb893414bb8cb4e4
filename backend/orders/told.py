"""What a market's telling does to a line that we know: only ever forwards, and never over what we did ourselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backend.orders.collected import CollectedLine, CollectedOrder
from backend.orders.states import GONE, OPEN, F, Fulfilment, promised

_STEPS = (F.SHIPPED, F.DELIVERED, F.CONFIRMED)
_PAID = frozenset({F.UNALLOCATED, F.PARTLY_ALLOCATED, F.ALLOCATED})


def step(ours: Fulfilment, said: Fulfilment) -> Fulfilment | None:
    """The fulfilment a line moves to when the market says `said`; None where it stays.

    A market may skip steps (delivered, though it never said shipped). Stock promised is our own matter: "paid" moves
    only what awaited payment. What has left is not cancelled by a status: that comes as a claim.
    """
    if said in _PAID:
        return F.UNALLOCATED if ours is F.AWAITING_PAYMENT else None
    if said is F.CANCELLED:
        return F.CANCELLED if ours in OPEN else None
    if said in _STEPS:
        further = ours in OPEN or (ours in GONE and _STEPS.index(said) > _STEPS.index(ours))
        return said if further else None
    return None


@dataclass
class Known:
    """A line as it stands in the books, and as it shall stand."""

    id: str
    order_id: str
    shipment_id: str | None
    item_id: str | None
    gift_rule_id: str | None
    market_line_no: str | None
    market_key: str
    product_id: str | None
    quantity: int
    cancelled: int
    allocated: int
    fulfilment: Fulfilment
    amount: int
    discount: int
    raw_status: str | None
    raw_claim: str | None
    told_at: datetime | None

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.cancelled


def is_stale(changed_at: datetime | None, told_at: datetime | None) -> bool:
    """An older telling than the one we know; a market that gives no times is believed in the order it speaks."""
    return changed_at is not None and told_at is not None and changed_at < told_at


def take_over(family: Sequence[Known], said: CollectedLine, changed_at: datetime | None) -> None:
    """Bring the line, or the parts it was split into, up to what the market says.

    Where a part has left by our own hand, "shipped" speaks of that part; the others stay.
    """
    if is_stale(changed_at, family[0].told_at):
        return
    some_left = len(family) > 1 and any(part.fulfilment in GONE for part in family)
    for part in family:
        part.raw_status, part.raw_claim = said.raw_status, said.raw_claim
        part.told_at = changed_at or part.told_at
        if said.fulfilment in GONE and some_left and part.fulfilment in OPEN:
            continue
        moved = step(part.fulfilment, said.fulfilment)
        if moved is not None:
            part.fulfilment = moved
            if moved is F.CANCELLED:
                part.cancelled = part.quantity
            if moved is F.CANCELLED or moved in GONE:
                part.allocated = 0
    if len(family) == 1:
        family[0].amount, family[0].discount = said.amount, said.discount
    if said.fulfilment is not F.CANCELLED:
        _fit_quantity(family, said.quantity)


def _fit_quantity(family: Sequence[Known], said: int) -> None:
    """Fewer than are open: the last parts lose pieces. More than ever were: the first open part gets them."""
    waiting = [part for part in family if part.fulfilment in OPEN]
    more = said - sum(part.quantity for part in family)
    if waiting and more > 0:
        waiting[0].quantity += more
        _settle(waiting[0])
        return
    fewer = sum(part.open_quantity for part in family) - said
    for part in reversed(waiting):
        gone = min(max(0, fewer), part.open_quantity)
        if gone:
            part.cancelled += gone
            fewer -= gone
            part.allocated = min(part.allocated, part.open_quantity)
            _settle(part)


def _settle(part: Known) -> None:
    if part.open_quantity == 0:
        part.fulfilment, part.allocated = F.CANCELLED, 0
    elif part.fulfilment is not F.AWAITING_PAYMENT:
        part.fulfilment = promised(part.allocated, part.open_quantity)


def merged(earlier: CollectedOrder, later: CollectedOrder) -> CollectedOrder:
    """Two tellings of one order in one page: the newer one's words, and the lines that only the other knows."""
    if is_stale(later.changed_at, earlier.changed_at):
        earlier, later = later, earlier
    named = {line.market_line_no for line in later.lines}
    return replace(later, lines=(*later.lines, *(line for line in earlier.lines if line.market_line_no not in named)))
