"""The chat of the widget: /chat."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.access.dependencies import session_token
from backend.access.route import PersonFirst
from backend.conversations import messages
from backend.conversations.events import EventStream, conversation_events, resume_from, stream
from backend.conversations.handoff import own_conversation, request_handoff
from backend.conversations.hub import hub_of
from backend.conversations.models import Conversation, MessageState
from backend.conversations.posting import Caller
from backend.conversations.queue import Waiting
from backend.conversations.schemas import (
    SEQ_MAX,
    ConversationOut,
    HandoffRequest,
    MessageRequest,
    MessagesOut,
    PersonOut,
    PostedOut,
    ReadRequest,
    SessionOut,
    SessionRequest,
    ShopNameOut,
    WaitingOut,
    message_out,
)
from backend.conversations.sessions import open_session
from backend.db.dependencies import ReadSession, WriteSession
from backend.db.engine import unit_of_work
from backend.errors import NotFound, Unauthenticated
from backend.openapi import problems
from backend.shops.models import Member

router = APIRouter(prefix="/chat", tags=["chat"], route_class=PersonFirst)
Seq = Annotated[int | None, Query(ge=0, le=SEQ_MAX)]


def _person(token: Annotated[str, Depends(session_token)]) -> Actor:
    """Whose session it is; read in a unit of work of its own, for a turn or a stream must not keep one open."""
    claims = tokens.read("session", token)
    with unit_of_work(write=False) as session:
        member = session.get(Member, claims["sub"])
        if member is None:
            raise Unauthenticated("this person is gone")
        conversation = session.get(Conversation, claims.get("conversation") or "")
        if conversation is None or conversation.member_id != member.id:
            raise NotFound("no such conversation")
        return member_actor(member, conversation.id)


async def _caller(token: Annotated[str, Depends(session_token)]) -> Caller:
    """Whom the token names: who they are is read where their message is stored."""
    claims = tokens.read("session", token)
    return Caller(claims["sub"], str(claims.get("conversation") or ""))


Person = Annotated[Actor, Depends(_person)]


@router.post("/sessions", response_model=SessionOut, responses=problems(401))
def open_chat(body: SessionRequest, session: WriteSession) -> SessionOut:
    """The mall's signed identity for a session token bound to the person's conversation."""
    opened = open_session(session, body.identity)
    return SessionOut(
        token=opened.token, conversation=ConversationOut.of(session, opened.conversation),
        member=PersonOut.model_validate(opened.member), shop=ShopNameOut.model_validate(opened.shop),
    )  # fmt: skip


@router.post("/messages", response_model=PostedOut, responses={**problems(429), 202: {"model": PostedOut}})
async def post_message(body: MessageRequest, caller: Annotated[Caller, Depends(_caller)], request: Request) -> Response:
    """Answers with the message and its replies; 202 when they are still to come (they arrive as events)."""
    posted = await hub_of(request.app).post(caller, body)
    status = 202 if posted.message.state is MessageState.RECEIVED else 200
    return Response(posted.model_dump_json(), status_code=status, media_type="application/json")


@router.get("/messages", response_model=MessagesOut)
def list_messages(
    actor: Person, session: ReadSession, after: Seq = None, before: Seq = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> MessagesOut:  # fmt: skip
    """The newest messages, those before a number, or those after one; always oldest first."""
    conversation = own_conversation(session, actor)
    found, has_more = messages.page(session, conversation.id, after, before, limit)
    return MessagesOut(
        messages=[message_out(m) for m in found],
        has_more=has_more,
        conversation=ConversationOut.of(session, conversation),
    )


@router.get("/events", response_class=EventStream)
async def listen(
    actor: Person, after: Seq = None, last_event_id: Annotated[str | None, Header()] = None
) -> EventStream:
    return stream(conversation_events(str(actor.conversation_id), resume_from(last_event_id, after)))


@router.post("/read", response_model=ConversationOut)
def read(body: ReadRequest, actor: Person, session: WriteSession) -> ConversationOut:
    conversation = own_conversation(session, actor)
    messages.mark_read(session, conversation, body.seq)
    return ConversationOut.of(session, conversation)


@router.post("/handoff", response_model=WaitingOut)
def ask_for_a_person(body: HandoffRequest, actor: Person, session: WriteSession) -> Waiting:
    """상담원 연결 without the bot, so that it works while the bot does not."""
    return request_handoff(session, actor, body.reason, body.summary)
