"""The state machine of a conversation: every pair of states, one writer, and the handoff it keeps."""

from itertools import product

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.audit.models import AuditEvent
from backend.conversations.models import (
    TRANSITIONS,
    Conversation,
    ConversationState,
    Handoff,
    HandoffOutcome,
)
from backend.conversations.states import set_state
from backend.errors import Conflict, IllegalMove

S = ConversationState
LEGAL = {
    (S.PENDING, S.OPEN), (S.PENDING, S.RESOLVED),
    (S.OPEN, S.PENDING), (S.OPEN, S.SNOOZED), (S.OPEN, S.RESOLVED),
    (S.SNOOZED, S.OPEN), (S.SNOOZED, S.PENDING), (S.SNOOZED, S.RESOLVED),
    (S.RESOLVED, S.PENDING), (S.RESOLVED, S.OPEN),
}  # fmt: skip


def bring_to(session: Session, conversation: Conversation, state: S) -> None:
    for step in {S.PENDING: [], S.OPEN: [S.OPEN], S.SNOOZED: [S.OPEN, S.SNOOZED], S.RESOLVED: [S.RESOLVED]}[state]:
        set_state(session, conversation, step)


@pytest.mark.parametrize(("before", "to"), list(product(S, S)), ids=lambda s: s.value)
def test_every_pair_is_either_legal_or_refused(session: Session, conversation_id: str, before: S, to: S) -> None:
    conversation = session.get_one(Conversation, conversation_id)
    bring_to(session, conversation, before)
    if (before, to) in LEGAL:
        set_state(session, conversation, to)
        assert conversation.state is to
        return
    with pytest.raises(IllegalMove) as refused:
        set_state(session, conversation, to)
    assert refused.value.data == {"before": before.value, "after": to.value}
    assert conversation.state is before


def test_the_table_names_every_state() -> None:
    assert set(TRANSITIONS) == set(S)


def test_two_movers_from_one_state_cannot_both_move(session: Session, conversation_id: str) -> None:
    conversation = session.get_one(Conversation, conversation_id)
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(state=S.OPEN)
        .execution_options(synchronize_session=False)  # as if another process had done it
    )
    with pytest.raises(Conflict) as refused:
        set_state(session, conversation, S.RESOLVED)
    assert refused.value.error_code == "conversation_moved"


def test_a_stay_with_our_people_is_one_handoff(session: Session, conversation_id: str) -> None:
    conversation = session.get_one(Conversation, conversation_id)
    for step in (S.OPEN, S.SNOOZED, S.OPEN, S.PENDING, S.OPEN, S.RESOLVED):
        set_state(session, conversation, step, reason="requested" if step is S.OPEN else "")
    handoffs = session.scalars(select(Handoff).order_by(Handoff.queued_at, Handoff.id)).all()
    assert [h.outcome for h in handoffs] == [HandoffOutcome.GIVEN_BACK, HandoffOutcome.RESOLVED]
    assert conversation.queued_at is None


def test_a_persons_move_is_audited(session: Session, conversation_id: str, owner: Actor) -> None:
    set_state(session, session.get_one(Conversation, conversation_id), S.OPEN, reason="requested", actor=owner)
    (event,) = session.scalars(select(AuditEvent)).all()
    assert (event.action, event.before, event.after, event.reason) == (
        "conversation.open",
        "pending",
        "open",
        "requested",
    )
    assert event.actor_id == owner.id


def test_nobody_else_writes_the_state() -> None:
    """`state=` of a conversation is assigned in states.py only; elsewhere a conversation is at most created pending."""
    import re
    from pathlib import Path

    import backend

    root = Path(backend.__file__).parent
    writes = re.compile(r"\bconversation\.state\s*=[^=]")
    assert [p.name for p in root.rglob("*.py") if writes.search(p.read_text(encoding="utf-8"))] == []
