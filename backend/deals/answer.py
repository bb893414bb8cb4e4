"""The plan kind `deal.answer`: it records what the merchant decided; applying at Naver stays the merchant's own step."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.deals.models import DealProposal
from backend.deals.service import effective_state, last_day
from backend.deals.states import DealState
from backend.errors import Conflict, NotFound, NothingToChange
from backend.plans.kinds import PlanKind, Proposal, register
from backend.products.models import Product


class AnswerParams(BaseModel):
    proposal_id: str
    accept: bool


def propose(session: Session, actor: Actor, params: AnswerParams) -> Proposal:
    """Raises NotFound `deal_not_found`, NothingToChange `deal_answered` (said already, whichever way; an undo comes
    first), Conflict `deal_expired`."""
    actor.require(Permission.DEALS_ANSWER)
    proposal = session.get(DealProposal, params.proposal_id)
    if proposal is None or proposal.shop_id != actor.shop_id:
        raise NotFound("no such proposal in this shop", code="deal_not_found")
    product = session.get_one(Product, proposal.product_id)
    state = effective_state(proposal)
    if state is DealState.EXPIRED:
        raise Conflict(
            "its time is over", code="deal_expired", product=product.name, until=last_day(proposal).isoformat()
        )
    if state is not DealState.PROPOSED:
        at = proposal.answered_at.isoformat() if proposal.answered_at else None
        raise NothingToChange(
            "it is answered",
            code="deal_answered",
            product=product.name,
            state=state.value,
            by=proposal.answered_by,
            at=at,
        )
    after = DealState.ACCEPTED if params.accept else DealState.DECLINED
    changes = [
        Change("deal_proposal", proposal.id, "state", state.value, after.value, product.name),
        Change("deal_proposal", proposal.id, "answered_at", None, NOW, product.name),
        Change("deal_proposal", proposal.id, "answered_by", None, ACTOR_NAME, product.name),
    ]
    told = {"product": product.name, "figures": proposal.figures}
    if params.accept:
        return Proposal(
            changes, [Effect("deal_accepted", told), Effect("deal_apply_yourself", {"product": product.name})]
        )
    return Proposal(changes, [Effect("deal_declined", told)])


register(PlanKind("deal.answer", AnswerParams, propose))
