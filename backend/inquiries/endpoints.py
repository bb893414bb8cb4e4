"""GET what buyers asked, with the drafts that wait for the merchant."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.db.dependencies import ReadSession
from backend.inquiries.schemas import InquiryPage
from backend.inquiries.service import inquiries_of
from backend.inquiries.states import InquiryState

router = APIRouter(prefix="/inquiries", tags=["inquiries"])


@router.get("")
def read_inquiries(
    actor: MemberActor, session: ReadSession, state: InquiryState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> InquiryPage:  # fmt: skip
    actor.require(Permission.SHOP_READ)
    return inquiries_of(session, actor.shop_id, state, limit, offset)
