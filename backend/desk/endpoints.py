"""The desk of our own people: /desk."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from backend.access.dependencies import STAFF_COOKIE, CurrentStaff
from backend.access.tokens import SESSION_FOR
from backend.conversations import messages, takeover
from backend.conversations.events import EventStream, conversation_events, resume_from, stream
from backend.conversations.models import Conversation, ConversationState
from backend.conversations.schemas import SEQ_MAX, MessageOut, message_out
from backend.db.dependencies import ReadSession, WriteSession
from backend.db.engine import unit_of_work
from backend.desk import inbox, shops
from backend.desk.events import queue_events
from backend.desk.models import Staff
from backend.desk.schemas import (
    ClaimRequest,
    DeskConversationOut,
    DeskItemOut,
    DeskThreadOut,
    LoginOut,
    LoginRequest,
    ReplyRequest,
    ShopOut,
    ShopOverviewOut,
    SnoozeRequest,
    StaffOut,
)
from backend.desk.sign_in import sign_in
from backend.errors import NotFound
from backend.openapi import problems
from backend.settings import get_settings

router = APIRouter(prefix="/desk", tags=["desk"])
Seq = Annotated[int | None, Query(ge=0, le=SEQ_MAX)]
Limit = Annotated[int, Query(ge=1, le=100)]


def _known(conversation_id: str) -> str:
    with unit_of_work(write=False) as session:
        if session.get(Conversation, conversation_id) is None:
            raise NotFound("no such conversation", code="conversation_not_found")
    return conversation_id


@router.post("/login", response_model=LoginOut, responses=problems(401, 429))
def log_in(body: LoginRequest, session: ReadSession, response: Response) -> LoginOut:
    """The token is also set as a cookie that scripts cannot read and other sites cannot send."""
    staff, token = sign_in(session, body.login, body.password)
    response.set_cookie(
        STAFF_COOKIE, token, max_age=int(SESSION_FOR.total_seconds()), httponly=True, samesite="strict",
        secure=get_settings().base_url.startswith("https://"),
    )  # fmt: skip
    return LoginOut(token=token, staff=StaffOut.model_validate(staff))


@router.post("/logout", status_code=204)
def log_out(response: Response) -> None:
    response.delete_cookie(STAFF_COOKIE, httponly=True, samesite="strict")


@router.get("/me", response_model=StaffOut)
def who_am_i(staff: CurrentStaff) -> Staff:
    return staff


@router.get("/conversations", response_model=list[DeskItemOut])
def list_conversations(
    staff: CurrentStaff, session: ReadSession, state: ConversationState | None = None, limit: Limit = 100
) -> list[DeskItemOut]:
    """Without `state`: everything that is with our people (open and snoozed)."""
    return inbox.items(session, [state] if state else inbox.WITH_US, limit)


@router.get("/conversations/{conversation_id}", response_model=DeskThreadOut)
def read_conversation(
    conversation_id: str,
    staff: CurrentStaff,
    session: ReadSession,
    after: Seq = None,
    before: Seq = None,
    limit: Limit = 50,
) -> DeskThreadOut:
    conversation = inbox.whole(session, conversation_id)
    found, has_more = messages.page(session, conversation_id, after, before, limit)
    return DeskThreadOut(conversation=conversation, messages=[message_out(m) for m in found], has_more=has_more)


@router.post("/conversations/{conversation_id}/claim", response_model=DeskConversationOut)
def claim(
    conversation_id: str, staff: CurrentStaff, session: WriteSession, body: ClaimRequest | None = None
) -> DeskConversationOut:
    takeover.claim(session, staff, conversation_id, body.take_from if body else None)
    return inbox.whole(session, conversation_id)


@router.post("/conversations/{conversation_id}/reply", response_model=MessageOut)
def reply(conversation_id: str, body: ReplyRequest, staff: CurrentStaff, session: WriteSession) -> MessageOut:
    return message_out(takeover.reply(session, staff, conversation_id, body.text, body.client_id))


@router.post("/conversations/{conversation_id}/typing", status_code=204)
def typing(conversation_id: str, staff: CurrentStaff, session: WriteSession) -> None:
    takeover.show_typing(session, staff, conversation_id)


@router.post("/conversations/{conversation_id}/give-back", response_model=DeskConversationOut)
def give_back(conversation_id: str, staff: CurrentStaff, session: WriteSession) -> DeskConversationOut:
    takeover.give_back(session, staff, conversation_id)
    return inbox.whole(session, conversation_id)


@router.post("/conversations/{conversation_id}/resolve", response_model=DeskConversationOut)
def resolve(conversation_id: str, staff: CurrentStaff, session: WriteSession) -> DeskConversationOut:
    takeover.resolve(session, staff, conversation_id)
    return inbox.whole(session, conversation_id)


@router.post("/conversations/{conversation_id}/snooze", response_model=DeskConversationOut)
def snooze(
    conversation_id: str, staff: CurrentStaff, session: WriteSession, body: SnoozeRequest | None = None
) -> DeskConversationOut:
    takeover.snooze(session, staff, conversation_id, body.until if body else None)
    return inbox.whole(session, conversation_id)


@router.get("/events", response_class=EventStream)
async def listen_to_queue(staff: CurrentStaff) -> EventStream:
    return stream(queue_events())


@router.get("/conversations/{conversation_id}/events", response_class=EventStream)
async def listen_to_conversation(
    staff: CurrentStaff, conversation_id: Annotated[str, Depends(_known)], after: Seq = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:  # fmt: skip
    return stream(conversation_events(conversation_id, resume_from(last_event_id, after)))


@router.get("/shops", response_model=list[ShopOut])
def list_shops(staff: CurrentStaff, session: ReadSession) -> list[ShopOut]:
    return shops.all_shops(session)


@router.get("/shops/{shop_id}", response_model=ShopOverviewOut)
def read_shop(shop_id: str, staff: CurrentStaff, session: ReadSession) -> ShopOverviewOut:
    return shops.overview(session, shop_id)
