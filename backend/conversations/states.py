"""The one writer of a conversation's state, and of the handoff that a stay with our people is."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.record import Source, record
from backend.changes.change import Change
from backend.conversations.feed import wake_after_commit
from backend.conversations.models import TRANSITIONS, Conversation, ConversationState, Handoff, HandoffOutcome
from backend.errors import Conflict, IllegalMove
from backend.kit import clock
from backend.kit.ids import new_id

S = ConversationState
BOT_IS_SILENT = frozenset({S.OPEN, S.SNOOZED})


def set_state(
    session: Session, conversation: Conversation, to: ConversationState, *, reason: str = "", actor: Actor | None = None
) -> None:
    """Move the conversation; entering `open` from the bot opens a handoff, leaving our people closes it.

    Raises IllegalMove (`conversation_move`) for a step the table lacks, Conflict (`conversation_moved`) when someone
    else moved it first. An actor's move is audited; a message that reopens a conversation has none.
    """
    before = conversation.state
    if to not in TRANSITIONS[before]:
        raise IllegalMove(
            f"a {before} conversation cannot become {to}", code="conversation_move", before=before.value, after=to.value
        )
    now = clock.now()
    values = {"state": to, "updated_at": now, "snoozed_until": None, "agent_typing_until": None}
    if to is S.OPEN:
        values |= {"queued_at": now, "handoff_reason": reason or conversation.handoff_reason}
    if to not in BOT_IS_SILENT:
        values |= {"assignee_id": None, "queued_at": None}
    moved = session.execute(
        update(Conversation).where(Conversation.id == conversation.id, Conversation.state == before).values(**values)
    )
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict("someone else moved this conversation", code="conversation_moved")
    session.refresh(conversation)
    if to in BOT_IS_SILENT and before not in BOT_IS_SILENT:
        _open_handoff(session, conversation, reason)
    if before in BOT_IS_SILENT and to not in BOT_IS_SILENT:
        _close_handoff(
            session, conversation, HandoffOutcome.RESOLVED if to is S.RESOLVED else HandoffOutcome.GIVEN_BACK
        )
    if actor is not None:
        change = Change("conversation", conversation.id, "state", before.value, to.value)
        record(session, actor, f"conversation.{to.value}", Source("direct", conversation.id, reason or None), 0, change)
    wake_after_commit(session, conversation.id)


def current_handoff(session: Session, conversation_id: str) -> Handoff | None:
    """The handoff that is still under way."""
    return session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.closed_at.is_(None))
        .order_by(Handoff.queued_at.desc())
        .limit(1)
    )


def _open_handoff(session: Session, conversation: Conversation, reason: str) -> None:
    session.add(
        Handoff(
            id=new_id("hnd"), shop_id=conversation.shop_id, conversation_id=conversation.id, reason=reason or "requested",
            queued_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def _close_handoff(session: Session, conversation: Conversation, outcome: HandoffOutcome) -> None:
    handoff = current_handoff(session, conversation.id)
    if handoff is not None:
        handoff.closed_at, handoff.outcome = clock.now(), outcome
