"""Customers of the own mall with their consent, the messages PRO prepares for them, and the credit these use."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.customers.states import MessageState
from backend.db.base import Base, id_column


class MessageKind(StrEnum):
    INFORMATIONAL = "informational"  # about one's own order; needs no advertising consent
    ADVERTISING = "advertising"  # (광고) mark, opt-out, consent, no sends 21:00–08:00 (facts.md, "Campaigns")


class Channel(StrEnum):
    ALIMTALK = "alimtalk"  # informational only
    SMS = "sms"
    EMAIL = "email"


class CreditKind(StrEnum):
    SMS = "sms"  # text messages and alimtalk
    EMAIL = "email"


CREDIT_OF = {Channel.ALIMTALK: CreditKind.SMS, Channel.SMS: CreditKind.SMS, Channel.EMAIL: CreditKind.EMAIL}


class Customer(Base):
    """A buyer of the own mall; the mall shows us masked contacts, its sending service knows the ones behind them."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str]  # as orders show it: Order.buyer_name
    phone: Mapped[str | None]  # 010-****-1234
    email: Mapped[str | None]  # k***@mail.example
    sms_consent: Mapped[bool] = mapped_column(default=False)  # to advertising by text message
    email_consent: Mapped[bool] = mapped_column(default=False)  # to advertising by e-mail
    joined_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)


class CustomerMessage(Base):
    """One row of the outbox: queued by a run, sent by the worker."""

    __tablename__ = "customer_messages"
    __table_args__ = (
        # a person gets the same message for the same occasion once, whoever queues it
        UniqueConstraint("shop_id", "customer_id", "audience", "occasion"),
        Index("ix_customer_messages_due", "state", "send_at"),
    )

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"))
    run_id: Mapped[str | None] = mapped_column(index=True)  # the run that queued it
    audience: Mapped[str]  # first_purchase | win_back
    occasion: Mapped[str]  # what it answers to: the day of the first, or of the latest order
    kind: Mapped[MessageKind]
    channel: Mapped[Channel]
    to: Mapped[str]  # the masked contact it goes to
    subject: Mapped[str | None]  # of an e-mail
    text: Mapped[str] = mapped_column(Text)
    credits: Mapped[int]
    state: Mapped[MessageState] = mapped_column(default=MessageState.QUEUED)
    reason: Mapped[str | None]  # why skipped or failed
    queued_at: Mapped[datetime]
    send_at: Mapped[datetime]  # not before
    valid_until: Mapped[datetime]  # not after: it would mean nothing any more
    sent_at: Mapped[datetime | None]
    reference: Mapped[str | None]  # the gateway's own number of it
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]  # a worker that died gives it back then
    version: Mapped[int] = mapped_column(default=1)


class AddonCredit(Base):
    """The ledger of sending credit, only ever added to; PRO tops it up free of charge (source: 000)."""

    __tablename__ = "addon_credits"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    kind: Mapped[CreditKind]
    delta: Mapped[int]  # credits: above zero topped up, below zero used
    reason: Mapped[str]  # pro_top_up | sent
    message_id: Mapped[str | None] = mapped_column(ForeignKey("customer_messages.id"), unique=True)  # of a use
    at: Mapped[datetime]
