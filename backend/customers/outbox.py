"""The worker's side of the outbox: each message that is due is claimed, handed to the gateway, and settled.

Claim and settlement are transactions of their own, with none held open while the gateway is asked. A worker that dies
in between leaves the message claimed; the next one hands the same id over again, which delivers it once.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.customers.credit import SENT, TOP_UP, balances
from backend.customers.gateway import Gateway, GatewayDown, Outgoing, Receipt, default_gateway
from backend.customers.models import CREDIT_OF, AddonCredit, Channel, Customer, CustomerMessage, MessageKind
from backend.customers.moves import claim, move
from backend.customers.quiet_hours import earliest, may_send
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.kit.ids import new_id
from backend.shops.models import ProState, Shop

MAX_ATTEMPTS = 3
AGAIN_AFTER = timedelta(minutes=10)
AT_ONCE = 500
log = logging.getLogger(__name__)


def send_due(gateway: Gateway | None = None, held: Collection[str] = ()) -> Counter[str]:
    """Sends what is due, oldest first; messages of the shops in `held` wait. How many came to which state."""
    gateway = gateway or default_gateway()
    done: Counter[str] = Counter()
    with unit_of_work(write=False) as session:
        ids = due(session, clock.now(), held)
    for message_id in ids:
        try:
            state = _send_one(message_id, gateway)
        except Exception:
            log.exception("message %s was not settled", message_id)
            continue
        if state:
            done[state.value] += 1
    return done


def due(session: Session, now: datetime, held: Collection[str] = ()) -> list[str]:
    """Ids of messages whose time has come, and of claimed ones whose worker was lost."""
    ready = or_(
        and_(CustomerMessage.state == MessageState.QUEUED, CustomerMessage.send_at <= now),
        and_(CustomerMessage.state == MessageState.SENDING, CustomerMessage.claimed_until <= now),
    )
    query = (
        select(CustomerMessage.id)
        .join(Shop, Shop.id == CustomerMessage.shop_id)
        .where(ready, Shop.pro_state == ProState.ACTIVE, CustomerMessage.shop_id.not_in(held))
        .order_by(CustomerMessage.send_at, CustomerMessage.id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def _send_one(message_id: str, gateway: Gateway) -> MessageState | None:
    """None when another worker has it, or an undo withdrew it."""
    with unit_of_work() as session:
        message = session.get_one(CustomerMessage, message_id)
        outgoing = _take(session, message, clock.now())
        if outgoing is None:
            return message.state if message.state is MessageState.SKIPPED else None
        attempt = message.attempts
    try:
        receipt: Receipt | None = gateway.send(outgoing)
    except GatewayDown:
        receipt = None
    with unit_of_work() as session:
        message = session.get_one(CustomerMessage, message_id)
        if message.state is not MessageState.SENDING or message.attempts != attempt:
            return None  # our claim ran out and another worker took over
        return _settle(session, message, receipt, clock.now())


def _take(session: Session, message: CustomerMessage, now: datetime) -> Outgoing | None:
    """Claims it; what must not be sent any more is skipped with its reason, and one at night waits for the morning."""
    shop, customer = session.get_one(Shop, message.shop_id), session.get_one(Customer, message.customer_id)
    if message.state is MessageState.QUEUED:
        reason = _reason_to_skip(message, shop, customer, now)
        if reason:
            move(session, message, MessageState.SKIPPED, reason=reason)
            return None
        if not may_send(message.kind, now):
            message.send_at = earliest(message.kind, now)
            return None
    if not claim(session, message, now):
        return None
    return Outgoing(
        message.id, message.channel, sender_of(shop, message.channel) or "", customer.id, message.to, message.subject,
        message.text,
    )  # fmt: skip


def _reason_to_skip(message: CustomerMessage, shop: Shop, customer: Customer, now: datetime) -> str | None:
    """Things that may have changed since it was queued."""
    if now >= message.valid_until:
        return "too_late"
    if sender_of(shop, message.channel) is None:
        return "sender_missing"
    consent = customer.email_consent if message.channel is Channel.EMAIL else customer.sms_consent
    if message.kind is MessageKind.ADVERTISING and not consent:
        return "consent_withdrawn"
    contact = customer.email if message.channel is Channel.EMAIL else customer.phone
    return None if contact else "contact_missing"


def sender_of(shop: Shop, channel: Channel) -> str | None:
    """What the message is sent from; None while that setting is not done."""
    if channel is Channel.EMAIL:
        return shop.mail_sender
    if channel is Channel.ALIMTALK:
        return shop.alimtalk_profile
    return shop.sender_number if shop.sender_number_verified_at else None


def _settle(session: Session, message: CustomerMessage, receipt: Receipt | None, now: datetime) -> MessageState:
    if receipt is None and message.attempts < MAX_ATTEMPTS:
        move(session, message, MessageState.QUEUED, send_at=earliest(message.kind, now + AGAIN_AFTER))
    elif receipt is None:
        move(session, message, MessageState.FAILED, reason="gateway_unreachable")
    elif receipt.refused:
        move(session, message, MessageState.FAILED, reason=receipt.refused)
    else:
        _use_credit(session, message, now)
        move(session, message, MessageState.SENT, sent_at=now, reference=receipt.reference)
    return message.state


def _use_credit(session: Session, message: CustomerMessage, now: datetime) -> None:
    """What the message set aside becomes used; PRO adds what is missing after an undo was undone (source: 000)."""
    kind = CREDIT_OF[message.channel]
    short = -balances(session, message.shop_id)[kind].balance
    rows = [(short, TOP_UP, None)] if short > 0 else []
    for delta, reason, message_id in [*rows, (-message.credits, SENT, message.id)]:
        session.add(AddonCredit(
            id=new_id("crd"), shop_id=message.shop_id, kind=kind, delta=delta, reason=reason, message_id=message_id, at=now,
        ))  # fmt: skip
    session.flush()
