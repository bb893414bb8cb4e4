"""The plan kind `inquiry.send_draft`: the merchant sends PRO's draft, or words of their own, as the answer."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.changes.sentinels import ACTOR_NAME, NOW
from backend.errors import InvalidInput, NotFound, NothingToChange
from backend.inquiries.models import Inquiry
from backend.inquiries.spoken import as_said
from backend.inquiries.states import InquiryState
from backend.markets.feed_models import CommandKind
from backend.markets.gateway.registry import has_gateway
from backend.plans import market_words
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.products.models import Product

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class SendParams(BaseModel):
    """`text` replaces the draft; None sends the draft as it is. `reported`: the text is what the merchant told to be
    said ("내일 나간다"), and the buyer reads it as a polite sentence."""

    inquiry_id: str
    text: Words | None = None
    reported: bool = False


def propose(session: Session, actor: Actor, params: SendParams) -> Proposal:
    """Raises NotFound `inquiry_not_found`, NothingToChange `inquiry_answered`, InvalidInput `inquiry_has_no_draft`.

    It cannot be undone: the buyer reads an answer the moment it is sent.
    """
    actor.require(Permission.INQUIRIES_ANSWER)
    inquiry = session.get(Inquiry, params.inquiry_id)
    if inquiry is None or inquiry.shop_id != actor.shop_id:
        raise NotFound("no such inquiry in this shop", code="inquiry_not_found")
    if inquiry.state is InquiryState.ANSWERED:
        at = inquiry.answered_at.isoformat() if inquiry.answered_at else None
        raise NothingToChange(
            "it is answered", code="inquiry_answered", buyer=inquiry.buyer_name, by=inquiry.answered_by, at=at
        )
    answer = (as_said(params.text) if params.reported else params.text) if params.text else inquiry.draft
    if answer is None:
        raise InvalidInput(
            "PRO wrote no draft", code="inquiry_has_no_draft", buyer=inquiry.buyer_name, text=inquiry.text
        )
    product = session.get_one(Product, inquiry.product_id).name if inquiry.product_id else None
    changes = [
        Change("inquiry", inquiry.id, field, before, after, product or inquiry.buyer_name)
        for field, before, after in (
            ("answer", None, answer), ("answered_at", None, NOW), ("answered_by", None, ACTOR_NAME),
            ("state", inquiry.state.value, InquiryState.ANSWERED.value),
        )
    ]  # fmt: skip
    told = {
        "buyer": inquiry.buyer_name, "product": product, "market": inquiry.market.value, "question": inquiry.text,
        "answer": answer, "own_words": answer != inquiry.draft,
    }  # fmt: skip
    return Proposal(changes, [Effect("inquiry_answer", told), Effect("inquiry_answer_final")], undoable=False)


def _tell_market(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    """Where the question came from the market itself, the answer goes there; until it arrives, or is refused and told of."""
    inquiry = session.get_one(Inquiry, plan.params["inquiry_id"])
    if inquiry.market_inquiry_no is None or not has_gateway(inquiry.market):
        return {}
    said = {
        "inquiry_no": inquiry.market_inquiry_no, "text": inquiry.answer, "asked_at": inquiry.asked_at.isoformat(),
    }  # fmt: skip
    market_words.tell(session, plan, inquiry.market, CommandKind.ANSWER, inquiry.id, said)
    return {"market": inquiry.market.value}


register(PlanKind("inquiry.send_draft", SendParams, propose, _tell_market))
