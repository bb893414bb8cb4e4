"""An order line as a claim looks at it, with its order, parcel and article."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.claims.amounts import claimed
from backend.claims.models import Claim
from backend.claims.steps import UNDECIDED
from backend.errors import Conflict, InvalidInput, NotFound
from backend.inventory.models import StockItem
from backend.orders.models import Order, OrderLine, Shipment
from backend.orders.states import WAITING, ClaimKind, Fulfilment

UNSENT = frozenset({*WAITING, Fulfilment.AWAITING_PAYMENT})
SENT = frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED})


@dataclass
class ClaimedLine:
    line: OrderLine
    order: Order
    shipment: Shipment | None
    item: StockItem | None

    @property
    def name(self) -> str:
        return self.item.name if self.item else self.line.market_name or self.line.id

    @property
    def is_sent(self) -> bool:
        return self.line.fulfilment in SENT

    @property
    def label(self) -> str:
        return f"{self.order.order_no} · {self.name}"


def lines_of(
    session: Session, shop_id: str, *, order_id: str | None = None, line_id: str | None = None
) -> list[ClaimedLine]:
    query = (
        select(OrderLine, Order, Shipment, StockItem)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(Shipment, Shipment.id == OrderLine.shipment_id)
        .outerjoin(StockItem, StockItem.id == OrderLine.item_id)
        .where(OrderLine.shop_id == shop_id)
        .order_by(OrderLine.id)
    )
    query = query.where(OrderLine.id == line_id) if line_id else query.where(OrderLine.order_id == order_id)
    return [ClaimedLine(*row) for row in session.execute(query).tuples()]


def line_of(session: Session, shop_id: str, line_id: str) -> ClaimedLine:
    found = lines_of(session, shop_id, line_id=line_id)
    if not found:
        raise NotFound("no such line in this shop", code="line_not_found")
    return found[0]


def claim_of(session: Session, shop_id: str, claim_id: str) -> tuple[Claim, ClaimedLine]:
    claim = session.get(Claim, claim_id)
    if claim is None or claim.shop_id != shop_id:
        raise NotFound("no such claim in this shop", code="claim_not_found")
    return claim, line_of(session, shop_id, claim.line_id)


def undecided(session: Session, line: OrderLine) -> Claim | None:
    """The claim of this line that somebody still has to answer."""
    query = select(Claim).where(Claim.shop_id == line.shop_id, Claim.line_id == line.id, Claim.state.in_(UNDECIDED))
    return session.scalars(query.order_by(Claim.requested_at.desc(), Claim.id.desc())).first()


def claimable(session: Session, at: ClaimedLine, *, without: Claim | None = None) -> int:
    """How many pieces a new claim may be about: what is still to be sent, or what was sent and is not claimed back yet."""
    if at.line.fulfilment in UNSENT:
        return at.line.open_quantity
    if at.is_sent:
        back = claimed(session, at.line, ClaimKind.RETURN, ClaimKind.EXCHANGE, without=without)
        kept = at.line.open_quantity - back - _cancelled_late(session, at.line, without)
        return max(0, kept)
    return 0


def _cancelled_late(session: Session, line: OrderLine, without: Claim | None) -> int:
    """Cancellations that a market told after the parcel had left: goods that come back like a return's."""
    late = [
        claim.quantity
        for claim in session.scalars(select(Claim).where(Claim.line_id == line.id, Claim.kind == ClaimKind.CANCEL))
        if claim.after_shipping and claim is not without and claim.state.value not in ("rejected", "withdrawn")
    ]
    return sum(late)


def pieces(session: Session, at: ClaimedLine, asked: int | None, *, without: Claim | None = None) -> int:
    """The asked quantity, or all there is; raises Conflict `line_cancelled`, `line_confirmed`, `line_claimed_whole`,
    InvalidInput `claim_quantity`."""
    line = at.line
    if line.fulfilment is Fulfilment.CANCELLED:
        raise Conflict("it is cancelled", code="line_cancelled", order_no=at.order.order_no, item=at.name)
    if line.fulfilment is Fulfilment.CONFIRMED:
        raise Conflict("the purchase is final", code="line_confirmed", order_no=at.order.order_no, item=at.name)
    most = claimable(session, at, without=without)
    if most <= 0:
        raise Conflict("all of it is claimed", code="line_claimed_whole", order_no=at.order.order_no, item=at.name)
    quantity = most if asked is None else asked
    if not 1 <= quantity <= most:
        raise InvalidInput(
            "more than there is", code="claim_quantity", asked=quantity, most=most, item=at.name, order_no=at.order.order_no,
            fields=[{"field": "quantity", "message": f"1..{most}"}],
        )  # fmt: skip
    return quantity
