"""The worker's side of the outbox: messages that are due are claimed, handed to the gateway one by one, and settled.

Claim and settlement of a few messages together are transactions of their own, with none held open while the gateway is
asked. A worker that dies in between leaves them claimed; the next one hands the same ids over again, which delivers
each once. A message that cannot be claimed or settled holds up no other: the rest are then taken one by one.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from backend.customers.credit import SENT, TOP_UP, balances
from backend.customers.gateway import Gateway, GatewayDown, Outgoing, Receipt, default_gateway
from backend.customers.models import CREDIT_OF, AddonCredit, Channel, CreditKind, Customer, CustomerMessage, MessageKind
from backend.customers.moves import claim, move
from backend.customers.quiet_hours import earliest, may_send
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.db.locks import locked_together, take_turn_of
from backend.kit import clock
from backend.kit.ids import new_id
from backend.shops.models import ProState, Shop

MAX_ATTEMPTS = 3
AGAIN_AFTER = timedelta(minutes=10)
AT_ONCE = 500
TOGETHER = 25  # a gateway that takes ten seconds for each still answers within their claim
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    outgoing: Outgoing
    attempt: int


def send_due(gateway: Gateway | None = None, held: Collection[str] = ()) -> Counter[str]:
    """Sends what is due, oldest first; messages of the shops in `held` wait. How many came to which state."""
    if gateway is None:
        with closing(default_gateway()) as sandbox:
            return send_due(sandbox, held)
    done: Counter[str] = Counter()
    with unit_of_work(write=False) as session:
        ids = due(session, clock.now(), held)
    for some in batched(ids, TOGETHER):
        claimed: list[Claimed] = []
        for part, states in _one_by_one_if_it_must(_take, some):
            claimed += part
            done.update(states)
        answers = [(one, _hand_over(gateway, one.outgoing)) for one in claimed]
        for _, states in _one_by_one_if_it_must(_settle, answers):
            done.update(states)
    return done


def _one_by_one_if_it_must[T, R](work: Callable[[Session, Sequence[T]], R], items: Sequence[T]) -> Iterator[R]:
    """`work` in one transaction; when that fails, each item in its own, and one that fails again is left for later."""
    if not items:
        return
    try:
        with unit_of_work() as session:
            result = work(session, items)
    except Exception:
        if len(items) == 1:
            log.exception("a message was not settled")
            return
        for item in items:
            yield from _one_by_one_if_it_must(work, [item])
    else:
        yield result


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


def _take(session: Session, message_ids: Sequence[str]) -> tuple[list[Claimed], list[str]]:
    """Claims them; what must not be sent any more is skipped with its reason, and one at night waits for the morning."""
    now, skipped = clock.now(), []
    take_turn_of(session, CustomerMessage, message_ids)
    rows = list(session.execute(_with_people(message_ids)).tuples())
    for message, shop, customer in rows:
        if message.state is not MessageState.QUEUED:
            continue
        reason = _reason_to_skip(message, shop, customer, now)
        if reason:
            move(message, MessageState.SKIPPED, reason=reason)
            skipped.append(MessageState.SKIPPED.value)
        elif not may_send(message.kind, now):
            message.send_at = earliest(message.kind, now)
    session.flush()
    attempts = claim(session, [message.id for message, _, _ in rows if message.send_at <= now], now)
    return [
        Claimed(_outgoing(message, shop, customer), attempts[message.id])
        for message, shop, customer in rows
        if message.id in attempts
    ], skipped


def _with_people(message_ids: Sequence[str]) -> Select[CustomerMessage, Shop, Customer]:
    return (
        select(CustomerMessage, Shop, Customer)
        .join(Shop, Shop.id == CustomerMessage.shop_id)
        .join(Customer, Customer.id == CustomerMessage.customer_id)
        .where(CustomerMessage.id.in_(message_ids))
        .order_by(CustomerMessage.send_at, CustomerMessage.id)
        .with_for_update(of=CustomerMessage, key_share=True)
    )


def _outgoing(message: CustomerMessage, shop: Shop, customer: Customer) -> Outgoing:
    return Outgoing(
        message.id, message.channel, sender_of(shop, message.channel) or "", customer.id, message.to, message.subject,
        message.text,
    )  # fmt: skip


def _hand_over(gateway: Gateway, outgoing: Outgoing) -> Receipt | None:
    """None when the gateway did not answer, or not in a way we understand."""
    try:
        return gateway.send(outgoing)
    except GatewayDown:
        return None
    except Exception:
        log.exception("the gateway failed over message %s", outgoing.message_id)
        return None


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


def _settle(session: Session, answers: Sequence[tuple[Claimed, Receipt | None]]) -> tuple[None, list[str]]:
    """What became of each that is still ours; one whose claim ran out is settled by whoever took it over."""
    now = clock.now()
    credit = _Credit(session, now)
    ids = [one.outgoing.message_id for one, _ in answers]
    take_turn_of(session, CustomerMessage, ids)
    messages = {message.id: message for message in locked_together(session, CustomerMessage, ids)}
    states = []
    for one, receipt in answers:
        message = messages[one.outgoing.message_id]
        if message.state is not MessageState.SENDING or message.attempts != one.attempt:
            continue
        if receipt is None and message.attempts < MAX_ATTEMPTS:
            move(message, MessageState.QUEUED, send_at=earliest(message.kind, now + AGAIN_AFTER))
        elif receipt is None:
            move(message, MessageState.FAILED, reason="gateway_unreachable")
        elif receipt.refused:
            move(message, MessageState.FAILED, reason=receipt.refused)
        else:
            credit.use(message)
            move(message, MessageState.SENT, sent_at=now, reference=receipt.reference)
        states.append(message.state.value)
    return None, states


class _Credit:
    """The ledger while a few messages are settled: what a message set aside becomes used.

    Using what was set aside leaves the balance as it is, so that each shop's is read once.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._short: dict[tuple[str, CreditKind], int] = {}

    def use(self, message: CustomerMessage) -> None:
        """PRO adds what is missing after an undo was undone (source: 000)."""
        kind = CREDIT_OF[message.channel]
        place = (message.shop_id, kind)
        if place not in self._short:
            found = balances(self._session, message.shop_id)
            self._short |= {(message.shop_id, kind): -found[kind].balance for kind in CreditKind}
        if self._short[place] > 0:
            self._add(message.shop_id, kind, self._short[place], TOP_UP, None)
            self._short[place] = 0
        self._add(message.shop_id, kind, -message.credits, SENT, message.id)

    def _add(self, shop_id: str, kind: CreditKind, delta: int, reason: str, message_id: str | None) -> None:
        self._session.add(AddonCredit(
            id=new_id("crd"), shop_id=shop_id, kind=kind, delta=delta, reason=reason, message_id=message_id, at=self._now,
        ))  # fmt: skip
