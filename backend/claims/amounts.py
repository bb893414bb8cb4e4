"""What a buyer gets back for a part of a line: pieces of the paid amount that add up to it exactly."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.claims.models import Claim
from backend.orders.models import OrderLine
from backend.orders.states import ClaimKind, ClaimState

_LAPSED = (ClaimState.REJECTED, ClaimState.WITHDRAWN)


def claimed(session: Session, line: OrderLine, *kinds: ClaimKind, without: Claim | None = None) -> int:
    """Pieces of the line that standing claims of these kinds are about."""
    query = select(func.coalesce(func.sum(Claim.quantity), 0)).where(
        Claim.line_id == line.id, Claim.shop_id == line.shop_id, Claim.state.not_in(_LAPSED)
    )
    if kinds:
        query = query.where(Claim.kind.in_(kinds))
    if without is not None:
        query = query.where(Claim.id != without.id)
    return int(session.scalar(query) or 0)


def share(session: Session, line: OrderLine, quantity: int, *, without: Claim | None = None) -> int:
    """KRW of `quantity` pieces after the ones given back before; the last piece takes what rounding left.

    The money of an exchanged piece stays with the line that was bought.
    """
    bought = line
    while bought.exchange_of:
        bought = session.get_one(OrderLine, bought.exchange_of)
    paid, pieces = max(0, bought.amount - bought.discount), bought.quantity
    if pieces <= 0:
        return 0
    before = claimed(session, bought, ClaimKind.CANCEL, ClaimKind.RETURN, without=without)
    if bought is not line:
        before += claimed(session, line, ClaimKind.CANCEL, ClaimKind.RETURN, without=without)
    before, upto = min(before, pieces), min(before + quantity, pieces)
    return paid * upto // pieces - paid * before // pieces
