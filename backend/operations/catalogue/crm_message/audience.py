"""Who should hear from the shop, by what their orders say, and by which channel they may be reached.

A person hears once of an occasion, whatever became of that message: what the merchant took back is not queued again.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from backend.customers.models import Channel, Customer, CustomerMessage, MessageKind
from backend.customers.outbox import sender_of
from backend.customers.states import MessageState
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations.catalogue.crm_message.rules import Rules
from backend.operations.looking import seen_once
from backend.orders.models import Order
from backend.products.models import Product, SaleStatus
from backend.shops.models import Shop

KINDS = {"first_purchase": MessageKind.INFORMATIONAL, "win_back": MessageKind.ADVERTISING}


@dataclass(frozen=True)
class Recipient:
    customer: Customer
    occasion: str
    channel: Channel
    to: str
    new_products: int = 0


@dataclass
class Audience:
    """`left_out` counts those who fit but get nothing, by reason: no_consent, no_contact, too_soon."""

    name: str
    fitting: int = 0
    recipients: list[Recipient] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> MessageKind:
        return KINDS[self.name]


def audiences(session: Session, shop: Shop, now: datetime, rules: Rules) -> list[Audience]:
    """Longest waiting first, then by id."""
    return seen_once(session, ("audiences", shop.id, now), lambda: _audiences(session, shop, now, rules))


def _audiences(session: Session, shop: Shop, now: datetime, rules: Rules) -> list[Audience]:
    told = _told(session, shop.id)
    lately = _advertised_since(session, shop.id, now - timedelta(days=rules.ad_gap_days))
    thanks, back = Audience("first_purchase"), Audience("win_back")
    registered = _registered_on(session, shop.id)
    for customer, first, last, orders in _buyers(session, shop.id, now):
        if first > now - timedelta(days=rules.first_purchase_days) and orders == 1:
            _sort_in(thanks, shop, customer, _day(first), told, set())
        elif rules.win_back_after_days <= (now - last).days < rules.win_back_before_days:
            new = len(registered) - bisect_right(registered, _day(last))
            if new >= rules.win_back_new_products:
                _sort_in(back, shop, customer, _day(last), told, lately, new)
    return [thanks, back]


def _sort_in(
    audience: Audience, shop: Shop, customer: Customer, occasion: str, told: set[tuple[str, str, str]], lately: set[str],
    new_products: int = 0,
) -> None:  # fmt: skip
    if (customer.id, audience.name, occasion) in told:
        return
    audience.fitting += 1
    if customer.id in lately:
        audience.left_out["too_soon"] += 1
        return
    channel, contact, reason = _reach(shop, customer, audience.kind)
    if channel is None or contact is None:
        audience.left_out[reason] += 1
        return
    audience.recipients.append(Recipient(customer, occasion, channel, contact, new_products))


def _reach(shop: Shop, customer: Customer, kind: MessageKind) -> tuple[Channel | None, str | None, str]:
    """The first channel that the shop has and the person allows; alimtalk never carries advertising."""
    allowed = [
        (Channel.ALIMTALK, customer.phone, kind is MessageKind.INFORMATIONAL),
        (Channel.SMS, customer.phone, kind is MessageKind.INFORMATIONAL or customer.sms_consent),
        (Channel.EMAIL, customer.email, kind is MessageKind.INFORMATIONAL or customer.email_consent),
    ]
    open_to = [(channel, contact) for channel, contact, may in allowed if may and sender_of(shop, channel)]
    for channel, contact in open_to:
        if contact:
            return channel, contact, ""
    return None, None, "no_contact" if open_to else "no_consent"


def _buyers(session: Session, shop_id: str, now: datetime) -> Iterator[tuple[Customer, datetime, datetime, int]]:
    """Customers with their first and latest order in the own mall, and how many."""
    first, last = func.min(Order.ordered_at), func.max(Order.ordered_at)
    query = (
        select(Customer, first, last, func.count())
        .join(Order, and_(Order.shop_id == Customer.shop_id, Order.buyer_name == Customer.name))
        .where(Customer.shop_id == shop_id, Order.market == Market.MALL, Order.ordered_at <= now)
        .group_by(Customer.id)
        .order_by(last, Customer.id)
    )
    yield from session.execute(query).tuples()


def _told(session: Session, shop_id: str) -> set[tuple[str, str, str]]:
    query = select(CustomerMessage.customer_id, CustomerMessage.audience, CustomerMessage.occasion)
    return set(session.execute(query.where(CustomerMessage.shop_id == shop_id)).tuples())


def _advertised_since(session: Session, shop_id: str, since: datetime) -> set[str]:
    """Those with an advertising message sent since, or waiting to be sent."""
    query = select(CustomerMessage.customer_id).where(
        CustomerMessage.shop_id == shop_id, CustomerMessage.kind == MessageKind.ADVERTISING,
        CustomerMessage.state.in_((MessageState.QUEUED, MessageState.SENDING, MessageState.SENT)),
        CustomerMessage.queued_at > since,
    )  # fmt: skip
    return set(session.scalars(query))


def _registered_on(session: Session, shop_id: str) -> list[str]:
    """The days on which what is on sale now came, in order."""
    query = select(Product.registered_on).where(Product.shop_id == shop_id, Product.status == SaleStatus.ON_SALE)
    return sorted(day.isoformat() for day in session.scalars(query))


def _day(at: datetime) -> str:
    return clock.seoul(at).date().isoformat()
