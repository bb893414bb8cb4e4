"""What an OFF does to messages that wait: they are withdrawn; what was sent already cannot be taken back."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.customers.models import Customer, CustomerMessage
from backend.customers.states import MessageState


def when_off(session: Session, shop_id: str) -> tuple[list[Change], list[Effect]]:
    query = (
        select(CustomerMessage, Customer.name)
        .join(Customer, Customer.id == CustomerMessage.customer_id)
        .where(CustomerMessage.shop_id == shop_id, CustomerMessage.state == MessageState.QUEUED)
        .order_by(CustomerMessage.id)
    )
    queued, withdrawn = MessageState.QUEUED.value, MessageState.WITHDRAWN.value
    changes = [
        Change("customer_message", message.id, "state", queued, withdrawn, name)
        for message, name in session.execute(query).tuples()
    ]
    sending = session.scalar(
        select(func.count()).where(CustomerMessage.shop_id == shop_id, CustomerMessage.state == MessageState.SENDING)
    )
    effects = [Effect("crm_withdrawn", {"count": len(changes)})] if changes else []
    return changes, effects + ([Effect("crm_already_sent", {"count": sending})] if sending else [])
