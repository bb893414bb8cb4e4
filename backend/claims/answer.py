"""The plan kinds `claim.accept`, `claim.reject` and `claim.withdraw`: what the shop says to a claim."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import NOW
from backend.claims.cancel import Text
from backend.claims.cancelling import Carried, cancel, effects_of, give_back, parcels_after, set_claim
from backend.claims.claimed_line import UNSENT, ClaimedLine, claim_of, pieces
from backend.claims.exchanging import called_off, exchange, other_article
from backend.claims.holds import let_go
from backend.claims.line_changes import marked, put_back
from backend.claims.models import Claim
from backend.claims.steps import UNDECIDED, require
from backend.claims.words import tell_claim
from backend.errors import Conflict, InvalidInput
from backend.inventory.states import MovementReason
from backend.inventory.targets import movement
from backend.orders.states import ClaimKind, ClaimState, RefundState, ShipmentState
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan

Id = Annotated[str, Field(max_length=60)]


class AcceptParams(BaseModel):
    """`item_id` is the other article of an exchange."""

    claim_id: Id
    item_id: Annotated[str | None, Field(max_length=60)] = None


class AnswerParams(BaseModel):
    claim_id: Id
    reason: Text = None


def propose_accept(session: Session, actor: Actor, params: AcceptParams) -> Proposal:
    """A cancellation of what has left meanwhile becomes goods that come back. Raises Conflict `claim_step_refused`,
    InvalidInput `exchange_item_missing`, and what the wish itself would raise."""
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    require(claim, "accept", at.order.order_no)
    quantity = pieces(session, at, claim.quantity, without=claim)
    if claim.kind is ClaimKind.EXCHANGE:
        item_id = params.item_id or claim.exchange_item_id
        if not item_id:
            raise InvalidInput(
                "for which article?", code="exchange_item_missing", order_no=at.order.order_no, item=at.name,
                option=claim.exchange_option, fields=[{"field": "item_id", "message": "missing"}],
            )  # fmt: skip
        item = other_article(session, actor.shop_id, item_id, at)
        changes, effects = exchange(session, at, quantity, item, claim.reason, claim)
        return Proposal(changes + let_go(session, claim, at.label), effects)
    done = Carried()
    if at.line.fulfilment in UNSENT and claim.kind is ClaimKind.CANCEL:
        cancel(session, done, at, quantity, claim.reason, claim)
    elif at.is_sent:
        give_back(session, done, at, quantity, claim.reason, claim)
    else:
        raise Conflict("cancel it instead", code="line_not_sent", order_no=at.order.order_no, item=at.name)
    parcels_after(session, done, at, claim.kind, after_shipping=at.is_sent)
    return Proposal(done.changes, effects_of(done, at.order.order_no, _market(at)))


def propose_reject(session: Session, actor: Actor, params: AnswerParams) -> Proposal:
    """The buyer keeps what was bought; goods that are here go back to the buyer. Raises `claim_step_refused`, `exchange_sent`."""
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    require(claim, "reject", at.order.order_no)
    changes, effects = _ended(session, claim, at, ClaimState.REJECTED, params.reason)
    if claim.restocked and at.item is not None:
        changes.insert(0, movement(at.item, -claim.restocked, MovementReason.CORRECT, line_id=at.line.id))
        changes += set_claim(claim, at.label, restocked=0)
        effects.append(Effect("goods_go_back", {"item": at.name, "quantity": claim.restocked}))
    effects.insert(
        0, Effect("claim_rejected", {"order_no": at.order.order_no, "item": at.name, "kind": claim.kind.value})
    )
    return Proposal(changes, effects)


def propose_withdraw(session: Session, actor: Actor, params: AnswerParams) -> Proposal:
    """The buyer thought better of it: pieces of an accepted cancellation are to be sent after all.

    Raises Conflict `claim_step_refused`, `exchange_sent`, `claim_refunded`, `cancelled_rest_left` (the rest of the parcel
    has left without them: a new order is needed).
    """
    actor.require(Permission.ORDERS_CLAIM)
    claim, at = claim_of(session, actor.shop_id, params.claim_id)
    require(claim, "withdraw", at.order.order_no)
    if claim.refund is RefundState.DONE:
        raise Conflict(
            "the money is back", code="claim_refunded", order_no=at.order.order_no, amount=claim.refund_amount
        )
    changes, effects = _ended(session, claim, at, ClaimState.WITHDRAWN, params.reason)
    # an exchange that the market accepted by itself has taken nothing off yet
    taken = claim.kind is ClaimKind.CANCEL or claim.exchange_line_id is not None
    if taken and claim.state not in UNDECIDED and not claim.after_shipping:
        if at.is_sent or (
            at.shipment is not None and at.shipment.state in (ShipmentState.SHIPPED, ShipmentState.DELIVERED)
        ):
            raise Conflict("the rest has left", code="cancelled_rest_left", order_no=at.order.order_no, item=at.name)
        changes += put_back(at, claim.quantity)
        effects.append(Effect("sent_after_all", {"item": at.name, "quantity": claim.quantity}))
    effects.insert(
        0, Effect("claim_withdrawn", {"order_no": at.order.order_no, "item": at.name, "kind": claim.kind.value})
    )
    return Proposal(changes, effects)


def _ended(
    session: Session, claim: Claim, at: ClaimedLine, state: ClaimState, reason: str | None
) -> tuple[list[Change], list[Effect]]:
    changes = called_off(session, claim, at.label) if claim.kind is ClaimKind.EXCHANGE else []
    values: dict[str, Any] = {"state": state.value, "closed_at": NOW}
    if claim.refund in (RefundState.DUE, RefundState.HELD):
        values["refund"] = RefundState.NONE.value
    if reason:
        values["reason"] = reason
    changes += set_claim(claim, at.label, **values)
    if at.line.claim_kind is claim.kind:
        changes += marked(at, claim.kind, state)
    released = let_go(session, claim, at.order.order_no)
    effects = []
    if released:
        effects.append(Effect("parcels_released_by_claim", {"count": sum(c.field == "held" for c in released)}))
    if _market(at):
        effects.append(Effect("market_told_claim", {"market": at.order.market.value}))
    return changes + released, effects


def _market(at: ClaimedLine) -> str | None:
    return at.order.market.value if at.order.market_order_no else None


def telling(action: str) -> Any:
    """An `after` that tells the market that action of every claim the plan wrote."""

    def tell(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
        ids = list(dict.fromkeys(c.target_id for c in written if c.target_type == "claim"))
        told = sum(tell_claim(session, plan, session.get_one(Claim, claim_id), action) for claim_id in ids)
        return {"claims": ids, "told": told}

    return tell


register(PlanKind("claim.accept", AcceptParams, propose_accept, telling("approve")))
register(PlanKind("claim.reject", AnswerParams, propose_reject, telling("reject")))
register(PlanKind("claim.withdraw", AnswerParams, propose_withdraw, telling("withdraw")))
