"""What an action does with the conversation of its turn: /api/conversation."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.route import InOneStep
from backend.conversations import handoff, queue, rating
from backend.conversations.hours import support_hours
from backend.conversations.models import Conversation, Priority
from backend.conversations.queue import Waiting
from backend.conversations.schemas import (
    ClosureOut,
    ConversationOut,
    HandoffRequest,
    HoursOut,
    PriorityRequest,
    RatingRequest,
    WaitingOut,
)
from backend.db.dependencies import ReadSession, WriteSession
from backend.kit import clock

router = APIRouter(prefix="/conversation", tags=["conversation"], route_class=InOneStep)


@router.post("/handoff", response_model=WaitingOut)
def hand_off(body: HandoffRequest, actor: MemberActor, session: WriteSession) -> Waiting:
    return handoff.request_handoff(session, actor, body.reason, body.summary)


@router.get("/queue", response_model=WaitingOut)
def read_queue(actor: MemberActor, session: ReadSession) -> Waiting:
    return queue.waiting(session, handoff.own_conversation(session, actor))


@router.post("/rating", response_model=ConversationOut)
def rate(body: RatingRequest, actor: MemberActor, session: WriteSession) -> ConversationOut:
    return ConversationOut.of(session, rating.rate(session, actor, body.rating))


@router.post("/priority", response_model=ConversationOut)
def raise_priority(body: PriorityRequest, actor: MemberActor, session: WriteSession) -> ConversationOut:
    """`high` raises it; `normal` leaves it as it is."""
    conversation: Conversation = handoff.own_conversation(session, actor)
    if body.level is Priority.HIGH:
        conversation = handoff.raise_priority(session, actor)
    return ConversationOut.of(session, conversation)


@router.get("/hours", response_model=HoursOut)
def read_hours(actor: MemberActor) -> HoursOut:
    """When agents answer, public holidays included."""
    now, hours = clock.now(), support_hours()
    open_now, today = hours.is_open(now), clock.seoul(now).date()
    return HoursOut(
        open_now=open_now, opens_at=None if open_now else hours.next_opening(now), closes_at=hours.closing(now),
        text=hours.spoken(now), weekdays=sorted(hours.weekdays), opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}",
        closed_today=hours.closure(today),
        holidays=[ClosureOut(date=day, name=name) for day, name in hours.closures_ahead(today)],
    )  # fmt: skip
