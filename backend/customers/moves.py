"""The one writer of a message's state outside of plans and runs; the database decides between two workers."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.orm import Session

from backend.customers.models import CustomerMessage
from backend.customers.states import TRANSITIONS, MessageState
from backend.errors import IllegalMove

CLAIMED_FOR = timedelta(minutes=5)


def claim(session: Session, message_ids: Collection[str], now: datetime) -> dict[str, int]:
    """From now on these are this worker's, and no undo takes them back; a claim that ran out may be taken over.

    The ids of those that were free, with the number of the attempt this is.
    """
    free = or_(
        CustomerMessage.state == MessageState.QUEUED,
        and_(CustomerMessage.state == MessageState.SENDING, CustomerMessage.claimed_until <= now),
    )
    claimed = session.execute(
        update(CustomerMessage)
        .where(CustomerMessage.id.in_(message_ids), free)
        .values(
            state=MessageState.SENDING, claimed_until=now + CLAIMED_FOR,
            attempts=CustomerMessage.attempts + 1, version=CustomerMessage.version + 1,
        )
        .returning(CustomerMessage.id, CustomerMessage.attempts)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return dict(claimed.tuples().all())


def move(message: CustomerMessage, to: MessageState, **values: Any) -> None:
    """The next step of a row that this transaction read under its lock; raises IllegalMove for one no message may take."""
    before = message.state
    if to not in TRANSITIONS[before]:
        raise IllegalMove(f"a message that is {before} cannot become {to}", before=before.value, after=to.value)
    message.state, message.claimed_until, message.version = to, None, message.version + 1
    for column, value in values.items():
        setattr(message, column, value)
