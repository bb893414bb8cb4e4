"""The plan kinds `order.cancel` and `order.return`: the merchant calls an order, a line or some pieces of it back."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change
from backend.claims.cancelling import Carried, cancel, drop_gift, effects_of, give_back, parcels_after
from backend.claims.claimed_line import UNSENT, ClaimedLine, claimable, line_of, lines_of, pieces, undecided
from backend.claims.models import Claim
from backend.claims.words import tell_claim
from backend.errors import Conflict, NotFound
from backend.orders.models import Order
from backend.orders.states import ClaimKind, Fulfilment
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan

Text = Annotated[str | None, Field(max_length=200)]
Id = Annotated[str | None, Field(max_length=60)]
Pieces = Annotated[int | None, Field(ge=1, le=100_000)]


class CancelParams(BaseModel):
    """A whole order, or one line of it; `quantity` goes with a line."""

    order_id: Id = None
    line_id: Id = None
    quantity: Pieces = None
    reason: Text = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "CancelParams":
        if (self.order_id is None) == (self.line_id is None):
            raise ValueError("either an order or a line")
        if self.quantity is not None and self.line_id is None:
            raise ValueError("a quantity is of a line")
        return self


class ReturnParams(BaseModel):
    line_id: Annotated[str, Field(max_length=60)]
    quantity: Pieces = None
    reason: Text = None


def propose_cancel(session: Session, actor: Actor, params: CancelParams) -> Proposal:
    """What has left is asked back instead (a return). A buyer's own request that waits is accepted by it.

    Raises NotFound `order_not_found`, `line_not_found`, Conflict `line_cancelled`, `line_confirmed`,
    `line_claimed_whole`, `claim_waits` (another claim of the line must be answered first), InvalidInput `claim_quantity`.
    """
    actor.require(Permission.ORDERS_CLAIM)
    if params.line_id:
        chosen = [line_of(session, actor.shop_id, params.line_id)]
        whole = _is_last(session, chosen[0], params.quantity)
    else:
        chosen, whole = _of_order(session, actor.shop_id, params.order_id or ""), True
    done = Carried()
    for at in chosen:
        _call_back(session, done, at, params)
    if whole:
        for gift in _gifts(session, actor.shop_id, chosen[0].order.id):
            drop_gift(done, gift)
    kind = ClaimKind.CANCEL if done.lines else ClaimKind.RETURN
    parcels_after(session, done, chosen[0], kind, after_shipping=not done.lines)
    order = chosen[0].order
    return Proposal(done.changes, effects_of(done, order.order_no, _market(order)))


def propose_return(session: Session, actor: Actor, params: ReturnParams) -> Proposal:
    """Raises like a cancellation, and Conflict `line_not_sent` for what never left."""
    actor.require(Permission.ORDERS_CLAIM)
    at = line_of(session, actor.shop_id, params.line_id)
    waiting = undecided(session, at.line)
    quantity = pieces(session, at, params.quantity, without=waiting)
    if not at.is_sent:
        raise Conflict("cancel it instead", code="line_not_sent", order_no=at.order.order_no, item=at.name)
    refuse_waiting(session, at, ClaimKind.RETURN)
    if waiting is not None and params.quantity not in (None, waiting.quantity):
        raise waits(at, waiting)
    done = Carried()
    give_back(session, done, at, waiting.quantity if waiting else quantity, params.reason, waiting)
    parcels_after(session, done, at, ClaimKind.RETURN, after_shipping=True)
    return Proposal(done.changes, effects_of(done, at.order.order_no, _market(at.order)))


def _call_back(session: Session, done: Carried, at: ClaimedLine, params: CancelParams) -> None:
    wanted = ClaimKind.CANCEL if at.line.fulfilment in UNSENT else ClaimKind.RETURN
    waiting = undecided(session, at.line)
    quantity = pieces(session, at, params.quantity, without=waiting)
    refuse_waiting(session, at, ClaimKind.CANCEL, wanted)
    if waiting is not None and waiting.quantity != quantity:
        raise waits(at, waiting)
    act = cancel if wanted is ClaimKind.CANCEL else give_back
    act(session, done, at, quantity, waiting.reason if waiting else params.reason, waiting)


def refuse_waiting(session: Session, at: ClaimedLine, *fitting: ClaimKind) -> None:
    waiting = undecided(session, at.line)
    if waiting is not None and waiting.kind not in fitting:
        raise waits(at, waiting)


def waits(at: ClaimedLine, claim: Claim) -> Conflict:
    return Conflict(
        "another claim of it must be answered first", code="claim_waits", claim_id=claim.id, kind=claim.kind.value,
        state=claim.state.value, quantity=claim.quantity, order_no=at.order.order_no, item=at.name,
    )  # fmt: skip


def _of_order(session: Session, shop_id: str, order_id: str) -> list[ClaimedLine]:
    """What can still be called back: a line that is cancelled or claimed already is left as it is, unless all are."""
    order = session.get(Order, order_id)
    if order is None or order.shop_id != shop_id:
        raise NotFound("no such order in this shop", code="order_not_found")
    lines = [at for at in lines_of(session, shop_id, order_id=order_id) if not at.line.gift_rule_id]
    if not lines:
        raise NotFound("the order has no lines", code="line_not_found")
    over = (Fulfilment.CANCELLED, Fulfilment.CONFIRMED)
    able = [at for at in lines if at.line.fulfilment not in over and _left(session, at)]
    return able or lines[:1]


def _left(session: Session, at: ClaimedLine) -> bool:
    waiting = undecided(session, at.line)
    return claimable(session, at, without=waiting) > 0


def _gifts(session: Session, shop_id: str, order_id: str) -> list[ClaimedLine]:
    lines = lines_of(session, shop_id, order_id=order_id)
    return [at for at in lines if at.line.gift_rule_id and at.line.fulfilment in UNSENT and at.line.open_quantity > 0]


def _is_last(session: Session, at: ClaimedLine, quantity: int | None) -> bool:
    """Whether nothing of the order is left to be sent once this line's pieces are called back."""
    others = [
        other
        for other in lines_of(session, at.line.shop_id, order_id=at.order.id)
        if other.line.id != at.line.id
        and not other.line.gift_rule_id
        and other.line.fulfilment is not Fulfilment.CANCELLED
    ]
    return not others and quantity in (None, at.line.open_quantity) and at.line.fulfilment in UNSENT


def _market(order: Order) -> str | None:
    return order.market.value if order.market_order_no else None


def tell_filed(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    """A claim of ours is begun at the market, a buyer's is approved there."""
    filed = [c for c in written if c.target_type == "claim"]
    ids = list(dict.fromkeys(c.target_id for c in filed))
    told = 0
    for claim_id in ids:
        claim = session.get_one(Claim, claim_id)
        new = any(c.op == "create" and c.target_id == claim_id for c in filed)
        action = ("cancel" if claim.kind is ClaimKind.CANCEL else "request") if new else "approve"
        told += tell_claim(session, plan, claim, action)
    return {"claims": ids, "told": told}


register(PlanKind("order.cancel", CancelParams, propose_cancel, tell_filed))
register(PlanKind("order.return", ReturnParams, propose_return, tell_filed))
