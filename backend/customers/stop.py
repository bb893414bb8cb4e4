"""The plan kind `customer_messages.stop`: what waits is not sent; the operation itself goes on, what is gone stays gone."""

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.customers.models import Customer, CustomerMessage
from backend.customers.states import MessageState
from backend.errors import NothingToChange
from backend.plans.kinds import PlanKind, Proposal, register


class StopParams(BaseModel):
    audience: str | None = Field(None, description="only those for this audience; all that wait when absent")


def propose(session: Session, actor: Actor, params: StopParams) -> Proposal:
    """Raises NothingToChange `no_messages_waiting`; withdrawn messages are queued again by the undo while it is time."""
    actor.require(Permission.CUSTOMER_MESSAGES_STOP)
    mine = [CustomerMessage.shop_id == actor.shop_id]
    if params.audience:
        mine.append(CustomerMessage.audience == params.audience)
    query = (
        select(CustomerMessage, Customer.name)
        .join(Customer, Customer.id == CustomerMessage.customer_id)
        .where(*mine, CustomerMessage.state == MessageState.QUEUED)
        .order_by(CustomerMessage.id)
    )
    queued, withdrawn = MessageState.QUEUED.value, MessageState.WITHDRAWN.value
    waiting = session.execute(query).tuples().all()
    sending = session.scalar(select(func.count()).where(*mine, CustomerMessage.state == MessageState.SENDING)) or 0
    if not waiting:
        raise NothingToChange("no message waits", code="no_messages_waiting", sending=sending)
    changes = [Change("customer_message", message.id, "state", queued, withdrawn, name) for message, name in waiting]
    effects = [Effect("crm_withdrawn", {"count": len(changes)})]
    if sending:
        effects.append(Effect("crm_already_sent", {"count": sending}))
    until = min(message.valid_until for message, _ in waiting)
    effects.append(Effect("crm_undo_in_time", {"until": until.isoformat()}))
    effects.append(Effect("crm_goes_on", {"operation": "crm_message"}))
    return Proposal(changes, effects)


register(PlanKind("customer_messages.stop", StopParams, propose))
