"""GET the messages PRO queued and sent, and the sending credit they use."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.customers.schemas import AddonCreditOut, MessagePage, MessageSummary
from backend.customers.service import addon_credit_of, messages_of
from backend.customers.states import MessageState
from backend.customers.summary import summary_of
from backend.db.dependencies import ReadSession

router = APIRouter(tags=["customers"], route_class=InOneStep)


@router.get("/customer-messages")
def read_messages(
    actor: MemberActor, session: ReadSession, state: MessageState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> MessagePage:  # fmt: skip
    actor.require(Permission.SHOP_READ)
    return messages_of(session, actor.shop_id, state, limit, offset)


@router.get("/customer-messages/summary")
def read_summary(
    actor: MemberActor, session: ReadSession,
    first: Annotated[date | None, Query(alias="from")] = None, last: Annotated[date | None, Query(alias="to")] = None,
) -> MessageSummary:  # fmt: skip
    actor.require(Permission.SHOP_READ)
    return summary_of(session, actor.shop_id, first, last)


@router.get("/addon-credit")
def read_addon_credit(actor: MemberActor, session: ReadSession) -> AddonCreditOut:
    actor.require(Permission.SHOP_READ)
    return addon_credit_of(session, actor.shop_id)
