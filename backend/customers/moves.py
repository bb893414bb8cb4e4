"""The one writer of a message's state outside of plans and runs; the database decides between two workers."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from backend.customers.models import CustomerMessage
from backend.customers.states import TRANSITIONS, MessageState
from backend.errors import IllegalMove

CLAIMED_FOR = timedelta(minutes=5)


def move(session: Session, message: CustomerMessage, to: MessageState, **values: Any) -> bool:
    """False when another worker or an undo was faster; raises IllegalMove for a step no message may take."""
    before = message.state
    if to not in TRANSITIONS[before]:
        raise IllegalMove(f"a message that is {before} cannot become {to}", before=before.value, after=to.value)
    return _write(session, message, CustomerMessage.state == before, state=to, claimed_until=None, **values)


def claim(session: Session, message: CustomerMessage, now: datetime) -> bool:
    """From now on it is this worker's, and no undo takes it back; a claim that ran out may be taken over."""
    free = or_(
        CustomerMessage.state == MessageState.QUEUED,
        and_(CustomerMessage.state == MessageState.SENDING, CustomerMessage.claimed_until <= now),
    )
    until = now + CLAIMED_FOR
    return _write(
        session, message, free, state=MessageState.SENDING, claimed_until=until, attempts=message.attempts + 1
    )


def _write(session: Session, message: CustomerMessage, still: Any, **values: Any) -> bool:
    written = session.execute(
        update(CustomerMessage)
        .where(CustomerMessage.id == message.id, CustomerMessage.attempts == message.attempts, still)
        .values(version=CustomerMessage.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(message)
    return bool(written.rowcount)  # type: ignore[attr-defined]
