"""The short way of a message: nothing waits before it and the bot answers it, which is nearly always so.

Two transactions a turn, of a few statements each: `receive` stores the message and takes the lease; `answer` writes the
replies, settles the message and gives the lease up. Whatever is out of the ordinary goes the long way of `turns`. Rows are
read and written as rows here: as objects of the session they cost several times as much, and this is every turn's price.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor, ActorKind
from backend.access.permissions import ROLE_PERMISSIONS, Permission
from backend.conversations import turns
from backend.conversations.blocks import blocks_of, plain_text
from backend.conversations.feed import wake_after_commit
from backend.conversations.messages import RATE_LIMIT, RATE_WINDOW, reopen_for, too_many
from backend.conversations.models import Author, Conversation, ConversationState, Message, MessageState
from backend.conversations.payloads import RETRY, as_typed, read_payload
from backend.conversations.rasa_client import RasaAnswer
from backend.conversations.schemas import ConversationOut, MessageOut, MessageRequest, PostedOut
from backend.conversations.states import BOT_IS_SILENT
from backend.conversations.turns import Turn
from backend.conversations.wording import say
from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.desk.models import Staff
from backend.errors import NotFound, Unauthenticated
from backend.kit import clock
from backend.kit.ids import new_id
from backend.shops.models import Member, Shop

_conversations, _messages = cast(Table, Conversation.__table__), cast(Table, Message.__table__)
_members, _shops = cast(Table, Member.__table__), cast(Table, Shop.__table__)
_of_it = _messages.c.conversation_id == bindparam("conversation_id")
_waiting = exists().where(_of_it, _messages.c.state == MessageState.RECEIVED)
_by_client_id = select(_messages.c.id).where(_of_it, _messages.c.client_id == bindparam("client_id")).scalar_subquery()
# the one that is too many when it is young: a look at some dozens of rows, however long the thread is
_nth_before = (
    select(_messages.c.created_at)
    .where(_of_it, _messages.c.author == Author.MEMBER)
    .order_by(_messages.c.seq.desc())
    .offset(RATE_LIMIT - 1)
    .limit(1)
    .scalar_subquery()
)
_free = or_(_conversations.c.turn_token.is_(None), _conversations.c.turn_until < bindparam("now"))
_here = _conversations.c.id == bindparam("conversation_id")
_next_number = {"last_seq": _conversations.c.last_seq + 1, "updated_at": bindparam("now")}

# who writes to which conversation; the row stays locked, so that what is read next cannot move
_OPEN = (
    select(
        _conversations.c.shop_id, _conversations.c.state, _members.c.name.label("member_name"), _members.c.role,
        _shops.c.name.label("shop_name"),
    )
    .select_from(_conversations.join(_members, _conversations.c.member_id == _members.c.id).join(_shops, _members.c.shop_id == _shops.c.id))
    .where(_here, _members.c.id == bindparam("member_id"))
    .with_for_update(of=_conversations, key_share=True)
)  # fmt: skip
_LOOK = select(_by_client_id.label("known"), _nth_before.label("nth_before"), _waiting.label("waiting"))
_TAKE_LEASE_AND_NUMBER = (
    update(_conversations)
    .where(_here, _free)
    .values(turn_token=bindparam("lease"), turn_until=bindparam("until"), **_next_number)
    .returning(_conversations.c.last_seq)
)
_TAKE_NUMBER = update(_conversations).where(_here).values(**_next_number).returning(_conversations.c.last_seq)
_STORE = insert(_messages)

_held = _conversations.c.turn_token == bindparam("lease")
_NUMBER_REPLIES = (
    update(_conversations)
    .where(_here, _held)
    .values(last_seq=_conversations.c.last_seq + bindparam("count"), updated_at=bindparam("now"))
    .returning(
        *(
            _conversations.c[name]
            for name in ("state", "priority", "assignee_id", "last_seq", "read_seq", "rating", "shop_id")
        )
    )
)
_SETTLE = (
    update(_messages)
    .where(_messages.c.id == bindparam("message_id"))
    .values(state=MessageState.ANSWERED, intent=bindparam("understood"), confidence=bindparam("certainty"))
)
_unread = (
    select(func.count())
    .where(_of_it, _messages.c.seq > bindparam("read_seq"), _messages.c.author != Author.MEMBER)
    .scalar_subquery()
)
_LOOK_AGAIN = select(_waiting.label("waiting"), _unread.label("unread"))
_GIVE_UP_LEASE = update(_conversations).where(_here).values(turn_token=None, turn_until=None)


@dataclass(frozen=True)
class Caller:
    """Whom a session token names; that they are there still is seen when their message is stored."""

    member_id: str
    conversation_id: str


@dataclass(frozen=True)
class Received:
    """`turn` is there when the lease was taken for this very message; `waits`: somebody has to answer it."""

    message_id: str
    waits: bool
    turn: Turn | None = None


@dataclass(frozen=True)
class Answered:
    """`more`: another message waits, and the lease is kept for it."""

    posted: PostedOut
    more: bool


@again_if_lost
def receive(caller: Caller, body: MessageRequest, lease: str, lease_for: timedelta, turn_for: timedelta) -> Received:
    """Store what the person sent, once for a client id, and begin its turn when nothing is before it.

    Raises Unauthenticated, NotFound, Forbidden, and TooMany above 30 messages in 10 seconds. Writing to a resolved
    conversation gives it back to the bot, writing to a snoozed one to the desk.
    """
    with unit_of_work() as session:
        rows, now = session.connection(), clock.now()
        here = {"conversation_id": caller.conversation_id}
        opened = rows.execute(_OPEN, {**here, "member_id": caller.member_id}).one_or_none()
        if opened is None:
            raise _refused(session, caller)
        _actor(caller, opened).require(Permission.CHAT_WRITE)
        found = rows.execute(_LOOK, {**here, "client_id": body.client_id}).one()
        if found.known is not None:
            return Received(found.known, _is_waiting(session, found.known))
        if found.nth_before is not None and found.nth_before > now - RATE_WINDOW:
            raise too_many()
        state = (
            opened.state if opened.state is ConversationState.PENDING else reopen_for(session, caller.conversation_id)
        )
        waits = state not in BOT_IS_SILENT
        at_once = waits and not found.waiting and not _is_retry(body.payload)
        moment = {**here, "now": now}
        lease_and_now = {**moment, "lease": lease, "until": now + lease_for}
        taken = rows.scalar(_TAKE_LEASE_AND_NUMBER, lease_and_now) if at_once else None
        seq = taken or rows.scalar(_TAKE_NUMBER, moment)
        message = MessageOut(
            id=new_id("msg"), seq=seq, client_id=body.client_id, author=Author.MEMBER, author_name=opened.member_name,
            text=body.text, payload=body.payload, blocks=[], created_at=now, reply_to=None,
            state=MessageState.RECEIVED if waits else MessageState.ANSWERED,
        )  # fmt: skip
        rows.execute(_STORE, _as_row(message, opened.shop_id, caller.conversation_id))
        wake_after_commit(session, caller.conversation_id)
        turn = _turn(caller, opened, state, message, turn_for) if taken else None
        return Received(message.id, waits, turn)


@again_if_lost
def answer(turn: Turn, lease: str, outcome: RasaAnswer) -> Answered | None:
    """Write the replies and settle the message, all or nothing; None where that is not plain, and nothing was written."""
    said = [blocks for blocks in map(blocks_of, outcome.messages) if blocks]
    if turn.message is None or not said:
        return None
    with unit_of_work() as session:
        rows, now = session.connection(), clock.now()
        here = {"conversation_id": turn.conversation_id}
        held = rows.execute(_NUMBER_REPLIES, {**here, "lease": lease, "count": len(said), "now": now}).one_or_none()
        if held is None:
            return None
        first = held.last_seq - len(said) + 1
        replies = [_reply(turn, seq, blocks, now) for seq, blocks in enumerate(said, first)]
        rows.execute(_STORE, [_as_row(reply, held.shop_id, turn.conversation_id) for reply in replies])
        understood = {"understood": outcome.intent, "certainty": outcome.confidence}
        rows.execute(_SETTLE, {"message_id": turn.message_id, **understood})
        # a look of its own, after the row is locked: a message that was stored meanwhile is seen, and not left lying
        found = rows.execute(_LOOK_AGAIN, {**here, "read_seq": held.read_seq}).one()
        if not found.waiting:
            rows.execute(_GIVE_UP_LEASE, here)
        wake_after_commit(session, turn.conversation_id)
        message = turn.message.model_copy(update={"state": MessageState.ANSWERED})
        conversation = _conversation_out(session, turn.conversation_id, held, found.unread)
        return Answered(PostedOut(message=message, replies=replies, conversation=conversation), found.waiting)


def _refused(session: Session, caller: Caller) -> Exception:
    if session.get(Member, caller.member_id) is None:
        return Unauthenticated("this person is gone")
    return NotFound("no such conversation")


def _actor(caller: Caller, opened: Any) -> Actor:
    return Actor(
        ActorKind.MEMBER, caller.member_id, opened.member_name, opened.shop_id, ROLE_PERMISSIONS[opened.role],
        caller.conversation_id,
    )  # fmt: skip


def _is_waiting(session: Session, message_id: str) -> bool:
    return session.get_one(Message, message_id).state is MessageState.RECEIVED


def _is_retry(payload: str | None) -> bool:
    return payload is not None and read_payload(payload).intent == RETRY


def _turn(caller: Caller, opened: Any, state: ConversationState, message: MessageOut, turn_for: timedelta) -> Turn:
    metadata = turns.told(
        caller.member_id, opened.member_name, opened.role, opened.shop_id, opened.shop_name, caller.conversation_id, state,
        turn_for,
    )  # fmt: skip
    intent = read_payload(message.payload).intent if message.payload else None
    return Turn(
        caller.conversation_id,
        message.id,
        message.id,
        message.payload or as_typed(message.text),
        intent,
        metadata,
        message,
    )


def _reply(turn: Turn, seq: int, blocks: list[dict[str, Any]], now: datetime) -> MessageOut:
    return MessageOut(
        id=new_id("msg"), seq=seq, client_id=None, author=Author.BOT, author_name=say("names.bot"), text=plain_text(blocks),
        payload=None, blocks=blocks, state=MessageState.ANSWERED, created_at=now, reply_to=turn.message_id,
    )  # fmt: skip


def _as_row(message: MessageOut, shop_id: str, conversation_id: str) -> dict[str, Any]:
    return {**dict(message), "shop_id": shop_id, "conversation_id": conversation_id}


def _conversation_out(session: Session, conversation_id: str, row: Any, unread: int) -> ConversationOut:
    agent = session.get(Staff, row.assignee_id) if row.assignee_id else None
    return ConversationOut(
        id=conversation_id, state=row.state, priority=row.priority, agent=agent.name if agent else None, unread=unread,
        last_seq=row.last_seq, read_seq=row.read_seq, rating=row.rating,
    )  # fmt: skip
