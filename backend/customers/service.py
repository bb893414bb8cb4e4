"""Reading the outbox and the sending credit."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.customers.credit import balances
from backend.customers.models import CreditKind, Customer, CustomerMessage
from backend.customers.schemas import AddonCreditOut, CreditOut, MessageOut, MessagePage
from backend.customers.states import MessageState


def messages_of(session: Session, shop_id: str, state: MessageState | None, limit: int, offset: int) -> MessagePage:
    """Latest time of sending first."""
    mine = CustomerMessage.shop_id == shop_id
    counts = dict(
        session.execute(
            select(CustomerMessage.state, func.count()).where(mine).group_by(CustomerMessage.state)
        ).tuples().all()
    )  # fmt: skip
    query = (
        select(CustomerMessage, Customer.name)
        .join(Customer, Customer.id == CustomerMessage.customer_id)
        .where(mine, *([CustomerMessage.state == state] if state else []))
        .order_by(CustomerMessage.send_at.desc(), CustomerMessage.id)
        .limit(limit)
        .offset(offset)
    )
    items = [_out(message, name) for message, name in session.execute(query).tuples()]
    total = counts.get(state, 0) if state else sum(counts.values())
    return MessagePage(items=items, total=total, limit=limit, offset=offset, counts=counts)


def _out(message: CustomerMessage, name: str) -> MessageOut:
    columns = {field: getattr(message, field) for field in MessageOut.model_fields if field != "customer"}
    return MessageOut(customer=name, **columns)


def addon_credit_of(session: Session, shop_id: str) -> AddonCreditOut:
    found = balances(session, shop_id)
    return AddonCreditOut(
        sms=CreditOut.model_validate(found[CreditKind.SMS]), email=CreditOut.model_validate(found[CreditKind.EMAIL])
    )
