"""GET what buyers asked, with the drafts that wait for the merchant."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.inquiries.find import mentioned_inquiries
from backend.inquiries.schemas import InquiryMentionOut, InquiryOut, InquiryPage
from backend.inquiries.service import inquiries_of, inquiry_of
from backend.inquiries.states import InquiryState
from backend.markets.codes import Market
from backend.openapi import problems

router = APIRouter(prefix="/inquiries", tags=["inquiries"], route_class=InOneStep)


@router.get("")
def read_inquiries(
    actor: MemberActor, session: ReadSession, state: InquiryState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> InquiryPage:  # fmt: skip
    actor.require(Permission.SHOP_READ)
    return inquiries_of(session, actor.shop_id, state, limit, offset)


@router.get("/find")
def find_inquiries(
    actor: MemberActor, session: ReadSession, text: Annotated[str, Query(max_length=2000)], market: Market | None = None
) -> list[InquiryMentionOut]:
    """Those nobody answered yet that a sentence speaks of; all of these when it speaks of none in particular."""
    actor.require(Permission.SHOP_READ)
    return mentioned_inquiries(session, actor.shop_id, text, market)


@router.get("/{inquiry_id}", responses=problems(404))
def read_inquiry(inquiry_id: str, actor: MemberActor, session: ReadSession) -> InquiryOut:
    actor.require(Permission.SHOP_READ)
    return inquiry_of(session, actor.shop_id, inquiry_id)
